/*
 * What the commands share: options, faults on stderr, schemas, the deployment's parts.
 */
#include "command.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/schema.h"
#include "base/text.h"
#include "document/picture.h"
#include "exam/calendar.h"
#include "https_client.h"
#include "plugin/catalogue.h"
#include "plugin/plugin_workers.h"
#include "tenant/registry.h"
#include "worker/worker.h"

#define PICTURE_WORKERS 2
#define SAY_PAIRS       6

#define DOCUMENT_LONGEST (1u << 20)

const char *option(int count, char **words, const char *name)
{
	for (int i = 0; i + 1 < count; i++) {
		if (text_equal(words[i], name))
			return words[i + 1];
	}
	return NULL;
}

bool option_given(int count, char **words, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (text_equal(words[i], name))
			return true;
	}
	return false;
}

/* How many words the option at words[0] takes, itself among them; 0 if it is not known or lacks its value. */
static int option_words(int count, char **words, const char *const *known)
{
	for (; *known; known++) {
		size_t length = strcspn(*known, "=");

		if (strlen(words[0]) != length || strncmp(words[0], *known, length) != 0)
			continue;
		if (!(*known)[length])
			return 1;
		return count > 1 && !text_starts(words[1], "--") ? 2 : 0;
	}
	return 0;
}

bool options_known(const char *command, int count, char **words, const char *const *known)
{
	for (int i = 0, taken; i < count; i += taken) {
		taken = option_words(count - i, words + i, known);
		if (taken > 0)
			continue;
		(void)fprintf(stderr, "kaowu %s: %s is no option here, or its value is missing\n",
			command, words[i]);
		return false;
	}
	return true;
}

int subjects_count(int count, char **words)
{
	int subjects = 0;

	while (subjects < count && !text_starts(words[subjects], "--"))
		subjects++;
	return subjects;
}

const char *option_data(int count, char **words)
{
	const char *given = option(count, words, "--data");
	const char *environment = getenv("KAOWU_DATA");

	return given ? given : environment ? environment : "./data";
}

bool data_there(const char *data)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	if (access(arena_printf(arena, "%s/control.db", data), F_OK) == 0)
		return true;
	(void)fail(&error, NOT_FOUND,
		errno == EACCES ? "command.not_owner" : "command.no_deployment", "path", data,
		NULL);
	command_failed("--data", &error);
	return false;
}

static const char *language_given;

int command_language_take(int count, char **words)
{
	for (int i = 0; i + 1 < count; i++) {
		if (!text_equal(words[i], "--language"))
			continue;
		language_given = words[i + 1];
		memmove(words + i, words + i + 2, (size_t)(count - i - 2) * sizeof(*words));
		return count - 2;
	}
	return count;
}

enum language command_language(void)
{
	const char *name = language_given ? language_given : getenv("LANG");

	return name && text_starts(name, "en") ? LANGUAGE_EN : LANGUAGE_ZH;
}

/* Whoever reads a command's words is the one to whom candidates are sent by the database's. */
static bool of_the_disk(const char *code)
{
	return text_equal(code, "store.cannot_open") || text_equal(code, "store.broken");
}

void command_hint(FILE *out, const char *code)
{
	if (code && of_the_disk(code))
		command_say(out, "command.disk", NULL);
}

int command_failed(const char *what, const struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	enum language language = command_language();
	const char *code = error->code ? error->code : "command.trouble";

	(void)fprintf(stderr, "kaowu: %s: %s [%s]\n", what,
		message_text(arena, language, code, error->params), code);
	if (error->internal)
		(void)fprintf(stderr, "  %s\n", error->internal);
	command_hint(stderr, code);
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		(void)fprintf(stderr, "  %s: %s [%s]\n", *fault->pointer ? fault->pointer : "/",
			message_text(arena, language, fault->code, fault->params), fault->code);
	return 1;
}

void command_say(FILE *out, const char *code, ...)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *params[2 * SAY_PAIRS + 1] = {NULL};
	size_t count = 0;
	va_list rest;

	va_start(rest, code);
	for (const char *next; (next = va_arg(rest, const char *)) && count < 2 * SAY_PAIRS;)
		params[count++] = next;
	va_end(rest);
	(void)fprintf(out, "%s\n", message_text(arena, command_language(), code, params));
}

/* An invitation is shown once only: on a full disk it must not pass for one that was kept. */
int command_ended(int status)
{
	bool lost = ferror(stdout) != 0;

	lost = fflush(stdout) != 0 || lost;
	if (!lost)
		return status;
	command_begin();
	command_say(stderr, "command.output_lost", NULL);
	return status ? status : 1;
}

