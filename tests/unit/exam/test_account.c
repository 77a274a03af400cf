/*
 * Accounts (S11): made once, signed in to, locked after failures, reset by SMS.
 */
#include "scene.h"

#include <string.h>
#include <time.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/password.h"
#include "exam/account.h"
#include "exam/session.h"
#include "exam/sign_in.h"

#include <cmocka.h>

#define PASSWORD "a good password"
#define WRONG    "not that one"
#define NOBODYS  "13800000009"

static const char *hashed(struct scene *scene, const char *password)
{
	char *hash = arena_alloc(scene->tx.arena, PASSWORD_HASH_SIZE);

	password_hash(password, hash);
	return hash;
}

static const char *candidate(struct scene *scene)
{
	const char *id = NULL;

	assert_ok(scene, account_create(&scene->tx, SCENE_MOBILE, hashed(scene, PASSWORD), &id));
	return id;
}

static struct sign_in looked(struct scene *scene, const char *mobile, const char *password)
{
	struct sign_in found;

	assert_ok(scene, sign_in_check(&scene->tx, ACTOR_CANDIDATE, mobile, password, &found));
	return found;
}

static enum result finished(
	struct scene *scene, const struct sign_in *found, const char **token, bool *keep)
{
	*token = NULL;
	*keep = false;
	return sign_in_finish(&scene->tx, found, NULL, token, keep);
}

/* Signs in, and is the account then. */
static const char *assert_comes_in(struct scene *scene, const char *mobile, const char *password)
{
	struct sign_in found = looked(scene, mobile, password);
	const char *token;
	bool keep, touch;

	assert_ok(scene, finished(scene, &found, &token, &keep));
	assert_false(keep);
	assert_ok(scene, session_resume(&scene->tx, token, &touch));
	assert_string_equal(scene->tx.actor.id, found.account_id);
	scene_as_nobody(scene);
	return token;
}

static void assert_wrong(struct scene *scene, const char *mobile, const char *password)
{
	struct sign_in found = looked(scene, mobile, password);
	const char *token;
	bool keep;

	assert_fails(
		scene, finished(scene, &found, &token, &keep), UNAUTHENTICATED, "session.wrong");
	assert_true(keep);
	assert_null(token);
}

static void assert_locked(
	struct scene *scene, const char *mobile, const char *password, const char *seconds)
{
	struct sign_in found = looked(scene, mobile, password);
	const char *token;
	bool keep;

	assert_fails(scene, finished(scene, &found, &token, &keep), TOO_MANY, "session.locked");
	assert_string_equal(scene_param(scene, "seconds"), seconds);
	assert_false(keep);
	assert_null(token);
}

static void s11_a_candidate_signs_in_with_number_and_password(void **state)
{
	struct scene *scene = *state;
	const char *id = candidate(scene);

	assert_true(id_valid(id));
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	assert_int_equal(scene_audited(scene, "account.created"), 1);
	assert_int_equal(scene_audited(scene, "account.signed_in"), 1);
	assert_int_equal(scene_number(scene, "SELECT signed_in_at FROM account WHERE kind ="
					     " 'candidate'"),
		scene->tx.now);
}

static void a_number_has_one_account(void **state)
{
	struct scene *scene = *state;
	const char *id = candidate(scene), *other = NULL;

	assert_fails(scene, account_create(&scene->tx, SCENE_MOBILE, "$other", &other), CONFLICT,
		"account.exists");
	assert_null(other);
	assert_string_equal(looked(scene, SCENE_MOBILE, PASSWORD).account_id, id);
}

static void a_number_cannot_be_read_from_database_or_audit_log(void **state)
{
	struct scene *scene = *state;
	json *rows = NULL;

	(void)candidate(scene);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	assert_ok(scene,
		store_array(scene->db, scene->tx.arena,
			"SELECT mobile_index AS a, login AS b, name AS c, NULL AS d FROM account"
			" UNION ALL SELECT actor_id, action, subject, detail FROM audit"
			" UNION ALL SELECT name_index, NULL, NULL, NULL FROM sign_in",
			BIND_NONE, &rows, &scene->error));
	assert_null(strstr(json_print(scene->tx.arena, rows), SCENE_MOBILE));
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM account WHERE kind = 'candidate' AND"
				    " INSTR(mobile_sealed, CAST('" SCENE_MOBILE "' AS BLOB)) = 0"),
		1);
}

