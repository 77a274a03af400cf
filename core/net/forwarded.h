/*
 * Who is calling: the peer, or whom a trusted proxy says that it called for.
 */
#ifndef KAOWU_NET_FORWARDED_H
#define KAOWU_NET_FORWARDED_H

#include <netinet/in.h>
#include <stdbool.h>

#include "http.h"

/* The peer's address as text: IPv4 also where it came through an IPv6 socket. */
void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN]);

/* True if `address`, in any spelling, is one of the NULL-terminated `proxies` (or they are NULL: false). */
bool address_trusted(const char *address, const char *const *proxies);

/* Sets message->address and message->secure from the peer and, if it is trusted, from its X-Forwarded-*. */
void forwarded_read(struct http_message *message, struct arena *arena, const char *peer,
	bool peer_trusted, const char *const *proxies);

#endif
