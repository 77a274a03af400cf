/*
 * `kaowu serve`: the server.
 *
 * Start: deployment, tenants, HTTP, chores; then one line on standard output, "listening on ADDRESS:PORT". SIGTERM
 * or SIGINT: no new connections, requests in flight end, the queues run dry, databases checkpoint, exit 0. SIGHUP:
 * the registry is read again; so it is within seconds of a command's change to it. One server a DATA: a lock file
 * says so, and the kernel lets go of it whatever ends the process.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "checksums.h"
#include "chores.h"
#include "document/font.h"
#include "plugin/catalogue.h"
#include "public_address.h"
#include "wake.h"

#define REGISTRY_WATCH_MS 2000

struct serve {
	uv_loop_t loop;
	struct wake wake;
	uv_signal_t signals[3];
	uv_timer_t registry_watch;
	struct arena *arena;
	struct error error;
	struct deployment *deployment;
	struct tenants *tenants;
	struct chores *chores;
	const char *address; /* that it listens on */
	struct http_server *server;
	struct api api;
};

static void wake(void *context)
{
	struct serve *serve = context;

	wake_send(&serve->wake);
}

static void woken(void *context)
{
	struct serve *serve = context;

	tenants_drain(serve->tenants);
}

/* What was begun has ended: the databases close, and nothing is left to keep the loop. */
static void chores_ended(void *context)
{
	struct serve *serve = context;

	tenants_close(serve->tenants);
	chores_close(serve->chores);
	wake_close(&serve->wake, NULL);
	uv_close((uv_handle_t *)&serve->registry_watch, NULL);
	for (size_t i = 0; i < COUNT(serve->signals); i++)
		uv_close((uv_handle_t *)&serve->signals[i], NULL);
}

/* Everything is answered. */
static void answered(void *context)
{
	struct serve *serve = context;

	chores_stop(serve->chores, chores_ended, serve);
}

/* Counts the plugins anew, and says so when there are others than before that nobody vouches for. */
static void plugins_count(struct serve *serve)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	int64_t before = serve->api.plugins.unsigned_active;

	if (catalogue_tally(serve->deployment->catalogue, &serve->api.plugins, &error)) {
		log_event(LOG_ERROR, "plugin.not_counted", "code", error.code, "detail",
			error.internal, NULL);
		return;
	}
	if (serve->api.plugins.unsigned_active != before)
		log_event(LOG_WARNING, "plugin.unsigned", "count",
			log_number(serve->api.plugins.unsigned_active), NULL);
}

static void reload(struct serve *serve)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	if (tenants_reload(serve->tenants, &error)) {
		log_event(LOG_ERROR, "serve.reload_failed", "code", error.code, "detail",
			error.internal, NULL);
		return;
	}
	plugins_count(serve);
	chores_round(serve->chores);
	log_event(LOG_INFO, "serve.reloaded", NULL);
}

/* Has a command written to the registry? The database is asked, since its log's moment and size are those of what is on
 * its way to the disk as well, and stay as they are when it becomes true. */
static void registry_look(uv_timer_t *watch)
{
	struct serve *serve = watch->data;

	if (!serve->api.draining && tenants_outdated(serve->tenants))
		reload(serve);
}

/* The request's answer waits for it: who has suspended a centre finds it gone. */
static void registry_changed_by_request(void *context)
{
	reload(context);
}

static void signalled(uv_signal_t *handle, int number)
{
	struct serve *serve = handle->data;

	if (number == SIGHUP) {
		if (!serve->api.draining)
			reload(serve);
		return;
	}
	if (serve->api.draining)
		return;
	serve->api.draining = true;
	log_event(LOG_INFO, "serve.stopping", NULL);
	http_server_stop(serve->server, answered, serve);
}

static void loop_prepare(struct serve *serve)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};

	uv_loop_init(&serve->loop);
	wake_open(&serve->wake, &serve->loop, woken, serve);
	serve->registry_watch.data = serve;
	uv_timer_init(&serve->loop, &serve->registry_watch);
	for (size_t i = 0; i < COUNT(serve->signals); i++) {
		serve->signals[i].data = serve;
		uv_signal_init(&serve->loop, &serve->signals[i]);
		uv_signal_start(&serve->signals[i], signalled, numbers[i]);
	}
}