/* openapi.json as one JSON Schema, "kaowu:api": its components become $defs, and so do the references to them. */
static enum result api_schema(
	struct arena *arena, const json *openapi, json **out, struct error *error)
{
	static const char from[] = "#/components/schemas/", to[] = "#/$defs/";
	const char *text = json_print(arena, json_at_pointer(openapi, "/components/schemas"));
	struct buffer rewritten = buffer_in(arena, LIMIT_REQUEST_ARENA / 4);

	buffer_text(&rewritten, "{\"$id\":\"kaowu:api\",\"$defs\":");
	for (const char *next; (next = strstr(text, from)); text = next + strlen(from)) {
		buffer_append(&rewritten, text, (size_t)(next - text));
		buffer_text(&rewritten, to);
	}
	buffer_text(&rewritten, text);
	buffer_text(&rewritten, "}");
	return json_parse(arena, rewritten.data, rewritten.size, out, error);
}

/* Every embedded JSON file that is a schema, under its $id. */
static enum result schemas_add(struct schema_set *set, struct arena *arena, struct error *error)
{
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];
		bool openapi = text_equal(file->path, "openapi.json");
		json *document;
		enum result rc;

		if (!openapi && !strstr(file->path, ".schema.json"))
			continue;
		rc = json_parse(arena, (const char *)file->content.data, file->content.size,
			&document, error);
		if (!rc && openapi)
			rc = api_schema(arena, document, &document, error);
		if (!rc)
			rc = schema_set_add(set, file->path, document, error);
		if (rc)
			return rc;
	}
	return schema_set_link(set, error);
}

void command_begin(void)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	if (messages_load(&error)) {
		command_failed("embedded files", &error);
		abort();
	}
}

static struct schema_set *schemas;

static void schemas_load(void)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	schemas = schema_set_create();
	if (schemas_add(schemas, arena, &error)) {
		command_failed("embedded files", &error);
		abort();
	}
	routes_check(schemas);
}

const struct schema_set *command_schemas(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, schemas_load);
	return schemas;
}

/* ---- Documents ---- */

bool document_load(struct arena *arena, const char *path, const char *schema, json **out)
{
	struct error error = {.arena = arena};
	struct bytes text;
	enum result rc = file_read(arena, path, DOCUMENT_LONGEST, &text, &error);

	rc = rc ? rc : json_parse(arena, (const char *)text.data, text.size, out, &error);
	if (!rc)
		rc = schema_validate(schema_find(command_schemas(), schema), *out, &error);
	if (rc)
		command_failed(path, &error);
	return rc == OK;
}

/* The deployment, and what it was built from, so that it can be taken down. */
struct deployment_parts {
	struct deployment deployment; /* first */
	struct registry *registry;
};

enum result deployment_open(
	const char *data_folder, bool demo, struct deployment **out, struct error *error)
{
	struct deployment_parts *parts = calloc(1, sizeof(*parts));
	struct deployment *deployment = &parts->deployment;
	enum result rc;

	if (!parts)
		abort();
	deployment->data_folder = data_folder;
	deployment->demo = demo;
	deployment->schemas = command_schemas;
	deployment->https_ready = https_client_ready;
	rc = registry_open(data_folder, &parts->registry, error);
	if (!rc)
		rc = catalogue_open(
			&(struct catalogue_settings){.store = registry_store(parts->registry),
				.data_folder = data_folder,
				.executable = worker_program()},
			&deployment->catalogue, error);
	if (!rc)
		rc = calendars_load(data_folder, &deployment->calendars, error);
	if (rc) {
		deployment_close(deployment);
		return rc;
	}
	deployment->plugins = plugin_workers_create(deployment->catalogue, LIMIT_WORKER_IDLE_TIME);
	deployment->pictures = picture_pool_create(worker_program(), PICTURE_WORKERS);
	*out = deployment;
	return OK;
}

void deployment_close(struct deployment *deployment)
{
	struct deployment_parts *parts = (struct deployment_parts *)deployment;

	if (!deployment)
		return;
	worker_pool_destroy(deployment->pictures);
	plugin_workers_destroy(deployment->plugins);
	if (deployment->calendars)
		calendars_destroy(deployment->calendars);
	catalogue_close(deployment->catalogue);
	registry_close(parts->registry);
	free(parts);
}
