/*
 * The outbox: each event once, each recipient in order, and nothing given up before its time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/limits.h"
#include "outbound/outbox.h"
#include "store/migration.h"

#include <cmocka.h>

#define NOW  INT64_C(1795309200000) /* 2026-11-22 09:00 */
#define MANY 100
#define HOUR INT64_C(3600000)

struct place {
	char folder[64];
	struct store *db;
	struct arena *arena;
	struct error error;
	struct outbox_row *due;
	size_t count;
};

#define assert_ok(call) assert_int_equal((call), OK)

static int begin(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	char path[96];

	assert_non_null(place);
	place->arena = arena_create(16u << 20);
	place->error.arena = place->arena;
	(void)snprintf(place->folder, sizeof(place->folder), "/tmp/kaowu-outbox-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	(void)snprintf(path, sizeof(path), "%s/tenant.db", place->folder);
	assert_ok(store_open(path, STORE_CREATE, &place->db, &place->error));
	assert_ok(store_migrate(place->db, "tenant", &place->error));
	*state = place;
	return 0;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int end(void **state)
{
	struct place *place = *state;

	store_close(place->db);
	(void)nftw(place->folder, entry_remove, 4, FTW_DEPTH | FTW_PHYS);
	arena_destroy(place->arena);
	random_seed(0);
	free(place);
	return 0;
}

/* Gives the row's id. */
static const char *put(struct place *place, const char *recipient, const char *key, int64_t now)
{
	const char *id = id_create(place->arena);
	struct outbox_row row = {.id = id,
		.channel = "sms",
		.event = "submitted",
		.event_key = key,
		.recipient_index = recipient,
		.payload = bytes_of("sealed", 6)};

	assert_ok(outbox_put(place->db, &row, now, &place->error));
	return id;
}

static void look(struct place *place, int64_t now, size_t most)
{
	assert_ok(outbox_due(
		place->db, place->arena, now, most, &place->due, &place->count, &place->error));
}

static void assert_due(struct place *place, int64_t now, const char *id)
{
	look(place, now, MANY);
	assert_int_equal(place->count, 1);
	assert_string_equal(place->due[0].id, id);
}

static void assert_nothing_due(struct place *place, int64_t now)
{
	look(place, now, MANY);
	assert_int_equal(place->count, 0);
}

static const struct outbox_end trouble_end = {.why = "provider.trouble"};

/* The one row that is due, begun. */
static const struct outbox_row *begun(struct place *place, int64_t now)
{
	look(place, now, MANY);
	assert_int_equal(place->count, 1);
	assert_ok(outbox_begin(place->db, &place->due[0], "given", now, &place->error));
	return &place->due[0];
}

static void sent(struct place *place, const char *id, int64_t now)
{
	const struct outbox_row *row = begun(place, now);

	assert_string_equal(row->id, id);
	assert_ok(outbox_sent(place->db, row, &(struct outbox_end){0}, now, &place->error));
}

/* Fails the one row that is due; gives when it is due again. */
static int64_t failed(struct place *place, int64_t now, bool final)
{
	int64_t next = 0;
	const struct outbox_row *row = begun(place, now);

	if (final)
		assert_ok(outbox_dead(place->db, row, &trouble_end, now, &place->error));
	else
		assert_ok(outbox_failed(place->db, row, &trouble_end, now, &place->error));
	assert_ok(store_integer(place->db, "SELECT next_at FROM outbox WHERE id = ?1",
		BIND(TEXT(place->due[0].id)), &next, &place->error));
	return next;
}

static const char *state_of(struct place *place, const char *id)
{
	const char *text = NULL;

	assert_ok(store_text(place->db, place->arena, "SELECT state FROM outbox WHERE id = ?1",
		BIND(TEXT(id)), &text, &place->error));
	return text;
}

static void what_was_put_is_due_as_it_was_put(void **state)
{
	struct place *place = *state;
	struct outbox_row row = {.id = id_create(place->arena),
		.channel = "sms",
		.event = "approved",
		.event_key = "approved:1",
		.recipient_index = "someone",
		.subject = "subject",
		.payload = bytes_of("sealed", 6)};

	assert_ok(outbox_put(place->db, &row, NOW, &place->error));
	assert_due(place, NOW, row.id);
	assert_string_equal(place->due[0].channel, "sms");
	assert_string_equal(place->due[0].event, "approved");
	assert_string_equal(place->due[0].event_key, "approved:1");
	assert_string_equal(place->due[0].recipient_index, "someone");
	assert_string_equal(place->due[0].subject, "subject");
	assert_int_equal(place->due[0].payload.size, 6);
	assert_memory_equal(place->due[0].payload.data, "sealed", 6);
	assert_int_equal(place->due[0].attempts, 0);
}

static void an_event_is_queued_once(void **state)
{
	struct place *place = *state;
	const char *first = put(place, "someone", "approved:1", NOW);

	(void)put(place, "someone", "approved:1", NOW + 1);
	assert_due(place, NOW + 1, first);
	sent(place, first, NOW + 1);
	(void)put(place, "someone", "approved:1", NOW + 2);
	assert_nothing_due(place, NOW + 2);
}

static void nothing_is_due_before_its_time(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	assert_nothing_due(place, NOW - 1);
	assert_due(place, NOW, id);
}

static void a_recipients_later_row_waits_for_the_earlier(void **state)
{
	struct place *place = *state;
	const char *first = put(place, "someone", "a", NOW);
	const char *second = put(place, "someone", "b", NOW);
	const char *third = put(place, "someone", "c", NOW + 1);

	assert_due(place, NOW + 2, first);
	int64_t again = failed(place, NOW + 2, false);
	assert_nothing_due(place, again - 1);
	assert_due(place, again, first);
	sent(place, first, again);
	assert_due(place, again, second);
	(void)failed(place, again, true); /* dead: holds up nobody */
	assert_due(place, again, third);
}

static void recipients_do_not_wait_for_each_other(void **state)
{
	struct place *place = *state;
	const char *one = put(place, "one", "a", NOW);
	const char *other;

	(void)failed(place, NOW, false);
	other = put(place, "other", "b", NOW);
	assert_due(place, NOW, other);
	assert_string_equal(state_of(place, one), "waiting");
}

static void a_batch_is_no_longer_than_asked_for(void **state)
{
	struct place *place = *state;
	const char *ids[5];

	for (int i = 0; i < 5; i++) {
		const char *name = arena_printf(place->arena, "%d", i);

		ids[i] = put(place, name, name, NOW + i);
	}
	look(place, NOW + 5, 3);
	assert_int_equal(place->count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(place->due[i].id, ids[i]);
}

static void each_wait_is_twice_as_long_and_a_little_at_random(void **state)
{
	struct place *place = *state;
	int64_t now = NOW, wait = 5000;

	random_seed(7);
	(void)put(place, "someone", "a", now);
	for (int i = 0; i + 1 < LIMIT_OUTBOX_ATTEMPTS; i++) {
		int64_t next = failed(place, now, false);

		assert_in_range(next - now, wait, wait + wait / 4);
		assert_nothing_due(place, next - 1);
		now = next;
		wait *= 2;
	}
}

static void a_seed_gives_the_same_waits_again(void **state)
{
	struct place *place = *state;
	int64_t waits[2][4];

	for (int run = 0; run < 2; run++) {
		random_seed(11);
		for (int i = 0; i < 4; i++) {
			const char *name = arena_printf(place->arena, "%d of %d", i, run);

			(void)put(place, name, name, NOW);
			waits[run][i] = failed(place, NOW, false);
		}
	}
	assert_memory_equal(waits[0], waits[1], sizeof(waits[0]));
}

static void waits_differ(void **state)
{
	struct place *place = *state;
	int64_t first = 0;
	bool differ = false;

	random_seed(7);
	for (int i = 0; i < 20; i++) {
		const char *name = arena_printf(place->arena, "%d", i);

		(void)put(place, name, name, NOW);
		int64_t next = failed(place, NOW, false);
		first = first ? first : next;
		differ = differ || next != first;
	}
	assert_true(differ);
}

static void a_row_is_dead_after_eight_attempts(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);
	int64_t now = NOW;

	for (int i = 0; i < 8; i++) {
		assert_string_equal(state_of(place, id), "waiting");
		now = failed(place, now, false);
	}
	assert_string_equal(state_of(place, id), "dead");
	assert_nothing_due(place, now + LIMIT_OUTBOX_BACKOFF_MAX * 10);
}

static void what_never_will_be_is_dead_at_once(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	(void)failed(place, NOW, true);
	assert_string_equal(state_of(place, id), "dead");
}

static void a_dead_row_can_be_revived_with_all_its_attempts(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	(void)failed(place, NOW, true);
	assert_ok(outbox_revive(place->db, id, NOW + 1, &place->error));
	assert_due(place, NOW + 1, id);
	assert_int_equal(place->due[0].attempts, 0);
}

static void only_a_dead_row_can_be_revived(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	assert_int_equal(outbox_revive(place->db, id, NOW, &place->error), CONFLICT);
	assert_string_equal(place->error.code, "outbox.not_dead");
	sent(place, id, NOW);
	assert_int_equal(outbox_revive(place->db, id, NOW, &place->error), CONFLICT);
	place->error = (struct error){.arena = place->arena};
	assert_int_equal(outbox_revive(place->db, "nowhere", NOW, &place->error), NOT_FOUND);
	assert_string_equal(place->error.code, "outbox.unknown");
}

static void what_came_too_late_does_not_wake_what_was_sent(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	struct outbox_row row = *begun(place, NOW);

	assert_ok(outbox_sent(place->db, &row, &(struct outbox_end){0}, NOW, &place->error));
	assert_ok(outbox_failed(place->db, &row, &trouble_end, NOW, &place->error));
	assert_ok(outbox_lost(place->db, &row, &trouble_end, false, NOW, &place->error));
	assert_ok(outbox_held(place->db, &row, &trouble_end, NOW, &place->error));
	assert_string_equal(state_of(place, id), "sent");
}

static int64_t number(struct place *place, const char *sql, const char *id)
{
	int64_t value = -1;

	assert_ok(store_integer(place->db, sql, BIND(TEXT(id)), &value, &place->error));
	return value;
}

static int64_t lost_of(struct place *place, const char *id)
{
	return number(place, "SELECT lost FROM outbox WHERE id = ?1", id);
}

static int64_t next(struct place *place, int64_t now)
{
	int64_t at = -1;

	assert_ok(outbox_next(place->db, now, &at, &place->error));
	return at;
}

static void what_is_under_way_is_not_due_and_holds_up_its_recipient(void **state)
{
	struct place *place = *state;
	const char *first = put(place, "someone", "a", NOW);
	const char *second = put(place, "someone", "b", NOW);
	struct outbox_row row = *begun(place, NOW);

	assert_string_equal(row.id, first);
	assert_string_equal(state_of(place, first), "sending");
	assert_nothing_due(place, NOW + HOUR);
	assert_ok(outbox_sent(
		place->db, &row, &(struct outbox_end){.reference = "5000:1"}, NOW, &place->error));
	assert_due(place, NOW, second);
}

/* A server that died has left them: sent or not, nobody knows. */
static void an_orphan_goes_once_more_and_is_counted(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);
	int64_t count;

	(void)begun(place, NOW);
	assert_int_equal(next(place, NOW), NOW);
	assert_ok(outbox_orphans(place->db, "sms", false, NOW, &count, &place->error));
	assert_int_equal(count, 1);
	assert_int_equal(lost_of(place, id), 1);
	assert_due(place, NOW, id);

	(void)begun(place, NOW);
	assert_ok(outbox_orphans(place->db, "sms", false, NOW, &count, &place->error));
	assert_string_equal(state_of(place, id), "dead");
	assert_int_equal(lost_of(place, id), 2);
	assert_ok(outbox_orphans(place->db, "sms", false, NOW, &count, &place->error));
	assert_int_equal(count, 0);
}

static void who_tells_copies_by_the_key_may_get_more_of_them(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);
	int64_t count;

	for (int i = 1; i < LIMIT_OUTBOX_ATTEMPTS; i++) {
		(void)begun(place, NOW);
		assert_ok(outbox_orphans(place->db, "sms", true, NOW, &count, &place->error));
		assert_int_equal(lost_of(place, id), i);
	}
	assert_string_equal(state_of(place, id), "waiting");
	(void)begun(place, NOW);
	assert_ok(outbox_orphans(place->db, "sms", true, NOW, &count, &place->error));
	assert_string_equal(state_of(place, id), "dead");
}

