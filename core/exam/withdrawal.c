/*
 * One judgement of what withdrawing means, for the page that asks before and for the act.
 */
#include "withdrawal.h"

#include <inttypes.h>

#include "deadline.h"
#include "notice.h"
#include "payment.h"
#include "payment_refund.h"
#include "wording.h"

struct withdrawal {
	int64_t until; /* 0: as long as it is not decided */
	bool reopens;
	int64_t refund_fen;
};

static enum result until_find(struct transaction *tx, const struct application *application,
	const struct plan *plan, int64_t *until)
{
	struct deadlines deadlines;
	enum result rc = OK;

	*until = 0;
	if (application->state != APPLICATION_APPROVED)
		return OK;
	rc = deadlines_of(tx, plan, application->id, &deadlines);
	*until = rc ? 0 : deadlines.pay_until;
	return rc;
}

/* Only what nobody has approved, and while the plan takes applications. */
static enum result reopens_find(struct transaction *tx, const struct application *application,
	const struct plan *plan, bool *reopens)
{
	enum result rc = plan_expect_open(tx, plan);

	*reopens = rc == OK && application->approved_revision == 0;
	if (rc != CONFLICT)
		return rc;
	error_forget(tx->error);
	return OK;
}

static enum result withdrawal_of(struct transaction *tx, const struct application *application,
	const struct plan *plan, struct withdrawal *out)
{
	struct withdrawal found = {0};
	enum result rc = application_expect_event(tx, application, EVENT_WITHDRAW);

	rc = rc ? rc : until_find(tx, application, plan, &found.until);
	if (rc)
		return rc;
	if (found.until && tx->now >= found.until)
		return fail(tx->error, CONFLICT, "withdrawal.over", "until",
			moment_text(tx->arena, found.until), NULL);
	rc = reopens_find(tx, application, plan, &found.reopens);
	rc = rc ? rc : payment_refund_left(tx, application->id, &found.refund_fen);
	if (rc)
		return rc;
	*out = found;
	return OK;
}

enum result withdrawal_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, json **out)
{
	struct withdrawal found;
	enum result rc = withdrawal_of(tx, application, plan, &found);

	if (rc == CONFLICT) {
		error_forget(tx->error);
		*out = json_new_null(tx->arena);
		return OK;
	}
	if (rc)
		return rc;
	*out = json_new_object(tx->arena);
	json_set_moment(tx->arena, *out, "until", found.until);
	json_set_boolean(tx->arena, *out, "reopens", found.reopens);
	json_set_integer(tx->arena, *out, "refund_fen", found.refund_fen);
	return OK;
}

static enum result withdrawn_tell(struct transaction *tx, const struct application *application,
	const struct withdrawal *withdrawal)
{
	return notice_account(tx, application->account_id,
		withdrawal->refund_fen > 0 ? "withdrawn_paid"
		: withdrawal->reopens      ? "withdrawn"
					   : "withdrawn_over",
		application->id,
		arena_printf(
			tx->arena, "withdrawn:%s:%" PRId64, application->id, application->version),
		"number", application->number, "fee", yuan_words(tx->arena, withdrawal->refund_fen),
		NULL);
}

enum result application_withdraw(struct transaction *tx, struct application *application)
{
	struct withdrawal withdrawal;
	struct plan plan;
	enum result rc = plan_load(tx, application->plan_id, &plan);

	rc = rc ? rc : withdrawal_of(tx, application, &plan, &withdrawal);
	if (rc)
		return rc;
	application->lease_account = NULL;
	application->lease_until = 0;
	application->due_at = 0;
	rc = application_move(tx, application, EVENT_WITHDRAW, NULL);
	rc = rc ? rc : payment_orders_close(tx, application->id);
	rc = rc ? rc : payment_refund_ask_all(tx, application->id, "withdrawn");
	return rc ? rc : withdrawn_tell(tx, application, &withdrawal);
}
