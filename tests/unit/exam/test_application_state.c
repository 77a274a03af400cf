/*
 * The state machine of an application: every state, event and kind of actor, against a table that is written
 * down here once more.
 */
#include "scene.h"

#include <string.h>

#include "base/text.h"
#include "exam/application_state.h"

#include <cmocka.h>

#define ACTOR_COUNT (ACTOR_OPERATOR + 1)

/* What the requirement allows: state, event, where it leads, who may. */
static const struct {
	const char *from, *event, *to;
	const char *actors;
} allowed[] = {
	{"draft", "submitted", "reviewing", "candidate"},
	{"draft", "withdrawn", "withdrawn", "candidate"},
	{"draft", "expired", "expired", "system"},
	{"draft", "cancelled", "cancelled", "system"},
	{"reviewing", "edited", "reviewing", "candidate"},
	{"reviewing", "withdrawn", "withdrawn", "candidate"},
	{"reviewing", "approved", "approved", "staff"},
	{"reviewing", "rejected", "rejected", "staff"},
	{"reviewing", "voided", "voided", "staff"},
	{"reviewing", "cancelled", "cancelled", "system"},
	{"rejected", "submitted", "reviewing", "candidate"},
	{"rejected", "withdrawn", "withdrawn", "candidate"},
	{"rejected", "expired", "expired", "system"},
	{"rejected", "voided", "voided", "staff"},
	{"rejected", "cancelled", "cancelled", "system"},
	{"approved", "withdrawn", "withdrawn", "candidate"},
	{"approved", "expired", "expired", "system"},
	{"approved", "forfeited", "forfeited", "system"},
	{"approved", "ticketed", "ticketed", "staff system"},
	{"approved", "voided", "voided", "staff"},
	{"approved", "corrected", "approved", "staff"},
	{"approved", "cancelled", "cancelled", "system"},
	{"ticketed", "voided", "voided", "staff"},
	{"ticketed", "corrected", "ticketed", "staff"},
	{"ticketed", "cancelled", "cancelled", "system"},
	{"withdrawn", "reopened", "draft", "candidate"},
	{"withdrawn", "restored", "approved", "staff"},
	{"expired", "reopened", "draft", "candidate"},
	{"expired", "restored", "approved", "staff"},
	{"forfeited", "restored", "approved", "staff"},
};

/* NULL: nobody may, whatever the actor; else the state that it leads to, with *actor_may. */
static const char *leads_to(int state, int event, int kind, bool *actor_may)
{
	for (size_t i = 0; i < COUNT(allowed); i++) {
		if (!text_equal(allowed[i].from, application_machine.states[state]) ||
			!text_equal(allowed[i].event, application_machine.events[event]))
			continue;
		*actor_may = strstr(allowed[i].actors, actor_kind_name((enum actor_kind)kind));
		return allowed[i].to;
	}
	return NULL;
}

/* Everything that stands in the row, byte for byte. */
static const char *row_bytes(struct scene *scene)
{
	return scene_text(scene,
		"SELECT quote(id) || quote(number) || quote(plan_id) || quote(account_id) ||"
		" quote(state) || quote(version) || quote(revision) || quote(approved_revision) ||"
		" quote(identity) || quote(condition_id) || quote(form_sealed) || quote(id_index) ||"
		" quote(verdict) || quote(manual) || quote(submitted_at) || quote(due_at) ||"
		" quote(decided_at) || quote(lease_account) || quote(lease_until) ||"
		" quote(created_at) || quote(changed_at) FROM application");
}

static void put_in_state(struct scene *scene, int state, struct application *application)
{
	assert_ok(scene, store_run(scene->db, "UPDATE application SET state = ?1",
				 BIND(TEXT(application_machine.states[state])), &scene->error));
	scene_as_system(scene);
	assert_ok(scene, application_load(&scene->tx, application->id, application));
}

static void expect_moved(
	struct scene *scene, const struct application *before, const char *to, int event)
{
	const char *action =
		arena_printf(scene->tx.arena, "application.%s", application_machine.events[event]);

	assert_string_equal(scene_text(scene, "SELECT state FROM application"), to);
	assert_int_equal(
		scene_number(scene, "SELECT version FROM application"), before->version + 1);
	assert_string_equal(
		scene_text(scene, "SELECT action FROM audit ORDER BY sequence DESC LIMIT 1"),
		action);
}

/* One triple: moved with one audit row, or refused with nothing changed. */
static void try_one(
	struct scene *scene, struct application *application, int state, int event, int kind)
{
	bool actor_may = false;
	const char *to = leads_to(state, event, kind, &actor_may);

	put_in_state(scene, state, application);
	struct application before = *application;
	const char *bytes = row_bytes(scene);
	int64_t audited = scene_number(scene, "SELECT COUNT(*) FROM audit");

	scene->tx.actor =
		(struct actor){.kind = (enum actor_kind)kind, .id = application->account_id};
	if (to && actor_may) {
		assert_ok(scene, application_move(&scene->tx, application,
					 (enum application_event)event, NULL));
		assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM audit"), audited + 1);
		expect_moved(scene, &before, to, event);
		return;
	}
	if (to)
		assert_fails(scene,
			application_move(
				&scene->tx, application, (enum application_event)event, NULL),
			FORBIDDEN, "application.actor");
	else
		assert_fails(scene,
			application_move(
				&scene->tx, application, (enum application_event)event, NULL),
			CONFLICT, "application.state");
	assert_string_equal(row_bytes(scene), bytes);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM audit"), audited);
	assert_int_equal(application->state, state);
}

static void every_state_event_and_actor_does_what_the_table_says(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	for (int from = 0; from < APPLICATION_STATE_COUNT; from++) {
		for (int event = 0; event < APPLICATION_EVENT_COUNT; event++) {
			for (int kind = 0; kind < ACTOR_COUNT; kind++)
				try_one(scene, &application, from, event, kind);
		}
	}
}

static void the_machine_has_no_other_edges(void **state)
{
	(void)state;
	machine_check(&application_machine);
	assert_int_equal(application_machine.edge_count, COUNT(allowed));
}

static void a_move_on_an_older_version_is_refused_with_both_versions(void **state)
{
	struct scene *scene = *state;
	struct application application, other;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	other = application;
	assert_ok(scene, application_move(&scene->tx, &application, EVENT_WITHDRAW, NULL));
	assert_fails(scene, application_move(&scene->tx, &other, EVENT_WITHDRAW, NULL), STALE,
		"application.stale");
	assert_non_null(scene_param(scene, "yours"));
	assert_non_null(scene_param(scene, "current"));
	assert_string_not_equal(scene_param(scene, "yours"), scene_param(scene, "current"));
}

static void the_audit_row_tells_from_to_and_revision(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *detail;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene, application_move(&scene->tx, &application, EVENT_WITHDRAW,
				 scene_json(scene, "{'why': 'test'}")));
	const char *text =
		scene_text(scene, "SELECT detail FROM audit ORDER BY sequence DESC LIMIT 1");
	assert_ok(scene, json_parse(scene->tx.arena, text, strlen(text), &detail, &scene->error));
	assert_string_equal(json_get_text(detail, "from"), "reviewing");
	assert_string_equal(json_get_text(detail, "to"), "withdrawn");
	assert_int_equal(json_get_integer(detail, "revision"), 1);
	assert_string_equal(json_get_text(detail, "why"), "test");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(every_state_event_and_actor_does_what_the_table_says),
		IN_SCENE(the_machine_has_no_other_edges),
		IN_SCENE(a_move_on_an_older_version_is_refused_with_both_versions),
		IN_SCENE(the_audit_row_tells_from_to_and_revision),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
