-- Behind IN, a list of more than two is a table to SQLite, which it builds anew for each row that it holds against the
-- list: with every change of an application, and three times for each message. What is asked so often says its words by OR.

-- Who has handed in and neither ended nor given up: exam/application_state.h has the same words.
DROP INDEX application_person;
CREATE UNIQUE INDEX application_person ON application (plan_id, id_index)
	WHERE (state = 'reviewing' OR state = 'rejected' OR state = 'approved' OR state = 'ticketed');

CREATE TABLE outbox_now (
	id              TEXT PRIMARY KEY,
	channel         TEXT NOT NULL,         -- "sms"
	event           TEXT NOT NULL,         -- "code_sign_up", "submitted", "approved", ...
	event_key       TEXT NOT NULL UNIQUE,  -- the same event is never queued twice
	recipient_index TEXT NOT NULL,
	payload_sealed  BLOB NOT NULL,         -- {mobile, text, params}
	state           TEXT NOT NULL CHECK (state = 'waiting' OR state = 'sending' OR state = 'sent' OR state = 'dead'),
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
INSERT INTO outbox_now SELECT id, channel, event, event_key, recipient_index, payload_sealed, state, attempts, lost, next_at,
	begun_at, expires_at, last_error, provider, provider_code, reference, delivered, report_code, reported_at, subject,
	created_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_now RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (state, next_at);
CREATE INDEX outbox_recipient ON outbox (recipient_index, created_at);
CREATE INDEX outbox_reference ON outbox (reference);
CREATE INDEX outbox_begun ON outbox (begun_at, channel);

-- An application's timeline passes over most of its rows, which tell of what was typed: seen here already.
DROP INDEX audit_subject;
CREATE INDEX audit_subject ON audit (subject, sequence, action);
