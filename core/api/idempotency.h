/*
 * Idempotency-Key: the same request sent again gets the same answer, and nothing happens twice.
 */
#ifndef KAOWU_API_IDEMPOTENCY_H
#define KAOWU_API_IDEMPOTENCY_H

#include "request.h"

/* Inside the write transaction, before the handler: fills the reply and *answered if this key was used for this very
 * request. CONFLICT ("api.idempotency_reused") if it was used for another. */
enum result idempotency_recall(struct request *request, bool *answered) MUST_CHECK;
/* After the handler: keeps the reply with what it did. */
enum result idempotency_remember(struct request *request) MUST_CHECK;

#endif
