-- What happened in the last weeks is counted day by day, from these alone (core/exam/overview.c).
CREATE INDEX revision_created ON revision (created_at);
CREATE INDEX decision_decided ON decision (decided_at, outcome);
