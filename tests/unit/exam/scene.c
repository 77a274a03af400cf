/*
 * The scene itself: folder, registry, catalogue, tenant, transaction, and what tests ask of them.
 */
#include "scene.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "document/picture.h"
#include "exam/account.h"
#include "exam/sign_in.h"
#include "exam/staff.h"
#include "exam/calendar.h"
#include "exam/plan.h"
#include "exam/profile.h"
#include "plugin/catalogue.h"
#include "plugin/plugin_source.h"
#include "plugin/plugin_worker.h"
#include "tenant/registry.h"
#include "worker/worker.h"

#include <cmocka.h>

#define DOCUMENT_LONGEST 65536

struct scene_parts {
	struct registry *registry;
};

void scene_be_worker(int count, char **words)
{
	if (count == 4 && text_equal(words[1], "worker") && text_equal(words[2], "plugin"))
		exit(plugin_worker_main(words[3]));
	if (count == 3 && text_equal(words[1], "worker") && text_equal(words[2], "picture"))
		exit(picture_worker_main());
}

void scene_forget(struct scene *scene)
{
	scene->error = (struct error){.arena = scene->tx.arena};
}

void scene_expect(struct scene *scene, enum result got, enum result wanted, const char *code,
	const char *call, const char *file, int line)
{
	const struct error *error = &scene->error;

	if (got == wanted && (!code || text_equal(error->code, code)))
		return;
	print_error("%s\n  gave %s (%s), not %s (%s)\n", call, result_name(got),
		error->code ? error->code : "-", result_name(wanted), code ? code : "-");
	if (error->internal)
		print_error("  %s\n", error->internal);
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		print_error("  at %s: %s\n", fault->pointer, fault->code);
	_fail(file, line);
}

const char *scene_fault(const struct scene *scene, const char *pointer)
{
	for (const struct fault *fault = scene->error.faults; fault; fault = fault->next) {
		if (text_equal(fault->pointer, pointer))
			return fault->code;
	}
	return NULL;
}

const char *scene_param(const struct scene *scene, const char *name)
{
	for (const char *const *pair = scene->error.params; pair && *pair; pair += 2) {
		if (text_equal(pair[0], name))
			return pair[1];
	}
	return NULL;
}

void scene_at(struct scene *scene, const char *moment)
{
	assert_int_equal(moment_parse(moment, &scene->tx.now), OK);
	clock_set_ms(scene->tx.now);
}

void scene_pass(struct scene *scene, int64_t ms)
{
	scene->tx.now += ms;
	clock_set_ms(scene->tx.now);
}

static json *document_load(struct scene *scene, const char *path)
{
	char *text = arena_alloc(scene->arena, DOCUMENT_LONGEST);
	FILE *file = fopen(path, "re");
	json *document = NULL;

	assert_non_null(file);
	size_t size = fread(text, 1, DOCUMENT_LONGEST, file);
	(void)fclose(file);
	assert_ok(scene, json_parse(scene->arena, text, size, &document, &scene->error));
	return document;
}

static enum result https_ready(struct error *error)
{
	(void)error;
	return OK;
}

static void deployment_build(struct scene *scene)
{
	struct deployment *deployment = &scene->deployment;
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct catalogue_entry plugin;

	assert_ok(scene, messages_load(&scene->error));
	assert_ok(scene, registry_open(scene->folder, &scene->parts->registry, &scene->error));
	assert_ok(scene, registry_add(scene->parts->registry, SCENE_SLUG, &scene->error));
	deployment->data_folder = scene->folder;
	deployment->https_ready = https_ready;
	deployment->pictures = picture_pool_create("/proc/self/exe", 1);
	assert_ok(scene, calendars_load(scene->folder, &deployment->calendars, &scene->error));
	assert_ok(
		scene, catalogue_open(&(struct catalogue_settings){.store = registry_store(
									   scene->parts->registry),
					      .data_folder = scene->folder},
			       &deployment->catalogue, &scene->error));
	assert_ok(scene, plugin_source_open(scene->arena,
				 BUILD_DIR "/plugins/supply-chain-manager_level_1.so", &source,
				 &scene->error));
	assert_ok(scene, catalogue_install(deployment->catalogue, scene->arena, &source, NULL,
				 &plugin, &scene->error));
}

static void tenant_build(struct scene *scene)
{
	json *document = document_load(scene, SOURCE_DIR "/tenants/" SCENE_SLUG "/tenant.json");
	struct staff_unnamed unnamed;
	json *plan =
		document_load(scene, SOURCE_DIR "/tenants/" SCENE_SLUG "/plans/2026-scm-1.json");

	assert_ok(scene, tenant_attach(scene->folder, SCENE_SLUG, &scene->tenant, &scene->db,
				 &scene->error));
	scene->tx = (struct transaction){.arena = scene->arena,
		.db = scene->db,
		.tenant = scene->tenant,
		.keys = tenant_keys(scene->tenant),
		.deployment = &scene->deployment,
		.actor = {.kind = ACTOR_OPERATOR},
		.error = &scene->error};
	scene_at(scene, SCENE_MORNING);
	assert_ok(scene, store_begin(scene->db, &scene->error));
	assert_ok(scene, profile_apply(&scene->tx, document));
	assert_ok(scene, staff_apply(&scene->tx, json_get(document, "staff"), &scene->invitations));
	assert_ok(scene, staff_dismiss(&scene->tx, json_get(document, "staff"), &unnamed));
	assert_ok(scene, plan_apply(&scene->tx, plan, &scene->plan_id));
	assert_ok(scene, store_commit(scene->db, &scene->error));
}

