/*
 * One request and its answer. Internal to core/net; loop thread only.
 */
#ifndef KAOWU_NET_EXCHANGE_H
#define KAOWU_NET_EXCHANGE_H

#include "connection.h"
#include "reader.h"
#include "spool.h"

/* Lives in its own arena. */
struct exchange {
	struct http_exchange outside; /* first: what the handler holds */
	struct http_server *server;
	struct connection *connection; /* NULL once the peer is gone */
	struct reader reader;
	struct spool spool;
	int64_t began_at;
	bool complete;        /* the whole message is here */
	bool spool_allowed;   /* its body may go to the disk */
	bool close;           /* after the answer */
	void (*next)(void *); /* is asked for what is missing of the answer's body */
	void *next_data;
	uint64_t missing;
	void (*free_body)(void *);
	void *free_data;
	uv_write_t write;
};

/* In IDLE, HEAD and BODY: takes some of the bytes, one at least, and tells how many. */
size_t exchange_feed(struct connection *connection, const char *data, size_t size);

/* Answers with a problem of our own. */
void exchange_refuse(struct exchange *exchange, int status, const char *code, bool close);

/* The connection closes in this stage: releases the exchange, or leaves that to who has it. */
void exchange_abandon(struct exchange *exchange, enum stage stage);

#endif
