-- A receipt of the desk confirms one order: "r-30", "R 30" and "R-30" are the same, and found by what they have in common.
CREATE INDEX payment_event_receipt ON payment_event (UPPER(REPLACE(REPLACE(reference, ' ', ''), '-', '')));