static void five_failures_lock_for_a_minute(void **state)
{
	struct scene *scene = *state;

	(void)candidate(scene);
	for (int i = 0; i < 5; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	assert_locked(scene, SCENE_MOBILE, PASSWORD, "60");
	assert_int_equal(scene_audited(scene, "account.locked"), 1);
	scene_pass(scene, MINUTE_MS - 1);
	assert_locked(scene, SCENE_MOBILE, PASSWORD, "1");
	scene_pass(scene, 1);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
}

static void a_lock_of_a_clock_that_is_put_back_is_over(void **state)
{
	struct scene *scene = *state;

	(void)candidate(scene);
	scene_pass(scene, 40 * DAY_MS);
	for (int i = 0; i < 5; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	assert_locked(scene, SCENE_MOBILE, PASSWORD, "60");
	scene_pass(scene, -40 * DAY_MS);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
}

static void each_failure_after_a_lock_doubles_it_up_to_an_hour(void **state)
{
	static const char *const seconds[] = {"120", "240", "480", "960", "1920", "3600", "3600"};
	struct scene *scene = *state;

	(void)candidate(scene);
	for (int i = 0; i < 5; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	for (size_t i = 0; i < COUNT(seconds); i++) {
		scene_pass(scene, HOUR_MS);
		assert_wrong(scene, SCENE_MOBILE, WRONG);
		assert_locked(scene, SCENE_MOBILE, WRONG, seconds[i]);
	}
}

static void a_sign_in_forgives_the_failures_before_it(void **state)
{
	struct scene *scene = *state;

	(void)candidate(scene);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++)
			assert_wrong(scene, SCENE_MOBILE, WRONG);
		(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	}
}

static void failures_more_than_a_day_ago_do_not_count(void **state)
{
	struct scene *scene = *state;

	(void)candidate(scene);
	for (int i = 0; i < 4; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	scene_pass(scene, DAY_MS + 1);
	assert_wrong(scene, NOBODYS, WRONG);
	/* That name's, and the address's. */
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM sign_in"), 2);
	assert_wrong(scene, SCENE_MOBILE, WRONG);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
}

static void an_unknown_number_is_answered_and_locked_like_a_known_one(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 5; i++)
		assert_wrong(scene, NOBODYS, WRONG);
	assert_locked(scene, NOBODYS, WRONG, "60");
	assert_int_equal(scene_audited(scene, "account.locked"), 0);
}

static int64_t processor_time_ns(void)
{
	struct timespec time;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time), 0);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The least of a few: what else the machine does only adds. */
static int64_t least_time_ns(struct scene *scene, const char *mobile)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t start = processor_time_ns();
		(void)looked(scene, mobile, WRONG);
		int64_t taken = processor_time_ns() - start;
		least = taken < least ? taken : least;
	}
	return least;
}

static void an_unknown_number_takes_as_long_as_a_known_one(void **state)
{
	struct scene *scene = *state;

	(void)candidate(scene);
	int64_t known = least_time_ns(scene, SCENE_MOBILE);
	int64_t unknown = least_time_ns(scene, NOBODYS);
	assert_true(unknown > known / 2 && unknown < known * 2);
}

static void guesses_made_at_once_do_not_pass_the_lock(void **state)
{
	struct scene *scene = *state;
	struct sign_in guesses[6];
	const char *token;
	bool keep;

	(void)candidate(scene);
	for (size_t i = 0; i < COUNT(guesses); i++)
		guesses[i] = looked(scene, SCENE_MOBILE, i < 5 ? WRONG : PASSWORD);
	for (size_t i = 0; i < 5; i++)
		assert_fails(scene, finished(scene, &guesses[i], &token, &keep), UNAUTHENTICATED,
			"session.wrong");
	assert_true(guesses[5].matches);
	assert_fails(
		scene, finished(scene, &guesses[5], &token, &keep), TOO_MANY, "session.locked");
}

