-- A day is closed by what happened on it, however many days came before.
CREATE INDEX payment_event_refunded ON payment_event (happened_at) WHERE refund_id IS NOT NULL;
CREATE INDEX ticket_issued ON ticket (issued_at);