static void an_answer_that_was_lost_twice_is_for_a_person(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	assert_ok(
		outbox_lost(place->db, begun(place, NOW), &trouble_end, false, NOW, &place->error));
	assert_string_equal(state_of(place, id), "waiting");
	assert_nothing_due(place, NOW);
	assert_ok(outbox_lost(place->db, begun(place, NOW + HOUR), &trouble_end, false, NOW + HOUR,
		&place->error));
	assert_string_equal(state_of(place, id), "dead");
	/* Who sends it again by hand has decided on one copy more, and what was lost stays counted. */
	assert_ok(outbox_revive(place->db, id, NOW + HOUR, &place->error));
	assert_ok(outbox_lost(place->db, begun(place, NOW + HOUR), &trouble_end, false, NOW + HOUR,
		&place->error));
	assert_string_equal(state_of(place, id), "dead");
	assert_int_equal(lost_of(place, id), 3);
}

static void what_is_held_waits_without_an_attempt(void **state)
{
	struct place *place = *state;
	const char *id = put(place, "someone", "a", NOW);

	assert_ok(
		outbox_held(place->db, begun(place, NOW), &trouble_end, NOW + HOUR, &place->error));
	assert_nothing_due(place, NOW + HOUR - 1);
	assert_due(place, NOW + HOUR, id);
	assert_int_equal(place->due[0].attempts, 0);
	assert_int_equal(place->due[0].begun_at, NOW);
	assert_ok(outbox_release(place->db, "sms", &place->error));
	assert_due(place, NOW, id);
}

