/*
 * Uploaded materials: examined in a sandbox, sealed, durable, and only then named by a row.
 */
#include "material.h"

#include "base/log.h"
#include "base/text.h"
#include "deployment.h"
#include "document/picture.h"
#include "personal.h"
#include "submission.h"
#include "topics.h"
#include "upload.h"

static const char *item_of(struct transaction *tx, const char *material)
{
	return arena_printf(tx->arena, "material:%s", material);
}

/* The manifest's object for a material that the chosen condition asks for. */
static enum result asked_for(struct transaction *tx, const struct application *application,
	const struct plan *plan, const char *material, const json **out)
{
	if (!application->condition_id)
		return fail(tx->error, CONFLICT, "material.condition_first", NULL);

	const json *asked = json_find(
		application_materials_asked(tx, plan->manifest, application->condition_id), "id",
		material);
	if (!asked)
		return fail(tx->error, NOT_FOUND, "material.not_asked", "material", material,
			"condition", application->condition_id, NULL);
	*out = asked;
	return OK;
}

static enum result material_open(struct transaction *tx, const struct application *application,
	const char *material, struct plan *plan, const json **asked)
{
	enum result rc = topic_open(tx, application, item_of(tx, material), plan);

	if (rc)
		return rc;
	rc = asked_for(tx, application, plan, material, asked);
	return rc ? rc
		  : personal_expect_consent(
			    tx, application->account_id, json_get_text(*asked, "kind"));
}

/* Whoever fills the log of a files database empties it when it has grown: here nobody else waits for that. */
static void log_empty(struct transaction *tx, struct files *files)
{
	struct error error = {.arena = tx->arena};

	if (files_checkpoint(files, &error))
		log_event(LOG_WARNING, "files.checkpoint_failed", "tenant", tenant_slug(tx->tenant),
			"code", error.code, "detail", error.internal, NULL);
}

enum result material_receive(struct transaction *tx, struct application *application,
	const char *material, struct bytes content, struct material_upload *out)
{
	struct material_upload upload = {0};
	struct picture picture;
	struct files *files;
	struct plan plan;
	const json *asked;
	enum result rc;

	rc = material_open(tx, application, material, &plan, &asked);
	if (rc)
		return rc;
	rc = upload_expect_room(tx, application, content.size);
	if (rc)
		return rc;
	rc = picture_examine(tx->deployment->pictures, tx->arena,
		text_equal(json_get_text(asked, "kind"), "portrait") ? PICTURE_PORTRAIT
								     : PICTURE_SCAN,
		content, &picture, tx->error);
	if (rc)
		return rc;
	if (!picture.acceptable) {
		picture_faults(tx->arena, &picture, "", tx->error);
		return fail(tx->error, INVALID, "material.refused", NULL);
	}

	rc = tenant_files(tx->tenant, plan.id, &files, tx->error);
	if (rc)
		return rc;
	rc = files_put(files, picture.stored, picture.media_type, &upload.file, tx->error);
	if (rc)
		return rc;
	log_empty(tx, files);
	upload.checks = picture.checks;
	upload.plan_id = plan.id;
	*out = upload;
	return OK;
}

static enum result row_write(struct transaction *tx, const struct application *application,
	const char *material, const struct material_upload *upload)
{
	return store_run(tx->db,
		"INSERT INTO material (application_id, material, file_id, sha256, size, media_type,"
		" checks, uploaded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (application_id, material) DO UPDATE SET file_id = excluded.file_id,"
		" sha256 = excluded.sha256, size = excluded.size, media_type = excluded.media_type,"
		" checks = excluded.checks, uploaded_at = excluded.uploaded_at",
		BIND(TEXT(application->id), TEXT(material), TEXT(upload->file.id),
			TEXT(upload->file.sha256), INTEGER(upload->file.size),
			TEXT(upload->file.media_type), TEXT(json_print(tx->arena, upload->checks)),
			INTEGER(tx->now)),
		tx->error);
}

enum result material_attach(struct transaction *tx, struct application *application,
	const char *material, const struct material_upload *upload, json **out)
{
	struct plan plan;
	const json *asked;
	enum result rc = material_open(tx, application, material, &plan, &asked);

	if (rc)
		return rc;
	rc = upload_expect_room(tx, application, upload->file.size);
	if (rc)
		return rc;
	rc = upload_written(tx, application, material, &upload->file);
	if (rc)
		return rc;
	rc = row_write(tx, application, material, upload);
	if (rc)
		return rc;
	rc = submission_changed(tx, application, item_of(tx, material));
	if (rc)
		return rc;
	return store_object(tx->db, tx->arena,
		"SELECT material, sha256, size, media_type, checks AS \"checks{}\","
		" uploaded_at AS \"uploaded_at@\" FROM material"
		" WHERE application_id = ?1 AND material = ?2",
		BIND(TEXT(application->id), TEXT(material)), out, tx->error);
}

/* [{material}] of those that lie there. */
static enum result rows_there(struct transaction *tx, const char *application_id, json **rows)
{
	return store_array(tx->db, tx->arena,
		"SELECT material FROM material WHERE application_id = ?1 ORDER BY material",
		BIND(TEXT(application_id)), rows, tx->error);
}

static enum result row_remove(
	struct transaction *tx, struct application *application, const char *material)
{
	enum result rc = upload_leaves(tx, application, material);

	rc = rc ? rc
		: store_run(tx->db,
			  "DELETE FROM material WHERE application_id = ?1 AND material = ?2",
			  BIND(TEXT(application->id), TEXT(material)), tx->error);
	return rc ? rc : submission_changed(tx, application, item_of(tx, material));
}

