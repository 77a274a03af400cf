-- Money by a provider that is asked over the network. The ledger grows by the provider's words and by refunds; what it
-- says is never changed, what is to be asked next stands beside it.
CREATE TABLE payment_event_now (
	id          TEXT PRIMARY KEY,
	order_id    TEXT NOT NULL REFERENCES payment_order (id),
	kind        TEXT NOT NULL CHECK (kind IN ('created', 'placed', 'closing', 'closed', 'paid', 'paid_late', 'paid_again',
		'mismatch', 'refund_asked', 'refund_declined', 'refund_approved', 'refund_sent', 'refund_failed', 'refunded')),
	amount_fen  BIGINT NOT NULL,
	reference   TEXT,           -- receipt or transaction number; of a placed order, what its QR code says
	refund_id   TEXT,
	note        TEXT,           -- why: of a refund that was declined or failed
	actor       TEXT NOT NULL,
	happened_at BIGINT NOT NULL, -- when it was written down
	provider_at BIGINT           -- when it happened, as the provider says
);
INSERT INTO payment_event_now (id, order_id, kind, amount_fen, reference, actor, happened_at)
SELECT id, order_id, kind, amount_fen, reference, actor, happened_at FROM payment_event;
DROP TABLE payment_event;
ALTER TABLE payment_event_now RENAME TO payment_event;
CREATE INDEX payment_event_order ON payment_event (order_id);
CREATE INDEX payment_event_refund ON payment_event (refund_id);
CREATE UNIQUE INDEX payment_event_reference ON payment_event (order_id, kind, reference);

-- Money back: asked for by one, approved by another. What became of it is in the ledger.
CREATE TABLE payment_refund (
	id         TEXT PRIMARY KEY,
	number     TEXT NOT NULL UNIQUE,   -- the provider's key: the same for every try
	order_id   TEXT NOT NULL REFERENCES payment_order (id),
	amount_fen BIGINT NOT NULL,
	reason     TEXT NOT NULL,
	asked_by   TEXT,                   -- an account; NULL: the system, for money that came when nothing was to be paid
	created_at BIGINT NOT NULL
);
CREATE INDEX payment_refund_order ON payment_refund (order_id);

-- The next thing to ask the provider about an order or a refund whose end is not known yet; it goes when it is.
CREATE TABLE payment_call (
	subject_id    TEXT PRIMARY KEY,    -- the order's or the refund's id
	order_id      TEXT NOT NULL REFERENCES payment_order (id),
	what          TEXT NOT NULL CHECK (what IN ('place', 'query', 'close', 'refund', 'query_refund')),
	version       BIGINT NOT NULL,     -- +1 with every change: an answer to an older question changes nothing
	attempts      BIGINT NOT NULL,     -- of this very question, one after another, without an answer that settles it
	next_at       BIGINT NOT NULL,
	last_error    TEXT,                -- a message's code
	provider_code TEXT                 -- what the provider said, in its own code
);
CREATE INDEX payment_call_next ON payment_call (next_at);
CREATE INDEX payment_call_order ON payment_call (order_id);

-- Notices of the provider that were taken: the same id again changes nothing.
CREATE TABLE payment_notice (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	subject     TEXT NOT NULL,   -- the order's or the refund's number
	received_at BIGINT NOT NULL
);

-- What the provider says and the ledger does not, or the other way round: somebody must look.
CREATE TABLE payment_difference (
	id         TEXT PRIMARY KEY,
	kind       TEXT NOT NULL,
	subject    TEXT NOT NULL,    -- a number: of order, refund, or transaction
	day        TEXT,             -- of the trade bill that showed it
	detail     TEXT NOT NULL,    -- JSON
	found_at   BIGINT NOT NULL,
	settled_at BIGINT,
	settled_by TEXT,
	note       TEXT,
	UNIQUE (kind, subject)
);
CREATE INDEX payment_difference_open ON payment_difference (settled_at, id);
