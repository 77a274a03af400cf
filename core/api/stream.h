/*
 * A stored file as an answer: part by part, so that no answer holds a scan of ten megabytes in memory.
 */
#ifndef KAOWU_API_STREAM_H
#define KAOWU_API_STREAM_H

#include "request.h"

/* Fills length, next and next_data of an answer whose request has reply.stored. Loop thread. */
void stream_begin(struct request *request, struct http_reply *reply);

#endif
