/*
 * `kaowu tenant`: add, apply, invite, list, suspend, resume, rotate; longer verbs have files of their own.
 *
 * `apply FOLDER` reads tenant.json and plans/<code>.json, tells every fault of every file at once, and writes all
 * of it in one transaction or none. It prints the invitations of new staff: the only time that their tokens can be
 * seen; and tells whom it has disabled, and who is not named and was left alone.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "exam/plan.h"
#include "exam/profile.h"
#include "exam/staff.h"
#include "tenant/registry.h"
#include "tenant_import.h"
#include "tenant_reseal.h"

/* The folder's documents, parsed and valid. */
struct documents {
	json *tenant;
	json **plans;
	size_t plan_count;
};

/* What came of the staff of tenant.json. */
struct staff_outcome {
	json *invitations;
	struct staff_unnamed unnamed;
};

/* One would overwrite the other, and nobody would hear of it: a copied file whose code was left as it was. */
static bool plans_differ(struct arena *arena, const char *folder, const json *names,
	const struct documents *documents)
{
	json *seen = json_new_object(arena); /* by code, the file that has it */
	size_t index = 0;
	bool good = true;

	json_each(name, names)
	{
		struct error error = {.arena = arena};
		const char *code = json_get_text(documents->plans[index++], "code");
		const char *first = json_get_text(seen, code);

		if (!first) {
			json_set_text(arena, seen, code, json_text(name));
			continue;
		}
		(void)fail(
			&error, INVALID, "command.plan_twice", "code", code, "file", first, NULL);
		command_failed(arena_printf(arena, "%s/%s", folder, json_text(name)), &error);
		good = false;
	}
	return good;
}

static bool plans_load(struct arena *arena, const char *folder, struct documents *documents)
{
	const char *path = arena_printf(arena, "%s/plans", folder);
	struct error error = {.arena = arena};
	json *names;
	bool good = true;

	if (folder_names(arena, path, ".json", &names, &error))
		return !command_failed(path, &error);
	documents->plans = NEW_ARRAY(arena, json *, json_count(names));
	json_each(name, names) good &=
		document_load(arena, arena_printf(arena, "%s/%s", path, json_text(name)),
			"kaowu:plan", &documents->plans[documents->plan_count++]);
	return good && plans_differ(arena, path, names, documents);
}

static bool documents_load(struct arena *arena, const char *folder, struct documents *documents)
{
	bool good = document_load(arena, arena_printf(arena, "%s/tenant.json", folder),
		"kaowu:tenant", &documents->tenant);

	return plans_load(arena, folder, documents) && good;
}

static enum result documents_apply(
	struct transaction *tx, const struct documents *documents, struct staff_outcome *out)
{
	const json *staff = json_get(documents->tenant, "staff");
	const char *id;
	enum result rc = profile_apply(tx, documents->tenant);

	rc = rc ? rc : staff_apply(tx, staff, &out->invitations);
	rc = rc ? rc : staff_dismiss(tx, staff, &out->unnamed);
	for (size_t i = 0; !rc && i < documents->plan_count; i++) {
		rc = plan_apply(tx, documents->plans[i], &id);
		if (rc)
			(void)fprintf(stderr, "kaowu: plan %s:\n",
				json_get_text(documents->plans[i], "code"));
	}
	return rc;
}

static void invitations_print(
	struct arena *arena, const char *slug, const json *invitations, bool as_json)
{
	json_each(invitation, invitations)
	{
		json *line = json_copy(arena, invitation);

		json_set_text(arena, line, "tenant", slug);
		if (as_json)
			(void)printf("%s\n", json_print(arena, line));
		else
			(void)printf("%-14s %-14s invitation %s (until %s)\n", slug,
				json_get_text(line, "login"), json_get_text(line, "token"),
				json_get_text(line, "expires_at"));
	}
}

static void unnamed_say(const char *slug, const char *code, const json *logins)
{
	json_each(login, logins)
		command_say(stderr, code, "slug", slug, "login", json_text(login), NULL);
}

/* In another database, so before the commit: the hosts are what may still be refused, and a commit is not. */
static enum result hosts_set(const char *data, const json *document, struct error *error)
{
	struct registry *registry;
	enum result rc = registry_open(data, &registry, error);

	if (rc)
		return rc;
	if (json_get(document, "hosts"))
		rc = registry_set_hosts(registry, json_get_text(document, "slug"),
			json_get(document, "hosts"), error);
	registry_close(registry);
	return rc;
}

static enum result apply(struct arena *arena, struct deployment *deployment,
	const struct documents *documents, struct staff_outcome *out, struct error *error)
{
	const char *data = deployment->data_folder;
	struct transaction tx;
	enum result rc =
		work_begin(arena, data, json_get_text(documents->tenant, "slug"), &tx, error);

	if (rc)
		return rc;
	tx.deployment = deployment;
	rc = documents_apply(&tx, documents, out);
	rc = rc ? rc : hosts_set(data, documents->tenant, error);
	return work_end(&tx, data, rc);
}

