/*
 * Reads a plugin's tables into JSON (manifest.h). Runs inside the plugin's sandbox only.
 *
 * Reading goes on after a mistake with harmless values, and all of them are told at the end: so each table reads as
 * a list of its columns. `place` always names the row being read, in the words of kaowu_plugin.h:
 * "conditions[0].text".
 */
#include "manifest.h"

#include <string.h>

#include "base/text.h"

#define TEXT_BYTES   8192
#define TABLE_ROWS   256
#define NESTING      8     /* of requirements: a tree that leads back into itself ends here */
#define TABLES_BYTES 65536 /* the most that `size` may say */
#define ROW_BYTES    4096  /* the same of a row */

struct reader {
	struct arena *arena;
	struct error *error;
	const char *place;
	const char *set; /* of conditions that name none */
	int requirements, nesting;
	bool newer; /* a row has more than we know, and it is used */
};

static void complain(struct reader *reader, const char *code, const char *name)
{
	fault_add(reader->error, "", code, "place",
		arena_printf(reader->arena, "%s%s", reader->place, name), NULL);
}

/* From here on places are below this row; gives back the place to return to. */
static const char *enter(struct reader *reader, const char *table, size_t index)
{
	const char *before = reader->place;
	reader->place = arena_printf(reader->arena, "%s%s[%zu].", before, table, index);
	return before;
}

/* NULL, and a complaint unless it is optional, where there is no good text. */
static json *optional_text(struct reader *reader, const char *name, const char *text)
{
	if (!text)
		return json_new_null(reader->arena);

	size_t size = strnlen(text, TEXT_BYTES);
	if (size < TEXT_BYTES && text_is_utf8(text, size))
		return json_new_text(reader->arena, text);
	complain(reader, size < TEXT_BYTES ? "plugin.text_encoding" : "plugin.text_endless", name);
	return json_new_null(reader->arena);
}

static json *text(struct reader *reader, const char *name, const char *text)
{
	if (!text)
		complain(reader, "plugin.text_missing", name);
	return optional_text(reader, name, text);
}

/*
 * A struct of this header's size out of one of an older or newer header's: what is missing at its end is zero; false
 * if something lies beyond ours.
 */
static bool copy_grown(void *copy, size_t copy_size, const void *original, size_t size)
{
	const unsigned char *bytes = original;
	for (size_t i = copy_size; i < size; i++)
		if (bytes[i])
			return false;
	memset(copy, 0, copy_size);
	memcpy(copy, original, size < copy_size ? size : copy_size);
	return true;
}

typedef json *read_row(struct reader *reader, const void *row);

/* Any KAOWU_TABLE(). */
struct table {
	const void *rows;
	size_t count, row_size;
};

/* A table as an array, row by row; nothing where it cannot be read. `size` is that of a row in this header. */
static json *table(struct reader *reader, const char *name, const struct table *from, size_t size,
	read_row *read)
{
	json *array = json_new_array(reader->arena);
	if (from->count > TABLE_ROWS || (from->count > 0 && !from->rows)) {
		complain(reader, from->rows ? "plugin.table_long" : "plugin.table_missing", name);
		return array;
	}
	if (from->count > 0 && (from->row_size == 0 || from->row_size > ROW_BYTES)) {
		complain(reader, "plugin.row_size", name);
		return array;
	}
	void *row = arena_alloc(reader->arena, size);
	for (size_t i = 0; i < from->count; i++) {
		const char *before = enter(reader, name, i);
		if (!copy_grown(row, size, (const char *)from->rows + i * from->row_size,
			    from->row_size))
			reader->newer = true;
		json_append(array, read(reader, row));
		reader->place = before;
	}
	return array;
}

#define TABLE(reader, name, table_, read)                                                          \
	table(reader, name, &(struct table){(table_).rows, (table_).count, (table_).row_size},     \
		sizeof(*(table_).rows), read)

static json *text_row(struct reader *reader, const void *row)
{
	return text(reader, "", *(const char *const *)row);
}

/* One of `words`, by its enumerator, which counts from 1 (or from 0 where words[0] is not NULL). */
static json *word(struct reader *reader, const char *name, uint32_t value, const char *const *words,
	size_t count)
{
	if (value >= count || !words[value]) {
		complain(reader, "plugin.value_unknown", name);
		return json_new_null(reader->arena);
	}
	return json_new_text(reader->arena, words[value]);
}

#define WORD(reader, name, value, words) word(reader, name, value, words, COUNT(words))

