-- A book whose plan's files fail is tried again before it ends: how often that was so in a row, and when it is next.
ALTER TABLE ticket_book ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket_book ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
