/*
 * Staff (S21): named in tenant.json, invited once, disabled when no longer named; and who came otherwise stays.
 */
#include "scene.h"

#include <string.h>

#include "base/text.h"
#include "exam/session.h"
#include "exam/sign_in.h"
#include "exam/staff.h"
#include "exam/staffing.h"

#include <cmocka.h>

#define TWO                                                                                        \
	"[{'login': 'admin', 'name': '管理员', 'roles': ['admin']},"                            \
	" {'login': 'reviewer1', 'name': '审核员', 'roles': ['reviewer', 'cashier']}]"

static struct staff_unnamed unnamed; /* of the last document */

static json *applied(struct scene *scene, const char *text)
{
	const json *staff = scene_json(scene, text);
	json *invitations = NULL;

	scene->tx.actor = (struct actor){.kind = ACTOR_OPERATOR};
	assert_ok(scene, staff_apply(&scene->tx, staff, &invitations));
	assert_ok(scene, staff_dismiss(&scene->tx, staff, &unnamed));
	scene_as_nobody(scene);
	return invitations;
}

static void assert_unnamed(struct scene *scene, const char *disabled, const char *left)
{
	assert_string_equal(json_print(scene->tx.arena, unnamed.disabled), disabled);
	assert_string_equal(json_print(scene->tx.arena, unnamed.left), left);
}

/* As the scene was built: the document of tenants/haidian. */
static const char *invitation(struct scene *scene, const char *login)
{
	json_each(invitation, scene->invitations)
	{
		if (text_equal(json_get_text(invitation, "login"), login))
			return json_get_text(invitation, "token");
	}
	return NULL;
}

static const char *accepted(struct scene *scene, const char *token, const char *hash)
{
	const char *id = NULL;

	assert_ok(scene, staff_accept(&scene->tx, token, hash, &id));
	return id;
}

