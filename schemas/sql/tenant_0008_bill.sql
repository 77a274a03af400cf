-- Trade bills that were held against the ledger, by day; what differed is in payment_difference.
CREATE TABLE payment_bill (
	day          TEXT PRIMARY KEY,
	sha256       TEXT NOT NULL,
	payments     BIGINT NOT NULL,
	payments_fen BIGINT NOT NULL,
	refunds      BIGINT NOT NULL,
	refunds_fen  BIGINT NOT NULL,
	differences  BIGINT NOT NULL,
	matched_at   BIGINT NOT NULL
);
CREATE INDEX payment_event_number ON payment_event (reference);
CREATE INDEX payment_event_provider ON payment_event (provider_at);
