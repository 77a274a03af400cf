/*
 * Uploaded files: sealed, in chunks, in one database for each plan (DATA/tenants/<slug>/files/<plan id>.db).
 *
 * A file is written and made durable before the tenant's own transaction refers to it; what no row refers to after
 * a day is swept (files_sweep). Group commit happens here as well: concurrent files_put() calls on one files store
 * share a commit. Any thread.
 */
#ifndef KAOWU_STORE_FILES_H
#define KAOWU_STORE_FILES_H

#include "base/bytes.h"
#include "base/id.h"
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
void files_close(struct files *files);

/* Durable when it returns OK. The content is in memory (uploads are capped, LIMIT_HTTP_BODY). */
enum result files_put(struct files *files, struct bytes content, const char *media_type,
	struct file_facts *out, struct error *error) MUST_CHECK;
enum result files_facts(struct files *files, const char *id, struct file_facts *out,
	struct error *error) MUST_CHECK;
enum result files_get(struct files *files, struct arena *arena, const char *id,
	struct bytes *content, struct error *error) MUST_CHECK;
enum result files_remove(struct files *files, const char *id, struct error *error) MUST_CHECK;

#endif
