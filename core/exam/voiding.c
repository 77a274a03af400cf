/*
 * Voiding an application. The reason stands in the audit row of the move, where nobody can change it afterwards.
 */
#include "voiding.h"

#include <string.h>

#include "notice.h"
#include "payment.h"
#include "reason.h"
#include "ticket_book.h"
#include "wording.h"

/* Who has paid is told that the centre has not forgotten the money that it still has. */
static enum result voided_tell(struct transaction *tx, const struct application *application)
{
	struct payment_facts payment;
	enum result rc = payment_facts(tx, application, &payment);

	if (rc)
		return rc;
	return notice_account(tx, application->account_id,
		payment.left_fen > 0 ? "voided_paid" : "voided", application->id,
		arena_printf(tx->arena, "voided:%s", application->id), "number",
		application->number, "fee", yuan_words(tx->arena, payment.left_fen), NULL);
}

enum result application_void(
	struct transaction *tx, struct application *application, const char *reason)
{
	bool ticketed = application->state == APPLICATION_TICKETED;
	json *detail = json_new_object(tx->arena);
	enum result rc;

	reason_written(tx, "/reason", reason);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;

	application->lease_account = NULL;
	application->lease_until = 0;
	application->due_at = 0;
	json_set_text(tx->arena, detail, "reason", reason);
	rc = application_move(tx, application, EVENT_VOID, detail);
	rc = rc ? rc : payment_orders_close(tx, application->id);
	if (!rc && ticketed)
		rc = ticket_book_renew(tx, application->plan_id);
	return rc ? rc : voided_tell(tx, application);
}

enum result application_void_reason(
	struct transaction *tx, const struct application *application, const char **reason)
{
	const char *text;
	json *detail;
	enum result rc;

	*reason = NULL;
	if (application->state != APPLICATION_VOIDED)
		return OK;
	rc = store_text(tx->db, tx->arena,
		"SELECT detail FROM audit WHERE subject = ?1 AND action = 'application.voided'",
		BIND(TEXT(application->id)), &text, tx->error);
	if (rc)
		return rc;
	rc = json_parse(tx->arena, text, strlen(text), &detail, tx->error);
	if (rc)
		return rc;
	*reason = json_get_text(detail, "reason");
	return OK;
}
