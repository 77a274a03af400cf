-- Tickets that a book had to go on without: what they are drawn from is damaged.
CREATE TABLE ticket_book_missing (
	plan_id TEXT NOT NULL REFERENCES ticket_book (plan_id),
	number  TEXT NOT NULL,
	reason  TEXT NOT NULL, -- a message's code
	PRIMARY KEY (plan_id, number)
);
