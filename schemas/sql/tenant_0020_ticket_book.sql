-- All tickets of a plan as PDFs, for whoever prints them: one book of a plan, made part by part.
CREATE TABLE ticket_book (
	plan_id     TEXT PRIMARY KEY REFERENCES plan (id),
	id          TEXT NOT NULL,    -- a newer one takes its place
	asked_at    BIGINT NOT NULL,  -- of tickets issued until then
	check_at    TEXT NOT NULL,    -- the address below which codes are checked
	total       BIGINT NOT NULL,  -- tickets
	drawn       BIGINT NOT NULL,
	last_number TEXT NOT NULL,    -- of the last ticket that was drawn; '' before the first
	finished_at BIGINT
);

CREATE TABLE ticket_book_part (
	plan_id      TEXT NOT NULL REFERENCES ticket_book (plan_id),
	part         BIGINT NOT NULL, -- from 1
	tickets      BIGINT NOT NULL,
	first_number TEXT NOT NULL,
	last_number  TEXT NOT NULL,
	file_id      TEXT NOT NULL,   -- in the plan's files
	size         BIGINT NOT NULL,
	PRIMARY KEY (plan_id, part)
);

CREATE INDEX ticket_by_number ON ticket (plan_id, number);
