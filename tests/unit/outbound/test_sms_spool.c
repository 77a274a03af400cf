/*
 * The spool: one JSON line a message, for nobody else's eyes, and never half a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "outbound/sms.h"

#include <cmocka.h>

struct place {
	char folder[64]; /* of a tenant */
	char path[96];
	struct arena *arena;
	struct error error;
	struct sms_outcome outcome;
};

static int begin(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	place->arena = arena_create(1u << 20);
	place->error.arena = place->arena;
	(void)snprintf(place->folder, sizeof(place->folder), "/tmp/kaowu-spool-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	(void)snprintf(place->path, sizeof(place->path), "%s/spool/sms.jsonl", place->folder);
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

	(void)nftw(place->folder, entry_remove, 4, FTW_DEPTH | FTW_PHYS);
	arena_destroy(place->arena);
	clock_set_ms(0);
	free(place);
	return 0;
}

static enum sms_fate sent(struct place *place, const char *text)
{
	struct sms_account account = {.folder = place->folder};
	json *params = json_new_object(place->arena);

	json_set_text(place->arena, params, "number", "26000100001X");
	sms_spool.send(&account, place->arena,
		&(struct sms_message){.mobile = "13800000001",
			.event = "submitted",
			.text = text,
			.params = params,
			.key = "key"},
		1, &place->outcome);
	return place->outcome.fate;
}

/* The n-th line, parsed; NULL if there are fewer. */
static json *line(struct place *place, int number)
{
	FILE *file = fopen(place->path, "re");
	char text[4096];
	json *out = NULL;

	assert_non_null(file);
	for (int i = 0; i <= number; i++) {
		if (!fgets(text, sizeof(text), file)) {
			(void)fclose(file);
			return NULL;
		}
	}
	(void)fclose(file);
	assert_int_equal(json_parse(place->arena, text, strlen(text), &out, &place->error), OK);
	return out;
}

static void a_message_is_one_line_with_all_of_it(void **state)
{
	struct place *place = *state;
	int64_t at;

	assert_int_equal(moment_parse("2026-11-22T09:00:00+08:00", &at), OK);
	clock_set_ms(at);
	assert_int_equal(sent(place, "【示例】已提交。\n\"第二行\""), SMS_SENT);
	json *one = line(place, 0);
	assert_string_equal(json_get_text(one, "at"), "2026-11-22T09:00:00.000+08:00");
	assert_string_equal(json_get_text(one, "mobile"), "13800000001");
	assert_string_equal(json_get_text(one, "event"), "submitted");
	assert_string_equal(json_get_text(one, "text"), "【示例】已提交。\n\"第二行\"");
	assert_string_equal(json_text(json_at_pointer(one, "/params/number")), "26000100001X");
	assert_string_equal(json_get_text(one, "key"), "key");
	assert_null(line(place, 1));
}

static void messages_stand_in_the_order_in_which_they_were_sent(void **state)
{
	struct place *place = *state;

	assert_int_equal(sent(place, "one"), SMS_SENT);
	assert_int_equal(sent(place, "two"), SMS_SENT);
	assert_string_equal(json_get_text(line(place, 0), "text"), "one");
	assert_string_equal(json_get_text(line(place, 1), "text"), "two");
}

static void what_goes_together_has_a_line_each_and_one_fate(void **state)
{
	struct place *place = *state;
	struct sms_account account = {.folder = place->folder};
	struct sms_outcome outcomes[2];
	const struct sms_message messages[] = {
		{.mobile = "13800000001", .event = "submitted", .text = "one", .key = "first"},
		{.mobile = "13800000002", .event = "submitted", .text = "two", .key = "second"},
	};

	sms_spool.send(&account, place->arena, messages, COUNT(messages), outcomes);
	assert_int_equal(outcomes[0].fate, SMS_SENT);
	assert_int_equal(outcomes[1].fate, SMS_SENT);
	assert_string_equal(json_get_text(line(place, 0), "key"), "first");
	assert_string_equal(json_get_text(line(place, 1), "mobile"), "13800000002");
	assert_null(line(place, 2));

	assert_int_equal(remove(place->path), 0);
	assert_int_equal(mkdir(place->path, 0700), 0);
	sms_spool.send(&account, place->arena, messages, COUNT(messages), outcomes);
	assert_int_equal(outcomes[0].fate, SMS_RETRY);
	assert_int_equal(outcomes[1].fate, SMS_RETRY);
}

static void nobody_else_can_read_it(void **state)
{
	struct place *place = *state;
	struct stat status;

	assert_int_equal(sent(place, "one"), SMS_SENT);
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	*strrchr(place->path, '/') = '\0';
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
}

static void a_spool_that_cannot_be_written_is_to_be_tried_again(void **state)
{
	struct place *place = *state;

	assert_int_equal(rmdir(place->folder), 0);
	assert_int_equal(sent(place, "one"), SMS_RETRY);
	assert_string_equal(place->outcome.code, "provider.spool");
	assert_true(place->outcome.outage);
	assert_string_equal(place->outcome.provider_code, strerror(ENOENT));
}

/* A disk that fills up in the middle of a line, by a limit on the file's size. */
static void no_half_line_is_left_behind(void **state)
{
	struct place *place = *state;
	struct rlimit before, limit;
	struct stat status;

	assert_int_equal(sent(place, "one"), SMS_SENT);
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){(rlim_t)status.st_size + 10, before.rlim_max};
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	enum sms_fate fate = sent(place, "two");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, handler);

	assert_int_equal(fate, SMS_RETRY);
	assert_null(line(place, 1));
	assert_int_equal(sent(place, "three"), SMS_SENT);
	assert_string_equal(json_get_text(line(place, 1), "text"), "three");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_message_is_one_line_with_all_of_it),
		TEST(messages_stand_in_the_order_in_which_they_were_sent),
		TEST(what_goes_together_has_a_line_each_and_one_fate),
		TEST(nobody_else_can_read_it),
		TEST(a_spool_that_cannot_be_written_is_to_be_tried_again),
		TEST(no_half_line_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
