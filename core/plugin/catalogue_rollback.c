/*
 * Back to an earlier version (catalogue.h): one statement changes all rows or none.
 */
#include "base/text.h"
#include "catalogue_inside.h"

/* SHA-256 of the one whose version is below the highest, of those that are active; NULL if there is none. */
static enum result earlier(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char **out, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);

	return store_find_text(catalogue_store(held), arena,
		"SELECT sha256 FROM plugin WHERE plugin_id = ?1 AND state = 'active'"
		" AND version_order < (SELECT MAX(version_order) FROM plugin WHERE plugin_id = ?1"
		" AND state = 'active') ORDER BY version_order DESC, installed_at DESC LIMIT 1",
		BIND(TEXT(id)), out, error);
}

/* The one to go back to. */
static enum result aim(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char *version, struct catalogue_entry *out, struct error *error)
{
	const char *sha256;
	enum result rc = catalogue_load(catalogue, arena, id, version, NULL, out, error);

	if (rc || version)
		return rc;
	rc = earlier(catalogue, arena, id, &sha256, error);
	if (rc)
		return rc;
	if (!sha256)
		return fail(error, CONFLICT, "kit.no_earlier", "id", id, NULL);
	return catalogue_load_file(catalogue, arena, sha256, out, error);
}

static enum result disable_above(
	struct catalogue *catalogue, const struct catalogue_entry *entry, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);

	return store_run(catalogue_store(held),
		"UPDATE plugin SET state = 'disabled' WHERE plugin_id = ?1 AND state = 'active'"
		" AND version_order > (SELECT version_order FROM plugin WHERE sha256 = ?2)",
		BIND(TEXT(entry->id), TEXT(entry->sha256)), error);
}

enum result catalogue_rollback(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char *version, struct catalogue_entry *out, struct error *error)
{
	struct catalogue_entry entry;
	enum result rc = aim(catalogue, arena, id, version, &entry, error);

	if (rc)
		return rc;
	if (text_equal(entry.state, "quarantined"))
		return fail(error, CONFLICT, "kit.rollback_quarantined", "version", entry.version,
			NULL);
	if (text_equal(entry.state, "disabled"))
		rc = catalogue_readmit(catalogue, entry.sha256, error);
	rc = rc ? rc : disable_above(catalogue, &entry, error);
	return rc ? rc : catalogue_load_file(catalogue, arena, entry.sha256, out, error);
}
