/*
 * JSON by cJSON, behind a strict door: RFC 8259 to the letter, UTF-8 only, no duplicate names,
 * names looked up with case, no number that would lose digits, nesting at most LIMIT_JSON_DEPTH.
 *
 * A document lives in one arena and is never freed by itself. Integers are exact within
 * ±(2^53 - 1); ids and larger numbers travel as text, money as integer fen.
 */
#ifndef KAOWU_BASE_JSON_H
#define KAOWU_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

struct arena;
typedef struct cJSON json;

/* MALFORMED with code "json.<what>" and parameters line, column. */
enum result json_parse(struct arena *arena, const char *text, size_t size, json **out,
	struct error *error) MUST_CHECK;
/* The same for what json_print() wrote and nobody can have changed since: without the strict door. */
enum result json_parse_own(struct arena *arena, const char *text, size_t size, json **out,
	struct error *error) MUST_CHECK;
/* The same for what is only to be printed again: nothing can be looked up in it, nor are its names compared. */
enum result json_embed(struct arena *arena, const char *text, size_t size, json **out,
	struct error *error) MUST_CHECK;
/* That for what json_print() wrote and nobody can have changed since: not looked at, and not copied, so it must live as
 * long as the arena. */
json *json_embed_own(struct arena *arena, const char *text);
char *json_print(struct arena *arena, const json *value);        /* compact */
char *json_print_pretty(struct arena *arena, const json *value); /* for people */
json *json_copy(struct arena *arena, const json *value);         /* deep */
/* A copy that is cheap, however large the value: members and elements can be set, added and removed, but what stands
 * in them is the original's, which must live as long and is not to be changed. */
json *json_share(struct arena *arena, const json *value);

/* Looking. Every function takes NULL and answers as for a value that is not there. */
json *json_get(const json *object, const char *name);          /* NULL if absent */
json *json_at_pointer(const json *value, const char *pointer); /* RFC 6901; NULL if absent */
json *json_first(const json *container);                       /* first member or element */
json *json_next(const json *item);
const char *json_name(const json *item); /* of a member */
size_t json_count(const json *container);
bool json_is_object(const json *value);
bool json_is_array(const json *value);
bool json_is_text(const json *value);
bool json_is_number(const json *value);
bool json_is_integer(const json *value);
bool json_is_boolean(const json *value);
bool json_is_null(const json *value);     /* present and null */
const char *json_text(const json *value); /* NULL unless text */
int64_t json_integer(const json *value);  /* 0 unless an integer */
double json_number(const json *value);    /* 0 unless a number */
int64_t json_moment(const json *value);   /* ms, of a text in RFC 3339; 0 unless such a one */
bool json_true(const json *value);        /* present and true */
bool json_equal(const json *left, const json *right); /* as JSON Schema means it */

/* The first element whose member of that name is this text, or that has none where `text` is NULL; NULL if there is no
 * such element. One that is not the first by its own text stands there again. */
json *json_find(const json *array, const char *name, const char *text);
/* Does an array have this text? */
bool json_holds(const json *array, const char *text);

/* json_get_text(body, "name") and so on: get and read in one. */
const char *json_get_text(const json *object, const char *name);
int64_t json_get_integer(const json *object, const char *name);
int64_t json_get_moment(const json *object, const char *name);
bool json_get_true(const json *object, const char *name);

#define json_each(item, container)                                                                 \
	for (json *item = json_first(container); item; item = json_next(item))

/* Making. */
json *json_new_object(struct arena *arena);
json *json_new_array(struct arena *arena);
json *json_new_text(struct arena *arena, const char *text); /* NULL gives null */
/* The same, not copied: so it must live as long as the arena. */
json *json_new_text_there(struct arena *arena, const char *text);
json *json_new_integer(struct arena *arena, int64_t number);
/* {name: text, ...} of name, text, ..., NULL; none are NULL too. */
json *json_new_of_pairs(struct arena *arena, const char *const *pairs);
json *json_new_boolean(struct arena *arena, bool value);
json *json_new_null(struct arena *arena);

/* Adding moves `value` into the container; adding NULL adds nothing. Returns `value`. What stands
 * in a container already cannot be moved (asserted): json_copy() it. A name is not copied: so it must live as long as
 * the arena, as most do, which are literals. */
json *json_set(struct arena *arena, json *object, const char *name, json *value); /* replaces */
/* A member that is not there yet. */
void json_add(json *object, const char *name, json *value);
json *json_append(json *array, json *value);
void json_set_text(struct arena *arena, json *object, const char *name, const char *text);
void json_set_integer(struct arena *arena, json *object, const char *name, int64_t number);
void json_set_boolean(struct arena *arena, json *object, const char *name, bool value);
void json_set_moment(
	struct arena *arena, json *object, const char *name, int64_t at_ms); /* 0: null */
void json_remove(json *object, const char *name);
void json_shorten(json *array, size_t most); /* without what is behind the first `most` */

#endif
