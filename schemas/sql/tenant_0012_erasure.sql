-- A request to be erased is carried out by staff: what must be archived is kept until its term is over.
ALTER TABLE erasure ADD COLUMN carried_out_at BIGINT;
ALTER TABLE erasure ADD COLUMN kept_until BIGINT;  -- NULL once nothing is kept any more