static void assert_not_accepted(struct scene *scene, const char *token)
{
	const char *id = NULL;

	assert_fails(
		scene, staff_accept(&scene->tx, token, "$other", &id), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/token"), "staff.invitation");
	assert_null(id);
}

static const char *password_of(struct scene *scene, const char *login)
{
	return scene_text(
		scene, arena_printf(scene->tx.arena,
			       "SELECT password_hash FROM account WHERE login = '%s'", login));
}

static const char *state_of(struct scene *scene, const char *login)
{
	return scene_text(scene, arena_printf(scene->tx.arena,
					 "SELECT state FROM account WHERE login = '%s'", login));
}

static void everybody_named_is_invited_once(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(json_count(scene->invitations), 6);
	assert_int_equal(scene_audited(scene, "staff.invited"), 6);
	json_each(invitation, scene->invitations)
	{
		const char *token = json_get_text(invitation, "token");
		json *found = NULL;

		assert_int_equal(strlen(token), 43);
		assert_ok(scene,
			store_array(scene->db, scene->tx.arena,
				"SELECT account_id FROM invitation WHERE token_hash = ?1",
				BIND(TEXT(token_hash(&scene->tx, token))), &found, &scene->error));
		assert_int_equal(json_count(found), 1);
	}
}

static void an_invitation_is_good_once(void **state)
{
	struct scene *scene = *state;
	const char *token = invitation(scene, "reviewer1");
	const char *id = accepted(scene, token, "$mine");

	assert_string_equal(state_of(scene, "reviewer1"), "active");
	assert_string_equal(password_of(scene, "reviewer1"), "$mine");
	assert_string_equal(id, scene_as_staff(scene, "reviewer1"));
	assert_int_equal(scene_audited(scene, "staff.accepted"), 1);
	assert_not_accepted(scene, token);
	assert_string_equal(password_of(scene, "reviewer1"), "$mine");
}

static void an_invitation_is_good_for_a_week(void **state)
{
	struct scene *scene = *state;

	scene_pass(scene, 7 * DAY_MS);
	assert_not_accepted(scene, invitation(scene, "admin"));
	scene_pass(scene, -1);
	(void)accepted(scene, invitation(scene, "admin"), "$mine");
}

static void a_made_up_invitation_is_refused(void **state)
{
	assert_not_accepted(*state, "made up");
}

static void applying_again_changes_no_password_and_invites_nobody_twice(void **state)
{
	struct scene *scene = *state;

	(void)accepted(scene, invitation(scene, "admin"), "$mine");
	assert_int_equal(json_count(applied(scene, TWO)), 0);
	assert_string_equal(state_of(scene, "admin"), "active");
	assert_string_equal(password_of(scene, "admin"), "$mine");
	(void)accepted(scene, invitation(scene, "reviewer1"), "$other");
}

static void who_has_not_accepted_in_time_is_invited_again(void **state)
{
	struct scene *scene = *state;

	(void)accepted(scene, invitation(scene, "admin"), "$mine");
	scene_pass(scene, 7 * DAY_MS);
	json *again = applied(scene, TWO);
	assert_int_equal(json_count(again), 1);
	assert_string_equal(json_text(json_at_pointer(again, "/0/login")), "reviewer1");
	(void)accepted(scene, json_text(json_at_pointer(again, "/0/token")), "$late");
}

static void a_newcomer_is_invited(void **state)
{
	struct scene *scene = *state;
	json *invitations =
		applied(scene, "[{'login': 'admin', 'name': '海淀管理员', 'roles': ['admin']},"
			       " {'login': 'newcomer', 'name': '新人', 'roles': ['registrar']}]");

	assert_int_equal(json_count(invitations), 1);
	assert_string_equal(json_text(json_at_pointer(invitations, "/0/login")), "newcomer");
	(void)accepted(scene, json_text(json_at_pointer(invitations, "/0/token")), "$mine");
	(void)scene_as_staff(scene, "newcomer");
	assert_int_equal(scene->tx.actor.roles, ROLE_REGISTRAR);
}

static void changed_roles_hold_and_are_in_the_audit_log(void **state)
{
	struct scene *scene = *state;

	(void)applied(scene, TWO);
	(void)scene_as_staff(scene, "reviewer1");
	assert_int_equal(scene->tx.actor.roles, ROLE_REVIEWER | ROLE_CASHIER);
	assert_int_equal(
		scene_audited(scene, "staff.changed"), 2); /* both have another name as well */
	assert_string_equal(
		scene_text(scene, "SELECT detail FROM audit WHERE action = 'staff.changed'"
				  " ORDER BY sequence DESC LIMIT 1"),
		"{\"roles\":[\"reviewer\",\"cashier\"]}");
	(void)applied(scene, TWO);
	assert_int_equal(scene_audited(scene, "staff.changed"), 2);
}

static void who_is_no_longer_named_is_out_at_once(void **state)
{
	struct scene *scene = *state;
	const char *token = NULL;
	bool touch;

	assert_ok(scene, session_open(&scene->tx,
				 accepted(scene, invitation(scene, "auditor"), "$mine"), &token));
	(void)applied(scene, TWO);
	assert_string_equal(state_of(scene, "auditor"), "disabled");
	assert_null(password_of(scene, "auditor"));
	assert_fails(scene, session_resume(&scene->tx, token, &touch), UNAUTHENTICATED,
		"session.expired");
	assert_not_accepted(scene, invitation(scene, "cashier"));
	assert_int_equal(scene_audited(scene, "staff.disabled"), 4);
	(void)applied(scene, TWO);
	assert_int_equal(scene_audited(scene, "staff.disabled"), 4);
}

static void who_was_invited_elsewhere_is_left_alone(void **state)
{
	struct scene *scene = *state;
	json *invitation = NULL;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, staffing_create(&scene->tx,
				 scene_json(scene, "{'login': 'guest', 'name': '新人',"
						   " 'roles': ['auditor']}"),
				 &invitation));
	(void)accepted(scene, json_get_text(invitation, "token"), "$guest");
	(void)applied(scene, TWO);
	assert_string_equal(state_of(scene, "guest"), "active");
	assert_unnamed(
		scene, "[\"auditor\",\"cashier\",\"registrar\",\"reviewer2\"]", "[\"guest\"]");
	(void)applied(scene, TWO);
	assert_unnamed(scene, "[]", "[\"guest\"]");

	(void)applied(scene, "[{'login': 'admin', 'name': '管理员', 'roles': ['admin']},"
			     " {'login': 'guest', 'name': '新人', 'roles': ['auditor']}]");
	assert_unnamed(scene, "[\"reviewer1\"]", "[]");
	assert_string_equal(password_of(scene, "guest"), "$guest");
	(void)applied(scene, TWO);
	assert_string_equal(state_of(scene, "guest"), "disabled");
}

