/*
 * The checks, from the folder outwards (self_check.h).
 */
#include "self_check.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "audit.h"
#include "base/file.h"
#include "base/text.h"
#include "calendar.h"
#include "document/font.h"
#include "document/picture.h"
#include "message_settings.h"
#include "plan_count.h"
#include "plugin/catalogue.h"
#include "profile.h"
#include "second_factor.h"
#include "tenant/registry.h"
#include "ticket.h"
#include "worker/worker.h"

#define FAULTS_MOST    1000 /* that are told one by one: who mends these finds most others gone */
#define BACKUP_LATE_MS (2 * DAY_MS)
#define CLOCK_SLACK_MS (5 * MINUTE_MS)

#define PARAMS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_PARAMS   ((const char *const *)NULL)

/* ---- Findings ---- */

static void finding_add(struct self_check *check, const char *severity, const char *code,
	const char *sentence, const char *detail)
{
	struct arena *arena = check->arena;
	json *finding = json_append(check->findings, json_new_object(arena));

	json_set_text(arena, finding, "code", code);
	json_set_text(arena, finding, "severity", severity);
	json_set_text(arena, finding, "sentence", sentence);
	json_set_text(arena, finding, "detail", detail);
}

/* False: it is one too many to be told by itself. */
static bool fault_count(struct self_check *check)
{
	const char *const params[] = {"limit", arena_printf(check->arena, "%d", FAULTS_MOST), NULL};

	if (++check->faults == FAULTS_MOST + 1)
		finding_add(check, "fault", "check.more_faults",
			message_text(check->arena, check->language, "check.more_faults", params),
			NULL);
	return check->faults <= FAULTS_MOST;
}

static void say(
	struct self_check *check, const char *severity, const char *code, const char *const *params)
{
	if (text_equal(severity, "fault") && !fault_count(check))
		return;
	finding_add(check, severity, code,
		message_text(check->arena, check->language, code, params), NULL);
}

void self_check_told(struct self_check *check, const char *code, const char *const *params,
	enum result rc, const struct error *error)
{
	struct arena *arena = check->arena;

	if (!rc) {
		say(check, "fine", code, params);
		return;
	}
	if (!fault_count(check))
		return;
	const char *title = message_text(arena, check->language, code, params);
	const char *why = message_text(arena, check->language, error->code, error->params);
	finding_add(check, "fault", error->code,
		message_text(
			arena, check->language, "check.failed", PARAMS("title", title, "why", why)),
		error->internal);
}

static const char *number(struct self_check *check, int64_t value)
{
	return arena_printf(check->arena, "%" PRId64, value);
}

/* ---- Databases ---- */

/* The newest moment that anything was written down. */
static void last_see(struct self_check *check, int64_t at)
{
	if (at > check->last_at)
		check->last_at = at;
}

static enum result database_read(struct self_check *check, struct transaction *tx, int64_t *rows)
{
	const char *head;
	int64_t at;
	enum result rc = store_integer(tx->db,
		"SELECT COALESCE((SELECT happened_at FROM audit ORDER BY sequence DESC LIMIT 1), 0)",
		BIND_NONE, &at, tx->error);

	if (rc)
		return rc;
	last_see(check, at);
	if (!check->thorough)
		return store_integer(
			tx->db, "SELECT COUNT(*) FROM audit", BIND_NONE, rows, tx->error);
	rc = store_check(tx->db, tx->error);
	return rc ? rc : audit_verify(tx, rows, &head);
}

/* What was written before addresses had to be https is still there. */
static bool address_clear(const struct sms_account *account)
{
	const char *url = json_get_text(json_get(account->settings, "webhook"), "url");

	return url && !text_starts(url, "https://");
}

/* Can messages leave? */
static void messages_check(struct self_check *check, struct transaction *tx, const char *slug)
{
	const struct sms_provider *provider;
	struct sms_account account;
	enum result rc = message_account_load(tx, &provider, &account);

	if (rc)
		self_check_told(check, "check.sms", PARAMS("slug", slug), rc, tx->error);
	else if (provider == &sms_spool)
		say(check, "notice", "check.sms_spool", PARAMS("slug", slug));
	else if (provider == &sms_webhook && address_clear(&account))
		say(check, "fault", "check.sms_clear", PARAMS("slug", slug));
	else
		say(check, "fine", "check.sms_by",
			PARAMS("slug", slug, "provider", provider->name));
}

/* What an older version took for a rule of ticket numbers is still there: it is heard before tickets are opened. A
 * centre that has not been set up yet has none. */
static void ticket_rule_look(struct self_check *check, struct transaction *tx, const char *slug)
{
	const json *profile;
	enum result rc = profile_find(tx, &profile);

	if (!rc && profile)
		rc = ticket_rule_try(tx, profile);
	if (rc)
		self_check_told(check, "check.ticket_rule", PARAMS("slug", slug), rc, tx->error);
}

