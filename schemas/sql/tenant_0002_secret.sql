-- Keys of others that the centre holds: of its SMS provider, of its merchant account. Set by `kaowu secret` alone.
CREATE TABLE secret (
	name         TEXT PRIMARY KEY,
	value_sealed BLOB NOT NULL,
	changed_at   BIGINT NOT NULL
);
