/*
 * What every engine shares: values to bind, and rows as JSON.
 */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine.h"

struct value value_text(const char *text)
{
	if (!text)
		return SQL_NULL;
	return (struct value){.kind = VALUE_TEXT, .bytes = bytes_of(text, strlen(text))};
}

/* How a column is to be read, by the suffix of its alias. */
enum reading { READ_PLAIN, READ_BOOLEAN, READ_MOMENT, READ_JSON, READ_EMBEDDED };

static enum reading reading_of(const char *alias, size_t *name_size)
{
	static const struct {
		const char *suffix;
		enum reading reading;
	} suffixes[] = {{"", READ_PLAIN}, {"?", READ_BOOLEAN}, {"@", READ_MOMENT},
		{"{}", READ_JSON}, {"{=}", READ_EMBEDDED}};

	*name_size = strcspn(alias, "?@{");
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		if (strcmp(alias + *name_size, suffixes[i].suffix) == 0)
			return suffixes[i].reading;
	}
	*name_size = strlen(alias);
	return READ_PLAIN;
}

/* What we stored ourselves should parse; where it does not, one damaged value must not hide the row. */
static json *stored_json(
	const struct cursor *cursor, int column, enum reading reading, struct arena *arena)
{
	enum result (*const read)(struct arena *, const char *, size_t, json **, struct error *) =
		reading == READ_EMBEDDED ? json_embed : json_parse;
	const char *text = cursor_text(cursor, column, arena);
	struct error error = {.arena = arena};
	json *value;

	if (!text || read(arena, text, strlen(text), &value, &error)) {
		log_event(LOG_ERROR, "store.damaged_json", "column", cursor_name(cursor, column),
			NULL);
		return json_new_null(arena);
	}
	return value;
}

static json *plain_value(const struct cursor *cursor, int column, struct arena *arena)
{
	switch (cursor_kind(cursor, column)) {
	case VALUE_INTEGER:
		return json_new_integer(arena, cursor_integer(cursor, column));
	case VALUE_TEXT:
		return json_new_text_there(arena, cursor_text(cursor, column, arena));
	default:
		return NULL; /* blobs are left out */
	}
}

static json *moment_value(struct arena *arena, int64_t at_ms)
{
	return at_ms ? json_new_text_there(arena, moment_text(arena, at_ms)) : json_new_null(arena);
}

static json *column_value(
	const struct cursor *cursor, int column, enum reading reading, struct arena *arena)
{
	if (cursor_is_null(cursor, column))
		return json_new_null(arena);
	switch (reading) {
	case READ_BOOLEAN:
		return json_new_boolean(arena, cursor_integer(cursor, column) != 0);
	case READ_MOMENT:
		return moment_value(arena, cursor_integer(cursor, column));
	case READ_JSON:
	case READ_EMBEDDED:
		return stored_json(cursor, column, reading, arena);
	default:
		return plain_value(cursor, column, arena);
	}
}

struct column {
	const char *name;
	enum reading reading;
};

/* The columns of a query: the same for each row, so read once. */
struct shape {
	struct column *columns;
	int width;
};

static struct shape shape_of(const struct cursor *cursor, struct arena *arena)
{
	struct shape shape = {.width = cursor_width(cursor)};

	shape.columns = NEW_ARRAY(arena, struct column, (size_t)shape.width);
	for (int i = 0; i < shape.width; i++) {
		const char *alias = cursor_name(cursor, i);
		size_t size;

		shape.columns[i].reading = reading_of(alias, &size);
		shape.columns[i].name = arena_text_part(arena, alias, size);
	}
	return shape;
}

static json *row_object(const struct cursor *cursor, const struct shape *shape, struct arena *arena)
{
	json *object = json_new_object(arena);

	for (int i = 0; i < shape->width; i++)
		json_add(object, shape->columns[i].name,
			column_value(cursor, i, shape->columns[i].reading, arena));
	return object;
}

json *cursor_object(const struct cursor *cursor, struct arena *arena)
{
	struct shape shape = shape_of(cursor, arena);

	return row_object(cursor, &shape, arena);
}

enum result store_find(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	json *object = cursor_next(&rows) ? cursor_object(&rows, arena) : NULL;
	rc = cursor_end(&rows, error);
	if (!rc)
		*out = object;
	return rc;
}

enum result store_object(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error)
{
	json *object;
	enum result rc = store_find(store, arena, sql, binding, &object, error);
	if (rc)
		return rc;
	if (!object)
		return fail(error, NOT_FOUND, "store.no_row", NULL);
	*out = object;
	return OK;
}

enum result store_array(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	struct shape shape = shape_of(&rows, arena);
	json *array = json_new_array(arena);
	while (cursor_next(&rows))
		json_append(array, row_object(&rows, &shape, arena));
	rc = cursor_end(&rows, error);
	if (!rc)
		*out = array;
	return rc;
}

enum result store_integer(struct store *store, const char *sql, struct binding binding,
	int64_t *out, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	bool found = cursor_next(&rows);
	int64_t value = found ? cursor_integer(&rows, 0) : 0;
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	if (!found)
		return fail(error, NOT_FOUND, "store.no_row", NULL);
	*out = value;
	return OK;
}

/* NULL is a text as well: `found` tells it from none. */
static enum result first_text(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, const char **out, bool *found, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	*found = cursor_next(&rows);
	*out = *found ? cursor_text(&rows, 0, arena) : NULL;
	return cursor_end(&rows, error);
}

enum result store_find_text(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, const char **out, struct error *error)
{
	const char *text;
	bool found;
	enum result rc = first_text(store, arena, sql, binding, &text, &found, error);
	if (!rc)
		*out = text;
	return rc;
}

enum result store_text(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, const char **out, struct error *error)
{
	const char *text;
	bool found;
	enum result rc = first_text(store, arena, sql, binding, &text, &found, error);
	if (rc)
		return rc;
	if (!found)
		return fail(error, NOT_FOUND, "store.no_row", NULL);
	*out = text;
	return OK;
}

enum result store_has(struct store *store, const char *sql, struct binding binding, bool *out,
	struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	bool found = cursor_next(&rows);
	rc = cursor_end(&rows, error);
	if (!rc)
		*out = found;
	return rc;
}
