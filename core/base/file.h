/*
 * Writing to a descriptor until all of it is written; and bytes of ours as a file, for those who take nothing else.
 */
#ifndef KAOWU_BASE_FILE_H
#define KAOWU_BASE_FILE_H

#include <stdbool.h>

#include "bytes.h"

/* False with errno if it could not; interrupted writes go on. */
bool file_write_all(int file, struct bytes content);

/* A descriptor, closed in children, of a file in memory that nobody can change and that may be run; -1 with errno. */
int file_in_memory(const char *name, struct bytes content);

#endif