/* Who may change everything, or tells of money: how many of them sign in by a password alone, and may? */
static enum result staff_alone(struct transaction *tx, int64_t *count)
{
	static const uint32_t mighty[] = {ROLE_ADMIN, ROLE_CASHIER};
	uint32_t roles = 0;
	bool demanded;

	for (size_t i = 0; i < COUNT(mighty); i++) {
		enum result rc = second_factor_demanded(tx, mighty[i], &demanded);

		if (rc)
			return rc;
		roles |= demanded ? 0 : mighty[i];
	}
	return store_integer(tx->db,
		"SELECT COUNT(*) FROM account WHERE kind = 'staff' AND state = 'active'"
		" AND (roles & ?1) <> 0 AND id NOT IN"
		" (SELECT account_id FROM second_factor WHERE confirmed_at IS NOT NULL)",
		BIND(INTEGER(roles)), count, tx->error);
}

static void staff_check(struct self_check *check, struct transaction *tx, const char *slug)
{
	int64_t count;
	enum result rc = staff_alone(tx, &count);

	if (rc)
		self_check_told(check, "check.staff", PARAMS("slug", slug), rc, tx->error);
	else if (count > 0)
		say(check, "notice", "check.staff_alone",
			PARAMS("slug", slug, "count", number(check, count)));
}

static enum result files_look(const struct self_check *check, const char *path, struct error *error)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = store_open(path, STORE_READ, &store, error);

	return rc || !check->thorough ? rc : store_check(store, error);
}

/* One database of uploaded files for each plan that has any: over the years many, which are told one by one only where
 * they are not whole. */
static void files_check(struct self_check *check, struct arena *passing, const char *slug)
{
	const char *folder = arena_printf(passing, "%s/tenants/%s/files", check->data_folder, slug);
	struct error error = {.arena = passing};
	int64_t whole = 0;
	json *names = NULL;
	enum result rc = folder_names(passing, folder, ".db", &names, &error);

	if (rc)
		self_check_told(
			check, "check.files", PARAMS("slug", slug, "plan", "*"), rc, &error);
	json_each(name, names)
	{
		const char *plan = arena_printf(passing, "%.36s", json_text(name));

		error_forget(&error);
		rc = files_look(
			check, arena_printf(passing, "%s/%s", folder, json_text(name)), &error);
		whole += !rc;
		if (rc)
			self_check_told(check, "check.files", PARAMS("slug", slug, "plan", plan),
				rc, &error);
	}
	if (whole > 0)
		say(check, "fine", "check.files_whole",
			PARAMS("slug", slug, "count", number(check, whole)));
}

static enum result tenant_read(struct self_check *check, struct transaction *tx, int64_t *rows)
{
	enum result rc = database_read(check, tx, rows);

	return rc || !check->thorough ? rc : plan_count_verify(tx);
}

/* What is not told goes with `passing`. */
static void tenant_check(struct self_check *check, struct arena *passing, struct registry *registry,
	const char *slug)
{
	struct error error = {.arena = passing};
	struct deployment own = {.data_folder = check->data_folder};
	struct transaction tx = {.arena = passing, .error = &error, .deployment = &own};
	int64_t rows = 0;
	enum result rc = tenant_attach_by(registry, slug, &tx.tenant, &tx.db, &error);
	bool attached = !rc;

	rc = rc ? rc : tenant_read(check, &tx, &rows);
	self_check_told(check, "check.database", PARAMS("slug", slug, "rows", number(check, rows)),
		rc, &error);
	if (attached) {
		error_forget(&error);
		tx.keys = tenant_keys(tx.tenant);
		messages_check(check, &tx, slug);
		error_forget(&error);
		staff_check(check, &tx, slug);
		error_forget(&error);
		ticket_rule_look(check, &tx, slug);
		tenant_detach(tx.tenant);
	}
	files_check(check, passing, slug);
}

static void tenants_check(struct self_check *check, struct registry *registry)
{
	struct arena *passing CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = check->arena};
	json *tenants = NULL;

	if (registry_list(registry, check->arena, &tenants, &error))
		self_check_told(check, "check.control", NO_PARAMS, BROKEN, &error);
	json_each(tenant, tenants)
	{
		tenant_check(check, passing, registry, json_get_text(tenant, "slug"));
		arena_reset(passing);
	}
}

/* ---- The deployment's own house ---- */

static void control_chain_check(struct self_check *check, struct registry *registry)
{
	struct error error = {.arena = check->arena};
	struct transaction tx = {
		.arena = check->arena, .error = &error, .db = registry_store(registry)};
	int64_t rows = 0;
	enum result rc = database_read(check, &tx, &rows);

	self_check_told(
		check, "check.operator_audit", PARAMS("rows", number(check, rows)), rc, &error);
}

