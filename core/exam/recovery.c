/*
 * The account is found by an application of the person: accounts have no name.
 */
#include "recovery.h"

#include "account.h"
#include "applicant.h"
#include "base/text.h"
#include "code.h"
#include "identifier.h"
#include "reason.h"

static enum result closed_find(
	struct transaction *tx, const struct application *application, bool *closed)
{
	return store_has(tx->db, "SELECT 1 FROM account WHERE id = ?1 AND state <> 'active'",
		BIND(TEXT(application->account_id)), closed, tx->error);
}

enum result recovery_view(struct transaction *tx, const struct application *application, json **out)
{
	json *view = json_new_object(tx->arena);
	struct applicant person = {0};
	const char *mobile = NULL;
	struct plan plan;
	bool closed;
	enum result rc = application_head(tx, application, view);

	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	if (!rc && application->revision > 0)
		rc = applicant_of(tx, application, &person);
	rc = rc ? rc : account_mobile(tx, application->account_id, &mobile);
	rc = rc ? rc : closed_find(tx, application, &closed);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "plan_name", plan.name);
	json_set_text(tx->arena, view, "name", person.name);
	json_set_text(tx->arena, view, "id_type", person.id_type);
	json_set_text(tx->arena, view, "id_masked", person.id_masked);
	json_set_text(tx->arena, view, "mobile", mobile_masked(tx->arena, mobile));
	json_set_boolean(tx->arena, view, "closed", closed);
	*out = view;
	return OK;
}

/* A draft says of its person only what anybody may have typed. */
static enum result expect_recoverable(struct transaction *tx, const struct application *application)
{
	bool closed;
	enum result rc = closed_find(tx, application, &closed);

	if (rc)
		return rc;
	if (closed)
		return fail(tx->error, CONFLICT, "recovery.closed", NULL);
	if (application->revision == 0)
		return fail(tx->error, CONFLICT, "recovery.never_handed_in", NULL);
	return OK;
}

/* Staff may know whether a number has an account: the list of applications finds it. */
static enum result number_free(struct transaction *tx, const char *typed, const char **mobile)
{
	const char *taken = NULL;
	enum result rc = OK;

	if (mobile_read(tx->error, "/mobile", typed, mobile))
		rc = account_of_mobile(tx, *mobile, &taken);
	if (taken)
		fault_add(tx->error, "/mobile", "recovery.taken", NULL);
	return rc;
}

enum result recovery_code(
	struct transaction *tx, const struct application *application, const char *mobile)
{
	enum result rc = expect_recoverable(tx, application);

	rc = rc ? rc : number_free(tx, mobile, &mobile);
	rc = rc ? rc : refuse_faults(tx->error);
	return rc ? rc : code_send(tx, "sign_up", mobile);
}

static void person_check(
	struct transaction *tx, const struct application *application, const char *id_number)
{
	const char *index = blind_index(
		tx->arena, tx->keys, "id_number", document_number(tx->arena, id_number));

	if (!text_equal(index, application->id_index))
		fault_add(tx->error, "/id_number", "recovery.other_person", NULL);
}

enum result recovery_carry_out(struct transaction *tx, const struct application *application,
	const struct recovery *recovery, bool *keep)
{
	json *detail = json_new_object(tx->arena);
	const char *mobile = NULL;
	enum result rc = expect_recoverable(tx, application);

	rc = rc ? rc : number_free(tx, recovery->mobile, &mobile);
	if (rc)
		return rc;
	person_check(tx, application, recovery->id_number);
	reason_written(tx, "/reason", recovery->reason);
	rc = refuse_faults(tx->error);
	rc = rc ? rc : code_use(tx, "sign_up", mobile, recovery->code, keep);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "application", application->number);
	json_set_text(tx->arena, detail, "reason", recovery->reason);
	return account_recover(tx, application->account_id, mobile, detail);
}
