-- The operator's own house: the tables that a centre's database has for staff, so that the same code serves both
-- (core/exam/account.h, audit.h). Who operates sees no candidate's data: none of it is in this database.
CREATE TABLE account (
	id            TEXT PRIMARY KEY NOT NULL,
	kind          TEXT NOT NULL CHECK (kind = 'operator'),
	state         TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
	login         TEXT NOT NULL UNIQUE,
	name          TEXT NOT NULL,
	roles         BIGINT NOT NULL DEFAULT 0,  -- none: an operator may do all that there is to do here
	password_hash TEXT,
	created_at    BIGINT NOT NULL,
	signed_in_at  BIGINT,
	version       BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE sign_in (
	name_index   TEXT PRIMARY KEY NOT NULL,
	failures     BIGINT NOT NULL,
	failed_at    BIGINT NOT NULL,
	locked_until BIGINT
);
CREATE INDEX sign_in_age ON sign_in (failed_at);

CREATE TABLE invitation (
	token_hash TEXT PRIMARY KEY NOT NULL,
	account_id TEXT NOT NULL REFERENCES account (id),
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at    BIGINT
);

CREATE TABLE session (
	token_hash TEXT PRIMARY KEY NOT NULL,
	account_id TEXT NOT NULL REFERENCES account (id),
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE audit (
	sequence    BIGINT PRIMARY KEY NOT NULL,
	happened_at BIGINT NOT NULL,
	actor_kind  TEXT NOT NULL,
	actor_id    TEXT,
	action      TEXT NOT NULL,
	subject     TEXT,
	detail      TEXT NOT NULL,
	previous    TEXT NOT NULL,
	hash        TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, sequence);

-- Why a centre is suspended, or was let in again, and since when.
ALTER TABLE tenant ADD COLUMN reason TEXT;
ALTER TABLE tenant ADD COLUMN changed_at BIGINT;
