/*
 * Texts for people, by code and language: schemas/messages/<area>.json holds
 *     { "tenant.unknown": { "zh": "没有代号为“{slug}”的机构，…", "en": "…" }, … }
 * where {name} stands for a parameter, and {name:shape} for one that programs read as it is and people otherwise:
 * "moment" (RFC 3339) and "date" become "2026年12月3日 18:00" and "2026年12月3日" (Asia/Shanghai), "end" is a moment
 * that ends something, whose midnight is "2026年12月2日 24:00", and "wait" makes seconds minutes and hours. Loaded once
 * at start from the embedded files; then read-only.
 */
#ifndef KAOWU_BASE_MESSAGE_H
#define KAOWU_BASE_MESSAGE_H

#include <stddef.h>

#include "result.h"

struct arena;

enum language { LANGUAGE_ZH, LANGUAGE_EN };

/* Compiles the catalogue; INVALID (in error->internal) names the file and code of a faulty entry. Call once, at
 * start, before there are threads; a second call does nothing. */
enum result messages_load(struct error *error) MUST_CHECK;

/* The same from any files, instead of what was loaded before; nothing changes if one is faulty. */
struct embedded_file;
enum result messages_load_files(
	const struct embedded_file *files, size_t count, struct error *error) MUST_CHECK;

/* The text with its parameters filled in; an unknown code gives the code itself. */
char *message_text(
	struct arena *arena, enum language language, const char *code, const char *const *params);

/* From an Accept-Language header; NULL or anything else means Chinese. */
enum language language_accepted(const char *header);

#endif
