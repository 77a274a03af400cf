-- Trade bills that are being fetched, until they are matched.
CREATE TABLE payment_closing (
	day      TEXT PRIMARY KEY,
	url      TEXT,             -- where it lies; NULL: that is to be asked
	sha1     TEXT,             -- of what lies there
	attempts BIGINT NOT NULL,  -- without an answer that helps, one after another
	next_at  BIGINT NOT NULL,
	said     TEXT              -- the last such answer: a provider's code, or a message's
);
