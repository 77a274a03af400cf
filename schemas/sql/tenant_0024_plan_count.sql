-- What would be counted whenever somebody applies or hands in, kept as it changes: core/exam/plan_count.h. Not in the
-- plan's own row, which has the whole manifest and would be written each time.
CREATE TABLE plan_count (
	plan_id  TEXT PRIMARY KEY REFERENCES plan (id),
	numbered BIGINT NOT NULL,  -- the newest application's number in its order; who is gone takes none away
	standing BIGINT NOT NULL   -- applications that hold a place
);
INSERT INTO plan_count (plan_id, numbered, standing)
SELECT plan_id, MAX(CAST(SUBSTR(number, 7, LENGTH(number) - 7) AS BIGINT)),
	COUNT(CASE WHEN state = 'reviewing' OR state = 'rejected' OR state = 'approved' OR state = 'ticketed' THEN 1 END)
FROM application GROUP BY plan_id;
