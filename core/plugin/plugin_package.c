/*
 * Archive and comment (plugin_package.h). A ZIP archive ends in a record whose last two bytes are the length of the
 * comment that follows; setting them and appending the comment is all that signing changes.
 */
#include "plugin_package.h"

#include <string.h>

#include "base/archive.h"
#include "base/limits.h"

#define MARK              "kaowu-signature-1 "
#define MARK_LENGTH       (sizeof(MARK) - 1)
#define SIGNATURE_LETTERS 86 /* of 64 bytes as base64url */
#define COMMENT_LENGTH    (MARK_LENGTH + SIGNATURE_KEY_TEXT_SIZE + 1 + SIGNATURE_LETTERS)

_Static_assert(COMMENT_LENGTH < 256, "its length is told in the lower of two bytes");

bool plugin_package_is(struct bytes file)
{
	return file.size >= 4 && memcmp(file.data, "PK\003\004", 4) == 0;
}

/* ---- Writing ---- */

static struct bytes bytes_of_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

static struct bytes sign(
	struct arena *arena, struct bytes archive, const struct signature_pair *pair)
{
	uint8_t *data = arena_alloc(arena, archive.size + COMMENT_LENGTH);
	uint8_t signature[SIGNATURE_SIZE];

	memcpy(data, archive.data, archive.size);
	data[archive.size - 2] = COMMENT_LENGTH;
	signature_make(pair, bytes_of(data, archive.size), signature);
	const char *comment =
		arena_printf(arena, MARK "%s %s", signature_key_text(arena, pair->public_key),
			base64url_encode(arena, signature, sizeof(signature)));
	memcpy(data + archive.size, comment, COMMENT_LENGTH);
	return bytes_of(data, archive.size + COMMENT_LENGTH);
}

enum result plugin_package_build(struct arena *arena, const struct plugin_contents *contents,
	const struct signature_pair *pair, int64_t made_at, struct bytes *out, struct error *error)
{
	const json *examples = json_get(contents->manifest, "examples");
	const struct archive_entry entries[] = {
		{"plugin.so", contents->shared_object},
		{"manifest.json", bytes_of_text(json_print_pretty(arena, contents->manifest))},
		{"examples.json", bytes_of_text(json_print_pretty(arena, examples))},
		{"README.md", contents->readme},
	};
	struct bytes archive;
	enum result rc = archive_build(arena, entries, COUNT(entries), made_at, &archive, error);

	if (rc)
		return rc;
	*out = pair ? sign(arena, archive, pair) : archive;
	return OK;
}

/* ---- Reading ---- */

/* The comment's text, if the file ends in one that has our mark and length; else NULL. */
static const char *comment_of(struct arena *arena, struct bytes file)
{
	if (file.size < COMMENT_LENGTH + 2)
		return NULL;

	const uint8_t *comment = file.data + file.size - COMMENT_LENGTH;
	if (comment[-2] != COMMENT_LENGTH || comment[-1] != 0 ||
		memcmp(comment, MARK, MARK_LENGTH) != 0)
		return NULL;
	return arena_text_part(arena, (const char *)comment, COMMENT_LENGTH);
}

static bool signature_holds(
	struct arena *arena, struct bytes file, const char *comment, const char *key_text)
{
	struct bytes message = {file.data, file.size - COMMENT_LENGTH}, signature;
	uint8_t key[SIGNATURE_KEY_SIZE];

	return signature_key_parse(key_text, key) &&
	       comment[MARK_LENGTH + SIGNATURE_KEY_TEXT_SIZE] == ' ' &&
	       base64url_decode(arena, comment + COMMENT_LENGTH - SIGNATURE_LETTERS, &signature) ==
		       0 &&
	       signature.size == SIGNATURE_SIZE && signature_good(key, message, signature.data);
}

static enum result judge_signature(
	struct arena *arena, struct bytes file, const char **signed_by, struct error *error)
{
	const char *comment = comment_of(arena, file);

	*signed_by = NULL;
	if (!comment)
		return OK;
	const char *key = arena_text_part(arena, comment + MARK_LENGTH, SIGNATURE_KEY_TEXT_SIZE);
	if (!signature_holds(arena, file, comment, key))
		return fail(error, INVALID, "kit.signature_bad", NULL);
	*signed_by = key;
	return OK;
}

enum result plugin_package_read(struct arena *arena, struct bytes file, struct plugin_contents *out,
	const char **signed_by, struct error *error)
{
	struct plugin_contents contents;
	struct bytes manifest;
	const char *key;
	enum result rc = judge_signature(arena, file, &key, error);

	rc = rc ? rc
		: archive_read(arena, file, "manifest.json", LIMIT_MANIFEST * 4, &manifest, error);
	rc = rc ? rc
		: json_parse(arena, (const char *)manifest.data, manifest.size, &contents.manifest,
			  error);
	rc = rc ? rc
		: archive_read(
			  arena, file, "README.md", LIMIT_PLUGIN_README, &contents.readme, error);
	rc = rc ? rc
		: archive_read(arena, file, "plugin.so", LIMIT_PLUGIN_FILE, &contents.shared_object,
			  error);
	if (rc)
		return rc;

	*out = contents;
	*signed_by = key;
	return OK;
}
