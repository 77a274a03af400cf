-- The decisions of an application are ordered by the revision that they judged, which no clock can turn around. Without an
-- index of that order each look at an application would build a table to sort them.
DROP INDEX decision_application;
CREATE INDEX decision_application ON decision (application_id, revision);
