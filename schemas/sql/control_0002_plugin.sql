-- The plugins installed in this deployment (core/plugin/catalogue.h): the file is DATA/plugins/<file>, the manifest what it said about
-- itself when it was installed. Rows are never removed: plans pin them.
CREATE TABLE plugin (
	sha256          TEXT PRIMARY KEY NOT NULL,  -- of the file
	plugin_id       TEXT NOT NULL,
	version         TEXT NOT NULL,
	version_order   BIGINT NOT NULL,            -- 1.2.3 is 100020003
	occupation_code TEXT NOT NULL,
	occupation_name TEXT NOT NULL,
	level           BIGINT NOT NULL,
	file            TEXT NOT NULL UNIQUE,
	manifest        TEXT NOT NULL,
	state           TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'quarantined')),
	reason          TEXT,                       -- message code, of a quarantine
	reason_at       BIGINT,
	installed_at    BIGINT NOT NULL
);
CREATE INDEX plugin_occupation ON plugin (occupation_code, level, state);
CREATE INDEX plugin_version ON plugin (plugin_id, version_order);