static void what_is_behind_a_held_one_waits_as_long_for_no_reason_of_its_own(void **state)
{
	struct place *place = *state;
	const char *first = put(place, "someone", "a", NOW), *other;
	const char *second = put(place, "someone", "b", NOW + 1), *third;

	assert_ok(
		outbox_held(place->db, begun(place, NOW), &trouble_end, NOW + HOUR, &place->error));
	third = put(place, "someone", "c", NOW + 2);
	other = put(place, "other", "d", NOW + 3);
	assert_int_equal(
		number(place, "SELECT next_at FROM outbox WHERE id = ?1", first), NOW + HOUR);
	assert_int_equal(
		number(place, "SELECT next_at FROM outbox WHERE id = ?1", second), NOW + HOUR);
	assert_int_equal(
		number(place, "SELECT next_at FROM outbox WHERE id = ?1", third), NOW + HOUR);
	assert_int_equal(
		number(place, "SELECT COUNT(*) FROM outbox WHERE id = ?1 AND last_error IS NULL",
			second),
		1);
	assert_due(place, NOW + 3, other);
}

static void what_has_expired_is_not_revived(void **state)
{
	struct place *place = *state;
	struct outbox_row row = {.id = id_create(place->arena),
		.channel = "sms",
		.event = "code_reset",
		.event_key = "code:1",
		.recipient_index = "someone",
		.payload = bytes_of("sealed", 6),
		.expires_at = NOW + 1000};

	assert_ok(outbox_put(place->db, &row, NOW, &place->error));
	assert_due(place, NOW, row.id);
	assert_int_equal(place->due[0].expires_at, NOW + 1000);
	(void)failed(place, NOW, true);
	assert_ok(outbox_revive(place->db, row.id, NOW + 999, &place->error));
	(void)failed(place, NOW + 999, true);
	assert_int_equal(outbox_revive(place->db, row.id, NOW + 1000, &place->error), CONFLICT);
	assert_string_equal(place->error.code, "outbox.too_late");
}

