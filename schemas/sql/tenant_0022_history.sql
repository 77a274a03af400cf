-- What a centre has behind it is not in the way of what it does today.

-- By moment first: nearly all messages go by one channel, so that an index which begins with it led through every message
-- ever sent where a statement names the channel and means a state, a recipient or a report.
DROP INDEX outbox_begun;
CREATE INDEX outbox_begun ON outbox (begun_at, channel);

-- The roster of a plan, newest first. Neither changes: it costs when an application begins, and never again.
CREATE INDEX application_plan ON application (plan_id, id);

-- The few orders that came late, twice, with another amount, or that were refunded, among all that were simply paid. One
-- index for each, since one that begins with the kind would be preferred wherever a statement names kinds at all.
CREATE INDEX payment_event_late ON payment_event (order_id) WHERE kind = 'paid_late';
CREATE INDEX payment_event_again ON payment_event (order_id) WHERE kind = 'paid_again';
CREATE INDEX payment_event_mismatch ON payment_event (order_id) WHERE kind = 'mismatch';
CREATE INDEX payment_event_given_back ON payment_event (order_id) WHERE kind = 'refunded';
