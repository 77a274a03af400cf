/*
 * ZIP archives in memory, by libzip.
 */
#ifndef KAOWU_DOCUMENT_ARCHIVE_H
#define KAOWU_DOCUMENT_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

struct arena;

struct archive_entry {
	const char *
		name; /* UTF-8, marked as such, so that Windows shows Chinese names right; "folder/name.pdf" */
	struct bytes content;
};

/* Entries in their order, all dated `made_at` (Asia/Shanghai): same input, same bytes. BROKEN ("document.archive"),
 * also when a name stands twice. Any thread. */
enum result archive_build(struct arena *arena, const struct archive_entry *entries, size_t count,
	int64_t made_at, struct bytes *zip, struct error *error) MUST_CHECK;

#endif
