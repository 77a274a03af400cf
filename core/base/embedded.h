/*
 * Files inside the binary, by their path in the folder they come from: schemas/, what plugin
 * authors are given, what Vite makes of core/web, the program that workers run, and what is loaded later (part.h).
 */
#ifndef KAOWU_BASE_EMBEDDED_H
#define KAOWU_BASE_EMBEDDED_H

#include "bytes.h"

struct embedded_file {
	const char *path; /* "sql/tenant_0001_start.sql", relative to schemas/ */
	struct bytes content;
};

/* Sorted by path; made at build time (embed.cmake). A zero that is not counted stands behind each content. */
extern const struct embedded_file embedded_files[]; /* of schemas/ */
extern const size_t embedded_count;
extern const struct embedded_file
	web_files[]; /* of the pages: for core/api only, with which they are linked */
extern const size_t web_count;
extern const struct embedded_file
	author_files[]; /* of core/plugin, for authors: core/command only */
extern const size_t author_count;
extern const struct embedded_file
	part_files[]; /* the program of a worker, and parts: core/command and core/part only */
extern const size_t part_count;

/* NULL if there is none. */
const struct embedded_file *embedded_find(const char *path); /* in schemas/ */
const struct embedded_file *embedded_find_in(
	const struct embedded_file *files, size_t count, const char *path);

#endif
