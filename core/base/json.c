/*
 * The tree: cJSON's, with all of its memory in our arenas.
 *
 * The hard thing is that cJSON's allocation hooks are one set for the whole process and know
 * nothing of arenas: they take from a thread-local pointer, which every function here that can
 * allocate sets first. Freeing does nothing. No other file calls cJSON.
 */
#include "json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "clock.h"
#include "json_scan.h"
#include "limits.h"
#include "text.h"

#define INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1: beyond it doubles skip integers */

static _Thread_local struct arena *current;

static void *take(size_t size)
{
	return arena_alloc(current, size);
}

static void keep(void *memory)
{
	(void)memory;
}

__attribute__((constructor)) static void install_hooks(void)
{
	cJSON_Hooks hooks = {.malloc_fn = take, .free_fn = keep};

	cJSON_InitHooks(&hooks);
}

/* Lines and columns count from 1, columns in characters. */
static enum result refuse(
	struct error *error, const char *text, struct json_flaw flaw, const char *name)
{
	char line_text[24], column_text[24], depth_text[24];
	size_t line = 1, column = 1;

	for (size_t i = 0; i < flaw.offset; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	snprintf(line_text, sizeof(line_text), "%zu", line);
	snprintf(column_text, sizeof(column_text), "%zu", column);
	snprintf(depth_text, sizeof(depth_text), "%d", LIMIT_JSON_DEPTH);
	return fail(error, MALFORMED, flaw.code, "line", line_text, "column", column_text, "limit",
		depth_text, name ? "name" : NULL, name, NULL);
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* A name that stands twice in this object, or NULL. Sorted, because hostile objects are long. */
static const char *name_twice(struct arena *arena, const json *object)
{
	size_t count = json_count(object), i = 0;
	const char **names;

	if (count < 2)
		return NULL;
	names = NEW_ARRAY(arena, const char *, count);
	json_each(member, object) names[i++] = json_name(member);
	qsort(names, count, sizeof(*names), compare_names);
	for (i = 1; i < count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			return names[i];
	return NULL;
}

static const json *second_named(const json *object, const char *name)
{
	const json *first = json_get(object, name);

	for (const json *member = json_next(first); member; member = json_next(member))
		if (strcmp(json_name(member), name) == 0)
			return member;
	return NULL;
}

/* The first member, in the order of the tree, whose name is taken already; NULL if all differ. */
static const json *duplicate_in(struct arena *arena, const json *value)
{
	const char *name = json_is_object(value) ? name_twice(arena, value) : NULL;

	if (name)
		return second_named(value, name);
	json_each(item, value)
	{
		const json *duplicate = duplicate_in(arena, item);
		if (duplicate)
			return duplicate;
	}
	return NULL;
}

/* How many names stand before this member's in the text; true once it was found. */
static bool names_before(const json *value, const json *member, size_t *count)
{
	json_each(item, value)
	{
		if (item == member)
			return true;
		if (json_is_object(value))
			(*count)++;
		if (names_before(item, member, count))
			return true;
	}
	return false;
}

enum result json_parse(
	struct arena *arena, const char *text, size_t size, json **out, struct error *error)
{
	struct json_flaw flaw;
	const json *duplicate;
	size_t names = 0;
	json *value;

	if (!json_scan(text, size, &flaw))
		return refuse(error, text, flaw, NULL);

	current = arena;
	value = cJSON_ParseWithLengthOpts(text, size, NULL, 0);
	assert(value); /* the door let it in */

	duplicate = duplicate_in(arena, value);
	if (duplicate) {
		names_before(value, duplicate, &names);
		flaw = (struct json_flaw){"json.duplicate", json_scan_name(text, size, names)};
		return refuse(error, text, flaw, json_name(duplicate));
	}
	*out = value;
	return OK;
}

enum result json_parse_own(
	struct arena *arena, const char *text, size_t size, json **out, struct error *error)
{
	json *value;

	current = arena;
	value = cJSON_ParseWithLengthOpts(text, size, NULL, 0);
	if (!value)
		return trouble(error, BROKEN, "json.damaged", "%zu bytes", size);
	*out = value;
	return OK;
}

/* The text stays where it is. */
static json *node_of(struct arena *arena, int type, const char *text)
{
	json *node = NEW(arena, json);

	node->type = type;
	node->valuestring = (char *)(uintptr_t)text;
	return node;
}

/* As the last of its items: cJSON keeps that in the first one's `prev`. */
static void link_last(json *container, json *item)
{
	json *first = container->child;

	if (first) {
		item->prev = first->prev;
		first->prev->next = item;
		first->prev = item;
	} else {
		container->child = item;
		item->prev = item;
	}
}

enum result json_embed(
	struct arena *arena, const char *text, size_t size, json **out, struct error *error)
{
	struct json_flaw flaw;

	if (!json_scan(text, size, &flaw))
		return refuse(error, text, flaw, NULL);
	*out = node_of(arena, cJSON_Raw, arena_text_part(arena, text, size));
	return OK;
}

json *json_embed_own(struct arena *arena, const char *text)
{
	return node_of(arena, cJSON_Raw, text);
}

json *json_copy(struct arena *arena, const json *value)
{
	current = arena;
	return cJSON_Duplicate(value, true);
}

/* The node by itself, with the text or the container that it holds. */
static json *alias(struct arena *arena, const json *value)
{
	json *node = arena_copy(arena, value, sizeof(*value));

	node->next = node->prev = NULL;
	return node;
}

json *json_share(struct arena *arena, const json *value)
{
	json *shared;

	if (!value)
		return NULL;
	shared = alias(arena, value);
	shared->child = NULL;
	shared->string = NULL;
	json_each(item, value) link_last(shared, alias(arena, item)); /* keeps its name */
	return shared;
}

json *json_get(const json *object, const char *name)
{
	if (!json_is_object(object))
		return NULL;
	json_each(member, object)
	{
		/* Most names differ in their first letter. */
		if (*member->string == *name && strcmp(member->string, name) == 0)
			return member;
	}
	return NULL;
}

/* A token of a pointer is a name with "~0" for '~' and "~1" for '/'. */
static bool token_equals(const char *token, size_t size, const char *name)
{
	for (size_t i = 0; i < size; i++, name++) {
		char c = token[i];
		if (c == '~') {
			if (++i == size || (token[i] != '0' && token[i] != '1'))
				return false;
			c = token[i] == '0' ? '~' : '/';
		}
		if (*name != c)
			return false;
	}
	return *name == '\0';
}

static json *member_for_token(const json *object, const char *token, size_t size)
{
	json_each(member, object) if (token_equals(token, size, json_name(member))) return member;
	return NULL;
}

static json *element_for_token(const json *array, const char *token, size_t size)
{
	size_t index = 0;

	if (size == 0 || size > 9 || (size > 1 && token[0] == '0'))
		return NULL;
	for (size_t i = 0; i < size; i++) {
		if (token[i] < '0' || token[i] > '9')
			return NULL;
		index = index * 10 + (size_t)(token[i] - '0');
	}
	json_each(item, array) if (index-- == 0) return item;
	return NULL;
}

json *json_at_pointer(const json *value, const char *pointer)
{
	json *found = (json *)(uintptr_t)value;

	while (found && *pointer) {
		size_t size;
		if (*pointer++ != '/')
			return NULL;
		size = strcspn(pointer, "/");
		found = json_is_object(found) ? member_for_token(found, pointer, size)
					      : element_for_token(found, pointer, size);
		pointer += size;
	}
	return found;
}

json *json_first(const json *container)
{
	return container ? container->child : NULL;
}

json *json_next(const json *item)
{
	return item ? item->next : NULL;
}

const char *json_name(const json *item)
{
	return item ? item->string : NULL;
}

size_t json_count(const json *container)
{
	size_t count = 0;

	for (const json *item = json_first(container); item; item = item->next)
		count++;
	return count;
}

/* 0, which is none of cJSON's, where there is nothing. */
static int type_of(const json *value)
{
	return value ? value->type & 0xff : 0;
}

bool json_is_object(const json *value)
{
	return type_of(value) == cJSON_Object;
}

bool json_is_array(const json *value)
{
	return type_of(value) == cJSON_Array;
}

bool json_is_text(const json *value)
{
	return type_of(value) == cJSON_String;
}

bool json_is_number(const json *value)
{
	return type_of(value) == cJSON_Number;
}

bool json_is_integer(const json *value)
{
	return json_is_number(value) && fabs(value->valuedouble) <= (double)INTEGER_MAX &&
	       value->valuedouble == (double)(int64_t)value->valuedouble;
}

bool json_is_boolean(const json *value)
{
	return type_of(value) == cJSON_True || type_of(value) == cJSON_False;
}

bool json_is_null(const json *value)
{
	return type_of(value) == cJSON_NULL;
}

const char *json_text(const json *value)
{
	return json_is_text(value) ? value->valuestring : NULL;
}

int64_t json_integer(const json *value)
{
	return json_is_integer(value) ? (int64_t)value->valuedouble : 0;
}

double json_number(const json *value)
{
	return json_is_number(value) ? value->valuedouble : 0;
}

bool json_true(const json *value)
{
	return type_of(value) == cJSON_True;
}

static bool equal_arrays(const json *left, const json *right)
{
	const json *other = json_first(right);

	json_each(item, left)
	{
		if (!other || !json_equal(item, other))
			return false;
		other = json_next(other);
	}
	return !other;
}

/* Members mostly stand in the same order on both sides, so the one at the same place is tried
 * first. */
static bool equal_objects(const json *left, const json *right)
{
	const json *other = json_first(right);

	if (json_count(left) != json_count(right))
		return false;
	json_each(member, left)
	{
		const char *name = json_name(member);
		const json *same =
			strcmp(json_name(other), name) == 0 ? other : json_get(right, name);
		if (!same || !json_equal(member, same))
			return false;
		other = json_next(other);
	}
	return true;
}

int64_t json_moment(const json *value)
{
	int64_t at = 0;

	return moment_parse(json_text(value), &at) == OK ? at : 0;
}

bool json_equal(const json *left, const json *right)
{
	if (!left || !right)
		return left == right;
	if (json_is_object(left))
		return json_is_object(right) && equal_objects(left, right);
	if (json_is_array(left))
		return json_is_array(right) && equal_arrays(left, right);
	if (json_is_text(left))
		return json_is_text(right) && strcmp(left->valuestring, right->valuestring) == 0;
	if (json_is_number(left))
		return json_is_number(right) && left->valuedouble == right->valuedouble;
	if (json_is_boolean(left))
		return json_is_boolean(right) && json_true(left) == json_true(right);
	return json_is_null(right);
}

json *json_find(const json *array, const char *name, const char *text)
{
	json_each(element, array)
	{
		if (text_equal(json_get_text(element, name), text))
			return element;
	}
	return NULL;
}

bool json_holds(const json *array, const char *text)
{
	json_each(element, array)
	{
		if (text_equal(json_text(element), text))
			return true;
	}
	return false;
}

const char *json_get_text(const json *object, const char *name)
{
	return json_text(json_get(object, name));
}

int64_t json_get_integer(const json *object, const char *name)
{
	return json_integer(json_get(object, name));
}

int64_t json_get_moment(const json *object, const char *name)
{
	return json_moment(json_get(object, name));
}

bool json_get_true(const json *object, const char *name)
{
	return json_true(json_get(object, name));
}

json *json_new_object(struct arena *arena)
{
	return node_of(arena, cJSON_Object, NULL);
}

json *json_new_array(struct arena *arena)
{
	return node_of(arena, cJSON_Array, NULL);
}

json *json_new_text(struct arena *arena, const char *text)
{
	return json_new_text_there(arena, arena_text(arena, text));
}

json *json_new_text_there(struct arena *arena, const char *text)
{
	return node_of(arena, text ? cJSON_String : cJSON_NULL, text);
}

json *json_new_of_pairs(struct arena *arena, const char *const *pairs)
{
	json *object = json_new_object(arena);

	for (; pairs && *pairs; pairs += 2)
		json_set_text(arena, object, pairs[0], pairs[1]);
	return object;
}

json *json_new_integer(struct arena *arena, int64_t number)
{
	json *node = node_of(arena, cJSON_Number, NULL);

	assert(number >= -INTEGER_MAX && number <= INTEGER_MAX);
	node->valuedouble = (double)number;
	return node;
}

json *json_new_boolean(struct arena *arena, bool value)
{
	return node_of(arena, value ? cJSON_True : cJSON_False, NULL);
}

json *json_new_null(struct arena *arena)
{
	return node_of(arena, cJSON_NULL, NULL);
}

/* What stands in a container has a `prev`: moving it would tear the container's list apart. */
static bool stands_alone(const json *value)
{
	return !value->prev && !value->next;
}

/* Not marked as constant, for which json_copy() would leave the name in the arena that it copies from. */
static void link_named(json *object, const char *name, json *value)
{
	value->string = (char *)(uintptr_t)name;
	value->type &= ~cJSON_StringIsConst;
	link_last(object, value);
}

json *json_set(struct arena *arena, json *object, const char *name, json *value)
{
	assert(json_is_object(object));
	if (!value)
		return NULL;
	assert(stands_alone(value));
	if (json_get(object, name)) {
		current = arena;
		cJSON_ReplaceItemInObjectCaseSensitive(object, name, value);
		return value;
	}
	link_named(object, name, value);
	return value;
}

void json_add(json *object, const char *name, json *value)
{
	assert(json_is_object(object));
	if (value) {
		assert(stands_alone(value));
		link_named(object, name, value);
	}
}

json *json_append(json *array, json *value)
{
	assert(json_is_array(array));
	if (!value)
		return NULL;
	assert(stands_alone(value));
	link_last(array, value);
	return value;
}

void json_set_text(struct arena *arena, json *object, const char *name, const char *text)
{
	json_set(arena, object, name, json_new_text(arena, text));
}

void json_set_integer(struct arena *arena, json *object, const char *name, int64_t number)
{
	json_set(arena, object, name, json_new_integer(arena, number));
}

void json_set_boolean(struct arena *arena, json *object, const char *name, bool value)
{
	json_set(arena, object, name, json_new_boolean(arena, value));
}

void json_set_moment(struct arena *arena, json *object, const char *name, int64_t at_ms)
{
	json_set_text(arena, object, name, at_ms ? moment_text(arena, at_ms) : NULL);
}

void json_remove(json *object, const char *name)
{
	cJSON_DetachItemFromObjectCaseSensitive(object, name);
}

void json_shorten(json *array, size_t most)
{
	for (size_t count = json_count(array); count > most; count--)
		cJSON_DetachItemFromArray(array, (int)count - 1);
}
