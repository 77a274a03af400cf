/*
 * A manifest in words, for people who compare or read it.
 */
#ifndef KAOWU_PLUGIN_MANIFEST_WORDS_H
#define KAOWU_PLUGIN_MANIFEST_WORDS_H

#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"

/* What a condition asks for, one {"text", "text_en", ...} for each leaf of its tree, in order. The manifest is
 * valid. */
json *manifest_requirements(struct arena *arena, const json *manifest, const char *condition_id);

/* The row of a table ("materials") that has this id, or NULL. */
const json *manifest_row(const json *manifest, const char *table, const char *id);

/* A pointer into a manifest as its author wrote it in the tables of kaowu_plugin.h:
 * "/conditions/0/requirement/all/1/years" is "conditions[0].requirements[1].years". "" stays "". */
const char *manifest_place(struct arena *arena, const char *pointer);

/* Names one behind the other: "采购员、销售员". */
const char *names_joined(struct arena *arena, enum language language, const json *names);

#endif
