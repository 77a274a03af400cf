-- By moment first: nearly all messages go by one channel, so that an index which begins with it led through every message
-- ever sent where a statement names the channel and means a state, a recipient or a report.
DROP INDEX outbox_begun;
CREATE INDEX outbox_begun ON outbox (begun_at, channel);