static int tenant_apply(struct arena *arena, const char *data, const char *folder, bool as_json)
{
	struct error error = {.arena = arena};
	struct documents *documents = NEW(arena, struct documents);
	struct deployment *deployment;
	struct staff_outcome staff = {0};
	enum result rc;

	if (!data_there(data) || !documents_load(arena, folder, documents))
		return 1;
	if (deployment_open(data, false, &deployment, &error))
		return command_failed("tenant apply", &error);
	rc = apply(arena, deployment, documents, &staff, &error);
	deployment_close(deployment);
	if (rc)
		return command_failed(folder, &error);
	const char *slug = json_get_text(documents->tenant, "slug");
	invitations_print(arena, slug, staff.invitations, as_json);
	unnamed_say(slug, "command.staff_disabled", staff.unnamed.disabled);
	unnamed_say(slug, "command.staff_left", staff.unnamed.left);
	return 0;
}

static int tenant_invite(
	struct arena *arena, const char *data, const char *slug, const char *login, bool as_json)
{
	struct error error = {.arena = arena};
	struct transaction tx;
	json *invitations;

	if (!data_there(data))
		return 1;
	if (work_begin(arena, data, slug, &tx, &error) ||
		work_end(&tx, data, staff_invite(&tx, login, &invitations)))
		return command_failed(login, &error);
	invitations_print(arena, slug, invitations, as_json);
	return 0;
}

static int tenant_factor_reset(
	struct arena *arena, const char *data, const char *slug, const char *login)
{
	struct error error = {.arena = arena};
	struct transaction tx;

	if (!data_there(data))
		return 1;
	if (work_begin(arena, data, slug, &tx, &error) ||
		work_end(&tx, data, staff_factor_reset(&tx, login)))
		return command_failed(login, &error);
	return 0;
}

static enum result tenants_print(
	struct arena *arena, struct registry *registry, struct error *error)
{
	json *tenants;
	enum result rc = registry_list(registry, arena, &tenants, error);

	if (rc)
		return rc;
	json_each(tenant, tenants)(void) printf("%-32s %-10s %s\n", json_get_text(tenant, "slug"),
		json_get_text(tenant, "state"), json_print(arena, json_get(tenant, "hosts")));
	return OK;
}

static enum result tenant_change(
	struct registry *registry, const char *verb, const char *slug, struct error *error)
{
	if (text_equal(verb, "add"))
		return registry_add(registry, slug, error);
	if (text_equal(verb, "rotate"))
		return registry_rotate(registry, slug, error);
	return registry_suspend(registry, slug, text_equal(verb, "suspend"), NULL, error);
}

/* A verb about the registry's rows; without a slug it lists them. */
static int registry_verb(struct arena *arena, const char *data, const char *verb, const char *slug)
{
	struct error error = {.arena = arena};
	struct registry *registry;
	enum result rc;

	if (!text_equal(verb, "add") && !data_there(data))
		return 1;
	rc = registry_open(data, &registry, &error);
	if (rc)
		return command_failed("tenant", &error);
	rc = slug ? tenant_change(registry, verb, slug, &error)
		  : tenants_print(arena, registry, &error);
	registry_close(registry);
	return rc ? command_failed(slug ? slug : verb, &error) : 0;
}

static bool about_registry(const char *verb)
{
	return text_equal(verb, "add") || text_equal(verb, "suspend") ||
	       text_equal(verb, "resume") || text_equal(verb, "rotate");
}

int command_tenant(int count, char **words)
{
	static const char *const options[] = {"--data=", "--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *data = option_data(count, words);
	bool as_json = option_given(count, words, "--json");
	int subjects = subjects_count(count, words); /* verb, slug or folder, login */
	const char *verb = subjects > 0 ? words[0] : NULL;

	if (!options_known("tenant", count - subjects, words + subjects, options))
		return 2;
	command_begin();
	if (subjects == 3 && text_equal(verb, "invite"))
		return tenant_invite(arena, data, words[1], words[2], as_json);
	if (subjects == 3 && text_equal(verb, "reset-factor"))
		return tenant_factor_reset(arena, data, words[1], words[2]);
	if (subjects == 3 && text_equal(verb, "import"))
		return tenant_import_command(arena, data, words[1], words[2]);
	if (subjects == 2 && text_equal(verb, "apply"))
		return tenant_apply(arena, data, words[1], as_json);
	if (subjects == 2 && text_equal(verb, "reseal"))
		return tenant_reseal_command(arena, data, words[1]);
	if (subjects == 2 && about_registry(verb))
		return registry_verb(arena, data, verb, words[1]);
	if (subjects == 1 && text_equal(verb, "list"))
		return registry_verb(arena, data, verb, NULL);
	return used_wrongly("tenant", count, words);
}
