/*
 * A published plan is a promise to those who have applied: it may give more, never less.
 */
#include "plan_change.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/text.h"
#include "plan_count.h"

/* What people have applied for, and at which price. */
static void fixed_check(struct transaction *tx, const struct plan *plan, const json *document)
{
	if (json_get_integer(document, "fee_fen") != plan->fee_fen)
		fault_add(tx->error, "/fee_fen", "plan.fee_fixed", NULL);
	if (!text_equal(json_get_text(document, "work_type"),
		    json_get_text(plan->document, "work_type")))
		fault_add(tx->error, "/work_type", "plan.work_type_fixed", NULL);
}

/* Who may apply (S14): more, never fewer. */
static void identities_check(struct transaction *tx, const struct plan *plan, const json *document)
{
	const struct plan changed = {.document = document};
	const json *now = plan_identities(tx, &changed);
	bool fewer = false;

	json_each(identity, plan_identities(tx, plan)) fewer =
		fewer || !json_holds(now, json_text(identity));
	if (fewer)
		fault_add(tx->error, "/identities", "plan.identities_fewer", NULL);
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

	if (moments->apply_from > plan->apply_from)
		fault_add(tx->error, "/apply/from", "plan.begun", "promised",
			moment_text(tx->arena, plan->apply_from), NULL);
	for (size_t i = 0; i < COUNT(ends); i++) {
		if (ends[i].now < ends[i].promised)
			fault_add(tx->error, ends[i].pointer, "plan.shortened", "promised",
				moment_text(tx->arena, ends[i].promised), NULL);
	}
}

/* As few as there were harms nobody: what a registrar has restored may be beyond them. */
static enum result places_check(
	struct transaction *tx, const struct plan *plan, const json *document)
{
	int64_t taken, places = json_get_integer(document, "places");
	enum result rc = plan_count_standing(tx, plan->id, &taken);

	if (rc)
		return rc;
	bool fewer = places > 0 && (plan->places == 0 || places < plan->places);

	if (fewer && places < taken)
		fault_add(tx->error, "/places", "plan.places_taken", "taken",
			arena_printf(tx->arena, "%" PRId64, taken), NULL);
	return OK;
}

/* Every room is where it was, with as many seats at least; others may come behind. */
static bool rooms_hold(const json *promised, const json *now)
{
	const json *room = json_first(now);

	json_each(each, promised)
	{
		if (!text_equal(json_get_text(each, "name"), json_get_text(room, "name")) ||
			json_get_integer(room, "seats") < json_get_integer(each, "seats"))
			return false;
		room = json_next(room);
	}
	return true;
}

/* But for its rooms. */
static json *exam_told(struct transaction *tx, const json *exam)
{
	json *told = exam ? json_copy(tx->arena, exam) : json_new_object(tx->arena);

	json_remove(told, "rooms");
	return told;
}

/* Times, venue and seats are printed on the tickets; who waits for a seat may be given one. */
static enum result exam_check(struct transaction *tx, const struct plan *plan, const json *document)
{
	const json *promised = json_get(plan->document, "exam"), *now = json_get(document, "exam");
	bool tickets;
	enum result rc = store_has(tx->db, "SELECT 1 FROM ticket WHERE plan_id = ?1",
		BIND(TEXT(plan->id)), &tickets, tx->error);

	if (rc)
		return rc;
	if (tickets && !(json_equal(exam_told(tx, promised), exam_told(tx, now)) &&
			       rooms_hold(json_get(promised, "rooms"), json_get(now, "rooms"))))
		fault_add(tx->error, "/exam", "plan.seats_fixed", NULL);
	return OK;
}

enum result plan_change_check(struct transaction *tx, const struct plan *plan, const json *document,
	const struct plan_reading *reading)
{
	if (reading->known.applications == 0)
		return OK;
	fixed_check(tx, plan, document);
	identities_check(tx, plan, document);
	moments_check(tx, plan, &reading->moments);
	enum result rc = exam_check(tx, plan, document);
	return rc ? rc : places_check(tx, plan, document);
}
