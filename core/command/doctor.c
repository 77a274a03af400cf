/*
 * `kaowu doctor`: is everything that must hold true? One line a check, exit 1 if one fails.
 */
#include "command.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "checksums.h"
#include "document/font.h"
#include "exam/audit.h"
#include "exam/calendar.h"
#include "exam/message_settings.h"
#include "plugin/catalogue.h"
#include "tenant/registry.h"
#include "worker/worker.h"

static bool report(const char *what, enum result rc, const struct error *error)
{
	if (rc)
		command_failed(what, error);
	else
		(void)printf("ok    %s\n", what);
	return rc == OK;
}

static bool tenant_check(struct arena *arena, const char *data, const char *slug)
{
	struct error error = {.arena = arena};
	struct transaction tx = {.arena = arena, .error = &error};
	const char *head;
	int64_t rows = 0;
	enum result rc = tenant_attach(data, slug, &tx.tenant, &tx.db, &error);

	if (!rc) {
		rc = store_check(tx.db, &error);
		rc = rc ? rc : audit_verify(&tx, &rows, &head);
		tenant_detach(tx.tenant);
	}
	return report(arena_printf(arena, "tenant %s: database and audit chain (%" PRId64 " rows)",
			      slug, rows),
		rc, &error);
}

/* Can messages leave? */
static bool messages_check(struct arena *arena, const char *data, const char *slug)
{
	struct error error = {.arena = arena};
	struct deployment deployment = {.data_folder = data};
	struct transaction tx = {.arena = arena, .error = &error, .deployment = &deployment};
	const struct sms_provider *provider;
	struct sms_account account;
	enum result rc = tenant_attach(data, slug, &tx.tenant, &tx.db, &error);

	if (!rc) {
		tx.keys = tenant_keys(tx.tenant);
		rc = message_account_load(&tx, &provider, &account);
		tenant_detach(tx.tenant);
	}
	if (rc)
		return report(arena_printf(arena, "tenant %s: SMS", slug), rc, &error);
	if (provider == &sms_spool)
		(void)printf("note  tenant %s: SMS go to the spool, nobody gets them\n", slug);
	else
		(void)printf("ok    tenant %s: SMS by %s\n", slug, provider->name);
	return true;
}

static bool files_check(struct arena *arena, const char *path, const char *what)
{
	struct error error = {.arena = arena};
	struct store *store;
	enum result rc = store_open(path, STORE_READ, &store, &error);

	if (!rc) {
		rc = store_check(store, &error);
		store_close(store);
	}
	return report(what, rc, &error);
}

/* One database of uploaded files for each plan that has any. */
static bool tenant_files_check(struct arena *arena, const char *data, const char *slug)
{
	const char *folder = arena_printf(arena, "%s/tenants/%s/files", data, slug);
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, database_file, alphasort);
	bool good = true;

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		good &= files_check(arena, arena_printf(arena, "%s/%s", folder, name),
			arena_printf(arena, "tenant %s: files of plan %.36s", slug, name));
		free(entries[i]);
	}
	free(entries);
	return good;
}

/* There is one, and nobody else can put another key or database in its place. What the key itself must keep to is
 * checked where it is read. */
static bool folder_check(struct arena *arena, const char *data)
{
	struct error error = {.arena = arena};
	enum result rc = OK;
	struct stat facts;

	if (stat(arena_printf(arena, "%s/control.db", data), &facts) || stat(data, &facts))
		rc = fail(&error, NOT_FOUND, "command.no_deployment", "path", data, NULL);
	else if (facts.st_mode & (S_IWGRP | S_IWOTH))
		rc = fail(&error, BROKEN, "command.exposed", "path", data, NULL);
	return report("data folder", rc, &error);
}

/* A restored backup that nobody has written to since: before anything is opened. */
static bool backup_check(struct arena *arena, const char *data)
{
	struct error error = {.arena = arena};
	int count;
	enum result rc = checksums_verify(arena, data, &count, &error);

	if (!rc && count == 0)
		return true;
	return report(
		arena_printf(arena, "as backed up, byte by byte (%d files)", count), rc, &error);
}

static bool tenants_check(struct arena *arena, const char *data)
{
	struct error error = {.arena = arena};
	struct registry *registry;
	json *tenants = NULL;
	bool good = true;
	enum result rc = registry_open(data, &registry, &error);

	if (!rc) {
		rc = registry_list(registry, arena, &tenants, &error);
		registry_close(registry);
	}
	if (!report("control database and master key", rc, &error))
		return false;
	json_each(tenant, tenants)
	{
		good &= tenant_check(arena, data, json_get_text(tenant, "slug"));
		good &= messages_check(arena, data, json_get_text(tenant, "slug"));
		good &= tenant_files_check(arena, data, json_get_text(tenant, "slug"));
	}
	return good;
}

static bool calendar_check(struct arena *arena, const struct deployment *deployment)
{
	int year = date_of_moment(clock_now_ms()).year;
	bool known = calendar_knows(deployment->calendars, year);

	(void)printf("%s  %s\n", known ? "ok  " : "fail",
		arena_printf(arena, "working days of %d", year));
	if (!calendar_knows(deployment->calendars, year + 1))
		(void)printf("note  no calendar for %d yet: put it into DATA/calendar/%d.json\n",
			year + 1, year + 1);
	return known;
}

/* Whoever put it there, and whenever: each plugin in quarantine is told. */
static bool plugins_check(struct arena *arena, struct catalogue *catalogue)
{
	struct error error = {.arena = arena};
	json *plugins = NULL;
	int quarantined = 0;
	enum result rc = catalogue_verify(catalogue, &quarantined, &error);

	rc = rc ? rc : catalogue_list(catalogue, arena, &plugins, &error);
	quarantined = 0;
	json_each(plugin, plugins)
	{
		if (text_equal(json_get_text(plugin, "state"), "active") &&
			!text_equal(json_get_text(plugin, "trust"), "signed"))
			(void)printf("note  plugin %s %s: no key that is trusted has signed it\n",
				json_get_text(plugin, "id"), json_get_text(plugin, "version"));
		if (!text_equal(json_get_text(plugin, "state"), "quarantined"))
			continue;
		(void)printf("fail  plugin %s %s is in quarantine (%s): see kaowu plugin list\n",
			json_get_text(plugin, "id"), json_get_text(plugin, "version"),
			json_get_text(plugin, "reason"));
		quarantined++;
	}
	return quarantined == 0 && report("plugins", rc, &error);
}

static bool deployment_check(struct arena *arena, const char *data)
{
	struct error error = {.arena = arena};
	struct deployment *deployment;
	bool good;
	enum result rc = deployment_open(data, false, &deployment, &error);

	if (rc)
		return report("plugins and calendars", rc, &error);
	good = plugins_check(arena, deployment->catalogue);
	good &= calendar_check(arena, deployment);
	deployment_close(deployment);
	return good;
}

int command_doctor(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	const char *data = option_data(count, words);
	bool good;

	if (!options_known("doctor", count, words, options))
		return 2;
	(void)command_schemas();
	good = report("fonts", font_check(&error), &error);
	(void)printf("note  Landlock version of this kernel: %d\n", worker_landlock_version());
	if (!folder_check(arena, data))
		return 1;
	good &= backup_check(arena, data);
	good &= tenants_check(arena, data);
	good &= deployment_check(arena, data);
	return good ? 0 : 1;
}