static void backup_check(struct self_check *check, struct registry *registry)
{
	struct error error = {.arena = check->arena};
	int64_t ended_at = 0, now = clock_now_ms();
	enum result rc = store_integer(registry_store(registry),
		"SELECT COALESCE(MAX(ended_at), 0) FROM backup", BIND_NONE, &ended_at, &error);

	last_see(check, ended_at);
	if (rc)
		self_check_told(check, "check.control", NO_PARAMS, rc, &error);
	else if (ended_at == 0)
		say(check, "notice", "check.backup_none", NO_PARAMS);
	else
		say(check, now - ended_at > BACKUP_LATE_MS ? "notice" : "fine",
			now - ended_at > BACKUP_LATE_MS ? "check.backup_late" : "check.backup",
			PARAMS("moment", moment_text(check->arena, ended_at)));
}

/* And how many of them sign in by a password alone? */
static void operators_check(struct self_check *check, struct registry *registry)
{
	struct error error = {.arena = check->arena};
	int64_t active = 0, alone = 0;
	enum result rc = store_integer(registry_store(registry),
		"SELECT COUNT(*) FROM account WHERE state = 'active'", BIND_NONE, &active, &error);

	rc = rc ? rc
		: store_integer(registry_store(registry),
			  "SELECT COUNT(*) FROM account WHERE state = 'active' AND id NOT IN"
			  " (SELECT account_id FROM second_factor WHERE confirmed_at IS NOT NULL)",
			  BIND_NONE, &alone, &error);

	if (rc)
		self_check_told(check, "check.control", NO_PARAMS, rc, &error);
	else if (active == 0)
		say(check, "notice", "check.no_operator", NO_PARAMS);
	else
		say(check, "fine", "check.operators", PARAMS("count", number(check, active)));
	if (alone > 0)
		say(check, "notice", "check.operators_alone",
			PARAMS("count", number(check, alone)));
}

/* Deadlines, sessions and audit rows all stand on the clock. One that was set back is found by what was written before;
 * a command cannot tell it from that of a demo, which may be ahead. */
static void clock_check(struct self_check *check)
{
	if (check->last_at <= clock_now_ms() + CLOCK_SLACK_MS)
		say(check, "fine", "check.clock", NO_PARAMS);
	else
		say(check, check->server && !check->server->demo ? "fault" : "notice",
			"check.clock_back",
			PARAMS("moment", moment_text(check->arena, check->last_at)));
}

/* There is one, and nobody else can put another key or database in its place. What the key itself must keep to is
 * checked where it is read. */
static bool folder_check(struct self_check *check)
{
	struct error error = {.arena = check->arena};
	const char *data = check->data_folder;
	enum result rc = OK;
	struct stat facts;

	if (stat(arena_printf(check->arena, "%s/control.db", data), &facts) || stat(data, &facts))
		rc = fail(&error, NOT_FOUND,
			errno == EACCES ? "command.not_owner" : "command.no_deployment", "path",
			data, NULL);
	else if (facts.st_mode & (S_IWGRP | S_IWOTH))
		rc = fail(&error, BROKEN, "command.exposed", "path", data, NULL);
	self_check_told(check, "check.folder", NO_PARAMS, rc, &error);
	/* A copy that was put back with the modes of whoever copied it. */
	if (!rc && (facts.st_mode & (S_IRWXG | S_IRWXO)))
		say(check, "notice", "check.folder_open",
			PARAMS("mode", arena_printf(check->arena, "%04o", facts.st_mode & 07777)));
	return rc == OK;
}

bool self_check_machine(struct self_check *check)
{
	struct error error = {.arena = check->arena};
	int version = worker_landlock_version();

	self_check_told(check, "check.fonts", NO_PARAMS, font_check(&error), &error);
	say(check, version ? "fine" : "notice", version ? "check.landlock" : "check.no_landlock",
		PARAMS("version", number(check, version)));
	return folder_check(check);
}

void self_check_data(struct self_check *check)
{
	struct error error = {.arena = check->arena};
	struct registry *registry;
	enum result rc = registry_open(check->data_folder, &registry, &error);

	self_check_told(check, "check.control", NO_PARAMS, rc, &error);
	if (rc)
		return;
	control_chain_check(check, registry);
	operators_check(check, registry);
	backup_check(check, registry);
	tenants_check(check, registry);
	clock_check(check);
	registry_close(registry);
	if (!check->thorough)
		say(check, "notice", "check.not_read", NO_PARAMS);
}

/* ---- Plugins, calendars, the server ---- */

static void plugin_check(
	struct self_check *check, const struct catalogue *catalogue, const json *plugin)
{
	const char *id = json_get_text(plugin, "id"), *version = json_get_text(plugin, "version");
	const char *code = json_get_text(plugin, "reason");
	struct error closed = {.arena = check->arena};

