/*
 * SHA256SUMS: what the files of a backup were when it was made, as `sha256sum -c` reads it too. It lies in a folder for
 * as long as nothing was written there: whoever begins to serve from a restored copy takes it away.
 */
#ifndef KAOWU_COMMAND_CHECKSUMS_H
#define KAOWU_COMMAND_CHECKSUMS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"

/* Of those files, named relative to the folder. Whole or not there, also after a power cut. */
enum result checksums_write(
	struct arena *arena, const char *folder, const json *files, struct error *error) MUST_CHECK;
/* Is every file that is named there as it was? `*count` of them; 0 where there is no SHA256SUMS. BROKEN
 * ("command.not_as_backed_up") names the first that is not. */
enum result checksums_verify(
	struct arena *arena, const char *folder, int *count, struct error *error) MUST_CHECK;
void checksums_remove(struct arena *arena, const char *folder);

#endif