/* A database from before it was written down who is named. */
static void a_document_that_leaves_no_administrator_is_refused(void **state)
{
	static const char *const documents[] = {
		"[{'login': 'reviewer1', 'name': '审核员', 'roles': ['reviewer']}]",
		"[{'login': 'admin', 'name': '管理员', 'roles': ['reviewer']}]",
	};
	struct scene *scene = *state;
	json *invitations;

	(void)applied(scene, TWO);
	scene->tx.actor = (struct actor){.kind = ACTOR_OPERATOR};
	for (size_t i = 0; i < COUNT(documents); i++) {
		const json *staff = scene_json(scene, documents[i]);

		assert_ok(scene, staff_apply(&scene->tx, staff, &invitations));
		assert_fails(scene, staff_dismiss(&scene->tx, staff, &unnamed), INVALID,
			"input.invalid");
		assert_string_equal(scene_fault(scene, "/staff"), "staff.no_admin");
	}
}

static void nobody_is_disabled_without_having_been_named(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, store_run(scene->db, "DELETE FROM setting WHERE key = 'staff'", BIND_NONE,
				 &scene->error));
	(void)applied(scene, TWO);
	assert_int_equal(scene_audited(scene, "staff.disabled"), 0);
	assert_unnamed(scene, "[]", "[\"auditor\",\"cashier\",\"registrar\",\"reviewer2\"]");
}

static void who_is_named_again_starts_anew(void **state)
{
	struct scene *scene = *state;
	const char *id = accepted(scene, invitation(scene, "auditor"), "$mine");
	const char *token = NULL;
	bool touch;

	assert_ok(scene, session_open(&scene->tx, id, &token));
	(void)applied(scene, TWO);
	json *again =
		applied(scene, "[{'login': 'auditor', 'name': '海淀审计', 'roles': ['auditor']},"
			       " {'login': 'admin', 'name': '管理员', 'roles': ['admin']}]");
	assert_int_equal(json_count(again), 1);
	assert_string_equal(
		accepted(scene, json_text(json_at_pointer(again, "/0/token")), "$new"), id);
	assert_fails(scene, session_resume(&scene->tx, token, &touch), UNAUTHENTICATED,
		"session.expired");
}

