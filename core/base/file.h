/*
 * Files as a whole: read into memory, written until all is written, and bytes of ours as a file, for those who take
 * nothing else; and folders. Any thread.
 */
#ifndef KAOWU_BASE_FILE_H
#define KAOWU_BASE_FILE_H

#include <stdbool.h>

#include "bytes.h"
#include "json.h"
#include "result.h"

/*
 * A regular file of at most `most` bytes, in `arena`, with a zero behind it. INVALID ("file.unreadable",
 * "file.long").
 */
enum result file_read(struct arena *arena, const char *path, size_t most, struct bytes *out,
	struct error *error) MUST_CHECK;

/* False with errno if it could not; interrupted writes go on. */
bool file_write_all(int file, struct bytes content);

/* A descriptor, closed in children, of a file in memory that nobody can change and that may be run; -1 with errno. */
int file_in_memory(const char *name, struct bytes content);

/* The names in a folder that end in `suffix` (".db"), sorted, as an array of texts; none where there is no folder.
 * INVALID ("file.unreadable"). */
enum result folder_names(struct arena *arena, const char *path, const char *suffix, json **out,
	struct error *error) MUST_CHECK;

/* Makes the names in a folder durable; false with errno if it could not. */
bool folder_sync(const char *path);

/* For CLEANUP(): closes what is open, which is not -1. */
void descriptor_close_at(int *descriptor);

#endif
