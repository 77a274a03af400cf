-- Backups that ended well (`kaowu backup`): whether there is one, and how old it is, is a fact. A centre is in those that
-- began after it was made.
CREATE TABLE backup (
	id         TEXT PRIMARY KEY NOT NULL,
	began_at   BIGINT NOT NULL,
	ended_at   BIGINT NOT NULL,
	size_bytes BIGINT NOT NULL
);
CREATE INDEX backup_age ON backup (ended_at);
