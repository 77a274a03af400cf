/*
 * The files of schemas/ (and the web client's build) inside the binary, by their path there.
 */
#ifndef KAOWU_BASE_EMBEDDED_H
#define KAOWU_BASE_EMBEDDED_H

#include "bytes.h"

struct embedded_file {
	const char *path; /* "sql/0001_start.sql", relative to schemas/ */
	struct bytes content;
};

/* Sorted by path; made at build time (embed.cmake). A zero that is not counted stands behind each content. */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

const struct embedded_file *embedded_find(const char *path); /* NULL if there is none */

#endif
