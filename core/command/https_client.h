/*
 * The HTTPS client: libcurl on the event loop.
 *
 * Certificates and names are verified (TLS 1.2 or later); no redirects, no proxy from the environment, no cookies. Each
 * exchange has a connection of its own, so that none is ever sent twice unasked, and ends within its time whatever the
 * peer does. A party (a tenant) has so many exchanges out at once and no more: the others wait in its own line, and
 * nobody else's provider waits for them.
 *
 * Loop thread.
 */
#ifndef KAOWU_COMMAND_HTTPS_CLIENT_H
#define KAOWU_COMMAND_HTTPS_CLIENT_H

#include <uv.h>

#include "base/arena.h"
#include "base/result.h"
#include "outbound/https.h"

struct https_client;

/* Is there a client at all? The server loads it here, which takes tens of milliseconds: before anything else of this is
 * called. BROKEN ("part.not_loaded"). Any thread. */
enum result https_client_ready(struct error *error) MUST_CHECK;

/* `ca_file`: PEM certificates to trust instead of the system's, and peers may be in a network of one's own. NULL: the
 * system's, and public addresses alone (public_address.h). Copied. */
struct https_client *https_client_open(uv_loop_t *loop, const char *ca_file);

/* Carries the request and fills the answer, both of which live in `arena` as does the exchange; nobody else uses the
 * arena until `done` is called, later, from the loop. It may send again. */
void https_client_send(struct https_client *client, const char *party, struct arena *arena,
	struct https_exchange *exchange, void (*done)(void *context), void *context);

/* What is out has LIMIT_HTTPS_DRAIN_TIME to end by itself; what waits ends soon, and so does whatever is sent from then
 * on. Each with its `done`. */
void https_client_stop(struct https_client *client);

/* When nothing is out any more; the loop must then still run once. NULL is fine. */
void https_client_close(struct https_client *client);

#endif