/* A compiler's bool is 0 or 1; a liar's byte may be anything. */
static json *truth(struct reader *reader, const char *name, const bool *value)
{
	unsigned char byte;
	memcpy(&byte, value, 1);
	if (byte > 1)
		complain(reader, "plugin.value_unknown", name);
	return json_new_boolean(reader->arena, byte == 1);
}

static json *number(struct reader *reader, uint32_t value)
{
	return json_new_integer(reader->arena, value);
}

static const char *const scopes[] = {NULL, "same", "related", "unrelated"};
static const char *const ranks[] = {NULL, "junior", "intermediate", "senior"};
static const char *const diplomas[] = {"secondary_vocational", "skilled_school", "advanced_class",
	"technician_college", "higher_vocational", "university"};
static const char *const trainings[] = {NULL, "apprenticeship", "course", "preparatory_technician"};

/* ---- Conditions ---- */

static json *diploma_set(struct reader *reader, uint32_t set)
{
	json *array = json_new_array(reader->arena);
	if (set >> COUNT(diplomas))
		complain(reader, "plugin.value_unknown", "diplomas");
	for (size_t i = 0; i < COUNT(diplomas); i++)
		if (set >> i & 1)
			json_append(array, json_new_text(reader->arena, diplomas[i]));
	return array;
}

static json *leaf(struct reader *reader, const struct kaowu_requirement *row)
{
	static const char *const kinds[] = {
		NULL, NULL, NULL, "age", "certificate", "title", "diploma", "work", "training"};
	static const char *const sinces[] = {NULL, "start", "certificate", "title"};
	static const char *const students[] = {"no", "final_year", "only"};
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "kind", WORD(reader, "kind", row->kind, kinds));
	if (row->kind == KAOWU_CERTIFICATE)
		json_set(arena, object, "level", number(reader, row->level));
	if (row->kind == KAOWU_CERTIFICATE && row->years)
		json_set(arena, object, "held_years", number(reader, row->years));
	if (row->kind == KAOWU_AGE || row->kind == KAOWU_WORK)
		json_set(arena, object, "years", number(reader, row->years));
	if (row->kind == KAOWU_TITLE)
		json_set(arena, object, "rank", WORD(reader, "rank", row->rank, ranks));
	if (row->kind == KAOWU_WORK)
		json_set(arena, object, "since", WORD(reader, "since", row->since, sinces));
	if (row->kind == KAOWU_DIPLOMA) {
		json_set(arena, object, "diplomas", diploma_set(reader, row->diplomas));
		json_set(arena, object, "students",
			WORD(reader, "students", row->students, students));
		json_set(arena, object, "assessed", truth(reader, "assessed", &row->assessed));
	}
	if (row->kind == KAOWU_TRAINING)
		json_set(arena, object, "training",
			WORD(reader, "training", row->training, trainings));
	if (row->kind == KAOWU_TRAINING && row->training == KAOWU_COURSE) {
		json_set(arena, object, "level", number(reader, row->level));
		json_set(arena, object, "hours", number(reader, row->hours));
	}
	if (row->kind != KAOWU_AGE && row->kind != KAOWU_TITLE)
		json_set(arena, object, "scope", WORD(reader, "scope", row->scope, scopes));
	return object;
}

static json *requirement(struct reader *reader, const void *data)
{
	const struct kaowu_requirement *row = data;
	bool all = row->kind == KAOWU_ALL;
	if (++reader->requirements > MANIFEST_REQUIREMENTS || reader->nesting == NESTING) {
		complain(reader, "plugin.nesting", "");
		return json_new_null(reader->arena);
	}
	if (!all && row->kind != KAOWU_ANY)
		return leaf(reader, row);

	json *object = json_new_object(reader->arena);
	reader->nesting++;
	json_set(reader->arena, object, all ? "all" : "any",
		TABLE(reader, "parts", row->parts, requirement));
	reader->nesting--;
	return object;
}

static json *condition(struct reader *reader, const void *data)
{
	const struct kaowu_condition *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena), *all = json_new_object(arena);
	reader->requirements = 0;
	json_set(arena, object, "id", text(reader, "id", row->id));
	json_set(arena, object, "set", text(reader, "set", row->set ? row->set : reader->set));
	json_set(arena, object, "text", text(reader, "text", row->text));
	json_set(arena, object, "source", text(reader, "source", row->source));
	json_set(arena, all, "all", TABLE(reader, "requirements", row->requirements, requirement));
	json_set(arena, object, "requirement", all);
	json_set(arena, object, "materials", TABLE(reader, "materials", row->materials, text_row));
	return object;
}

/* ---- Materials, fields, subjects ---- */

