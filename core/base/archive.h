/*
 * ZIP archives in memory, by libzip: those that we write, and those that strangers wrote.
 */
#ifndef KAOWU_BASE_ARCHIVE_H
#define KAOWU_BASE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "result.h"

struct arena;

struct archive_entry {
	const char *
		name; /* UTF-8, marked as such, so that Windows shows Chinese names right; "folder/name.pdf" */
	struct bytes content;
};

/* Entries in their order, all dated `made_at` (Asia/Shanghai): same input, same bytes. BROKEN ("archive.not_built"),
 * also when a name stands twice. Any thread. */
enum result archive_build(struct arena *arena, const struct archive_entry *entries, size_t count,
	int64_t made_at, struct bytes *zip, struct error *error) MUST_CHECK;

/*
 * One entry's content, in `arena`, whatever the archive says about its size: never more than `most` bytes are
 * unpacked. INVALID: "archive.broken" (no archive, or damaged), "archive.missing" (parameter name), "archive.large"
 * (name). Any thread.
 */
enum result archive_read(struct arena *arena, struct bytes zip, const char *name, size_t most,
	struct bytes *content, struct error *error) MUST_CHECK;

#endif
