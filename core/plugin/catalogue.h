/*
 * The plugins installed in this deployment: files in DATA/plugins, manifests in control.db.
 *
 * Installing copies the file to DATA/plugins/<id>-<version>-<first 12 of its SHA-256>.so (written, fsynced,
 * linked, never overwritten), has a sandboxed worker describe it, checks the answer as hostile input, runs the
 * worked examples with our own evaluator, and keeps the manifest by the file's SHA-256: a start with thousands of
 * plugins spawns nothing. Versions stand beside each other; a plan pins one by id, version and SHA-256.
 *
 * A fault of a plugin is one sentence that says what to change. An installed plugin that crashes, hangs, answers
 * garbage or whose file is not the one that was installed goes to quarantine, with the reason, until an operator
 * readmits it.
 */
#ifndef KAOWU_PLUGIN_CATALOGUE_H
#define KAOWU_PLUGIN_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "store/store.h"

struct catalogue;

struct catalogue_settings {
	/* A connection to control.db (family "control", migrated) that nobody else uses while the catalogue lives. */
	struct store *store;
	const char *data_folder;
	const char *executable; /* of a worker (worker.h); NULL: this very program, as tests are */
	uint32_t start_time_ms; /* of a worker; 0: LIMIT_WORKER_START_TIME */
	uint32_t call_time_ms;  /* 0: LIMIT_WORKER_CALL_TIME */
};

struct catalogue_entry {
	const char *id, *version, *sha256;
	const char *occupation_code, *occupation_name;
	int level;
	const char *file;   /* its path */
	const char *state;  /* "active", "disabled" or "quarantined" */
	const char *reason; /* of a quarantine, or NULL */
	json *manifest;
	const char
		*signed_by; /* the key that it was installed with, trusted still or not; or NULL */
};

/* Every function below: any thread, one at a time inside; blocking; what comes out lies in `arena`. */
enum result catalogue_open(const struct catalogue_settings *settings, struct catalogue **out,
	struct error *error) MUST_CHECK;
void catalogue_close(struct catalogue *catalogue); /* NULL is fine; the store stays open */

/*
 * Faults of the plugin are INVALID; the same file again gives its entry as it stands, and puts back a file that
 * went missing (CONFLICT, "plugin.file_changed", if another has taken its place); other tables under an installed
 * version are CONFLICT ("plugin.version_taken"), and a package whose manifest is not what its plugin says is INVALID
 * ("kit.packed_differs"). `signed_by` is the text of the key whose signature is taken, which the caller judges
 * (trust.h), or NULL.
 */
struct plugin_source;
enum result catalogue_install(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_source *source, const char *signed_by, struct catalogue_entry *out,
	struct error *error) MUST_CHECK;

/* What a file would be installed as, without installing it. */
enum result catalogue_describe(struct catalogue *catalogue, struct arena *arena, const char *path,
	json **manifest, struct error *error) MUST_CHECK;

/*
 * Array of {id, version, sha256, occupation_code, occupation_name, level, file, state, reason, reason_at,
 * installed_at, signed_by, signer, trust}, by occupation, level, highest version first. `trust` is "signed" by a key
 * that is trusted, "untrusted" by one that is not any more, or "unsigned"; `signer` is the key's name or null.
 */
enum result catalogue_list(struct catalogue *catalogue, struct arena *arena, json **out,
	struct error *error) MUST_CHECK;

struct catalogue_tally {
	int64_t active, quarantined;
	int64_t unsigned_active; /* active, and without a signature that is trusted now */
};
enum result catalogue_tally(
	struct catalogue *catalogue, struct catalogue_tally *out, struct error *error) MUST_CHECK;

/*
 * Back to an earlier version of plugin `id`: those above it are disabled, so that new plans take it; old plans keep
 * theirs. `version` NULL: the active one below the highest. CONFLICT "kit.no_earlier" (there is none) or
 * "kit.rollback_quarantined"; NOT_FOUND ("plugin.unknown").
 */
enum result catalogue_rollback(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char *version, struct catalogue_entry *out, struct error *error) MUST_CHECK;

/*
 * The active one of the highest version for an occupation and level; `id` and `version` narrow it, or are
 * NULL. NOT_FOUND ("plugin.none").
 */
enum result catalogue_pick(struct catalogue *catalogue, struct arena *arena,
	const char *occupation_code, int level, const char *id, const char *version,
	struct catalogue_entry *out, struct error *error) MUST_CHECK;

/*
 * In whatever state; `version` and `sha256` may be NULL: the highest version that fits. NOT_FOUND
 * ("plugin.unknown").
 */
enum result catalogue_load(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char *version, const char *sha256, struct catalogue_entry *out,
	struct error *error) MUST_CHECK;

/*
 * Compares each installed file with its SHA-256; what differs or is gone is quarantined and counted. For a server, at
 * its start and at a self-check. One that this account may not read says nothing of itself, and is left as it is:
 * BROKEN ("plugin.file_closed").
 */
enum result catalogue_verify(
	struct catalogue *catalogue, int *quarantined, struct error *error) MUST_CHECK;
/* Of one that catalogue_list() has given: may its file be read, unless it is gone (BROKEN, "plugin.file_closed")? And
 * is it there, and what was installed? Both write nothing. */
enum result catalogue_readable(const struct catalogue *catalogue, struct arena *arena,
	const json *installed, struct error *error) MUST_CHECK;
bool catalogue_whole(const struct catalogue *catalogue, struct arena *arena, const json *installed);

/*
 * `reason` is a message code of plugin.json ("plugin.crashed"). NOT_FOUND ("plugin.unknown") if no such file
 * is installed.
 */
enum result catalogue_quarantine(struct catalogue *catalogue, const char *sha256,
	const char *reason, struct error *error) MUST_CHECK;
/* Why it is in quarantine, NULL if it is not; where that cannot be told, "plugin.unknown": the safe side. */
const char *catalogue_failure(struct catalogue *catalogue, struct arena *arena, const char *sha256);

/*
 * By hand; the first 12 characters of the SHA-256 will do. NOT_FOUND ("plugin.unknown").
 *
 * Readmitting makes it active again, once its file is the one that was installed: else CONFLICT
 * ("plugin.file_changed"). A disabled one is not picked any more; plans that pin it keep it. One in quarantine is not
 * picked as it is, and stays there: CONFLICT ("plugin.quarantined").
 */
enum result catalogue_readmit(
	struct catalogue *catalogue, const char *sha256, struct error *error) MUST_CHECK;
enum result catalogue_disable(
	struct catalogue *catalogue, const char *sha256, struct error *error) MUST_CHECK;

#endif
