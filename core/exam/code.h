/*
 * SMS codes, by which somebody shows that a mobile number is his (S11). The answer is the same whether or not the
 * number is known.
 */
#ifndef KAOWU_EXAM_CODE_H
#define KAOWU_EXAM_CODE_H

#include "transaction.h"

/* Sends a code to a number (always OK for a well-formed one): purpose "sign_up", also for the number that an account is
 * to change to, or "reset". For a known number at sign-up the SMS says so instead; for an unknown one at reset nothing
 * is sent. TOO_MANY with parameter "seconds" by interval, number and address caps. */
enum result code_send(struct transaction *tx, const char *purpose, const char *mobile) MUST_CHECK;

/* Uses the newest code of the number. INVALID "/code" ("code.wrong") counts a try: *keep is set to true then, and
 * the caller must commit although it refuses. */
enum result code_use(struct transaction *tx, const char *purpose, const char *mobile,
	const char *code, bool *keep) MUST_CHECK;

#endif