static void a_login_is_named_once(void **state)
{
	struct scene *scene = *state;
	json *invitations = NULL;

	assert_fails(scene,
		staff_apply(&scene->tx,
			scene_json(scene,
				"[{'login': 'admin', 'name': '甲', 'roles': ['admin']},"
				" {'login': 'other', 'name': '乙', 'roles': ['auditor']},"
				" {'login': 'admin', 'name': '丙', 'roles': ['auditor']}]"),
			&invitations),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/staff/2/login"), "staff.twice");
	assert_null(scene_fault(scene, "/staff/0/login"));
	assert_null(invitations);
}

static void what_others_typed_does_not_lock_who_accepts(void **state)
{
	struct scene *scene = *state;
	struct sign_in found;
	const char *token;
	bool keep;

	assert_ok(scene, sign_in_check(&scene->tx, ACTOR_STAFF, "admin", "a guess at it", &found));
	assert_null(found.account_id);
	for (int i = 0; i < 5; i++)
		assert_fails(scene, sign_in_finish(&scene->tx, &found, NULL, &token, &keep),
			UNAUTHENTICATED, "session.wrong");
	assert_fails(scene, sign_in_finish(&scene->tx, &found, NULL, &token, &keep), TOO_MANY,
		"session.locked");
	(void)accepted(scene, invitation(scene, "admin"), "$mine");
	assert_fails(scene, sign_in_finish(&scene->tx, &found, NULL, &token, &keep),
		UNAUTHENTICATED, "session.wrong");
}

static const char *invited_anew(struct scene *scene, const char *login)
{
	json *invitations = NULL;

	scene->tx.actor = (struct actor){.kind = ACTOR_OPERATOR};
	assert_ok(scene, staff_invite(&scene->tx, login, &invitations));
	scene_as_nobody(scene);
	assert_int_equal(json_count(invitations), 1);
	assert_string_equal(json_text(json_at_pointer(invitations, "/0/login")), login);
	return json_text(json_at_pointer(invitations, "/0/token"));
}

static void a_forgotten_password_holds_until_the_new_invitation_is_accepted(void **state)
{
	struct scene *scene = *state;
	const char *token = NULL, *again;
	bool touch;

	assert_ok(scene, session_open(&scene->tx,
				 accepted(scene, invitation(scene, "admin"), "$mine"), &token));
	again = invited_anew(scene, "admin");
	assert_string_equal(password_of(scene, "admin"), "$mine");
	assert_ok(scene, session_resume(&scene->tx, token, &touch));
	scene_as_nobody(scene);
	(void)accepted(scene, again, "$new");
	assert_string_equal(password_of(scene, "admin"), "$new");
	assert_fails(scene, session_resume(&scene->tx, token, &touch), UNAUTHENTICATED,
		"session.expired");
}

static void a_new_invitation_makes_the_lost_one_useless(void **state)
{
	struct scene *scene = *state;
	const char *again = invited_anew(scene, "admin");

	assert_not_accepted(scene, invitation(scene, "admin"));
	(void)accepted(scene, again, "$mine");
}

static void who_is_not_of_the_staff_is_not_invited(void **state)
{
	struct scene *scene = *state;
	json *invitations = NULL;

	(void)applied(scene, TWO);
	assert_fails(scene, staff_invite(&scene->tx, "auditor", &invitations), NOT_FOUND,
		"staff.unknown");
	assert_string_equal(scene_param(scene, "login"), "auditor");
	assert_fails(scene, staff_invite(&scene->tx, "nobody", &invitations), NOT_FOUND,
		"staff.unknown");
	assert_null(invitations);
}

static void the_list_tells_state_and_roles(void **state)
{
	struct scene *scene = *state;
	json *view = NULL;

	(void)accepted(scene, invitation(scene, "admin"), "$mine");
	assert_ok(scene, staff_list(&scene->tx, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "staff")), 6);
	assert_string_equal(json_text(json_at_pointer(view, "/staff/0/login")), "admin");
	assert_string_equal(json_text(json_at_pointer(view, "/staff/0/state")), "active");
	assert_string_equal(json_text(json_at_pointer(view, "/staff/0/roles/0")), "admin");
	assert_string_equal(json_text(json_at_pointer(view, "/staff/1/login")), "auditor");
	assert_string_equal(json_text(json_at_pointer(view, "/staff/1/state")), "invited");
	assert_true(json_is_null(json_at_pointer(view, "/staff/1/signed_in_at")));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(everybody_named_is_invited_once),
		IN_SCENE(an_invitation_is_good_once),
		IN_SCENE(an_invitation_is_good_for_a_week),
		IN_SCENE(a_made_up_invitation_is_refused),
		IN_SCENE(applying_again_changes_no_password_and_invites_nobody_twice),
		IN_SCENE(who_has_not_accepted_in_time_is_invited_again),
		IN_SCENE(a_newcomer_is_invited),
		IN_SCENE(changed_roles_hold_and_are_in_the_audit_log),
		IN_SCENE(who_is_no_longer_named_is_out_at_once),
		IN_SCENE(who_was_invited_elsewhere_is_left_alone),
		IN_SCENE(a_document_that_leaves_no_administrator_is_refused),
		IN_SCENE(nobody_is_disabled_without_having_been_named),
		IN_SCENE(who_is_named_again_starts_anew),
		IN_SCENE(a_login_is_named_once),
		IN_SCENE(what_others_typed_does_not_lock_who_accepts),
		IN_SCENE(a_forgotten_password_holds_until_the_new_invitation_is_accepted),
		IN_SCENE(a_new_invitation_makes_the_lost_one_useless),
		IN_SCENE(who_is_not_of_the_staff_is_not_invited),
		IN_SCENE(the_list_tells_state_and_roles),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
