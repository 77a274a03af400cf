-- A person applies to a plan once. It binds who has handed in and neither ended nor given up (exam/application_state.h has the
-- same words): a number that is only typed into a draft claims nothing, or anybody could shut anybody out.
DROP INDEX application_person;
CREATE UNIQUE INDEX application_person ON application (plan_id, id_index)
	WHERE state IN ('reviewing', 'rejected', 'approved', 'ticketed');
