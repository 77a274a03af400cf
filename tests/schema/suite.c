/*
 * Holds the schema validator to the official JSON Schema test suite (draft 2020-12).
 *
 *     schema_suite TABLE DIRECTORY
 *
 * TABLE (suite.txt) says of every file of DIRECTORY/tests/draft2020-12 whether it is run or left
 * out, and why; a file that it does not name, and a line of it that fits nothing, is a mismatch
 * like a wrong verdict. Exit status: 0 all as expected, 1 a mismatch, 77 the suite is not
 * installed.
 *
 * The suite has texts with \u0000, which no text here may have: they are read as \u0001, which
 * asks the same question.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/schema.h"

#define TESTS     "tests/draft2020-12"
#define BASE_URI  "http://localhost:1234/" /* where the suite pretends its remote schemas are */
#define LINES_MAX 256
#define PARTS_MAX 5
#define NOT_THERE 77

/* "run | FILE", "leave | FILE | reason", "but | FILE | group | test or * | reason",
 * "remote | FILE" */
struct line {
	const char *parts[PARTS_MAX];
	bool used;
};

static struct arena *arena;
static const char *directory;
static struct line lines[LINES_MAX];
static size_t line_count;
static size_t mismatches, passed, left_out, files_left_out;

static void mismatch(const char *what, const char *file, const char *group, const char *test)
{
	printf("MISMATCH %s: %s / %s / %s\n", what, file, group, test);
	mismatches++;
}

/* NULL if it cannot be read. */
static char *read_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	struct stat about;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &about) == 0) {
		text = arena_alloc(arena, (size_t)about.st_size + 1);
		text[fread(text, 1, (size_t)about.st_size, file)] = '\0';
	}
	fclose(file);
	return text;
}

static json *read_json(const char *name)
{
	char *text = read_text(arena_printf(arena, "%s/%s", directory, name));
	struct error error = {.arena = arena};
	json *value = NULL;

	if (!text) {
		mismatch("cannot be read", name, "", "");
		return NULL;
	}
	for (char *nul = text; (nul = strstr(nul, "\\u0000")); nul++)
		nul[5] = '1';
	if (json_parse(arena, text, strlen(text), &value, &error) != OK)
		mismatch(error.code, name, "", "");
	return value;
}

static void read_table(const char *path)
{
	char *text = read_text(path), *next;

	for (; text && *text && line_count < LINES_MAX; text = next) {
		next = text + strcspn(text, "\n");
		if (*next)
			*next++ = '\0';
		if (*text == '\0' || *text == '#')
			continue;
		for (size_t i = 0; i < PARTS_MAX && text; i++) {
			char *end = strstr(text, " | ");
			if (end)
				*end = '\0';
			lines[line_count].parts[i] = text;
			text = end ? end + 3 : NULL;
		}
		line_count++;
	}
}

static bool part_is(const struct line *line, size_t part, const char *text)
{
	return line->parts[part] && strcmp(line->parts[part], text) == 0;
}

static struct line *line_for(const char *verb, const char *file)
{
	for (size_t i = 0; i < line_count; i++)
		if (part_is(&lines[i], 0, verb) && part_is(&lines[i], 1, file))
			return &lines[i];
	return NULL;
}

static bool excepted(const char *file, const char *group, const char *test)
{
	for (size_t i = 0; i < line_count; i++) {
		struct line *line = &lines[i];
		if (!part_is(line, 0, "but") || !part_is(line, 1, file) || !part_is(line, 2, group))
			continue;
		if (!part_is(line, 3, "*") && !part_is(line, 3, test))
			continue;
		line->used = true;
		return true;
	}
	return false;
}

static enum result add_all(struct schema_set *set, const json *schema, struct error *error)
{
	enum result rc = OK;