/* As many descriptors as the hard limit gives; and how many connections may have one: half of them, so that no crowd
 * takes those that databases and uploads need. */
static size_t connections_most(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return LIMIT_HTTP_CONNECTIONS;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur / 2 < LIMIT_HTTP_CONNECTIONS ? limit.rlim_cur / 2
							   : LIMIT_HTTP_CONNECTIONS;
}

/* Keys and what people have sent are in memory: none of it is written down when the process dies. */
static void core_dumps_forbid(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
}

/* "127.0.0.1:8080" or "[::1]:8080" */
static bool listen_read(struct arena *arena, const char *text, const char **address, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	char *end;

	if (!colon || colon == text)
		return false;
	long number = strtol(colon + 1, &end, 10);
	if (*end || end == colon + 1 || number < 0 || number > 65535)
		return false;
	*address = text[0] == '[' && colon[-1] == ']'
			   ? arena_text_part(arena, text + 1, (size_t)(colon - text - 2))
			   : arena_text_part(arena, text, (size_t)(colon - text));
	*port = (uint16_t)number;
	return true;
}

static bool address_valid(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	return uv_inet_pton(AF_INET, text, address) == 0 ||
	       uv_inet_pton(AF_INET6, text, address) == 0;
}

/* A name in their place would trust nobody without a word. */
static enum result proxies_read(
	struct serve *serve, int count, char **words, const char *const **out)
{
	const char **proxies = NEW_ARRAY(serve->arena, const char *, (size_t)count + 1);
	size_t found = 0;

	for (int i = 0; i + 1 < count; i++) {
		if (!text_equal(words[i], "--proxy"))
			continue;
		if (!address_valid(words[i + 1]))
			return fail(&serve->error, INVALID, "command.proxy", "given", words[i + 1],
				NULL);
		proxies[found++] = words[i + 1];
	}
	*out = proxies;
	return OK;
}

/* --clock shifts the clock of a demo, so that its plans are open whatever the day is. */
static bool clock_read(int count, char **words)
{
	const char *text = option(count, words, "--clock");
	int64_t at;

	if (!text)
		return true;
	if (!option_given(count, words, "--demo") || moment_parse(text, &at))
		return false;
	clock_shift_ms(at - clock_now_ms());
	return true;
}

/* What the command line says of HTTP, before anything is opened. */
static enum result settings_read(
	struct serve *serve, int count, char **words, struct http_settings *settings)
{
	const char *listen = option(count, words, "--listen");
	const char *ca = option(count, words, "--ca");

	settings->spool_folder = arena_printf(serve->arena, "%s/spool", option_data(count, words));
	if (!listen_read(serve->arena, listen ? listen : "127.0.0.1:8080", &settings->address,
		    &settings->port))
		return fail(&serve->error, INVALID, "command.listen", "given", listen, NULL);
	serve->address = settings->address;
	if (ca && access(ca, R_OK))
		return fail(&serve->error, INVALID, "file.unreadable", "path", ca, "reason",
			strerrordesc_np(errno), NULL);
	return proxies_read(serve, count, words, &settings->proxies);
}

/* Kept until the process ends. */
static enum result lock_take(struct serve *serve, const char *data)
{
	const char *path = arena_printf(serve->arena, "%s/serve.lock", data);
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (file < 0)
		return trouble(
			&serve->error, BROKEN, "command.trouble", "%s: %s", path, strerror(errno));
	if (flock(file, LOCK_EX | LOCK_NB) == 0)
		return OK;
	return fail(&serve->error, CONFLICT, "command.served_already", "data", data, NULL);
}

static enum result parts_open(struct serve *serve, int count, char **words)
{
	const char *data = option_data(count, words);
	struct tenants_settings settings = {
		.data_folder = data, .wake = wake, .wake_context = serve};
	int quarantined = 0;
	enum result rc;

