-- As a centre's database has for staff, since the same code signs operators in (core/exam/session.c).
CREATE TABLE second_factor (
	account_id    TEXT PRIMARY KEY NOT NULL REFERENCES account (id),
	secret_sealed BLOB NOT NULL,
	used_step     BIGINT NOT NULL,
	created_at    BIGINT NOT NULL,
	confirmed_at  BIGINT
);

CREATE TABLE recovery_code (
	account_id TEXT NOT NULL REFERENCES account (id),
	code_hash  TEXT NOT NULL,
	PRIMARY KEY (account_id, code_hash)
);