	for (size_t i = 0; i < line_count && rc == OK; i++) {
		const char *file = lines[i].parts[1];
		const json *document;
		if (!part_is(&lines[i], 0, "remote"))
			continue;
		lines[i].used = true;
		document = read_json(arena_printf(arena, "remotes/%s", file));
		if (document)
			rc = schema_set_add(
				set, arena_printf(arena, BASE_URI "%s", file), document, error);
	}
	if (rc == OK)
		rc = schema_set_add(set, BASE_URI "suite", schema, error);
	return rc ? rc : schema_set_link(set, error);
}

static void run_test(
	const char *file, const char *group, const struct schema *schema, const json *test)
{
	const char *name = json_get_text(test, "description");
	struct error error = {.arena = arena};
	bool valid;

	if (excepted(file, group, name)) {
		left_out++;
		return;
	}
	valid = schema_validate(schema, json_get(test, "data"), &error) == OK;
	if (valid != json_get_true(test, "valid"))
		mismatch(valid ? "found valid" : "found invalid", file, group, name);
	else if (!valid && !error.faults)
		mismatch("invalid without a fault", file, group, name);
	else
		passed++;
}

/* By what the schema's own $id says, or by the name that it was added with. */
static const struct schema *find_root(const struct schema_set *set, const json *schema)
{
	const char *id = json_get_text(schema, "$id");

	if (!id)
		return schema_find(set, BASE_URI "suite");
	return schema_find(set, *id == '/' ? arena_printf(arena, BASE_URI "%s", id + 1) : id);
}

static void run_group(const char *file, const json *group)
{
	const char *name = json_get_text(group, "description");
	const json *tests = json_get(group, "tests"), *schema = json_get(group, "schema");
	struct error error = {.arena = arena};
	struct schema_set *set;

	if (excepted(file, name, "*")) {
		left_out += json_count(tests);
		return;
	}
	set = schema_set_create();
	if (add_all(set, schema, &error) != OK)
		mismatch(error.code, file, name, "");
	else
		json_each(test, tests) run_test(file, name, find_root(set, schema), test);
	schema_set_destroy(set);
}

static void run_file(const char *file)
{
	size_t passed_before = passed, left_out_before = left_out, mismatches_before = mismatches;
	struct line *leave = line_for("leave", file), *run = line_for("run", file);

	if (!leave == !run) {
		mismatch("named not once in the table", file, "", "");
		return;
	}
	if (leave) {
		leave->used = true;
		files_left_out++;
		return;
	}
	run->used = true;
	json_each(group, read_json(arena_printf(arena, TESTS "/%s", file))) run_group(file, group);
	printf("%-36s %4zu passed %4zu left out %4zu mismatches\n", file, passed - passed_before,
		left_out - left_out_before, mismatches - mismatches_before);
	arena_reset(arena);
}

static bool run_folder(const char *folder)
{
	const char *path = arena_printf(arena, "%s/" TESTS "/%s", directory, folder);
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char file[512];
		snprintf(file, sizeof(file), "%s%s", folder, entries[i]->d_name);
		if (strstr(file, ".json"))
			run_file(file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count > 0;
}

int main(int count, char **arguments)
{
	struct arena *table_arena;

	if (count != 3) {
		fprintf(stderr, "usage: schema_suite TABLE DIRECTORY\n");
		return EXIT_FAILURE;
	}
	directory = arguments[2];
	arena = table_arena = arena_create(LIMIT_REQUEST_ARENA);
	read_table(arguments[1]);
	arena = arena_create(LIMIT_REQUEST_ARENA);

	if (!run_folder("") || !run_folder("optional/") || !run_folder("optional/format/")) {
		printf("the suite is not in %s\n", directory);
		return NOT_THERE;
	}
	for (size_t i = 0; i < line_count; i++)
		if (!lines[i].used)
			mismatch("line of the table fits nothing", lines[i].parts[1],
				lines[i].parts[2] ? lines[i].parts[2] : "",
				lines[i].parts[3] ? lines[i].parts[3] : "");
	printf("schema suite: %zu passed, %zu left out, %zu mismatches; %zu files left out\n",
		passed, left_out, mismatches, files_left_out);
	arena_destroy(arena);
	arena_destroy(table_arena);
	return mismatches ? EXIT_FAILURE : EXIT_SUCCESS;
}
