/*
 * Uploaded materials (S7, S8): what a machine can tell is told at once; the file is sealed and durable before any
 * row names it.
 */
#ifndef KAOWU_EXAM_MATERIAL_H
#define KAOWU_EXAM_MATERIAL_H

#include "application.h"
#include "store/files.h"

/* The materials that kaowu prints blank forms for, by their ids in a manifest. On the first the condition is copied out
 * in full (S10). */
#define MATERIAL_FORM   "application_form"
#define MATERIAL_PLEDGE "work_pledge"

struct material_upload {
	struct file_facts file;
	json *checks; /* as picture.h gives them */
	const char *plan_id;
};

/* First half (heavy lane, reads): is it asked for, is it open, does the picture pass. INVALID ("material.refused")
 * carries each failing check as a fault with value and limit; TOO_MANY as of upload.h. The file is durable when this
 * returns OK, and upload_forget() takes it away if the second half refuses. */
enum result material_receive(struct transaction *tx, struct application *application,
	const char *material, struct bytes content, struct material_upload *out) MUST_CHECK;
/* Second half (writes): names the file in the application, and counts it; answers {material, file, checks}. */
enum result material_attach(struct transaction *tx, struct application *application,
	const char *material, const struct material_upload *upload, json **out) MUST_CHECK;
/* Takes back what was uploaded, while it can be changed; consented to or not. NOT_FOUND ("material.not_there"). What an
 * earlier revision was handed in with stays with it. */
enum result material_remove(
	struct transaction *tx, struct application *application, const char *material) MUST_CHECK;
/* What stands to be handed in is consented to: CONFLICT as of personal_expect_consent(). */
enum result material_expect_consents(
	struct transaction *tx, const struct application *application) MUST_CHECK;
/* Takes pictures of this kind (of the manifest) out of the account's applications that are a draft, withdrawn, or have
 * expired as a draft: nobody is asked to judge them. What a revision was handed in with stays with it. Their files
 * leave as what was replaced does (upload.h). */
enum result materials_forget(
	struct transaction *tx, const char *account_id, const char *material_kind) MUST_CHECK;
/* The current file of a material, or the one of a revision (0: current), found and not yet read. */
struct material_file {
	const char *plan_id;
	struct file_reading reading;
};
enum result material_find(struct transaction *tx, const struct application *application,
	const char *material, int64_t revision, struct material_file *out) MUST_CHECK;
/* A part of it (files_read_part()), in any later job. */
enum result material_part(struct transaction *tx, const struct material_file *file, uint64_t at,
	uint8_t out[FILES_PART], size_t *size) MUST_CHECK;
/* The whole of one that is small by its kind: a portrait. */
enum result material_read(struct transaction *tx, const struct application *application,
	const char *material, int64_t revision, struct bytes *content) MUST_CHECK;
enum result material_list(
	struct transaction *tx, const char *application_id, json **out) MUST_CHECK;

#endif
