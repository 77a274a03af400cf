/*
 * Another plugin's source as the beginning of a new one (plugin_new.h).
 *
 * Its identity is four literals, each found behind its field's name, directly or by a macro; what is found is replaced
 * wherever it stands as a literal, since examples name the occupation as well.
 */
#include "plugin_new.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define SOURCE_LONGEST (1u << 20)
#define LETTERS        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

struct taking {
	const struct scaffold *scaffold;
	const char *folder; /* of the source */
	struct source_file *files;
	size_t count;
	struct error error;
};

/* ---- Reading ---- */

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_text_part(arena, path, (size_t)(slash - path)) : ".";
}

static bool add_file(struct taking *taking, const char *name, const char *path)
{
	struct arena *arena = taking->scaffold->arena;
	struct bytes text;

	if (taking->count == SOURCE_FILES_MOST)
		return fail(&taking->error, INVALID, "kit.from_headers", NULL) == OK;
	if (file_read(arena, path, SOURCE_LONGEST, &text, &taking->error))
		return false;
	taking->files[taking->count++] = (struct source_file){name, (const char *)text.data};
	return true;
}

static bool taken(const struct taking *taking, const char *name)
{
	for (size_t i = 0; i < taking->count; i++)
		if (text_equal(taking->files[i].name, name))
			return true;
	return text_equal(name, "kaowu_plugin.h");
}

/* Beside the source, or beside its folder, where plugins/ keeps what occupations share. */
static bool add_header(struct taking *taking, const char *name)
{
	struct arena *arena = taking->scaffold->arena;
	const char *beside = arena_printf(arena, "%s/%s", taking->folder, name);
	const char *above = arena_printf(arena, "%s/../%s", taking->folder, name);

	return add_file(taking, name, access(beside, R_OK) == 0 ? beside : above);
}

static bool add_headers(struct taking *taking, const char *text)
{
	static const char include[] = "#include \"";

	for (const char *at = text; (at = strstr(at, include));) {
		at += sizeof(include) - 1;
		const char *name =
			arena_text_part(taking->scaffold->arena, at, strcspn(at, "\"/\n"));

		if (!taken(taking, name) && !add_header(taking, name))
			return false;
	}
	return true;
}

static bool read_sources(struct taking *taking)
{
	const struct scaffold *scaffold = taking->scaffold;
	const char *name = arena_printf(scaffold->arena, "level_%d.c", scaffold->level);
	const char *path = scaffold->from;
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		path = arena_printf(scaffold->arena, "%s/%s", path, name);
	taking->folder = folder_of(scaffold->arena, path);
	if (!add_file(taking, name, path))
		return false;
	for (size_t i = 0; i < taking->count; i++)
		if (!add_headers(taking, taking->files[i].text))
			return false;
	return true;
}

/* ---- Identity ---- */

/* What stands between the quotation marks here, or NULL. */
static const char *literal_at(struct arena *arena, const char *text)
{
	return *text == '"' ? arena_text_part(arena, text + 1, strcspn(text + 1, "\"\n")) : NULL;
}

/* #define NAME "literal", anywhere. */
static const char *macro_literal(const struct taking *taking, const char *name)
{
	struct arena *arena = taking->scaffold->arena;
	const char *define = arena_printf(arena, "#define %s ", name);

	for (size_t i = 0; i < taking->count; i++) {
		const char *at = strstr(taking->files[i].text, define);

		if (at)
			return literal_at(
				arena, at + strlen(define) + strspn(at + strlen(define), " \t"));
	}
	return NULL;
}

/* What stands behind ".field =", or NULL. */
static const char *field_text(const struct taking *taking, const char *field)
{
	const char *wanted = arena_printf(taking->scaffold->arena, ".%s = ", field);

	for (size_t i = 0; i < taking->count; i++) {
		const char *at = strstr(taking->files[i].text, wanted);

		if (at)
			return at + strlen(wanted);
	}
	return NULL;
}

static const char *field_literal(const struct taking *taking, const char *field)
{
	struct arena *arena = taking->scaffold->arena;
	const char *text = field_text(taking, field);

	if (!text || *text == '"')
		return text ? literal_at(arena, text) : NULL;
	return macro_literal(taking, arena_text_part(arena, text, strspn(text, LETTERS)));
}

static const char *replaced(
	struct arena *arena, const char *text, const char *before, const char *after)
{
	struct buffer out = buffer_in(arena, 4 * SOURCE_LONGEST);

	for (const char *at; (at = strstr(text, before)); text = at + strlen(before)) {
		buffer_append(&out, text, (size_t)(at - text));
		buffer_text(&out, after);
	}
	buffer_text(&out, text);
	return out.data;
}

static bool replace_identity(struct taking *taking)
{
	const struct scaffold *scaffold = taking->scaffold;
	struct arena *arena = scaffold->arena;
	const struct {
		const char *field, *value;
	} identity[] = {
		{"id", arena_printf(arena, "%s.%d", scaffold->stem, scaffold->level)},
		{"version", "1.0.0"},
		{"occupation_code", scaffold->code},
		{"occupation_name", scaffold->name},
	};

	for (size_t i = 0; i < COUNT(identity); i++) {
		const char *before = field_literal(taking, identity[i].field);

		if (!before)
			return fail(&taking->error, INVALID, "kit.from_field", "field",
				       identity[i].field, NULL) == OK;
		for (size_t j = 0; j < taking->count; j++)
			taking->files[j].text = replaced(arena, taking->files[j].text,
				arena_printf(arena, "\"%s\"", before),
				arena_printf(arena, "\"%s\"", identity[i].value));
	}
	return true;
}

/* Conditions and materials belong to a level: those of another would be wrong ones. */
static bool expect_level(struct taking *taking)
{
	const char *wanted =
		arena_printf(taking->scaffold->arena, "KAOWU_LEVEL_%d", taking->scaffold->level);
	const char *found = field_text(taking, "level_name");

	if (found && text_starts(found, wanted))
		return true;
	return fail(&taking->error, INVALID, "kit.from_level", "wanted", wanted, NULL) == OK;
}

size_t plugin_take_over(
	const struct scaffold *scaffold, struct source_file files[SOURCE_FILES_MOST])
{
	struct taking taking = {
		.scaffold = scaffold, .files = files, .error = {.arena = scaffold->arena}};

	if (read_sources(&taking) && expect_level(&taking) && replace_identity(&taking))
		return taking.count;
	command_failed(scaffold->from, &taking.error);
	return 0;
}
