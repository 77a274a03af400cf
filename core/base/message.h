/*
 * Texts for people, by code and language: schemas/messages/<area>.json holds
 *     { "application.not_draft": { "zh": "申报状态为 {state}，…", "en": "…" }, … }
 * where {name} stands for a parameter. Loaded once at start from the embedded files; then read-only.
 */
#ifndef KAOWU_BASE_MESSAGE_H
#define KAOWU_BASE_MESSAGE_H

#include "result.h"

struct arena;

enum language { LANGUAGE_ZH, LANGUAGE_EN };

/* Compiles the catalogue; INVALID names the file and code of a faulty entry. Call once, at start. */
enum result messages_load(struct error *error) MUST_CHECK;

/* The text with its parameters filled in; an unknown code gives the code itself. */
char *message_text(struct arena *arena, enum language language, const char *code,
	const char *const *params);

/* From an Accept-Language header; NULL or anything else means Chinese. */
enum language language_accepted(const char *header);

#endif
