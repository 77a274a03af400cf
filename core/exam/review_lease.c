/*
 * Leases: so that two reviewers do not judge the same application without knowing.
 *
 * A lease is written past application_save(): it is nothing of the application's content and must not make
 * an open form STALE.
 */
#include "review_lease.h"

#include "audit.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "review.h"

static bool live(const struct transaction *tx, const char *holder, int64_t until)
{
	return holder && until > tx->now;
}

json *lease_json(struct transaction *tx, const char *holder, const char *name, int64_t until)
{
	if (!live(tx, holder, until))
		return json_new_null(tx->arena);

	json *lease = json_new_object(tx->arena);
	json_set_text(tx->arena, lease, "holder", holder);
	json_set_text(tx->arena, lease, "name", name);
	json_set_moment(tx->arena, lease, "until", until);
	json_set_boolean(tx->arena, lease, "mine", text_equal(holder, tx->actor.id));
	return lease;
}

static enum result holder_name(struct transaction *tx, const char *account_id, const char **name)
{
	return store_text(tx->db, tx->arena,
		"SELECT COALESCE(name, login, id) FROM account WHERE id = ?1",
		BIND(TEXT(account_id)), name, tx->error);
}

enum result lease_view(struct transaction *tx, const struct application *application, json **out)
{
	const char *name = NULL;
	enum result rc = OK;

	if (live(tx, application->lease_account, application->lease_until))
		rc = holder_name(tx, application->lease_account, &name);
	if (rc)
		return rc;
	*out = lease_json(tx, application->lease_account, name, application->lease_until);
	return OK;
}

static bool others(const struct transaction *tx, const struct application *application)
{
	return live(tx, application->lease_account, application->lease_until) &&
	       !text_equal(application->lease_account, tx->actor.id);
}

static enum result refuse_leased(struct transaction *tx, const struct application *application)
{
	const char *name;
	enum result rc = holder_name(tx, application->lease_account, &name);

	if (rc)
		return rc;
	return fail(tx->error, CONFLICT, "review.leased", "holder", name, "until",
		moment_text(tx->arena, application->lease_until), NULL);
}

enum result lease_expect(struct transaction *tx, const struct application *application)
{
	if (others(tx, application))
		return refuse_leased(tx, application);
	if (!live(tx, application->lease_account, application->lease_until))
		return fail(tx->error, CONFLICT, "review.lease_needed", NULL);
	return OK;
}

enum result lease_expect_waiting(struct transaction *tx, const struct application *application)
{
	const char *state = application_machine.states[application->state];

	if (application->state != APPLICATION_REVIEWING)
		return fail(tx->error, CONFLICT, "review.not_waiting", "state", state, "status",
			application_status_text(tx, state), NULL);
	return OK;
}

static enum result lease_write(struct transaction *tx, struct application *application,
	const char *account_id, int64_t until)
{
	enum result rc = store_run(tx->db,
		"UPDATE application SET lease_account = ?2, lease_until = ?3 WHERE id = ?1",
		BIND(TEXT(application->id), TEXT(account_id), MOMENT(until)), tx->error);

	if (rc)
		return rc;
	application->lease_account = account_id;
	application->lease_until = until;
	return OK;
}

enum result lease_renew(struct transaction *tx, struct application *application)
{
	return lease_write(tx, application, tx->actor.id, tx->now + LIMIT_LEASE);
}

bool review_lease_wanes(const struct transaction *tx, const struct application *application)
{
	int64_t left = application->lease_until - tx->now;

	return live(tx, application->lease_account, application->lease_until) &&
	       text_equal(application->lease_account, tx->actor.id) && left * 3 < LIMIT_LEASE * 2;
}

/* Judged again by the row itself: since it was read somebody may have taken over, or decided. */
enum result review_lease_keep(struct transaction *tx, const char *application_id)
{
	return store_run(tx->db,
		"UPDATE application SET lease_until = ?3 WHERE id = ?1 AND lease_account = ?2"
		" AND lease_until > ?4",
		BIND(TEXT(application_id), TEXT(tx->actor.id), INTEGER(tx->now + LIMIT_LEASE),
			INTEGER(tx->now)),
		tx->error);
}

static enum result taken_over(struct transaction *tx, const struct application *application)
{
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "from", application->lease_account);
	return audit_append(tx, "review.taken_over", application->id, detail);
}

enum result review_claim(
	struct transaction *tx, struct application *application, bool take_over, json **out)
{
	json *lease, *view = json_new_object(tx->arena);
	enum result rc = lease_expect_waiting(tx, application);

	if (rc)
		return rc;
	if (others(tx, application))
		rc = take_over ? taken_over(tx, application) : refuse_leased(tx, application);
	if (rc)
		return rc;
	rc = lease_renew(tx, application);
	if (rc)
		return rc;
	rc = lease_view(tx, application, &lease);
	if (rc)
		return rc;

	json_set(tx->arena, view, "lease", lease);
	*out = view;
	return OK;
}

enum result review_release(struct transaction *tx, struct application *application)
{
	if (others(tx, application))
		return refuse_leased(tx, application);
	return lease_write(tx, application, NULL, 0);
}