static void an_address_fails_so_often_an_hour_whatever_the_names(void **state)
{
	struct scene *scene = *state;
	struct sign_in guess, right;
	const char *token;
	bool keep;

	(void)candidate(scene);
	scene->tx.address = "2001:db8:0:1::1";
	guess = looked(scene, NOBODYS, WRONG);
	right = looked(scene, SCENE_MOBILE, PASSWORD);
	for (int i = 0; i < LIMIT_SIGN_IN_ADDRESS; i++) {
		guess.name_index = arena_printf(scene->tx.arena, "%d", i);
		assert_fails(scene, finished(scene, &guess, &token, &keep), UNAUTHENTICATED,
			"session.wrong");
	}
	/* What was looked at before is not let in either; and nothing more is looked at, from all that is his. */
	assert_fails(
		scene, finished(scene, &right, &token, &keep), TOO_MANY, "session.too_many_here");
	assert_string_equal(scene_param(scene, "seconds"), "12");
	assert_false(keep);
	scene->tx.address = "2001:db8:0:1::2";
	assert_fails(scene,
		sign_in_check(&scene->tx, ACTOR_CANDIDATE, SCENE_MOBILE, PASSWORD, &right),
		TOO_MANY, "session.too_many_here");
	scene->tx.address = "2001:db8:0:2::1";
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);

	/* A share of the hour later there is room for one; who signs in takes none. */
	scene->tx.address = "2001:db8:0:1::1";
	scene_pass(scene, LIMIT_SIGN_IN_ADDRESS_TIME / LIMIT_SIGN_IN_ADDRESS);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	assert_wrong(scene, SCENE_MOBILE, WRONG);
	assert_fails(scene,
		sign_in_check(&scene->tx, ACTOR_CANDIDATE, SCENE_MOBILE, PASSWORD, &right),
		TOO_MANY, "session.too_many_here");
	scene_pass(scene, -40 * DAY_MS); /* a clock that is put back */
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
}

static void a_password_that_was_reset_meanwhile_opens_nothing(void **state)
{
	struct scene *scene = *state;
	const char *token, *id;
	bool keep;

	(void)candidate(scene);
	struct sign_in found = looked(scene, SCENE_MOBILE, PASSWORD);
	assert_ok(
		scene, account_reset(&scene->tx, SCENE_MOBILE, hashed(scene, "new one here"), &id));
	assert_fails(
		scene, finished(scene, &found, &token, &keep), UNAUTHENTICATED, "session.wrong");
	assert_null(token);
}

