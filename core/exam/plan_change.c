/*
 * A published plan is a promise to those who have applied: it may give more, never less.
 */
#include "plan_change.h"

#include <inttypes.h>

#include "base/clock.h"
#include "plan_count.h"

static void fee_check(struct transaction *tx, const struct plan *plan, const json *document)
{
	if (json_get_integer(document, "fee_fen") != plan->fee_fen)
		fault_add(tx->error, "/fee_fen", "plan.fee_fixed", NULL);
}

static void moments_check(
	struct transaction *tx, const struct plan *plan, const struct plan_moments *moments)
{
	const struct {
		const char *pointer;
		int64_t promised, now;
	} ends[] = {
		{"/apply/until", plan->apply_until, moments->apply_until},
		{"/pay_until", plan->pay_until, moments->pay_until},
		{"/papers_until", plan->papers_until, moments->papers_until},
	};

	for (size_t i = 0; i < COUNT(ends); i++) {
		if (ends[i].now < ends[i].promised)
			fault_add(tx->error, ends[i].pointer, "plan.shortened", "promised",
				moment_text(tx->arena, ends[i].promised), NULL);
	}
}

static enum result places_check(
	struct transaction *tx, const struct plan *plan, const json *document)
{
	int64_t taken, places = json_get_integer(document, "places");
	enum result rc = plan_count_standing(tx, plan->id, &taken);

	if (rc)
		return rc;
	if (places > 0 && places < taken)
		fault_add(tx->error, "/places", "plan.places_taken", "taken",
			arena_printf(tx->arena, "%" PRId64, taken), NULL);
	return OK;
}

/* Rooms, seats and times are printed on the tickets. */
static void exam_check(struct transaction *tx, const struct plan *plan, const json *document)
{
	if (plan->tickets_from &&
		!json_equal(json_get(document, "exam"), json_get(plan->document, "exam")))
		fault_add(tx->error, "/exam", "plan.seats_fixed", NULL);
}

enum result plan_change_check(struct transaction *tx, const struct plan *plan, const json *document,
	const struct plan_reading *reading)
{
	if (reading->known.applications == 0)
		return OK;
	fee_check(tx, plan, document);
	moments_check(tx, plan, &reading->moments);
	exam_check(tx, plan, document);
	return places_check(tx, plan, document);
}
