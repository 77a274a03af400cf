/*
 * Seating, and what a ticket shows.
 *
 * Seats are given in order and only forwards: in each room behind the last that was ever given, so that who
 * came later never moves anybody.
 */
#include "ticket.h"

#include "applicant.h"
#include "audit.h"
#include "base/limits.h"
#include "base/text.h"
#include "erasure.h"
#include "material.h"
#include "notice.h"
#include "payment.h"
#include "profile.h"
#include "ticket_check.h"

#define SEATS_MOST   500 /* of one call */
#define LATE_MINUTES 15  /* where the plan says nothing */

/* A walk over the seats of a plan. */
struct seating {
	const struct plan *plan;
	const json *room;          /* NULL behind the last */
	int64_t room_number, seat; /* from 1; 0 before the first seat */
};

/* Enters a room: its walk goes on behind the last seat that was ever given in it. */
static enum result room_enter(
	struct transaction *tx, struct seating *seating, const json *room, int64_t room_number)
{
	seating->room = room;
	seating->room_number = room_number;
	seating->seat = 0;
	if (!room)
		return OK;
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(seat), 0) FROM ticket WHERE plan_id = ?1 AND room = ?2",
		BIND(TEXT(seating->plan->id), TEXT(json_get_text(room, "name"))), &seating->seat,
		tx->error);
}

static enum result seat_next(struct transaction *tx, struct seating *seating)
{
	seating->seat++;
	while (seating->room && seating->seat > json_get_integer(seating->room, "seats")) {
		enum result rc =
			room_enter(tx, seating, json_next(seating->room), seating->room_number + 1);

		if (rc)
			return rc;
		seating->seat++;
	}
	return OK;
}

/*
 * Moves on to the next seat whose number nobody has (rooms may have changed places since); NULL if there is
 * none.
 */
static enum result seat_find(struct transaction *tx, struct seating *seating, const char **number)
{
	bool given;

	do {
		enum result rc = seat_next(tx, seating);

		*number = NULL;
		if (rc || !seating->room)
			return rc;
		rc = ticket_number(tx, seating->plan, seating->room_number, seating->seat, number);
		if (rc)
			return rc;
		rc = store_has(tx->db, "SELECT 1 FROM ticket WHERE number = ?1",
			BIND(TEXT(*number)), &given, tx->error);
		if (rc)
			return rc;
	} while (given);
	return OK;
}

/* The ticket, the move, the SMS. */
static enum result ticket_issue(struct transaction *tx, const struct seating *seating,
	const char *number, const char *application_id)
{
	json *detail = json_new_object(tx->arena);
	struct application application;
	enum result rc = application_load(tx, application_id, &application);

	if (rc)
		return rc;
	rc = store_run(tx->db,
		"INSERT INTO ticket (application_id, plan_id, number, room, seat, issued_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		BIND(TEXT(application_id), TEXT(seating->plan->id), TEXT(number),
			TEXT(json_get_text(seating->room, "name")), INTEGER(seating->seat),
			INTEGER(tx->now)),
		tx->error);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "ticket", number);
	rc = application_move(tx, &application, EVENT_TICKET, detail);
	if (rc)
		return rc;
	return notice_account(tx, application.account_id, "ticket", application.id,
		arena_printf(tx->arena, "ticket:%s", application.id), "number", application.number,
		NULL);
}

/* Who has everything but a seat, and is not about to have the money back. */
#define READY_SQL                                                                                  \
	" FROM application a JOIN plan p ON p.id = a.plan_id"                                      \
	" JOIN paper pp ON pp.application_id = a.id WHERE a.plan_id = ?1"                          \
	" AND a.state = 'approved' AND pp.accepted_at IS NOT NULL AND " PAYMENT_STAYS_SQL

/* As many as one call may seat, and one more where there are more. */
static enum result ready_list(struct transaction *tx, const struct plan *plan, json **rows)
{
	return store_array(tx->db, tx->arena,
		"SELECT a.id, a.number" READY_SQL " ORDER BY a.number LIMIT ?2",
		BIND(TEXT(plan->id), INTEGER(SEATS_MOST + 1)), rows, tx->error);
}

static enum result ready_count(struct transaction *tx, const struct plan *plan, int64_t *out)
{
	return store_integer(
		tx->db, "SELECT COUNT(*)" READY_SQL, BIND(TEXT(plan->id)), out, tx->error);
}