	if (text_equal(json_get_text(plugin, "state"), "active") &&
		!text_equal(json_get_text(plugin, "trust"), "signed"))
		say(check, "notice", "check.plugin_unsigned", PARAMS("id", id, "version", version));
	if (text_equal(json_get_text(plugin, "state"), "quarantined"))
		say(check, "fault", "check.plugin_quarantined",
			PARAMS("id", id, "version", version, "code", code, "why",
				message_text(check->arena, check->language, code, NULL)));
	else if (catalogue_readable(catalogue, check->arena, plugin, &closed))
		self_check_told(check, "check.plugins", NO_PARAMS, BROKEN, &closed);
	else if (!catalogue_whole(catalogue, check->arena, plugin))
		say(check, "fault", "check.plugin_differs", PARAMS("id", id, "version", version));
}

/* Two files of one version, as a bare one and another that was built anew to be signed, say the same of themselves. New
 * plans get one of them: of the list, the first that is active. */
static void versions_check(struct self_check *check, const json *plugins)
{
	const json *used = NULL;

	json_each(plugin, plugins)
	{
		const char *id = json_get_text(plugin, "id");
		const char *version = json_get_text(plugin, "version");

		if (!text_equal(json_get_text(plugin, "state"), "active"))
			continue;
		if (used && text_equal(json_get_text(used, "id"), id) &&
			text_equal(json_get_text(used, "version"), version))
			say(check, "notice", "check.plugin_twice",
				PARAMS("id", id, "version", version, "used",
					arena_printf(check->arena, "%.12s",
						json_get_text(used, "sha256")),
					"other",
					arena_printf(check->arena, "%.12s",
						json_get_text(plugin, "sha256"))));
		else
			used = plugin;
	}
}

/* Whoever put it there, and whenever: each plugin in quarantine is told. A command only looks: the files of a restored
 * copy may be on their way. */
static void plugins_check(struct self_check *check, struct catalogue *catalogue)
{
	struct error error = {.arena = check->arena};
	size_t before = check->faults;
	json *plugins = NULL;
	int quarantined;
	enum result rc = check->server ? catalogue_verify(catalogue, &quarantined, &error) : OK;

	rc = rc ? rc : catalogue_list(catalogue, check->arena, &plugins, &error);
	json_each(plugin, plugins) plugin_check(check, catalogue, plugin);
	versions_check(check, plugins);
	if (rc || check->faults == before)
		self_check_told(check, "check.plugins", NO_PARAMS, rc, &error);
}

static void calendar_check(struct self_check *check, const struct deployment *deployment)
{
	int year = date_of_moment(clock_now_ms()).year;
	const char *next = number(check, year + 1);

	say(check, calendar_knows(deployment->calendars, year) ? "fine" : "fault",
		calendar_knows(deployment->calendars, year) ? "check.calendar"
							    : "check.no_calendar",
		PARAMS("year", number(check, year)));
	if (!calendar_knows(deployment->calendars, year + 1))
		say(check, "notice", "check.no_calendar_yet", PARAMS("year", next));
}

/* What a proxy says of TLS is all that can be known of it here. */
static void server_check(struct self_check *check)
{
	const struct self_check_server *server = check->server;

	if (server->secure_at)
		say(check, "fine", "check.tls",
			PARAMS("moment", moment_text(check->arena, server->secure_at)));
	else
		say(check, server->forwarded_at ? "fault" : "notice",
			server->forwarded_at ? "check.no_tls" : "check.no_proxy", NO_PARAMS);
	if (server->exposed)
		say(check, server->demo ? "notice" : "fault", "check.exposed", NO_PARAMS);
	if (server->demo)
		say(check, "notice", "check.demo", NO_PARAMS);
}

/* One is started and given a picture that ends where it begins: what it says of that does not matter. */
static void workers_check(struct self_check *check, const struct deployment *deployment)
{
	struct error error = {.arena = check->arena};
	struct picture picture;
	enum result rc = picture_examine(deployment->pictures, check->arena, PICTURE_SCAN,
		bytes_of("\xff\xd8\xff", 3), &picture, &error);

	self_check_told(check, "check.workers", NO_PARAMS, rc, &error);
}

static void https_check(struct self_check *check, const struct deployment *deployment)
{
	struct error error = {.arena = check->arena};

	self_check_told(check, "check.https", NO_PARAMS, deployment->https_ready(&error), &error);
}

void self_check_deployment(struct self_check *check, const struct deployment *deployment)
{
	workers_check(check, deployment);
	https_check(check, deployment);
	plugins_check(check, deployment->catalogue);
	calendar_check(check, deployment);
	if (check->server)
		server_check(check);
}
