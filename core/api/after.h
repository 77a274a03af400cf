/*
 * What a request leaves to be done that nobody waits for, by small jobs of their own behind its answer.
 *
 * A request that only reads leaves the moment of its session, and a reviewer's own lease, to be written: so a read
 * stays a read, and only when enough time has gone that it is worth a write. An upload that was refused after its file
 * was stored leaves the file.
 */
#ifndef KAOWU_API_AFTER_H
#define KAOWU_API_AFTER_H

#include "request.h"

/* Loop thread, when the request is answered. Nothing happens if the tenant's inbox is full: the next request will do
 * it, or the sweep of files. */
void after_answer(struct request *request, enum result outcome);

#endif
