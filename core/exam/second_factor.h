/*
 * The second factor of staff and operators: enrolled by oneself, asked for at sign-in, demanded by the centre of the
 * roles that tenant.json names, reset by another administrator (an operator's by a command).
 *
 * A code of either kind (base/totp.h) holds once. Wrong ones are counted where wrong passwords are: sign_in.h does it,
 * for whoever asks with what these functions found.
 */
#ifndef KAOWU_EXAM_SECOND_FACTOR_H
#define KAOWU_EXAM_SECOND_FACTOR_H

#include "transaction.h"

/* Does the centre demand one of whoever has these roles? */
enum result second_factor_demanded(
	struct transaction *tx, uint32_t roles, bool *demanded) MUST_CHECK;
/* Has the account one that is confirmed? */
enum result second_factor_active(
	struct transaction *tx, const char *account_id, bool *active) MUST_CHECK;
/* Uses a code up: *good is false where it is wrong, used or too old, or where there is no confirmed factor. The use of
 * a recovery code is audited. */
enum result second_factor_use(
	struct transaction *tx, const char *account_id, const char *code, bool *good) MUST_CHECK;

/* Of tx->actor: {state: "none" | "active", demanded, confirmed_at, recovery_codes}. */
enum result second_factor_view(struct transaction *tx, json **out) MUST_CHECK;
/* A new secret in the place of one that was never confirmed: {secret, uri}, the only time that it can be seen. CONFLICT
 * ("second_factor.active"). */
enum result second_factor_begin(struct transaction *tx, json **out) MUST_CHECK;
/* Confirmed by a code: every session of the account ends, and the caller opens a new one. *good is false where the code
 * is wrong; CONFLICT ("second_factor.not_begun", "second_factor.active"). *codes: recovery codes, shown once. */
enum result second_factor_confirm(
	struct transaction *tx, const char *code, bool *good, json **codes) MUST_CHECK;
/* Away with it and every recovery code. */
enum result second_factor_remove(struct transaction *tx, const char *account_id) MUST_CHECK;
/* The same for whoever has lost phone and recovery codes: audited, and every session ends. None is no fault. */
enum result second_factor_reset(struct transaction *tx, const char *account_id) MUST_CHECK;

#endif