static void a_reset_ends_every_session_and_the_lock(void **state)
{
	struct scene *scene = *state;
	const char *first, *second, *id, *again = NULL;
	bool touch;

	id = candidate(scene);
	first = assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	second = assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	for (int i = 0; i < 5; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	assert_ok(scene,
		account_reset(&scene->tx, SCENE_MOBILE, hashed(scene, "new one here"), &again));
	assert_string_equal(id, again);
	assert_fails(scene, session_resume(&scene->tx, first, &touch), UNAUTHENTICATED,
		"session.expired");
	assert_fails(scene, session_resume(&scene->tx, second, &touch), UNAUTHENTICATED,
		"session.expired");
	(void)assert_comes_in(scene, SCENE_MOBILE, "new one here");
	assert_wrong(scene, SCENE_MOBILE, PASSWORD);
	assert_int_equal(scene_audited(scene, "account.reset"), 1);
}

static void a_change_ends_every_session(void **state)
{
	struct scene *scene = *state;
	const char *phone, *computer;
	struct sign_in proof;
	bool touch;

	(void)candidate(scene);
	phone = assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	computer = assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
	assert_ok(scene, session_resume(&scene->tx, phone, &touch));
	assert_ok(scene, sign_in_check_self(&scene->tx, WRONG, &proof));
	assert_false(proof.matches);
	assert_ok(scene, sign_in_check_self(&scene->tx, PASSWORD, &proof));
	assert_true(proof.matches);
	assert_ok(scene, account_password_change(&scene->tx, hashed(scene, "new one here")));
	scene_as_nobody(scene);
	assert_fails(scene, session_resume(&scene->tx, phone, &touch), UNAUTHENTICATED,
		"session.expired");
	assert_fails(scene, session_resume(&scene->tx, computer, &touch), UNAUTHENTICATED,
		"session.expired");
	(void)assert_comes_in(scene, SCENE_MOBILE, "new one here");
	assert_wrong(scene, SCENE_MOBILE, PASSWORD);
	assert_int_equal(scene_audited(scene, "account.password_changed"), 1);
}

static void a_reset_of_a_number_without_account_is_a_wrong_code(void **state)
{
	struct scene *scene = *state;
	const char *id = NULL;

	assert_fails(
		scene, account_reset(&scene->tx, NOBODYS, "$hash", &id), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/code"), "code.wrong");
	assert_null(id);
}

static void what_others_typed_does_not_lock_a_new_account(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 5; i++)
		assert_wrong(scene, SCENE_MOBILE, WRONG);
	(void)candidate(scene);
	(void)assert_comes_in(scene, SCENE_MOBILE, PASSWORD);
}

static void a_candidate_does_not_come_in_as_staff(void **state)
{
	struct scene *scene = *state;
	struct sign_in found;

	(void)candidate(scene);
	assert_ok(scene, sign_in_check(&scene->tx, ACTOR_STAFF, SCENE_MOBILE, PASSWORD, &found));
	assert_null(found.account_id);
	assert_false(found.matches);
}

/* The person comes to the desk with another: that is how it is mended. */
static void a_number_that_is_damaged_gives_way_to_another(void **state)
{
	struct scene *scene = *state;
	const char *id = candidate(scene), *mobile;
	json *view;

	assert_ok(scene, store_run(scene->db, "UPDATE account SET mobile_sealed = ?2 WHERE id = ?1",
				 BIND(TEXT(id), BLOB(bytes_of("damaged", 7))), &scene->error));
	scene->tx.actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = id};
	assert_ok(scene, session_view(&scene->tx, &view));
	assert_true(json_is_null(json_get(view, "mobile")));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, account_recover(&scene->tx, id, NOBODYS, NULL));
	assert_ok(scene, account_mobile(&scene->tx, id, &mobile));
	assert_string_equal(mobile, NOBODYS);
}

/* Whoever runs may not have heard of the key yet: the same job is done once it has. */
static void a_number_of_a_key_that_is_not_known_is_not_taken_for_damaged(void **state)
{
	struct scene *scene = *state;
	const char *id = candidate(scene), *mobile;

	assert_ok(
		scene, store_run(scene->db,
			       "UPDATE account SET mobile_sealed = CAST(SUBSTR(mobile_sealed, 1, 1)"
			       " || X'02000000' || SUBSTR(mobile_sealed, 6) AS BLOB) WHERE id = ?1",
			       BIND(TEXT(id)), &scene->error));
	assert_fails(scene, account_mobile(&scene->tx, id, &mobile), BROKEN, "seal.key_unknown");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(s11_a_candidate_signs_in_with_number_and_password),
		IN_SCENE(a_number_has_one_account),
		IN_SCENE(a_number_cannot_be_read_from_database_or_audit_log),
		IN_SCENE(five_failures_lock_for_a_minute),
		IN_SCENE(a_lock_of_a_clock_that_is_put_back_is_over),
		IN_SCENE(each_failure_after_a_lock_doubles_it_up_to_an_hour),
		IN_SCENE(a_sign_in_forgives_the_failures_before_it),
		IN_SCENE(failures_more_than_a_day_ago_do_not_count),
		IN_SCENE(an_unknown_number_is_answered_and_locked_like_a_known_one),
		IN_SCENE(an_unknown_number_takes_as_long_as_a_known_one),
		IN_SCENE(guesses_made_at_once_do_not_pass_the_lock),
		IN_SCENE(an_address_fails_so_often_an_hour_whatever_the_names),
		IN_SCENE(a_password_that_was_reset_meanwhile_opens_nothing),
		IN_SCENE(a_reset_ends_every_session_and_the_lock),
		IN_SCENE(a_change_ends_every_session),
		IN_SCENE(a_reset_of_a_number_without_account_is_a_wrong_code),
		IN_SCENE(what_others_typed_does_not_lock_a_new_account),
		IN_SCENE(a_candidate_does_not_come_in_as_staff),
		IN_SCENE(a_number_that_is_damaged_gives_way_to_another),
		IN_SCENE(a_number_of_a_key_that_is_not_known_is_not_taken_for_damaged),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
