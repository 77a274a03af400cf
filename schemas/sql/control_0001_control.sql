-- The deployment's own database: which tenants there are (core/tenant/registry.h).
-- Moments are milliseconds since 1970 in BIGINT; JSON stands in TEXT.

-- A tenant exists from the moment its row is committed. keys_wrapped is sealed by the master key (core/tenant/keys.c).
CREATE TABLE tenant (
	slug         TEXT PRIMARY KEY,
	state        TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
	hosts        TEXT NOT NULL, -- array of host names that lead to it
	keys_wrapped BLOB NOT NULL,
	created_at   BIGINT NOT NULL
);