/* Who got which seat. */
static void ticket_tell(
	struct arena *arena, const struct seating *seating, const json *row, json *tickets)
{
	json *ticket = json_append(tickets, json_new_object(arena));

	json_set_text(arena, ticket, "application_number", json_get_text(row, "number"));
	json_set_text(arena, ticket, "room", json_get_text(seating->room, "name"));
	json_set_integer(arena, ticket, "seat", seating->seat);
}

/*
 * Seats as many as there are seats for, and as one call may; each with memory of its own, since five hundred
 * applications are more than a request may hold.
 */
static enum result seat_all(struct transaction *tx, const struct plan *plan, const json *ready,
	json *tickets, bool *more)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct transaction one = *tx;
	struct seating seating = {.plan = plan};
	enum result rc = room_enter(
		tx, &seating, json_first(json_at_pointer(plan->document, "/exam/rooms")), 1);

	one.arena = scratch;
	*more = false;
	json_each(row, rc ? NULL : ready)
	{
		const char *number;

		if (json_count(tickets) == SEATS_MOST) {
			*more = true;
			return OK;
		}
		rc = seat_find(&one, &seating, &number);
		if (rc || !number)
			return rc;
		rc = ticket_issue(&one, &seating, number, json_get_text(row, "id"));
		if (rc)
			return rc;
		ticket_tell(tx->arena, &seating, row, tickets);
		arena_reset(scratch);
	}
	return rc;
}

/* From the first call on the plan says that its tickets are open. */
static enum result plan_open_tickets(struct transaction *tx, const struct plan *plan)
{
	enum result rc;

	if (plan->tickets_from)
		return OK;
	rc = store_run(tx->db,
		"UPDATE plan SET tickets_from = ?2, version = version + 1, changed_at = ?2"
		" WHERE id = ?1",
		BIND(TEXT(plan->id), INTEGER(tx->now)), tx->error);
	if (rc)
		return rc;
	tenant_publish(tx->tenant);
	return audit_append(tx, "ticket.opened", plan->id, NULL);
}

enum result ticket_open(struct transaction *tx, const char *plan_id, json **out)
{
	json *ready, *view = json_new_object(tx->arena);
	json *tickets = json_set(tx->arena, view, "tickets", json_new_array(tx->arena));
	int64_t issued, seated, waiting = 0;
	struct plan plan;
	bool more;
	enum result rc;

	rc = plan_load(tx, plan_id, &plan);
	rc = rc ? rc : plan_expect_not_cancelled(tx, &plan);
	if (rc)
		return rc;
	if (text_equal(plan.state, "draft"))
		return fail(tx->error, CONFLICT, "ticket.plan_draft", NULL);
	rc = plan_open_tickets(tx, &plan);
	if (rc)
		return rc;
	rc = ready_list(tx, &plan, &ready);
	if (rc)
		return rc;
	rc = seat_all(tx, &plan, ready, tickets, &more);
	if (rc)
		return rc;
	issued = (int64_t)json_count(tickets);
	rc = store_integer(tx->db,
		"SELECT COUNT(*) FROM ticket t WHERE t.plan_id = ?1 AND EXISTS (SELECT 1"
		" FROM application a WHERE a.id = t.application_id AND a.state = 'ticketed')",
		BIND(TEXT(plan.id)), &seated, tx->error);
	if (!rc && !more)
		rc = ready_count(tx, &plan, &waiting);
	if (rc)
		return rc;

	json_set_integer(tx->arena, view, "issued", issued);
	json_set_integer(tx->arena, view, "seated", seated);
	json_set_integer(tx->arena, view, "waiting", waiting);
	json_set_boolean(tx->arena, view, "more", more);
	*out = view;
	return OK;
}

/* A ticket's own row. */
struct ticket_row {
	const char *number, *room, *seat;
};

static enum result ticket_row_load(
	struct transaction *tx, const struct application *application, struct ticket_row *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct ticket_row row = {0};
	enum result rc;

	if (application->state != APPLICATION_TICKETED)
		return fail(tx->error, CONFLICT, "ticket.not_open", NULL);
	rc = store_query(tx->db, &rows,
		"SELECT number, room, CAST(seat AS TEXT) FROM ticket WHERE application_id = ?1",
		BIND(TEXT(application->id)), tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows))
		row = (struct ticket_row){cursor_text(&rows, 0, tx->arena),
			cursor_text(&rows, 1, tx->arena), cursor_text(&rows, 2, tx->arena)};
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!row.number)
		return fail(tx->error, CONFLICT, "ticket.not_open", NULL);

	*out = row;
	return OK;
}

