-- Two administrators may change the same member of staff: the ETag, +1 with every change by either.
ALTER TABLE account ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