int scene_build(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	(void)snprintf(scene->folder, sizeof(scene->folder), "/tmp/kaowu-scene-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	scene->arena = arena_create(LIMIT_REQUEST_ARENA);
	scene->parts = NEW(scene->arena, struct scene_parts);
	scene->tx.arena = scene->arena;
	deployment_build(scene);
	tenant_build(scene);
	*state = scene;
	return 0;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

int scene_remove(void **state)
{
	struct scene *scene = *state;

	tenant_detach(scene->tenant);
	worker_pool_destroy(scene->deployment.pictures);
	catalogue_close(scene->deployment.catalogue);
	calendars_destroy(scene->deployment.calendars);
	registry_close(scene->parts->registry);
	(void)nftw(scene->folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
	clock_set_ms(0);
	arena_destroy(scene->arena);
	free(scene);
	return 0;
}

int scene_begin(void **state)
{
	struct scene *scene = *state;

	scene->tx.arena = arena_create(LIMIT_REQUEST_ARENA);
	scene->tx.address = NULL;
	scene_as_nobody(scene);
	scene_at(scene, SCENE_MORNING);
	assert_ok(scene, store_begin(scene->db, &scene->error));
	return 0;
}

int scene_end(void **state)
{
	struct scene *scene = *state;

	store_rollback(scene->db);
	arena_destroy(scene->tx.arena);
	scene->tx.arena = scene->arena;
	return 0;
}

/* `wanted` is a condition that ends in a column. */
static const char *account_with(struct scene *scene, const char *wanted, const char *value)
{
	const char *id = NULL;
	struct error none = {.arena = scene->tx.arena};
	enum result rc = store_text(scene->db, scene->tx.arena,
		arena_printf(scene->tx.arena, "SELECT id FROM account WHERE %s = ?1", wanted),
		BIND(TEXT(value)), &id, &none);

	assert_true(rc == OK || rc == NOT_FOUND);
	return id;
}

const char *scene_as_candidate(struct scene *scene, const char *mobile)
{
	const char *id = account_with(scene, "kind = 'candidate' AND mobile_index",
		blind_index(scene->tx.arena, scene->tx.keys, "mobile", mobile));

	if (!id) {
		scene_as_nobody(scene);
		assert_ok(scene, account_create(&scene->tx, mobile, "$placeholder", &id));
	}
	scene->tx.actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = id};
	return id;
}

const char *scene_as_staff(struct scene *scene, const char *login)
{
	const char *id = account_with(scene, "login", login);
	int64_t roles;

	assert_non_null(id);
	assert_ok(
		scene, store_integer(scene->db,
			       "UPDATE account SET state = 'active' WHERE id = ?1 RETURNING roles",
			       BIND(TEXT(id)), &roles, &scene->error));
	scene->tx.actor = (struct actor){.kind = ACTOR_STAFF, .id = id, .roles = (uint32_t)roles};
	return id;
}

void scene_as_system(struct scene *scene)
{
	scene->tx.actor = (struct actor){.kind = ACTOR_SYSTEM};
}

void scene_as_nobody(struct scene *scene)
{
	scene->tx.actor = (struct actor){.kind = ACTOR_NOBODY};
}

int64_t scene_number(struct scene *scene, const char *sql)
{
	int64_t number = 0;

	assert_ok(scene, store_integer(scene->db, sql, BIND_NONE, &number, &scene->error));
	return number;
}

const char *scene_text(struct scene *scene, const char *sql)
{
	const char *text = NULL;

	assert_ok(scene,
		store_text(scene->db, scene->tx.arena, sql, BIND_NONE, &text, &scene->error));
	return text;
}

int64_t scene_audited(struct scene *scene, const char *action)
{
	int64_t count = 0;

	assert_ok(scene, store_integer(scene->db, "SELECT COUNT(*) FROM audit WHERE action = ?1",
				 BIND(TEXT(action)), &count, &scene->error));
	return count;
}

int64_t scene_messages(struct scene *scene)
{
	return scene_number(scene, "SELECT COUNT(*) FROM outbox");
}

/* The newest row's payload, unsealed. */
static const char *newest_payload(struct scene *scene)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct arena *arena = scene->tx.arena;
	const char *text = NULL;

	assert_ok(scene, store_query(scene->db, &rows,
				 "SELECT id, payload_sealed FROM outbox ORDER BY id DESC LIMIT 1",
				 BIND_NONE, &scene->error));
	assert_true(cursor_next(&rows));
	assert_ok(scene,
		unseal_text(arena, scene->tx.keys,
			arena_printf(arena, "outbox.payload:%s", cursor_text(&rows, 0, arena)),
			cursor_blob(&rows, 1, arena), &text, &scene->error));
	return text;
}

const char *scene_message(struct scene *scene)
{
	const char *text = newest_payload(scene);
	json *payload = NULL;

	assert_ok(scene, json_parse(scene->tx.arena, text, strlen(text), &payload, &scene->error));
	return json_get_text(payload, "text");
}

json *scene_json(struct scene *scene, const char *text)
{
	char *copy = arena_text(scene->tx.arena, text);
	json *document = NULL;

	for (char *letter = copy; *letter; letter++)
		*letter = *letter == '\'' ? '"' : *letter;
	assert_ok(scene, json_parse(scene->tx.arena, copy, strlen(copy), &document, &scene->error));
	return document;
}
