/*
 * One connection: a socket, the stage it is in, and the exchange on it. Internal to core/net; loop thread only.
 */
#ifndef KAOWU_NET_CONNECTION_H
#define KAOWU_NET_CONNECTION_H

#include <netinet/in.h>

#include "server.h"

struct exchange;

struct connection {
	uv_tcp_t socket; /* first: the handle is the connection */
	struct http_server *server;
	struct connection *next, *previous; /* in the list of its stage */
	struct exchange *exchange;          /* NULL while idle */
	int64_t deadline;
	size_t untaken; /* of its answer, when its deadline was last looked at */
	char *pending;  /* bytes that came too early: at most READ_SIZE, malloc'ed */
	size_t pending_from, pending_size;
	enum stage stage;
	bool reading, feeding;
	bool trusted; /* a proxy of ours */
	char address[INET6_ADDRSTRLEN];
};

/* Takes the connection that libuv has accepted. */
void connection_accept(struct http_server *server);

/* Moves to a stage and starts its time anew. */
void connection_enter(struct connection *connection, enum stage stage);

/* Reads on, first what is pending; does nothing while the exchange is elsewhere. */
void connection_continue(struct connection *connection);
void connection_stop_reading(struct connection *connection);

/* Bytes of what was written that the peer has not taken. */
size_t connection_untaken(const struct connection *connection);

void connection_expire(struct connection *connection); /* its deadline has passed */
void connection_linger(struct connection *connection); /* answered; no more requests */
void connection_close(struct connection *connection);  /* at once */

#endif