static json *material(struct reader *reader, const void *data)
{
	const struct kaowu_material *row = data;
	static const char *const kinds[] = {NULL, "portrait", "photo", "scan"};
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "id", text(reader, "id", row->id));
	json_set(arena, object, "name", text(reader, "name", row->name));
	json_set(arena, object, "kind", WORD(reader, "kind", row->kind, kinds));
	json_set(arena, object, "required", truth(reader, "required", &row->required));
	json_set(arena, object, "handwritten", truth(reader, "handwritten", &row->handwritten));
	json_set(arena, object, "paper_copies", number(reader, row->paper_copies));
	json_set(arena, object, "note", optional_text(reader, "note", row->note));
	return object;
}

static json *field(struct reader *reader, const void *data)
{
	const struct kaowu_field *row = data;
	static const char *const kinds[] = {NULL, "line", "number", "date", "choice"};
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "id", text(reader, "id", row->id));
	json_set(arena, object, "name", text(reader, "name", row->name));
	json_set(arena, object, "kind", WORD(reader, "kind", row->kind, kinds));
	json_set(arena, object, "required", truth(reader, "required", &row->required));
	json_set(arena, object, "choices", TABLE(reader, "choices", row->choices, text_row));
	json_set(arena, object, "note", optional_text(reader, "note", row->note));
	return object;
}

static json *subject(struct reader *reader, const void *data)
{
	const struct kaowu_subject *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "id", text(reader, "id", row->id));
	json_set(arena, object, "name", text(reader, "name", row->name));
	json_set(arena, object, "minutes", number(reader, row->minutes));
	json_set(arena, object, "full", number(reader, row->full));
	json_set(arena, object, "pass", number(reader, row->pass));
	return object;
}

/* ---- Worked examples ---- */

static json *held_certificate(struct reader *reader, const void *data)
{
	const struct kaowu_held_certificate *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "occupation", text(reader, "occupation", row->occupation));
	json_set(arena, object, "level", number(reader, row->level));
	json_set(arena, object, "issued", text(reader, "issued", row->issued));
	json_set(arena, object, "consider", truth(reader, "consider", &row->consider));
	return object;
}

static json *held_title(struct reader *reader, const void *data)
{
	const struct kaowu_held_title *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "rank", WORD(reader, "rank", row->rank, ranks));
	json_set(arena, object, "issued", text(reader, "issued", row->issued));
	json_set(arena, object, "matching", truth(reader, "matching", &row->matching));
	return object;
}

static json *held_diploma(struct reader *reader, const void *data)
{
	const struct kaowu_held_diploma *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena), *set = diploma_set(reader, row->diploma);
	if (json_count(set) != 1)
		complain(reader, "plugin.value_unknown", "diploma");
	json_set_text(arena, object, "kind", json_text(json_first(set)));
	json_set(arena, object, "major", optional_text(reader, "major", row->major));
	json_set(arena, object, "major_scope", WORD(reader, "scope", row->scope, scopes));
	json_set(arena, object, "graduated", optional_text(reader, "graduated", row->graduated));
	json_set(arena, object, "final_year", truth(reader, "final_year", &row->final_year));
	return object;
}

static json *held_training(struct reader *reader, const void *data)
{
	const struct kaowu_held_training *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "kind", WORD(reader, "training", row->training, trainings));
	json_set(arena, object, "occupation", text(reader, "occupation", row->occupation));
	json_set(arena, object, "completed", text(reader, "completed", row->completed));
	if (row->training == KAOWU_COURSE) {
		json_set(arena, object, "level", number(reader, row->level));
		json_set(arena, object, "hours", number(reader, row->hours));
	}
	json_set(arena, object, "consider", truth(reader, "consider", &row->consider));
	return object;
}

static json *worked(struct reader *reader, const void *data)
{
	const struct kaowu_worked *row = data;
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "from", text(reader, "from", row->from));
	json_set(arena, object, "to", optional_text(reader, "to", row->to));
	json_set(arena, object, "occupation", text(reader, "occupation", row->occupation));
	json_set(arena, object, "consider", truth(reader, "consider", &row->consider));
	return object;
}

