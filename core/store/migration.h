/*
 * Migrations: schemas/sql/<family>_NNNN_<what>.sql, applied in order, each in one transaction, its SHA-256 kept.
 *
 * Families: "control" (the deployment), "tenant", "files". A database whose recorded hash of an applied file differs
 * from ours, or that knows a later file than we do, is refused (BROKEN) and left as it is.
 */
#ifndef KAOWU_STORE_MIGRATION_H
#define KAOWU_STORE_MIGRATION_H

#include "store.h"

enum result store_migrate(struct store *store, const char *family, struct error *error) MUST_CHECK;

#endif
