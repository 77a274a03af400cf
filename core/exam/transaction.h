/*
 * What every function of core/exam works in: one transaction on one tenant's database, on behalf of one actor.
 *
 * The dispatcher (a request), a deadline job and a command each build one and begin and end it; functions of core/exam
 * only use it. `db` is a writer in writes and jobs, a snapshot in reads. Worker threads.
 */
#ifndef KAOWU_EXAM_TRANSACTION_H
#define KAOWU_EXAM_TRANSACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"
#include "base/result.h"
#include "base/seal.h"
#include "store/store.h"
#include "tenant/tenant.h"

enum actor_kind { ACTOR_NOBODY, ACTOR_CANDIDATE, ACTOR_STAFF, ACTOR_SYSTEM, ACTOR_OPERATOR };

/* Roles of staff, a bit set; stored in account.roles and named in tenant.json. */
enum role {
	ROLE_ADMIN = 1,     /* 机构管理员 */
	ROLE_REVIEWER = 2,  /* 审核员 */
	ROLE_CASHIER = 4,   /* 财务 */
	ROLE_REGISTRAR = 8, /* 收件与考务 */
	ROLE_AUDITOR = 16,  /* 审计 */
};

struct actor {
	enum actor_kind kind;
	const char *id; /* account id; NULL for nobody and the system */
	uint32_t roles;
	bool unenrolled; /* of staff: the centre demands a second factor, and until there is one, roles are empty */
};

/* What is one for the whole process: settings, workers, calendars. Read-only after start, shared by threads. */
struct deployment;
/* What a plugin was asked between two runs of the same transaction: consultation.h. */
struct consultation;

struct transaction {
	struct arena *arena;
	struct store *db;
	struct tenant *tenant;
	const struct keyring *keys;
	struct deployment *deployment;
	struct consultation *consultation; /* NULL where no form is judged */
	struct actor actor;
	struct error *error;
	int64_t now;            /* one moment for the whole transaction */
	const char *address;    /* of the client, or NULL */
	const char *request_id; /* or NULL */
	enum language language;
};

const char *actor_kind_name(enum actor_kind kind);      /* "candidate" */
enum actor_kind actor_kind_from_name(const char *name); /* ACTOR_NOBODY if unknown */
const char *role_name(enum role role);                  /* "reviewer" */
uint32_t role_from_name(const char *name);              /* 0 if unknown */
json *roles_json(struct arena *arena, uint32_t roles);

/* The places that are wrong, for people and programs: [{pointer, code, detail, params}]. */
json *faults_json(struct arena *arena, enum language language, const struct error *error);

#endif
