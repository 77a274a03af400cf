-- An attempt is written down before it is made, so that one whose end nobody saw is known as such (core/outbound/outbox.h).
CREATE TABLE outbox_now (
	id              TEXT PRIMARY KEY,
	channel         TEXT NOT NULL,         -- "sms"
	event           TEXT NOT NULL,         -- "code_sign_up", "submitted", "approved", ...
	event_key       TEXT NOT NULL UNIQUE,  -- the same event is never queued twice
	recipient_index TEXT NOT NULL,
	payload_sealed  BLOB NOT NULL,         -- {mobile, text, params}
	state           TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead')),
	attempts        BIGINT NOT NULL DEFAULT 0,
	lost            BIGINT NOT NULL DEFAULT 0, -- attempts whose fate nobody knows: each may have been one copy more
	next_at         BIGINT NOT NULL,
	begun_at        BIGINT,                -- the newest attempt
	expires_at      BIGINT,                -- of no use afterwards
	last_error      TEXT,                  -- a message's code
	provider        TEXT,                  -- of the newest attempt
	provider_code   TEXT,                  -- what it said, in its own code
	reference       TEXT,                  -- its number for the message
	delivered       BIGINT,                -- 1, 0: as its delivery report says
	report_code     TEXT,
	reported_at     BIGINT,
	subject         TEXT,
	created_at      BIGINT NOT NULL,
	sent_at         BIGINT
);
INSERT INTO outbox_now (id, channel, event, event_key, recipient_index, payload_sealed, state, attempts, next_at,
	last_error, subject, created_at, sent_at, begun_at)
SELECT id, channel, event, event_key, recipient_index, payload_sealed, state, attempts, next_at, last_error, subject,
	created_at, sent_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_now RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (state, next_at);
CREATE INDEX outbox_recipient ON outbox (recipient_index, created_at);
CREATE INDEX outbox_begun ON outbox (channel, begun_at);
CREATE INDEX outbox_reference ON outbox (reference);

-- A way out that is in trouble: it is tried with one message now and then until it works again.
CREATE TABLE outbox_pause (
	channel       TEXT PRIMARY KEY,
	troubles      BIGINT NOT NULL,  -- one after another
	until         BIGINT NOT NULL,
	why           TEXT NOT NULL,    -- a message's code
	provider_code TEXT,
	since         BIGINT NOT NULL
);

-- For the centre's budget of codes.
CREATE INDEX code_created ON code (created_at);
