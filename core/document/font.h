/*
 * The faces that paper is set in, and what they can show.
 *
 * Two faces, both embedded in every PDF: WenQuanYi Micro Hei first, because it is TrueType and small, and Noto Sans
 * CJK for the rare characters that it lacks (names!). They are found once, where they usually lie or by fontconfig, and
 * then held in a configuration of our own, so that what else the machine has installed never changes a page. A
 * character that neither has would print as an empty box, and one that nobody sees makes two names of what looks like
 * one: font_covers() finds them when they are typed, not when the ticket is printed.
 */
#ifndef KAOWU_DOCUMENT_FONT_H
#define KAOWU_DOCUMENT_FONT_H

#include <stdbool.h>

#include "base/result.h"

struct arena;
struct face;
struct _PangoFontMap;

/* Pango's order of preference. */
#define FONT_FAMILIES "WenQuanYi Micro Hei,Noto Sans CJK SC"

/* BROKEN ("document.font_missing", parameters family and package) unless the files of both faces are there and may be
 * read; call it at start, so that an operator hears it and not a candidate. Any thread. */
enum result font_find(struct error *error) MUST_CHECK;
/* The same, and that they are fonts: loads them, 50 ms, unless that has been done. What could not be loaded is tried
 * again at the next call: it may have been memory. */
enum result font_check(struct error *error) MUST_CHECK;
/* What font_check() would tell of; NULL: nothing. Any thread. */
const struct face *font_missing(void);

/*
 * Can every character of the UTF-8 text be printed? If not, `*missing` tells the first few that cannot, for people:
 * "𠀀 (U+20000)". The caller refuses the field with code "document.glyph_missing", parameter characters. Any thread.
 * Where a face is missing nothing is refused: that is the operator's trouble, not the candidate's.
 */
bool font_covers(struct arena *arena, const char *text, const char **missing);

/* Pango's font map of this thread (they must not be shared), made on first use, kept warm until the thread ends.
 * Owned by the thread. It holds the faces if font_missing() has said that none is missing, and none before. */
struct _PangoFontMap *font_map(void);

#endif
