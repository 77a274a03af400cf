/*
 * Sentences of a trace: a message in both languages, set into the JSON object that it explains.
 */
#ifndef KAOWU_PLUGIN_SAYING_H
#define KAOWU_PLUGIN_SAYING_H

#include "base/arena.h"
#include "base/json.h"

/*
 * A parameter that is itself a message: PHRASE("eligibility.scope_same"). Several in one text are told as
 * alternatives.
 */
#define PHRASE_MARK  "\x01"
#define PHRASE(code) PHRASE_MARK code

/* Sets "text" (Chinese) and "text_en": the message `code` with name and text in turn, ended by NULL. */
void say(struct arena *arena, json *object, const char *code, ...) __attribute__((sentinel));

/* A number as a parameter. */
const char *say_number(struct arena *arena, int64_t number);

#endif
