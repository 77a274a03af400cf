/*
 * Payments at the desk as a list, from a bank's or a cashier's table: each row is judged by itself and told by itself.
 */
#ifndef KAOWU_EXAM_PAYMENT_IMPORT_H
#define KAOWU_EXAM_PAYMENT_IMPORT_H

#include "transaction.h"

/*
 * `rows`: [{order, receipt_number, amount_fen}]. Dry, nothing is written. {rows: [{order, application_number, outcome,
 * code, detail}], confirmed, refused}, in their order; the outcome is "ready" (dry), "confirmed", "known" (paid
 * already, nothing to do) or "refused", with the reason. What is refused hinders no other row.
 */
enum result payment_import(
	struct transaction *tx, const json *rows, bool dry, json **out) MUST_CHECK;

#endif
