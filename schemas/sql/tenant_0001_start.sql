-- One tenant's database. No table has a tenant_id: isolation is by construction (docs/architecture.md).
-- Moments are milliseconds since 1970 in BIGINT; ids are UUIDv7 text; *_sealed is base/seal.h with the context
-- "table.column:id"; *_index is a blind index; JSON stands in TEXT.

-- The centre itself: 'profile' (name, mailing address, contact, rules) and small facts of the kind.
CREATE TABLE setting (
	key        TEXT PRIMARY KEY,
	value      TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);

-- District rules that narrow a plugin's (S3): dated, with the reason that is shown.
CREATE TABLE overlay (
	id              TEXT PRIMARY KEY,
	kind            TEXT NOT NULL CHECK (kind IN ('deny_related')),
	occupation_code TEXT NOT NULL,
	name            TEXT NOT NULL,
	reason          TEXT NOT NULL,
	valid_from      TEXT NOT NULL,
	valid_until     TEXT
);

-- People: candidates sign in by mobile number, staff by login name.
CREATE TABLE account (
	id            TEXT PRIMARY KEY,
	kind          TEXT NOT NULL CHECK (kind IN ('candidate', 'staff')),
	state         TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
	mobile_sealed BLOB,
	mobile_index  TEXT,
	login         TEXT UNIQUE,
	name          TEXT,                       -- staff only: shown beside what they did
	roles         BIGINT NOT NULL DEFAULT 0,  -- bit set, exam/transaction.h
	password_hash TEXT,
	created_at    BIGINT NOT NULL,
	signed_in_at  BIGINT
);
CREATE UNIQUE INDEX account_mobile ON account (kind, mobile_index);

-- Failed sign-ins by the name that was typed, whether or not anybody has it: a lock must not tell who has an account.
CREATE TABLE sign_in (
	name_index   TEXT PRIMARY KEY,
	failures     BIGINT NOT NULL,
	failed_at    BIGINT NOT NULL,
	locked_until BIGINT
);
CREATE INDEX sign_in_age ON sign_in (failed_at);

CREATE TABLE invitation (
	token_hash TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES account (id),
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at    BIGINT
);

