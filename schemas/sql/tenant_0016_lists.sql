-- Who is looked for, who waits longest and the few of a state are found among a million others.
DROP INDEX application_queue;
CREATE INDEX application_queue ON application (state, (COALESCE(due_at, 0)), id); -- core/exam/review_queue.c
CREATE INDEX application_state ON application (state, id);                        -- core/exam/roster.c
CREATE INDEX application_id_index ON application (id_index);
