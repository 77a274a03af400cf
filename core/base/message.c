/*
 * The catalogue of texts, loaded once from the embedded messages/ files and found by code.
 */
#include "message.h"

#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "embedded.h"
#include "json.h"
#include "message_shape.h"
#include "text.h"

#define FOLDER         "messages/"
#define CATALOGUE_SIZE (8u << 20)
#define TEXT_MAXIMUM   65536

struct entry {
	const char *code;
	const char *texts[2]; /* by enum language */
};

static struct catalogue {
	struct arena *arena;   /* for the life of the process */
	struct entry *entries; /* a table by hash of the code: see entry_at() */
	size_t size;           /* a power of two; at least half of it is free */
} catalogue;

/* "name", or "name:shape" with a shape that there is. */
static bool place_fit(const char *place, const char *end)
{
	const char *colon = memchr(place, ':', (size_t)(end - place));

	if (!colon)
		return place < end;
	return place < colon && message_shape_find(colon + 1, (size_t)(end - colon - 1));
}

/* Braces in pairs, not nested, with a place inside. */
static bool braces_balanced(const char *text)
{
	const char *open = NULL;

	for (; *text; text++) {
		if (*text == '{' && open)
			return false;
		if (*text == '{')
			open = text;
		if (*text == '}' && (!open || !place_fit(open + 1, text)))
			return false;
		if (*text == '}')
			open = NULL;
	}
	return !open;
}

static bool text_fit(const json *texts, const char *language)
{
	const char *text = json_get_text(texts, language);

	return text && !text_blank(text) && braces_balanced(text);
}

/* The area of "messages/<area>.json" is what stands before the first dot of each code. */
static bool code_in_area(const char *code, const char *path)
{
	const char *area = path + strlen(FOLDER);
	size_t length = strcspn(code, ".");

	return code[length] == '.' && strncmp(code, area, length) == 0 &&
	       text_equal(area + length, ".json");
}

static enum result faulty(struct error *error, const char *path, const char *what, const char *why)
{
	return trouble(error, INVALID, "message.faulty", "%s: %s: %s", path, what, why);
}

static enum result entry_check(const json *texts, const char *path, struct error *error)
{
	const char *code = json_name(texts);

	if (!code_in_area(code, path))
		return faulty(error, path, code, "belongs to another area's file");
	if (!text_fit(texts, "zh") || !text_fit(texts, "en"))
		return faulty(error, path, code, "needs zh and en, with their braces in pairs");
	return OK;
}

/* Where the entry with this code stands, or would: where its hash says, or in the first free place behind that. */
static struct entry *entry_at(const struct catalogue *in, const char *code)
{
	size_t at = text_hash(code) & (in->size - 1);

	while (in->entries[at].code && strcmp(in->entries[at].code, code) != 0)
		at = (at + 1) & (in->size - 1);
	return &in->entries[at];
}

static enum result file_read(
	struct arena *arena, const struct embedded_file *file, json **document, struct error *error)
{
	struct error inner = {.arena = arena};

	if (json_parse(
		    arena, (const char *)file->content.data, file->content.size, document, &inner))
		return faulty(error, file->path, "not JSON", inner.code);
	if (!json_is_object(*document))
		return faulty(error, file->path, "", "not an object");
	json_each(texts, *document)
	{
		enum result rc = entry_check(texts, file->path, error);
		if (rc)
			return rc;
	}
	return OK;
}

/* No code stands twice: JSON takes no name twice in a file, and the area allows only one file. */
static void entries_place(
	struct catalogue *into, json *const *documents, size_t count, size_t texts)
{
	for (into->size = 1; into->size < 2 * texts + 1; into->size *= 2)
		;
	into->entries = NEW_ARRAY(into->arena, struct entry, into->size);
	for (size_t i = 0; i < count; i++) {
		json_each(text, documents[i])
		{
			struct entry *entry = entry_at(into, json_name(text));

			entry->code = json_name(text);
			entry->texts[LANGUAGE_ZH] = json_get_text(text, "zh");
			entry->texts[LANGUAGE_EN] = json_get_text(text, "en");
		}
	}
}

