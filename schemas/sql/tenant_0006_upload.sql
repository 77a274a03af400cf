-- Uploads of the last day: counted, so that nobody fills the disk; and those that another took the place of, which go soon.
CREATE TABLE upload (
	file_id        TEXT PRIMARY KEY,
	application_id TEXT NOT NULL REFERENCES application (id),
	account_id     TEXT NOT NULL REFERENCES account (id),
	size           BIGINT NOT NULL,
	uploaded_at    BIGINT NOT NULL,
	replaced_at    BIGINT
);
CREATE INDEX upload_application ON upload (application_id, uploaded_at);
CREATE INDEX upload_account ON upload (account_id, uploaded_at);
CREATE INDEX upload_replaced ON upload (replaced_at);