enum result material_remove(
	struct transaction *tx, struct application *application, const char *material)
{
	json *rows;
	struct plan plan;
	enum result rc = topic_open(tx, application, item_of(tx, material), &plan);

	rc = rc ? rc : rows_there(tx, application->id, &rows);
	if (rc)
		return rc;
	if (!json_find(rows, "material", material))
		return fail(tx->error, NOT_FOUND, "material.not_there", "material", material, NULL);
	return row_remove(tx, application, material);
}

enum result material_expect_consents(struct transaction *tx, const struct application *application)
{
	struct plan plan;
	json *rows;
	bool took_back = false;
	enum result rc = personal_took_back(tx, application->account_id, &took_back);

	/* Each picture came with its consent: who has taken none back need not be asked about seven of them. */
	if (rc || !took_back)
		return rc;
	rc = plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : rows_there(tx, application->id, &rows);
	if (rc)
		return rc;
	json_each(
		material, application_materials_asked(tx, plan.manifest, application->condition_id))
	{
		if (json_find(rows, "material", json_get_text(material, "id")))
			rc = personal_expect_consent(
				tx, application->account_id, json_get_text(material, "kind"));
		if (rc)
			return rc;
	}
	return OK;
}

static enum result pictures_forget(
	struct transaction *tx, const char *application_id, const char *material_kind)
{
	struct application application;
	struct plan plan;
	json *rows = NULL;
	enum result rc = application_load(tx, application_id, &application);

	rc = rc ? rc : plan_load(tx, application.plan_id, &plan);
	rc = rc ? rc : rows_there(tx, application_id, &rows);
	json_each(row, rows)
	{
		const char *id = json_get_text(row, "material");
		const json *material = json_find(json_get(plan.manifest, "materials"), "id", id);

		if (text_equal(json_get_text(material, "kind"), material_kind))
			rc = row_remove(tx, &application, id);
		if (rc)
			return rc;
	}
	return rc;
}

enum result materials_forget(
	struct transaction *tx, const char *account_id, const char *material_kind)
{
	json *rows = NULL;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT id FROM application WHERE account_id = ?1 AND approved_revision IS NULL"
		" AND (state IN ('draft', 'withdrawn')"
		" OR (state IN ('expired', 'cancelled') AND revision = 0))",
		BIND(TEXT(account_id)), &rows, tx->error);

	json_each(row, rc ? NULL : rows)
	{
		rc = pictures_forget(tx, json_get_text(row, "id"), material_kind);
		if (rc)
			return rc;
	}
	return rc;
}

/* The file that a revision pinned, or the current one; NULL if there is none. */
static enum result file_id_of(struct transaction *tx, const struct application *application,
	const char *material, int64_t revision, const char **file_id)
{
	json *row;
	enum result rc;

	if (revision == 0)
		return store_find_text(tx->db, tx->arena,
			"SELECT file_id FROM material WHERE application_id = ?1 AND material = ?2",
			BIND(TEXT(application->id), TEXT(material)), file_id, tx->error);

	rc = store_find(tx->db, tx->arena,
		"SELECT materials AS \"materials{}\" FROM revision"
		" WHERE application_id = ?1 AND revision = ?2",
		BIND(TEXT(application->id), INTEGER(revision)), &row, tx->error);
	if (rc)
		return rc;
	*file_id = json_get_text(
		json_find(json_get(row, "materials"), "material", material), "file_id");
	return OK;
}

enum result material_find(struct transaction *tx, const struct application *application,
	const char *material, int64_t revision, struct material_file *out)
{
	struct error none = {.arena = tx->arena};
	struct files *files;
	const char *file_id;
	enum result rc = file_id_of(tx, application, material, revision, &file_id);

	if (rc)
		return rc;
	if (!file_id)
		return fail(tx->error, NOT_FOUND, "material.not_there", "material", material, NULL);
	rc = tenant_files(tx->tenant, application->plan_id, &files, tx->error);
	if (rc)
		return rc;
	out->plan_id = application->plan_id;
	rc = files_read(files, file_id, &out->reading, &none);
	if (rc == NOT_FOUND) /* its row says that it was handed in */
		return trouble(tx->error, BROKEN, "store.file_damaged", "no file %s", file_id);
	if (rc)
		*tx->error = none;
	return rc;
}

/* The files are looked up anew: between two jobs an idle tenant may be closed. */
enum result material_part(struct transaction *tx, const struct material_file *file, uint64_t at,
	uint8_t out[FILES_PART], size_t *size)
{
	struct files *files;
	enum result rc = tenant_files(tx->tenant, file->plan_id, &files, tx->error);

	if (rc)
		return rc;
	return files_read_part(files, &file->reading, at, out, size, tx->error);
}

enum result material_read(struct transaction *tx, const struct application *application,
	const char *material, int64_t revision, struct bytes *content)
{
	struct material_file file;
	struct files *files;
	enum result rc = material_find(tx, application, material, revision, &file);

	rc = rc ? rc : tenant_files(tx->tenant, file.plan_id, &files, tx->error);
	return rc ? rc : files_get(files, tx->arena, file.reading.facts.id, content, tx->error);
}

enum result material_list(struct transaction *tx, const char *application_id, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT material, sha256, size, media_type, checks AS \"checks{=}\","
		" uploaded_at AS \"uploaded_at@\" FROM material WHERE application_id = ?1"
		" ORDER BY material",
		BIND(TEXT(application_id)), out, tx->error);
}