static enum result files_load(struct catalogue *into, const struct embedded_file *files,
	size_t count, struct error *error)
{
	json **documents = NEW_ARRAY(into->arena, json *, count + 1);
	size_t read = 0, texts = 0;

	for (size_t i = 0; i < count; i++) {
		enum result rc;

		if (!text_starts(files[i].path, FOLDER))
			continue;
		rc = file_read(into->arena, &files[i], &documents[read], error);
		if (rc)
			return rc;
		texts += json_count(documents[read++]);
	}
	entries_place(into, documents, read, texts);
	return OK;
}

enum result messages_load_files(
	const struct embedded_file *files, size_t count, struct error *error)
{
	struct catalogue loaded = {.arena = arena_create(CATALOGUE_SIZE)};
	enum result rc = files_load(&loaded, files, count, error);

	if (rc) {
		arena_destroy(loaded.arena);
		return rc;
	}
	arena_destroy(catalogue.arena);
	catalogue = loaded;
	return OK;
}

enum result messages_load(struct error *error)
{
	return catalogue.arena ? OK : messages_load_files(embedded_files, embedded_count, error);
}

static const char *param_find(const char *const *params, const char *name, size_t length)
{
	for (; params && *params; params += 2) {
		if (strlen(params[0]) == length && strncmp(params[0], name, length) == 0)
			return params[1];
	}
	return NULL;
}

/* What stands between two braces: "name", or "name:shape". False if there is no such parameter or shape. */
static bool place_fill(struct buffer *out, enum language language, const char *place,
	const char *end, const char *const *params)
{
	const char *colon = memchr(place, ':', (size_t)(end - place));
	const char *value = param_find(params, place, (size_t)((colon ? colon : end) - place));
	message_shape *shape =
		colon ? message_shape_find(colon + 1, (size_t)(end - colon - 1)) : NULL;

	if (!value || (colon && !shape))
		return false;
	if (shape)
		shape(out, language, value);
	else
		buffer_text(out, value);
	return true;
}

/* A place without its parameter stays as it stands, so that the mistake is seen. */
static char *filled(
	struct arena *arena, enum language language, const char *text, const char *const *params)
{
	struct buffer out = buffer_in(arena, TEXT_MAXIMUM);

	while (*text) {
		size_t plain = strcspn(text, "{");

		buffer_append(&out, text, plain);
		text += plain;
		if (!*text)
			break;

		size_t length = strcspn(text, "}");
		if (!place_fill(&out, language, text + 1, text + length, params))
			buffer_append(&out, text, length + 1);
		text += length + 1;
	}
	return out.data ? out.data : arena_text(arena, "");
}

char *message_text(
	struct arena *arena, enum language language, const char *code, const char *const *params)
{
	const struct entry *entry = catalogue.size > 0 ? entry_at(&catalogue, code) : NULL;

	return entry && entry->code ? filled(arena, language, entry->texts[language], params)
				    : arena_text(arena, code);
}

/* The thousandths of ";q=0.8"; 1000 where there is none. `item` ends at `end`. */
static int weight_read(const char *item, const char *end)
{
	const char *mark = memchr(item, '=', (size_t)(end - item));
	int weight = 0, unit = 1000;

	if (!mark)
		return 1000;
	for (const char *at = mark + 1; at < end && unit > 0; at++) {
		if (*at < '0' || *at > '9')
			continue;
		weight += (*at - '0') * unit;
		unit /= 10;
	}
	return weight;
}

/* Whether "en", "en-GB", "en;q=0.5" speak of `tag`. */
static bool names_language(const char *item, const char *tag)
{
	return strncasecmp(item, tag, 2) == 0 && strcspn(item, "-;, \t") == 2;
}

enum language language_accepted(const char *header)
{
	enum language best = LANGUAGE_ZH;
	int best_weight = 0;

	while (header && *header) {
		header += strspn(header, " \t,");
		const char *end = header + strcspn(header, ",");
		bool english = names_language(header, "en");
		int weight = english || names_language(header, "zh") ? weight_read(header, end) : 0;

		if (weight > best_weight) {
			best_weight = weight;
			best = english ? LANGUAGE_EN : LANGUAGE_ZH;
		}
		header = end;
	}
	return best;
}
