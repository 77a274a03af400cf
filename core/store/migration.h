/*
 * Migrations: schemas/sql/<family>_NNNN_<what>.sql, applied in order, each in one transaction, its SHA-256 kept.
 *
 * Families: "control" (the deployment), "tenant", "files". What a database has applied must be the beginning of
 * our list, each with the same hash; a database of another family, one changed by hand, or one that knows a later
 * file than we do is refused (BROKEN, "store.migration_differs" or "store.migration_unknown") and left as it is. A
 * file that fails leaves those before it applied, and nothing of itself.
 */
#ifndef KAOWU_STORE_MIGRATION_H
#define KAOWU_STORE_MIGRATION_H

#include "base/embedded.h"
#include "store.h"

enum result store_migrate(struct store *store, const char *family, struct error *error) MUST_CHECK;

/* store_migrate() for a database that was made before: one that is empty has been lost, and is not made anew in
 * silence. BROKEN ("store.nothing_there"). */
enum result store_upgrade(struct store *store, const char *family, struct error *error) MUST_CHECK;

/* store_migrate() with files of the caller's own, sorted by path, those of other families among them. */
enum result store_migrate_from(struct store *store, const struct embedded_file *files, size_t count,
	const char *family, struct error *error) MUST_CHECK;

/* Whether store_migrate() would find nothing to do and nothing to refuse. A reader will do. */
bool store_is_migrated(struct store *store, const char *family);

#endif
