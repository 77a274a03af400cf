/*
 * How long a question to the payment provider waits that gets no answer.
 */
#include "office.h"

#include "base/id.h"
#include "exam/payment.h"
#include "exam/payment_call.h"

#include <cmocka.h>

#define TRIES 12 /* enough to come to the longest wait, and to stay there */

static const char *question(struct scene *scene, const char *mobile, int person)
{
	struct application application;
	json *order = NULL;

	scene_submitted(scene, mobile, person, &application);
	office_approve(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	const char *id = json_get_text(order, "id");
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	return id;
}

static size_t due(struct scene *scene, struct payment_call **calls)
{
	size_t count = 0;

	assert_ok(scene, payment_call_due(&scene->tx, 10, calls, &count));
	return count;
}

static int64_t next(struct scene *scene)
{
	int64_t at = 0;

	assert_ok(scene, payment_call_next(&scene->tx, &at));
	return at;
}

/* The one that is due gets no answer; gives how long it waits then, at whose end the clock stands. */
static int64_t unanswered(struct scene *scene, int64_t attempts)
{
	struct payment_call *calls;

	assert_int_equal(due(scene, &calls), 1);
	assert_int_equal(calls[0].attempts, attempts);
	assert_ok(
		scene, payment_call_again(&scene->tx, &calls[0], "payment.provider_silent", NULL));
	int64_t wait = next(scene) - scene->tx.now;
	scene_pass(scene, wait - 1);
	assert_int_equal(due(scene, &calls), 0);
	scene_pass(scene, 1);
	return wait;
}

static void waits_double_up_to_the_longest_each_up_to_a_quarter_longer(void **state)
{
	struct scene *scene = *state;
	int64_t least = LIMIT_PAYMENT_BACKOFF;
	int longest = 0, jittered = 0;

	random_seed(7);
	(void)question(scene, SCENE_MOBILE, 1);
	for (int i = 0; i < TRIES; i++) {
		int64_t wait = unanswered(scene, i);

		assert_in_range(wait, least, least + least / 4);
		jittered += wait > least;
		longest += least == LIMIT_PAYMENT_BACKOFF_MAX;
		least = least * 2 < LIMIT_PAYMENT_BACKOFF_MAX ? least * 2
							      : LIMIT_PAYMENT_BACKOFF_MAX;
	}
	assert_true(longest > 1);
	assert_true(jittered > TRIES / 2);
}

static void what_failed_together_is_not_asked_together(void **state)
{
	struct scene *scene = *state;
	struct payment_call *calls;

	random_seed(7);
	(void)question(scene, SCENE_MOBILE, 1);
	(void)question(scene, "13800000002", 2);
	assert_int_equal(due(scene, &calls), 2);
	for (int i = 0; i < 2; i++)
		assert_ok(scene,
			payment_call_again(&scene->tx, &calls[i], "payment.provider_silent", NULL));
	scene_pass(scene, next(scene) - scene->tx.now);
	assert_int_equal(due(scene, &calls), 1);
}

static void another_question_begins_with_the_shortest_wait(void **state)
{
	struct scene *scene = *state;
	const char *id = question(scene, SCENE_MOBILE, 1);

	for (int i = 0; i < 4; i++)
		(void)unanswered(scene, i);
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	assert_in_range(unanswered(scene, 0), LIMIT_PAYMENT_BACKOFF, LIMIT_PAYMENT_BACKOFF * 5 / 4);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(waits_double_up_to_the_longest_each_up_to_a_quarter_longer),
		IN_SCENE(what_failed_together_is_not_asked_together),
		IN_SCENE(another_question_begins_with_the_shortest_wait),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