static struct outbox_pause pause_now(struct place *place)
{
	struct outbox_pause pause;

	assert_ok(outbox_pause_load(place->db, place->arena, "sms", &pause, &place->error));
	return pause;
}

static void a_channel_in_trouble_is_tried_less_and_less_often(void **state)
{
	struct place *place = *state;
	int64_t now = NOW, wait = LIMIT_OUTBOX_BACKOFF;

	(void)put(place, "someone", "a", NOW);
	assert_int_equal(next(place, NOW), NOW);
	for (int i = 0; i < 12; i++) {
		struct outbox_pause pause = pause_now(place);

		assert_int_equal(pause.troubles, i);
		assert_ok(outbox_pause_more(
			place->db, "sms", &pause, &trouble_end, now, &place->error));
		pause = pause_now(place);
		assert_int_equal(pause.since, NOW);
		assert_string_equal(pause.why, "provider.trouble");
		assert_in_range(pause.until - now, wait, wait + wait / 4);
		assert_int_equal(next(place, now), pause.until);
		now = pause.until;
		wait = wait * 2 > LIMIT_OUTBOX_PAUSE_MAX ? LIMIT_OUTBOX_PAUSE_MAX : wait * 2;
	}
	assert_ok(outbox_pause_end(place->db, "sms", &place->error));
	assert_int_equal(pause_now(place).troubles, 0);
}

