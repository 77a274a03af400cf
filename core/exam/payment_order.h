/*
 * Orders as they are read: inside of payment.h.
 */
#ifndef KAOWU_EXAM_PAYMENT_ORDER_H
#define KAOWU_EXAM_PAYMENT_ORDER_H

#include "transaction.h"

/* As JSON (payment.h says how), without its events. NOT_FOUND ("payment.unknown"). */
enum result payment_order_by_number(
	struct transaction *tx, const char *number, json **order) MUST_CHECK;
enum result payment_order_by_id(struct transaction *tx, const char *id, json **order) MUST_CHECK;
enum result payment_order_by_url(
	struct transaction *tx, const char *code_url, json **order) MUST_CHECK;
/*
 * The application's newest order of a provider that can still be paid, of that amount; NULL if there is
 * none.
 */
enum result payment_order_open(struct transaction *tx, const char *application_id,
	const char *provider, int64_t amount_fen, json **order) MUST_CHECK;
/* The ids of the application's orders that are neither paid nor closed; only the expired ones, if asked. */
enum result payment_orders_unpaid(struct transaction *tx, const char *application_id,
	bool expired_only, json **rows) MUST_CHECK;
/* Adds "events", oldest first. */
enum result payment_order_events(struct transaction *tx, json *order) MUST_CHECK;

#endif
