-- Uploaded files of one plan. The sealed bytes stand in chunks, so that one is never held twice in memory.
CREATE TABLE file (
	id TEXT PRIMARY KEY NOT NULL,
	key_id BIGINT NOT NULL,
	salt BLOB NOT NULL,
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	media_type TEXT NOT NULL,
	created_at BIGINT NOT NULL
);

-- For files_list(): what is old enough to be swept.
CREATE INDEX file_created_at ON file (created_at);

CREATE TABLE chunk (
	file_id TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
	number BIGINT NOT NULL,
	sealed BLOB NOT NULL,
	PRIMARY KEY (file_id, number)
);
