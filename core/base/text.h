/*
 * UTF-8 text: validity, code points, and the normalising that people's typing needs.
 *
 * text_next(), and whatever goes through code points by it, asserts valid UTF-8. Texts of JSON and the parameters of a
 * query are that; the value of a header need not be.
 */
#ifndef KAOWU_BASE_TEXT_H
#define KAOWU_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

bool text_is_utf8(const char *text, size_t size); /* RFC 3629: no surrogates, no overlong forms */
size_t text_length(const char *text);             /* in code points */

/* Bytes of the well-formed sequence that `text` begins with; 0 if it begins with none. */
size_t text_unit(const char *text, size_t size);

/* The next code point, or -1 at the end; `*text` moves past it. The text must be valid UTF-8. */
int32_t text_next(const char **text);

bool text_equal(const char *left, const char *right); /* NULL equals only NULL */
bool text_starts(const char *text, const char *prefix);
bool text_blank(const char *text); /* NULL, empty, or white space only (full-width as well) */

/* Has it anything that a terminal might act on: a control character, of one byte or of those from U+0080 to U+009F? */
bool text_has_control(const char *text);

/* FNV-1a, for tables of texts that we chose or that may collide at no more than the cost of a look. */
uint32_t text_hash(const char *text);

/* Without white space at both ends; full-width letters, digits and spaces become half-width. White
 * space takes in the invisible marks that come along when people paste. NULL gives NULL. */
char *text_normalise(struct arena *arena, const char *text);

/* The same, but punctuation stays as it is: for what is read by people and compared by nobody. */
char *text_normalise_prose(struct arena *arena, const char *text);

/* As text_normalise, and without any white space or '-' inside: for numbers and identifiers. */
char *text_compact(struct arena *arena, const char *text);

/* "110108********1238": keeps `head` and `tail` code points, every one between becomes '*'.
 * All of them, if the text is too short to hide anything that way. */
char *text_mask(struct arena *arena, const char *text, size_t head, size_t tail);

#endif
