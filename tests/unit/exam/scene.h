/*
 * A scene to test core/exam in: a deployment in a scratch folder with the tenant haidian as tenants/haidian has it,
 * its staff invited, and the plan 2026-scm-1 pinned to the plugin that was built.
 *
 * The scene is built once for a test program. Each test works in one transaction, which is rolled back after it, so
 * that no test sees another's rows. Time stands still: at first on SCENE_MORNING. A test program is the plugin's
 * worker as well. A whole one:
 *
 *     #include "scene.h"
 *     ...
 *     #include <cmocka.h>
 *
 *     static void a_rule_holds(void **state)
 *     {
 *             struct scene *scene = *state;
 *
 *             assert_ok(scene, thing_do(&scene->tx));
 *             assert_fails(scene, thing_do(&scene->tx), CONFLICT, "thing.done");
 *     }
 *
 *     int main(int count, char **words)
 *     {
 *             const struct CMUnitTest tests[] = {IN_SCENE(a_rule_holds)};
 *
 *             scene_be_worker(count, words);
 *             return cmocka_run_group_tests(tests, scene_build, scene_remove);
 *     }
 */
#ifndef KAOWU_TEST_SCENE_H
#define KAOWU_TEST_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "exam/application.h"
#include "exam/deployment.h"
#include "exam/transaction.h"

/* A Monday within the plan's application period, in a year whose calendar is known. */
#define SCENE_MORNING "2026-11-23T09:00:00+08:00"
#define SCENE_SLUG    "haidian"
#define SCENE_MOBILE  "13800000001" /* nobody's */

struct scene {
	char folder[64];     /* DATA */
	struct arena *arena; /* of the whole scene */
	struct deployment deployment;
	struct tenant *tenant;
	struct store *db;
	json *invitations; /* of staff: [{login, token, expires_at}] */
	const char *plan_id;
	struct scene_parts *parts;

	/* Of the running test: */
	struct transaction tx;
	struct error error; /* of the last call inside assert_ok() or assert_fails() */
};

int scene_build(void **state);
int scene_remove(void **state);
int scene_begin(void **state);
int scene_end(void **state);
void scene_be_worker(int count, char **words); /* returns unless this process is a worker */

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

/* Each starts with an empty error; a failure prints what was said instead. */
#define assert_ok(scene, call)                                                                     \
	(scene_forget(scene), scene_expect((scene), (call), OK, NULL, #call, __FILE__, __LINE__))
#define assert_fails(scene, call, result, code)                                                    \
	(scene_forget(scene),                                                                      \
		scene_expect((scene), (call), (result), (code), #call, __FILE__, __LINE__))
/* After assert_fails(): the code of the fault at a pointer, NULL if there is none; a parameter of the error, NULL
 * if it has none. */
const char *scene_fault(const struct scene *scene, const char *pointer);
const char *scene_param(const struct scene *scene, const char *name);

void scene_forget(struct scene *scene);
void scene_expect(struct scene *scene, enum result got, enum result wanted, const char *code,
	const char *call, const char *file, int line);

/* Time. */
void scene_at(struct scene *scene, const char *moment);
void scene_pass(struct scene *scene, int64_t ms);

/* Who acts from now on. A candidate is made if the number has no account yet; gives the account's id. */
const char *scene_as_candidate(struct scene *scene, const char *mobile);
const char *scene_as_staff(struct scene *scene,
	const char *login); /* of tenants/haidian/tenant.json; made active if invited */
void scene_as_system(struct scene *scene);
void scene_as_nobody(struct scene *scene);

/* The first column of the first row of a query without parameters. */
int64_t scene_number(struct scene *scene, const char *sql);
const char *scene_text(struct scene *scene, const char *sql);
/* How many audit rows there are of an action. */
int64_t scene_audited(struct scene *scene, const char *action);
/* How many SMS have been written, and the newest one's text, to the letter. */
int64_t scene_messages(struct scene *scene);
const char *scene_message(struct scene *scene);

/* A document parsed; single quotes stand for double ones, so that it can be read in C. */
json *scene_json(struct scene *scene, const char *text);

/*
 * Applications to the scene's plan, by placeholder persons. `order` makes the resident ID: persons of different
 * orders differ. Each leaves the candidate acting; `out` is as it stands in the database.
 */
const char *scene_resident_id(struct scene *scene, int order);
void scene_draft(struct scene *scene, const char *mobile, struct application *out);
/* Every topic and material, so that it can be handed in. */
void scene_fill(struct scene *scene, int order, struct application *application);
/* Drafted, filled and handed in: under review. */
void scene_submitted(struct scene *scene, const char *mobile, int order, struct application *out);
/* One material, as if it had been uploaded and had passed every check. */
void scene_upload(struct scene *scene, struct application *application, const char *material);

#endif