/* A moment that cannot be read is 0, and shown as "to be told". */
static void subjects_fill(struct transaction *tx, const struct plan *plan,
	const struct ticket_row *row, struct ticket_facts *facts)
{
	const json *exam = json_get(plan->document, "exam");
	const json *list = json_get(exam, "subjects");
	struct ticket_subject *subjects =
		NEW_ARRAY(tx->arena, struct ticket_subject, json_count(list) + 1);

	json_each(subject, list) subjects[facts->subject_count++] = (struct ticket_subject){
		.name = plan_subject_name(plan, json_get_text(subject, "subject")),
		.starts_at = json_get_moment(subject, "from"),
		.ends_at = json_get_moment(subject, "until"),
		.venue = json_get_text(exam, "venue"),
		.address = json_get_text(exam, "address"),
		.room = row->room,
		.seat = row->seat,
	};
	facts->subjects = subjects;
}

static void notes_fill(struct transaction *tx, const json *profile, struct ticket_facts *facts)
{
	const json *list = json_at_pointer(profile, "/ticket/notes");
	const char **notes = NEW_ARRAY(tx->arena, const char *, json_count(list) + 1);

	json_each(note, list) notes[facts->note_count++] = json_text(note);
	facts->notes = notes;
}

/* Damaged, as far as one can tell: of its own files database that opens, and not by a key that is to be heard of. */
static enum result portrait_trouble(
	struct transaction *tx, enum result rc, const struct error *error)
{
	bool damaged = rc == BROKEN && !text_equal(error->code, "store.cannot_open") &&
		       !text_equal(error->code, "seal.key_unknown");

	return trouble(tx->error, rc, damaged ? "ticket.portrait" : error->code, "%s",
		error->internal ? error->internal : error->code);
}

/* The portrait that was approved; none where the condition asks for none. */
static enum result photo_fill(struct transaction *tx, const struct application *application,
	const struct plan *plan, struct ticket_facts *facts)
{
	struct error none = {.arena = tx->arena};
	struct transaction looking = *tx;

	looking.error = &none;
	json_each(material,
		application_materials_asked(tx, plan->manifest, application->condition_id))
	{
		enum result rc;

		if (!text_equal(json_get_text(material, "kind"), "portrait"))
			continue;
		rc = material_read(&looking, application, json_get_text(material, "id"),
			application->approved_revision, &facts->photo);
		if (rc && rc != NOT_FOUND)
			return portrait_trouble(tx, rc, &none);
	}
	return OK;
}

/* Who sits where, for what, and how late one may come. */
static void head_fill(const struct plan *plan, const json *profile, const struct ticket_row *row,
	const struct applicant *applicant, struct ticket_facts *facts)
{
	const json *late = json_at_pointer(plan->document, "/exam/late_minutes");

	facts->centre_name = json_get_text(profile, "name");
	facts->plan_name = plan->name;
	facts->number = row->number;
	facts->candidate_name = applicant->name;
	facts->gender = applicant->gender;
	facts->identity_kind = applicant->id_type;
	facts->identity_masked = applicant->id_masked;
	facts->occupation_name = plan->occupation_name;
	facts->work_type = json_get_text(plan->document, "work_type");
	facts->level_name = json_get_text(plan->manifest, "level_name");
	facts->exam_kind = "正考";
	facts->late_minutes = late ? (unsigned)json_integer(late) : LATE_MINUTES;
}

enum result ticket_facts_load(struct transaction *tx, struct application *application,
	const char *check_at, struct ticket_facts *out)
{
	struct ticket_facts facts = {.made_at = tx->now};
	struct applicant applicant;
	struct ticket_row row = {0};
	struct plan plan;
	const json *profile;
	enum result rc;

	rc = ticket_row_load(tx, application, &row);
	rc = rc ? rc : erasure_expect_none(tx, application);
	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : profile_load(tx, &profile);
	rc = rc ? rc : applicant_of(tx, application, &applicant);
	rc = rc ? rc : photo_fill(tx, application, &plan, &facts);
	rc = rc ? rc : audit_head(tx, &facts.audit_head);
	if (rc)
		return rc;

	facts.check_address =
		arena_printf(tx->arena, "%s%s", check_at, ticket_check_code(tx, row.number));
	head_fill(&plan, profile, &row, &applicant, &facts);
	subjects_fill(tx, &plan, &row, &facts);
	notes_fill(tx, profile, &facts);
	*out = facts;
	return OK;
}
