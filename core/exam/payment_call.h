/*
 * What is to be asked of a provider next, order by order and refund by refund, until the end of each is known.
 *
 * A row is no record: the ledger is. An answer counts only if the row still is as it was when the question was put
 * (`version`); but money that an answer tells of counts always.
 */
#ifndef KAOWU_EXAM_PAYMENT_CALL_H
#define KAOWU_EXAM_PAYMENT_CALL_H

#include "transaction.h"

struct payment_call {
	const char *subject_id; /* an order's id, or a refund's */
	const char *order_id;
	const char *what; /* "place", "query", "close", "refund", "query_refund" */
	int64_t version, attempts, next_at;
};

/* From now on this is to be asked, first at that moment; what was to be asked before is not. */
enum result payment_call_put(struct transaction *tx, const char *subject_id, const char *order_id,
	const char *what, int64_t next_at) MUST_CHECK;
/* The same question again, later and later. `error` is a message's code, NULL: none; `said` the provider's. */
enum result payment_call_again(struct transaction *tx, const struct payment_call *call,
	const char *error, const char *said) MUST_CHECK;
/* Another question about it at once, as no answer has settled it yet. `back` to one that was put before: two answers
 * contradict each other, and from the second time on it is asked later and later. */
enum result payment_call_turn(struct transaction *tx, const struct payment_call *call,
	const char *what, bool back) MUST_CHECK;
/* The same question at once: it never left, and there is another host to ask. */
enum result payment_call_elsewhere(
	struct transaction *tx, const struct payment_call *call) MUST_CHECK;
/* Nothing is to be asked any more. */
enum result payment_call_drop(struct transaction *tx, const char *subject_id) MUST_CHECK;
/* Is it as it was? */
enum result payment_call_current(
	struct transaction *tx, const struct payment_call *call, bool *out) MUST_CHECK;

/* Those whose moment has come, the longest waiting first. */
enum result payment_call_due(
	struct transaction *tx, size_t most, struct payment_call **out, size_t *count) MUST_CHECK;
/* 0: nothing is to be asked. */
enum result payment_call_next(struct transaction *tx, int64_t *at) MUST_CHECK;
/* Whatever waits after a failure may be asked now: somebody has set right what was wrong. */
enum result payment_calls_release(struct transaction *tx) MUST_CHECK;
/* None of them before that moment. */
enum result payment_calls_hold(struct transaction *tx, int64_t until, const char *error) MUST_CHECK;

#endif
