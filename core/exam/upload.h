/*
 * How much a candidate may upload within a day, and what becomes of a file that another took the place of, or that was
 * taken back.
 *
 * Such a file stays for LIMIT_REPLACED_LIFE, so that a backup which has copied the row that named it finds it still;
 * then it is removed, unless a revision holds it.
 */
#ifndef KAOWU_EXAM_UPLOAD_H
#define KAOWU_EXAM_UPLOAD_H

#include "application.h"
#include "store/files.h"

/* TOO_MANY ("material.day_count", "material.day_bytes": most, seconds) if one more of that size is too much for the
 * application or for its account. */
enum result upload_expect_room(
	struct transaction *tx, const struct application *application, uint64_t size) MUST_CHECK;
/* The file counts from now on; the one that it takes the place of, if the material had one, is on its way out. Before
 * the material's row names the new one. */
enum result upload_written(struct transaction *tx, const struct application *application,
	const char *material, const struct file_facts *file) MUST_CHECK;

/* The file of the material, if it has one, is on its way out. Before its row goes. */
enum result upload_leaves(struct transaction *tx, const struct application *application,
	const char *material) MUST_CHECK;

/* Removes what was replaced or taken back long ago and is held by nothing. Reads only from tx->db: heavy lane. */
enum result uploads_free(struct transaction *tx) MUST_CHECK;
/* Removes a file that no row has ever named, because its upload was refused after all. Heavy lane. */
enum result upload_forget(
	struct transaction *tx, const char *plan_id, const char *file_id) MUST_CHECK;

#endif
