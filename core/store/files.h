/*
 * Uploaded files: sealed, in chunks, in one database for each plan (DATA/tenants/<slug>/files/<plan id>.db).
 *
 * A file is written and made durable before the tenant's own transaction refers to it; what no row refers to after
 * a day is swept (files_list, files_remove). Group commit happens here as well: concurrent files_put() calls on one
 * files store share a commit. After trouble in a write the next one opens the database anew. Any thread.
 */
#ifndef KAOWU_STORE_FILES_H
#define KAOWU_STORE_FILES_H

#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"
#include "base/result.h"
#include "base/seal.h"

struct arena;
struct files;

struct file_facts {
	char id[ID_SIZE];
	char sha256[65]; /* of the plain bytes */
	uint64_t size;
	char media_type[64];
};

/* Opens, creating and migrating if needed. `keys` must outlive it. */
enum result files_open(const char *path, const struct keyring *keys, struct files **out,
	struct error *error) MUST_CHECK;
void files_close(struct files *files); /* NULL is fine; nobody may be inside any more */

/* Durable when it returns OK. The content is in memory; TOO_LARGE above LIMIT_HTTP_BODY. */
enum result files_put(struct files *files, struct bytes content, const char *media_type,
	struct file_facts *out, struct error *error) MUST_CHECK;
/* NOT_FOUND ("store.file_absent"), BROKEN ("store.file_damaged", "seal.damaged", "seal.key_unknown"). */
enum result files_get(struct files *files, struct arena *arena, const char *id,
	struct bytes *content, struct error *error) MUST_CHECK;

/*
 * The same part by part, so that no file is in memory whole: its facts and key, and from a place that is a multiple of
 * SEAL_CHUNK on, FILES_PART bytes or to the end. Errors as of files_get(); a file that is removed meanwhile is BROKEN.
 */
#define FILES_PART (4u * SEAL_CHUNK)
struct file_reading {
	struct file_facts facts;
	struct file_seal seal;
};
enum result files_read(struct files *files, const char *id, struct file_reading *out,
	struct error *error) MUST_CHECK;
enum result files_read_part(struct files *files, const struct file_reading *file, uint64_t at,
	uint8_t out[FILES_PART], size_t *size, struct error *error) MUST_CHECK;

/* Seals it by the newest key, unless that has: then `anew` is false. Errors as of files_get() and of a write. Whoever
 * is reading it part by part cannot go on. */
enum result files_reseal(
	struct files *files, const char *id, bool *anew, struct error *error) MUST_CHECK;

enum result files_remove(struct files *files, const char *id, struct error *error) MUST_CHECK;

/* An array of the ids of files written before that moment, oldest first, for the sweep. */
enum result files_list(struct files *files, struct arena *arena, int64_t before_ms, json **out,
	struct error *error) MUST_CHECK;

/* Background: store_checkpoint() of this database, when its WAL has grown to STORE_WAL_PAGES; else nothing. */
enum result files_checkpoint(struct files *files, struct error *error) MUST_CHECK;

#endif
