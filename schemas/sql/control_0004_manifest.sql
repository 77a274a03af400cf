-- What each plugin said about itself when it was installed, by its file: a hundred times as long as all else that is known of it,
-- which is listed and counted without it.
CREATE TABLE plugin_manifest (
	sha256   TEXT PRIMARY KEY NOT NULL REFERENCES plugin (sha256),
	manifest TEXT NOT NULL
);
INSERT INTO plugin_manifest SELECT sha256, manifest FROM plugin;
ALTER TABLE plugin DROP COLUMN manifest;
