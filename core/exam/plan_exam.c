/*
 * A plan's exam: the subjects of its plugin, each once and each with a time that one candidate can keep, and rooms that
 * can be told apart.
 */
#include "plan_exam.h"

#include "base/clock.h"

/* When a subject is, and where the document says so; `until` is 0 where its times are no good. */
struct sitting {
	const char *pointer, *subject;
	int64_t from, until;
};

/* Each subject of the exam is one of the plugin's, and each of the plugin's has its time, once. */
static void subjects_check(struct transaction *tx, const json *times, const json *subjects)
{
	bool complete = true;
	int number = 0;

	json_each(time, times)
	{
		const char *subject = json_get_text(time, "subject");
		const char *pointer =
			arena_printf(tx->arena, "/exam/subjects/%d/subject", number++);

		if (!json_find(subjects, "id", subject))
			fault_add(tx->error, pointer, "plan.subject", "subject", subject, NULL);
		else if (json_find(times, "subject", subject) != time)
			fault_add(
				tx->error, pointer, "plan.subject_twice", "subject", subject, NULL);
	}
	json_each(subject, subjects) complete =
		complete && json_find(times, "subject", json_get_text(subject, "id"));
	if (!complete)
		fault_add(tx->error, "/exam/subjects", "plan.subjects_missing", NULL);
}

static bool moment_read(struct transaction *tx, const char *pointer, const char *text, int64_t *at)
{
	if (text && moment_parse(text, at) == OK)
		return true;
	fault_add(tx->error, pointer, "plan.moment", NULL);
	return false;
}

static struct sitting sitting_read(
	struct transaction *tx, const json *time, int number, int64_t earliest)
{
	struct sitting sitting = {
		.pointer = arena_printf(tx->arena, "/exam/subjects/%d/from", number),
		.subject = json_get_text(time, "subject")};
	const char *end = arena_printf(tx->arena, "/exam/subjects/%d/until", number);
	int64_t until = 0;
	bool from_good =
		moment_read(tx, sitting.pointer, json_get_text(time, "from"), &sitting.from);
	bool until_good = moment_read(tx, end, json_get_text(time, "until"), &until);

	if (from_good && sitting.from < earliest)
		fault_add(tx->error, sitting.pointer, "plan.exam_early", "earliest",
			moment_text(tx->arena, earliest), NULL);
	if (from_good && until_good && until <= sitting.from)
		fault_add(tx->error, end, "plan.exam_end", NULL);
	else if (from_good && until_good)
		sitting.until = until;
	return sitting;
}

/* As people call it; by its id where the plugin has none such, which is told by itself. */
static const char *subject_name(const json *subjects, const char *id)
{
	const json *subject = json_find(subjects, "id", id);

	return subject ? json_get_text(subject, "name") : id;
}

/* Everybody sits every subject: two at a time cannot be. */
static void times_check(
	struct transaction *tx, const json *times, const json *subjects, int64_t earliest)
{
	struct sitting *sittings = NEW_ARRAY(tx->arena, struct sitting, json_count(times) + 1);
	int count = 0;

	json_each(time, times)
	{
		struct sitting now = sitting_read(tx, time, count, earliest);

		for (int i = 0; i < count; i++) {
			if (now.from < sittings[i].until && sittings[i].from < now.until)
				fault_add(tx->error, now.pointer, "plan.exam_overlap", "other",
					subject_name(subjects, sittings[i].subject), NULL);
		}
		sittings[count++] = now;
	}
}

/* Seats are counted by the room's name: two of one name would be one. */
static void rooms_check(struct transaction *tx, const json *rooms)
{
	int number = 0;

	json_each(room, rooms)
	{
		const char *name = json_get_text(room, "name");

		if (json_find(rooms, "name", name) != room)
			fault_add(tx->error, arena_printf(tx->arena, "/exam/rooms/%d/name", number),
				"plan.room_twice", "room", name, NULL);
		number++;
	}
}

enum result plan_exam_check(
	struct transaction *tx, const json *document, const json *manifest, int64_t earliest)
{
	const json *exam = json_get(document, "exam");
	const json *subjects = json_get(manifest, "subjects");

	subjects_check(tx, json_get(exam, "subjects"), subjects);
	times_check(tx, json_get(exam, "subjects"), subjects, earliest);
	rooms_check(tx, json_get(exam, "rooms"));
	return refuse_faults(tx->error);
}
