/*
 * What a request that only reads leaves to be written: the moment of its session, and a reviewer's own lease.
 *
 * A small job of its own does it behind the answer, so that a read stays a read; and only when enough time has gone
 * that it is worth a write.
 */
#ifndef KAOWU_API_AFTER_H
#define KAOWU_API_AFTER_H

#include "request.h"

/* Loop thread, when the request is answered. Nothing happens if the tenant's inbox is full: the next request will do
 * it. */
void after_read(struct request *request);

#endif
