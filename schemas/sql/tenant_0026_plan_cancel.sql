-- Plans that the centre has cancelled: core/exam/plan_cancel.h. Such a plan is closed besides, so that nothing asks twice.
CREATE TABLE plan_cancel (
	plan_id      TEXT PRIMARY KEY REFERENCES plan (id),
	reason       TEXT NOT NULL,    -- candidates read it
	cancelled_by TEXT NOT NULL REFERENCES account (id),
	cancelled_at BIGINT NOT NULL,
	finished_at  BIGINT            -- when the end of its last application was written down
);