static void the_next_look_is_at_what_waits_for_nobody(void **state)
{
	struct place *place = *state;

	assert_int_equal(next(place, NOW), 0);
	(void)put(place, "someone", "a", NOW);
	int64_t again = failed(place, NOW, false);
	(void)put(place, "someone", "b", NOW + 1);
	assert_int_equal(next(place, NOW + 1), again);
	(void)put(place, "other", "c", NOW + 2);
	assert_int_equal(next(place, NOW + 2), NOW + 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_is_due_as_it_was_put),
		TEST(an_event_is_queued_once),
		TEST(nothing_is_due_before_its_time),
		TEST(a_recipients_later_row_waits_for_the_earlier),
		TEST(recipients_do_not_wait_for_each_other),
		TEST(a_batch_is_no_longer_than_asked_for),
		TEST(each_wait_is_twice_as_long_and_a_little_at_random),
		TEST(a_seed_gives_the_same_waits_again),
		TEST(waits_differ),
		TEST(a_row_is_dead_after_eight_attempts),
		TEST(what_never_will_be_is_dead_at_once),
		TEST(a_dead_row_can_be_revived_with_all_its_attempts),
		TEST(only_a_dead_row_can_be_revived),
		TEST(what_came_too_late_does_not_wake_what_was_sent),
		TEST(what_is_under_way_is_not_due_and_holds_up_its_recipient),
		TEST(an_orphan_goes_once_more_and_is_counted),
		TEST(who_tells_copies_by_the_key_may_get_more_of_them),
		TEST(an_answer_that_was_lost_twice_is_for_a_person),
		TEST(what_is_held_waits_without_an_attempt),
		TEST(what_is_behind_a_held_one_waits_as_long_for_no_reason_of_its_own),
		TEST(what_has_expired_is_not_revived),
		TEST(a_channel_in_trouble_is_tried_less_and_less_often),
		TEST(the_next_look_is_at_what_waits_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
