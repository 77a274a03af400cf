-- The second factor of staff (base/totp.h). Unconfirmed: shown once, and waiting for a code that proves it arrived.
CREATE TABLE second_factor (
	account_id    TEXT PRIMARY KEY REFERENCES account (id),
	secret_sealed BLOB NOT NULL,
	used_step     BIGINT NOT NULL,  -- the newest that was used: none is taken twice
	created_at    BIGINT NOT NULL,
	confirmed_at  BIGINT
);

-- For whoever has lost the phone: a keyed hash of each, gone with its use.
CREATE TABLE recovery_code (
	account_id TEXT NOT NULL REFERENCES account (id),
	code_hash  TEXT NOT NULL,
	PRIMARY KEY (account_id, code_hash)
);
