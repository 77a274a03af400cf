/*
 * The two faces that paper is set in (font.h): their names, and where their files lie on nearly every machine.
 *
 * Apart from font.h so that a server can look for the files at its start without loading what reads them.
 */
#ifndef KAOWU_DOCUMENT_FACE_H
#define KAOWU_DOCUMENT_FACE_H

#include "base/result.h"

#define FACES 2

struct face {
	const char *family, *package;
	const char *usual_file; /* where Debian's package puts it */
};

extern const struct face faces[FACES]; /* in Pango's order of preference */

/* The usual file if it may be read. NULL if not, and where fontconfig was told by its environment to look elsewhere. */
const char *face_file(const struct face *face);

/* BROKEN ("document.font_missing", parameters family and package). */
enum result face_missing(const struct face *face, struct error *error);

#endif
