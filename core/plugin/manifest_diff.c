/*
 * Lists of names by their members, tables by the ids of their rows, rows by their columns (manifest_diff.h).
 */
#include "manifest_diff.h"

#include "base/arena.h"
#include "base/text.h"
#include "manifest_words.h"

struct diff {
	const json *before, *after;
	enum language language;
	struct error *changes;
};

static const char *label(const struct diff *diff, const char *kind, const char *name)
{
	struct arena *arena = diff->changes->arena;

	return message_text(
		arena, diff->language, arena_printf(arena, "kit.%s_%s", kind, name), NULL);
}

/* ---- Lists of names ---- */

static void names_missing(const struct diff *diff, const char *pointer, const char *code,
	const char *list, const json *from, const json *in)
{
	struct arena *arena = diff->changes->arena;
	json *missing = json_new_array(arena);

	json_each(name, from)
	{
		if (!json_holds(in, json_text(name)))
			json_append(missing, json_new_text(arena, json_text(name)));
	}
	if (json_count(missing) > 0)
		fault_add(diff->changes, pointer, code, "list", list, "names",
			names_joined(arena, diff->language, missing), NULL);
}

static void diff_names(const struct diff *diff, const char *pointer, const char *list,
	const json *before, const json *after)
{
	names_missing(diff, pointer, "kit.diff_names_added", list, after, before);
	names_missing(diff, pointer, "kit.diff_names_removed", list, before, after);
}

/* ---- Values ---- */

static const char *value_words(const struct diff *diff, const json *value)
{
	struct arena *arena = diff->changes->arena;

	if (json_is_boolean(value))
		return label(diff, "answer", json_true(value) ? "yes" : "no");
	if (json_is_array(value))
		return names_joined(arena, diff->language, value);
	if (json_is_integer(value))
		return arena_printf(arena, "%d", (int)json_integer(value));
	return json_text(value) ? json_text(value) : label(diff, "answer", "none");
}

static void diff_value(const struct diff *diff, const char *pointer, const char *subject,
	const char *column, const json *before, const json *after)
{
	if (!json_equal(before, after))
		fault_add(diff->changes, pointer, "kit.diff_value", "subject", subject, "column",
			label(diff, "column", column), "before", value_words(diff, before), "after",
			value_words(diff, after), NULL);
}

/* ---- Tables ---- */

/* The columns of each table that hold one value; the first one names a row. */
static const struct {
	const char *table, *columns[8];
} tables[] = {
	{"conditions", {"text", "source"}},
	{"materials", {"name", "kind", "required", "handwritten", "paper_copies", "note"}},
	{"fields", {"name", "kind", "required", "choices", "note"}},
	{"subjects", {"name", "minutes", "full", "pass"}},
};

static const char *requirement_words(
	const struct diff *diff, const json *manifest, const char *condition)
{
	struct arena *arena = diff->changes->arena;
	json *texts = json_new_array(arena);

	json_each(told, manifest_requirements(arena, manifest, condition)) json_append(texts,
		json_new_text(arena,
			json_get_text(told, diff->language == LANGUAGE_EN ? "text_en" : "text")));
	return names_joined(arena, diff->language, texts);
}

/* Words that do not tell two trees apart leave the trees themselves. */
static void diff_requirement(const struct diff *diff, const char *pointer, const char *subject,
	const json *before, const json *after)
{
	struct arena *arena = diff->changes->arena;
	const json *trees[] = {json_get(before, "requirement"), json_get(after, "requirement")};
	const char *id = json_get_text(before, "id");

	if (json_equal(trees[0], trees[1]))
		return;
	const char *words[] = {requirement_words(diff, diff->before, id),
		requirement_words(diff, diff->after, id)};
	bool told = !text_equal(words[0], words[1]);
	fault_add(diff->changes, pointer, "kit.diff_value", "subject", subject, "column",
		label(diff, "column", "requirement"), "before",
		told ? words[0] : json_print(arena, trees[0]), "after",
		told ? words[1] : json_print(arena, trees[1]), NULL);
}

static void diff_row(const struct diff *diff, size_t table, const char *pointer, const json *before,
	const json *after)
{
	const char *subject = arena_printf(diff->changes->arena, "%s %s",
		label(diff, "table", tables[table].table), json_get_text(before, "id"));

	for (const char *const *column = tables[table].columns; *column; column++)
		diff_value(diff, pointer, subject, *column, json_get(before, *column),
			json_get(after, *column));
	if (!json_get(before, "requirement"))
		return;
	diff_requirement(diff, pointer, subject, before, after);
	diff_names(diff, pointer,
		arena_printf(
			diff->changes->arena, "%s %s", subject, label(diff, "table", "materials")),
		json_get(before, "materials"), json_get(after, "materials"));
}

static void row_told(const struct diff *diff, size_t table, const char *pointer, const char *code,
	const json *row)
{
	fault_add(diff->changes, pointer, code, "list", label(diff, "table", tables[table].table),
		"id", json_get_text(row, "id"), "name",
		json_get_text(row, tables[table].columns[0]), NULL);
}

static void diff_table(const struct diff *diff, size_t table)
{
	const char *name = tables[table].table;
	int index = 0;

	json_each(row, json_get(diff->before, name))
	{
		if (!manifest_row(diff->after, name, json_get_text(row, "id")))
			row_told(diff, table, arena_printf(diff->changes->arena, "/%s", name),
				"kit.diff_removed", row);
	}
	json_each(row, json_get(diff->after, name))
	{
		const json *before = manifest_row(diff->before, name, json_get_text(row, "id"));
		const char *pointer = arena_printf(diff->changes->arena, "/%s/%d", name, index++);

		if (before)
			diff_row(diff, table, pointer, before, row);
		else
			row_told(diff, table, pointer, "kit.diff_added", row);
	}
}

/* ---- The whole ---- */

static void diff_identity(const struct diff *diff)
{
	static const char *const columns[][2] = {{"/id", "id"}, {"/occupation/code", "code"},
		{"/occupation/name", "name"}, {"/level_name", "level"}, {"/condition_set", "set"},
		{"/related/text", "related_text"}, {"/related/open", "related_open"}};

	for (size_t i = 0; i < COUNT(columns); i++)
		diff_value(diff, columns[i][0], label(diff, "table", "plugin"), columns[i][1],
			json_at_pointer(diff->before, columns[i][0]),
			json_at_pointer(diff->after, columns[i][0]));
}

void manifest_diff(
	const json *before, const json *after, enum language language, struct error *changes)
{
	const struct diff diff = {before, after, language, changes};

	diff_identity(&diff);
	diff_names(&diff, "/related/names", label(&diff, "table", "related"),
		json_at_pointer(before, "/related/names"),
		json_at_pointer(after, "/related/names"));
	diff_names(&diff, "/work_types", label(&diff, "table", "work_types"),
		json_get(before, "work_types"), json_get(after, "work_types"));
	diff_names(&diff, "/majors", label(&diff, "table", "majors"), json_get(before, "majors"),
		json_get(after, "majors"));
	for (size_t i = 0; i < COUNT(tables); i++)
		diff_table(&diff, i);
	diff_names(&diff, "/functions", label(&diff, "table", "functions"),
		json_get(before, "functions"), json_get(after, "functions"));
}
