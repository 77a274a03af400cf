/*
 * What a candidate may know and decide of his own data: separate consent to sensitive pictures, a copy of everything,
 * a request to be erased.
 *
 * All of it is about tx->actor, who is a candidate.
 */
#ifndef KAOWU_EXAM_PERSONAL_H
#define KAOWU_EXAM_PERSONAL_H

#include "transaction.h"

/* {mobile, created_at, consents: [{kind, granted, text, decided_at}], erasure_asked_at, recoveries: [{recovered_at,
 * reason}]}: of consents the newest of each kind, of recoveries (recovery.h) the latest first. */
enum result personal_view(struct transaction *tx, json **out) MUST_CHECK;

/* Agrees to the use of "id_images" or the "portrait", or takes it back. `text` is what was shown. Pictures that
 * were kept by it and not handed in go with it. TOO_MANY
 * ("consent.many") if it is agreed to more than LIMIT_DAY_CONSENTS times within 24 hours. */
enum result personal_consent(
	struct transaction *tx, const char *kind, bool granted, const char *text) MUST_CHECK;

/* CONFLICT ("consent.no_portrait", "consent.no_id_images") unless the candidate agrees at present to what a material of
 * this kind (of the manifest) shows of him; other kinds need no consent of their own. */
enum result personal_expect_consent(
	struct transaction *tx, const char *account_id, const char *material_kind) MUST_CHECK;

/* Whether the candidate has ever taken a consent back. */
enum result personal_took_back(
	struct transaction *tx, const char *account_id, bool *out) MUST_CHECK;

/* Asks to be erased, or takes that back; the same twice is no fault. Staff do the rest: erasure.h. */
enum result personal_erasure(struct transaction *tx, bool asked) MUST_CHECK;

/* Everything that is kept of the actor but the files themselves: {account, consents: each time one was given or taken
 * back, the newest LIMIT_CONSENTS_SHOWN, applications: as they are seen, orders, sessions}. */
enum result personal_data(struct transaction *tx, json **out) MUST_CHECK;

#endif
