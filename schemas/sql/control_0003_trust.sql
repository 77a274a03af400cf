-- Whose plugins this deployment takes (core/plugin/trust.h): public keys, as texts, with a name for people.
CREATE TABLE trusted_key (
	key        TEXT PRIMARY KEY NOT NULL,  -- "kaowu-ed25519:..."
	name       TEXT NOT NULL,
	trusted_at BIGINT NOT NULL
);

-- The key whose signature the plugin was installed with, whether or not it is still trusted; NULL: none.
ALTER TABLE plugin ADD COLUMN signed_by TEXT;