static json *example(struct reader *reader, const void *data)
{
	const struct kaowu_example *row = data;
	static const char *const outcomes[] = {NULL, "met", "not_met", "review"};
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena), *facts = json_new_object(arena);
	json_set(arena, object, "name", text(reader, "name", row->name));
	json_set(arena, object, "condition", text(reader, "condition", row->condition));
	json_set(arena, facts, "on", text(reader, "on", row->on));
	json_set(arena, facts, "birth", optional_text(reader, "birth", row->birth));
	json_set(arena, facts, "certificates",
		TABLE(reader, "certificates", row->certificates, held_certificate));
	json_set(arena, facts, "titles", TABLE(reader, "titles", row->titles, held_title));
	json_set(arena, facts, "diplomas", TABLE(reader, "diplomas", row->diplomas, held_diploma));
	json_set(arena, facts, "trainings",
		TABLE(reader, "trainings", row->trainings, held_training));
	json_set(arena, facts, "work", TABLE(reader, "work", row->work, worked));
	json_set(arena, object, "facts", facts);
	json_set(arena, object, "outcome", WORD(reader, "outcome", row->outcome, outcomes));
	json_set(arena, object, "eligible_from",
		optional_text(reader, "eligible_from", row->eligible_from));
	return object;
}

/* ---- The whole ---- */

static json *identity(struct reader *reader, const struct kaowu_plugin *tables)
{
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena), *occupation = json_new_object(arena);
	json_set(arena, object, "abi", number(reader, tables->abi));
	json_set(arena, object, "id", text(reader, "id", tables->id));
	json_set(arena, object, "version", text(reader, "version", tables->version));
	json_set(arena, occupation, "code",
		text(reader, "occupation_code", tables->occupation_code));
	json_set(arena, occupation, "name",
		text(reader, "occupation_name", tables->occupation_name));
	json_set(arena, object, "occupation", occupation);
	json_set(arena, object, "level", number(reader, tables->level));
	json_set(arena, object, "level_name", text(reader, "level_name", tables->level_name));
	json_set(arena, object, "condition_set",
		text(reader, "condition_set", tables->condition_set));
	return object;
}

static json *related(struct reader *reader, const struct kaowu_plugin *tables)
{
	struct arena *arena = reader->arena;
	json *object = json_new_object(arena);
	json_set(arena, object, "names", TABLE(reader, "related", tables->related, text_row));
	json_set(
		arena, object, "text", optional_text(reader, "related_text", tables->related_text));
	json_set(arena, object, "open", truth(reader, "related_open", &tables->related_open));
	return object;
}

/*
 * Our own copy: what the plugin has beyond what we know must be zero, so that nothing it means is passed over;
 * what it lacks is zero.
 */
static enum result copy_tables(
	const struct kaowu_plugin *tables, struct kaowu_plugin *copy, struct error *error)
{
	if (tables->abi != KAOWU_ABI)
		return fail(error, INVALID, "plugin.abi", "found",
			arena_printf(error->arena, "%u", tables->abi), "known",
			arena_printf(error->arena, "%d", KAOWU_ABI), NULL);

	uint32_t size = tables->size;
	if (size < sizeof(tables->abi) + sizeof(size) || size > TABLES_BYTES)
		return fail(error, INVALID, "plugin.size", "found",
			arena_printf(error->arena, "%u", size), NULL);

	if (!copy_grown(copy, sizeof(*copy), tables, size))
		return fail(error, INVALID, "plugin.newer", NULL);
	return OK;
}

enum result manifest_build(
	struct arena *arena, const struct kaowu_plugin *tables, json **out, struct error *error)
{
	struct reader reader = {.arena = arena, .error = error, .place = ""};
	struct kaowu_plugin copy;
	enum result rc = copy_tables(tables, &copy, error);
	if (rc)
		return rc;

	reader.set = copy.condition_set;
	json *manifest = identity(&reader, &copy);
	json_set(arena, manifest, "related", related(&reader, &copy));
	json_set(arena, manifest, "conditions",
		TABLE(&reader, "conditions", copy.conditions, condition));
	json_set(arena, manifest, "materials",
		TABLE(&reader, "materials", copy.materials, material));
	json_set(arena, manifest, "work_types",
		TABLE(&reader, "work_types", copy.work_types, text_row));
	json_set(arena, manifest, "majors", TABLE(&reader, "majors", copy.majors, text_row));
	json_set(arena, manifest, "fields", TABLE(&reader, "fields", copy.fields, field));
	json_set(arena, manifest, "subjects", TABLE(&reader, "subjects", copy.subjects, subject));
	json_set(arena, manifest, "examples", TABLE(&reader, "examples", copy.examples, example));
	json *functions = json_set(arena, manifest, "functions", json_new_array(arena));
	if (copy.check_form)
		json_append(functions, json_new_text(arena, "check_form"));
	if (reader.newer) {
		error_forget(error); /* all else may come of that */
		return fail(error, INVALID, "plugin.newer", NULL);
	}
	rc = refuse_faults(error);
	if (rc)
		return rc;

	*out = manifest;
	return OK;
}
