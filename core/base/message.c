/*
 * The catalogue of texts, loaded once from the embedded messages/ files and searched by code.
 */
#include "message.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "embedded.h"
#include "json.h"
#include "text.h"

#define CATALOGUE_SIZE (8u << 20)
#define TEXT_MAXIMUM   65536

struct entry {
	const char *code;
	const char *texts[2]; /* by enum language */
};

static struct {
	struct arena *arena; /* for the life of the process */
	struct entry *entries;
	size_t count;
} catalogue;

/* Braces in pairs, not nested, with a name inside. */
static bool braces_balanced(const char *text)
{
	const char *open = NULL;

	for (; *text; text++) {
		if (*text == '{' && open)
			return false;
		if (*text == '{')
			open = text;
		if (*text == '}' && (!open || text == open + 1))
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
	const char *area = path + strlen("messages/");
	size_t length = strcspn(code, ".");

	return code[length] == '.' && strncmp(code, area, length) == 0 &&
		text_equal(area + length, ".json");
}

static enum result file_load(const struct embedded_file *file, struct error *error)
{
	json *document;
	enum result rc = json_parse(catalogue.arena, (const char *)file->content.data,
		file->content.size, &document, error);

	if (rc)
		return trouble(error, INVALID, "json.file", "%s is not JSON", file->path);

	struct entry *entries = NEW_ARRAY(
		catalogue.arena, struct entry, catalogue.count + json_count(document));
	if (catalogue.count > 0)
		memcpy(entries, catalogue.entries, catalogue.count * sizeof(*entries));
	json_each(texts, document) {
		if (!text_fit(texts, "zh") || !text_fit(texts, "en") ||
			!code_in_area(json_name(texts), file->path))
			return trouble(error, INVALID, "json.file", "%s: %s needs zh and en", file->path,
				json_name(texts));
		entries[catalogue.count++] = (struct entry){json_name(texts),
			{json_get_text(texts, "zh"), json_get_text(texts, "en")}};
	}
	catalogue.entries = entries;
	return OK;
}

static int entry_compare(const void *left, const void *right)
{
	return strcmp(((const struct entry *)left)->code, ((const struct entry *)right)->code);
}

enum result messages_load(struct error *error)
{
	if (catalogue.arena)
		return OK;

	catalogue.arena = arena_create(CATALOGUE_SIZE);
	for (size_t i = 0; i < embedded_count; i++) {
		enum result rc = OK;

		if (text_starts(embedded_files[i].path, "messages/"))
			rc = file_load(&embedded_files[i], error);
		if (rc)
			return rc;
	}
	qsort(catalogue.entries, catalogue.count, sizeof(struct entry), entry_compare);
	for (size_t i = 1; i < catalogue.count; i++) {
		if (entry_compare(&catalogue.entries[i - 1], &catalogue.entries[i]) == 0)
			return trouble(error, INVALID, "json.file", "%s stands twice",
				catalogue.entries[i].code);
	}
	return OK;
}

static const char *param_find(const char *const *params, const char *name, size_t length)
{
	for (; params && *params; params += 2) {
		if (strlen(params[0]) == length && strncmp(params[0], name, length) == 0)
			return params[1];
	}
	return NULL;
}

/* {name} becomes its parameter; a name without one stays as it stands, so that the mistake is seen. */
static char *filled(struct arena *arena, const char *text, const char *const *params)
{
	struct buffer out = buffer_in(arena, TEXT_MAXIMUM);

	while (*text) {
		size_t plain = strcspn(text, "{");

		buffer_append(&out, text, plain);
		text += plain;
		if (!*text)
			break;

		size_t length = strcspn(text, "}");
		const char *value = param_find(params, text + 1, length - 1);
		if (value)
			buffer_text(&out, value);
		else
			buffer_append(&out, text, length + 1);
		text += length + 1;
	}
	return out.data ? out.data : arena_text(arena, "");
}

char *message_text(
	struct arena *arena, enum language language, const char *code, const char *const *params)
{
	struct entry wanted = {.code = code};
	const struct entry *found = catalogue.count
		? bsearch(&wanted, catalogue.entries, catalogue.count, sizeof(wanted), entry_compare)
		: NULL;

	return found ? filled(arena, found->texts[language], params) : arena_text(arena, code);
}

/* The first language named that we have; quality values are taken in the order in which people write them. */
enum language language_accepted(const char *header)
{
	while (header && *header) {
		header += strspn(header, " ,");
		if (strncasecmp(header, "zh", 2) == 0)
			return LANGUAGE_ZH;
		if (strncasecmp(header, "en", 2) == 0)
			return LANGUAGE_EN;
		header += strcspn(header, ",");
	}
	return LANGUAGE_ZH;
}
