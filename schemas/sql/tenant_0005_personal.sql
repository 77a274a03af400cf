-- What a candidate has agreed to, apart from everything else, and whether he wants his data erased.

-- One row for each time somebody agreed or took it back; the newest of a kind holds. The text is what was shown.
CREATE TABLE consent (
	id         TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES account (id),
	kind       TEXT NOT NULL CHECK (kind IN ('id_images', 'portrait')),
	granted    BIGINT NOT NULL,
	text       TEXT NOT NULL,
	decided_at BIGINT NOT NULL
);
CREATE INDEX consent_account ON consent (account_id, kind);

-- A request to be erased: the centre looks at what must be archived, and does the rest.
CREATE TABLE erasure (
	account_id TEXT PRIMARY KEY REFERENCES account (id),
	asked_at   BIGINT NOT NULL
);