CREATE TABLE session (
	token_hash TEXT PRIMARY KEY,
	account_id TEXT NOT NULL REFERENCES account (id),
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- SMS codes: only a keyed hash is kept.
CREATE TABLE code (
	id            TEXT PRIMARY KEY,
	purpose       TEXT NOT NULL CHECK (purpose IN ('sign_up', 'reset')),
	mobile_index  TEXT NOT NULL,
	address_index TEXT NOT NULL,
	code_hash     TEXT NOT NULL,
	tries         BIGINT NOT NULL DEFAULT 0,
	created_at    BIGINT NOT NULL,
	expires_at    BIGINT NOT NULL,
	used_at       BIGINT
);
CREATE INDEX code_mobile ON code (mobile_index, created_at);
CREATE INDEX code_address ON code (address_index, created_at);

-- Assessment plans (S12). The plugin is pinned and its manifest kept, so that a verdict can be explained for ever.
CREATE TABLE plan (
	id             TEXT PRIMARY KEY,
	code           TEXT NOT NULL UNIQUE,
	sequence       BIGINT NOT NULL UNIQUE,   -- 1, 2, ...: part of ticket numbers
	filing_no      TEXT UNIQUE,
	name           TEXT NOT NULL,
	state          TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
	occupation_code TEXT NOT NULL,
	occupation_name TEXT NOT NULL,
	level          BIGINT NOT NULL,
	plugin_id      TEXT NOT NULL,
	plugin_version TEXT NOT NULL,
	plugin_sha256  TEXT NOT NULL,
	manifest       TEXT NOT NULL,
	apply_from     BIGINT NOT NULL,
	apply_until    BIGINT NOT NULL,
	pay_until      BIGINT NOT NULL,
	papers_until   BIGINT NOT NULL,
	tickets_from   BIGINT,                   -- set when staff open the tickets
	fee_fen        BIGINT NOT NULL,
	places         BIGINT NOT NULL,          -- 0: no limit
	document       TEXT NOT NULL,            -- the whole plan as in plans/*.json: exam, rooms, payment, note
	version        BIGINT NOT NULL DEFAULT 1,
	created_at     BIGINT NOT NULL,
	changed_at     BIGINT NOT NULL
);
CREATE INDEX plan_list ON plan (state, apply_until);

CREATE TABLE application (
	id                TEXT PRIMARY KEY,
	number            TEXT NOT NULL UNIQUE,   -- for people and barcodes: exam/application.h
	plan_id           TEXT NOT NULL REFERENCES plan (id),
	account_id        TEXT NOT NULL REFERENCES account (id),
	state             TEXT NOT NULL,          -- exam/application_state.h writes it, nobody else
	version           BIGINT NOT NULL,        -- the ETag; +1 with every change by anybody
	revision          BIGINT NOT NULL,        -- the candidate's content; +1 with every submission or edit under review
	approved_revision BIGINT,
	identity          TEXT,                   -- S14
	condition_id      TEXT,
	form_sealed       BLOB,                   -- {details, certificates, work, ...}: exam/form.h
	id_index          TEXT,                   -- blind index of the ID number
	verdict           TEXT,
	manual            BIGINT NOT NULL DEFAULT 0, -- 1: the plugin failed, a reviewer judges eligibility
	submitted_at      BIGINT,
	due_at            BIGINT,
	decided_at        BIGINT,
	lease_account     TEXT,
	lease_until       BIGINT,
	created_at        BIGINT NOT NULL,
	changed_at        BIGINT NOT NULL,
	UNIQUE (plan_id, account_id)
);
CREATE UNIQUE INDEX application_person ON application (plan_id, id_index);
CREATE INDEX application_account ON application (account_id);
CREATE INDEX application_queue ON application (state, due_at);
CREATE INDEX application_plan_state ON application (plan_id, state);

-- What was handed in, each time: never changed afterwards.
CREATE TABLE revision (
	application_id TEXT NOT NULL REFERENCES application (id),
	revision       BIGINT NOT NULL,
	identity       TEXT NOT NULL,
	condition_id   TEXT NOT NULL,
	form_sealed    BLOB NOT NULL,
	materials      TEXT NOT NULL,  -- [{"material","file_id","sha256"}]
	verdict        TEXT NOT NULL,
	hash           TEXT NOT NULL,  -- of form and materials: printed on the paper form
	created_at     BIGINT NOT NULL,
	PRIMARY KEY (application_id, revision)
);

-- The current file of each material of an application; replaced ones leave through files_list/files_remove.
CREATE TABLE material (
	application_id TEXT NOT NULL REFERENCES application (id),
	material       TEXT NOT NULL,  -- id in the manifest
	file_id        TEXT NOT NULL,
	sha256         TEXT NOT NULL,
	size           BIGINT NOT NULL,
	media_type     TEXT NOT NULL,
	checks         TEXT NOT NULL,  -- what the machine found: value and limit of each check
	uploaded_at    BIGINT NOT NULL,
	PRIMARY KEY (application_id, material)
);

-- The reviewer's judgement of each item ("details", "work", "material:portrait", ...): the newest of each.
CREATE TABLE judgement (
	application_id TEXT NOT NULL REFERENCES application (id),
	item           TEXT NOT NULL,
	outcome        TEXT NOT NULL CHECK (outcome IN ('pass', 'fail')),
	reasons        TEXT NOT NULL,  -- [reason code]
	note           TEXT,
	revision       BIGINT NOT NULL,
	account_id     TEXT NOT NULL,
	judged_at      BIGINT NOT NULL,
	answered_at    BIGINT,         -- when the candidate changed a failed item
	PRIMARY KEY (application_id, item)
);

CREATE TABLE decision (
	id             TEXT PRIMARY KEY,
	application_id TEXT NOT NULL REFERENCES application (id),
	revision       BIGINT NOT NULL,
	outcome        TEXT NOT NULL CHECK (outcome IN ('approved', 'rejected')),
	items          TEXT NOT NULL,  -- every judgement as it stood
	note           TEXT,
	account_id     TEXT NOT NULL,
	decided_at     BIGINT NOT NULL
);
CREATE INDEX decision_application ON decision (application_id, decided_at);

-- Payment (S17, S18): one order per attempt; what happened to it is a ledger that only grows.
CREATE TABLE payment_order (
	id             TEXT PRIMARY KEY,
	number         TEXT NOT NULL UNIQUE,
	application_id TEXT NOT NULL REFERENCES application (id),
	provider       TEXT NOT NULL,
	amount_fen     BIGINT NOT NULL,
	code_url       TEXT,
	created_at     BIGINT NOT NULL,
	expires_at     BIGINT NOT NULL
);
CREATE INDEX payment_order_application ON payment_order (application_id);

CREATE TABLE payment_event (
	id         TEXT PRIMARY KEY,
	order_id   TEXT NOT NULL REFERENCES payment_order (id),
	kind       TEXT NOT NULL CHECK (kind IN ('created', 'paid', 'paid_late', 'paid_again', 'closed', 'refunded')),
	amount_fen BIGINT NOT NULL,
	reference  TEXT,           -- receipt or transaction number
	actor      TEXT NOT NULL,
	happened_at BIGINT NOT NULL
);
CREATE INDEX payment_event_order ON payment_event (order_id);
CREATE UNIQUE INDEX payment_event_reference ON payment_event (order_id, kind, reference);

-- Paper forms (S19).
CREATE TABLE paper (
	application_id TEXT PRIMARY KEY REFERENCES application (id),
	courier        TEXT,
	courier_number TEXT,
	posted_at      BIGINT,         -- told by the candidate
	received_at    BIGINT,         -- told by staff
	items          TEXT NOT NULL DEFAULT '[]', -- [{"material","copies","outcome","reasons","note"}]
	accepted_at    BIGINT,         -- every item in order, or nothing to post
	grace_until    BIGINT,         -- more time to pay and post than the plan gives: exam/deadline.h
	account_id     TEXT,           -- who received it
	version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX paper_courier ON paper (courier_number);

-- Admission tickets (S20): made when staff open them; a number is never used again.
CREATE TABLE ticket (
	application_id TEXT PRIMARY KEY REFERENCES application (id),
	plan_id        TEXT NOT NULL REFERENCES plan (id),
	number         TEXT NOT NULL UNIQUE,
	room           TEXT NOT NULL,
	seat           BIGINT NOT NULL,
	issued_at      BIGINT NOT NULL,
	UNIQUE (plan_id, room, seat)
);

-- Who did what: a hash chain. exam/audit.h writes it, nobody else; no personal data in detail.
CREATE TABLE audit (
	sequence    BIGINT PRIMARY KEY,
	happened_at BIGINT NOT NULL,
	actor_kind  TEXT NOT NULL,
	actor_id    TEXT,
	action      TEXT NOT NULL,
	subject     TEXT,
	detail      TEXT NOT NULL,
	previous    TEXT NOT NULL,
	hash        TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, sequence);

-- What leaves the machine: written with what caused it, sent after the commit, at least once.
CREATE TABLE outbox (
	id              TEXT PRIMARY KEY,
	channel         TEXT NOT NULL CHECK (channel IN ('sms')),
	event           TEXT NOT NULL,         -- "code", "submitted", "approved", ...
	event_key       TEXT NOT NULL UNIQUE,  -- the same event is never queued twice
	recipient_index TEXT NOT NULL,
	payload_sealed  BLOB NOT NULL,         -- {mobile, text, params}
	state           TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
	attempts        BIGINT NOT NULL DEFAULT 0,
	next_at         BIGINT NOT NULL,
	last_error      TEXT,
	subject         TEXT,
	created_at      BIGINT NOT NULL,
	sent_at         BIGINT
);
CREATE INDEX outbox_waiting ON outbox (state, next_at);
CREATE INDEX outbox_recipient ON outbox (recipient_index, created_at);

-- Answers kept for Idempotency-Key.
CREATE TABLE idempotency (
	actor        TEXT NOT NULL,
	key          TEXT NOT NULL,
	request_hash TEXT NOT NULL,
	status       BIGINT NOT NULL,
	answer       TEXT NOT NULL,
	created_at   BIGINT NOT NULL,
	PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
