/*
 * The sweep of one plan's files.
 *
 * Files and rows stand in different databases, so the two lists are held against each other here. The order makes it
 * safe: a row names a file moments after it was written, and what is a day old and has no name gets none any more.
 */
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#define FILE_AGE_MS DAY_MS
#define SWEEP_MOST  1000
#define ROW_ARENA   (1u << 20) /* one revision's list of materials */

struct candidate {
	const char *file_id;
	bool named;
};

struct candidates {
	struct candidate *list; /* sorted */
	size_t count;
};

static int candidate_order(const void *left, const void *right)
{
	return strcmp(((const struct candidate *)left)->file_id,
		((const struct candidate *)right)->file_id);
}

static struct candidates candidates_of(struct arena *arena, const json *ids)
{
	struct candidates found = {.list = NEW_ARRAY(arena, struct candidate, json_count(ids) + 1)};

	json_each(id, ids) found.list[found.count++].file_id = json_text(id);
	qsort(found.list, found.count, sizeof(*found.list), candidate_order);
	return found;
}

static void name(struct candidates *candidates, const char *file_id)
{
	struct candidate wanted = {.file_id = file_id};
	struct candidate *found = bsearch(&wanted, candidates->list, candidates->count,
		sizeof(*candidates->list), candidate_order);

	if (found)
		found->named = true;
}

/* What the candidates' current materials name, and what they named until a moment ago; and the book of tickets. */
static enum result names_of_materials(
	struct transaction *tx, const char *plan_id, struct candidates *candidates)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(ROW_ARENA);
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT m.file_id FROM material m JOIN application a ON a.id = m.application_id"
		" WHERE a.plan_id = ?1 UNION ALL SELECT u.file_id FROM upload u"
		" JOIN application a ON a.id = u.application_id"
		" WHERE a.plan_id = ?1 AND u.replaced_at > ?2 UNION ALL"
		" SELECT file_id FROM ticket_book_part WHERE plan_id = ?1",
		BIND(TEXT(plan_id), INTEGER(tx->now - LIMIT_REPLACED_LIFE)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		name(candidates, cursor_text(&rows, 0, scratch));
		arena_reset(scratch);
	}
	return cursor_end(&rows, tx->error);
}

/* What revisions hold for ever. */
static enum result names_of_revisions(
	struct transaction *tx, const char *plan_id, struct candidates *candidates)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(ROW_ARENA);
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT r.materials FROM revision r JOIN application a ON a.id = r.application_id"
		" WHERE a.plan_id = ?1",
		BIND(TEXT(plan_id)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		const char *text = cursor_text(&rows, 0, scratch);
		json *materials;

		rc = json_parse(scratch, text, strlen(text), &materials, tx->error);
		if (rc)
			return rc;
		json_each(material, materials) name(candidates, json_get_text(material, "file_id"));
		arena_reset(scratch);
	}
	return cursor_end(&rows, tx->error);
}

static enum result nameless_remove(struct transaction *tx, struct files *files, const char *plan_id,
	const struct candidates *candidates)
{
	int removed = 0;
	enum result rc = OK;

	for (size_t i = 0; i < candidates->count && removed < SWEEP_MOST && !rc; i++) {
		if (candidates->list[i].named)
			continue;
		rc = files_remove(files, candidates->list[i].file_id, tx->error);
		removed += rc == OK;
	}
	if (removed > 0)
		log_event(LOG_INFO, "files.swept", "tenant", tenant_slug(tx->tenant), "plan",
			plan_id, "count", log_number(removed), NULL);
	return rc;
}

static enum result plan_files_sweep(struct transaction *tx, const char *plan_id)
{
	struct candidates candidates;
	struct files *files;
	json *ids;
	enum result rc;

	rc = tenant_files(tx->tenant, plan_id, &files, tx->error);
	if (rc)
		return rc;
	rc = files_list(files, tx->arena, tx->now - FILE_AGE_MS, &ids, tx->error);
	if (rc)
		return rc;
	candidates = candidates_of(tx->arena, ids);
	rc = names_of_materials(tx, plan_id, &candidates);
	if (rc)
		return rc;
	rc = names_of_revisions(tx, plan_id, &candidates);
	if (rc)
		return rc;
	return nameless_remove(tx, files, plan_id, &candidates);
}

enum result sweep_plan(struct transaction *tx, struct sweep *sweep)
{
	const char *next;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT MIN(id) FROM plan WHERE id > ?1"
		" AND EXISTS (SELECT 1 FROM plan_count c WHERE c.plan_id = plan.id)",
		BIND(TEXT(sweep->plan_id)), &next, tx->error);

	if (rc)
		return rc;
	(void)snprintf(sweep->plan_id, sizeof(sweep->plan_id), "%s", next ? next : "");
	return next ? plan_files_sweep(tx, next) : OK;
}