	rc = font_find(&serve->error);
	if (rc)
		return rc;
	rc = lock_take(serve, data);
	if (rc)
		return rc;
	rc = deployment_open(
		data, option_given(count, words, "--demo"), &serve->deployment, &serve->error);
	if (rc)
		return rc;
	checksums_remove(serve->arena, data); /* of a restored backup: from now on it changes */
	rc = catalogue_verify(serve->deployment->catalogue, &quarantined, &serve->error);
	if (rc)
		return rc;
	if (quarantined > 0)
		log_event(
			LOG_WARNING, "plugin.quarantined", "count", log_number(quarantined), NULL);
	return tenants_open(&settings, &serve->tenants, &serve->error);
}

static enum result start(struct serve *serve, int count, char **words)
{
	struct http_settings settings = {.limits.connections = connections_most()};
	enum result rc = settings_read(serve, count, words, &settings);

	rc = rc ? rc : parts_open(serve, count, words);
	if (rc)
		return rc;
	serve->api.tenants = serve->tenants;
	serve->api.deployment = serve->deployment;
	serve->api.registry_changed = registry_changed_by_request;
	serve->api.context = serve;
	serve->api.exposed = !settings.proxies[0] && address_reachable(settings.address);
	(void)mkdir(settings.spool_folder, 0700);
	api_settings(&serve->api, &settings);
	rc = http_server_start(&serve->loop, &settings, &serve->server, &serve->error);
	if (rc)
		return rc;
	serve->api.server = serve->server;
	serve->chores = chores_start(
		&serve->loop, serve->tenants, serve->deployment, option(count, words, "--ca"));
	plugins_count(serve);
	uv_timer_start(&serve->registry_watch, registry_look, REGISTRY_WATCH_MS, REGISTRY_WATCH_MS);
	return OK;
}

static void take_down(struct serve *serve)
{
	if (serve->server)
		http_server_destroy(serve->server);
	api_close(&serve->api);
	deployment_close(serve->deployment);
	(void)uv_loop_close(&serve->loop);
	arena_destroy(serve->arena);
}

static void listening_tell(const struct serve *serve)
{
	uint16_t port = http_server_port(serve->server);

	(void)printf(
		strchr(serve->address, ':') ? "listening on [%s]:%u\n" : "listening on %s:%u\n",
		serve->address, port);
	(void)fflush(stdout);
	log_event(LOG_INFO, "serve.started", "address", serve->address, "port", log_number(port),
		NULL);
	if (serve->api.exposed)
		log_event(LOG_WARNING, "serve.exposed", "address", serve->address, NULL);
}

/* Requests take blocks and give them back all day. Without this the allocator returns them to the kernel at once, and
 * faulting them in anew was a third of what handing in costs. */
static void memory_keep(void)
{
	(void)mallopt(M_TRIM_THRESHOLD, LIMIT_MEMORY_KEPT);
	(void)mallopt(M_TOP_PAD, LIMIT_MEMORY_STEP);
	(void)mallopt(M_MMAP_THRESHOLD, LIMIT_MEMORY_STEP);
	/* No more threads than that can want memory at the same moment; each heap more is holes that nobody uses. */
	(void)mallopt(M_ARENA_MAX, (int)uv_available_parallelism());
}

int command_serve(int count, char **words)
{
	static const char *const options[] = {
		"--data=", "--listen=", "--proxy=", "--clock=", "--ca=", "--demo", "--debug", NULL};
	struct serve serve = {0};

	if (!options_known("serve", count, words, options))
		return 2;
	if (!clock_read(count, words)) {
		(void)fputs("kaowu serve: --clock takes an RFC 3339 moment, and only with --demo\n",
			stderr);
		return 2;
	}
	command_begin();
	if (!data_there(option_data(count, words)))
		return 1;
	serve.arena = arena_create(LIMIT_REQUEST_ARENA);
	serve.error.arena = serve.arena;
	if (option_given(count, words, "--debug"))
		log_set_level(LOG_DEBUG);
	memory_keep();
	core_dumps_forbid();
	loop_prepare(&serve);
	if (start(&serve, count, words)) {
		command_failed("serve", &serve.error);
		exit(1);
	}
	listening_tell(&serve);
	uv_run(&serve.loop, UV_RUN_DEFAULT);
	take_down(&serve);
	return 0;
}
