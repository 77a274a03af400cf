/*
 * The seam between store.c, which knows no engine, and the engine behind it (sqlite*.c, all of it).
 *
 * An engine answers for the calls of store.h that open, close, begin, commit, run, step, read a column and look
 * after the file; store.c builds the rest on those and on the three below, migration.c and files.c on store.h
 * alone. A second engine is a second set of files beside sqlite*.c, and a table of these calls to choose by.
 */
#ifndef KAOWU_STORE_ENGINE_H
#define KAOWU_STORE_ENGINE_H

#include "store.h"

int cursor_width(const struct cursor *cursor); /* columns of a row */
const char *cursor_name(
	const struct cursor *cursor, int column);         /* its alias, until the cursor ends */
int cursor_kind(const struct cursor *cursor, int column); /* VALUE_* of the current row */

#endif
