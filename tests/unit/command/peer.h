/*
 * Somebody to speak HTTPS with: a TLS server on 127.0.0.1 in a thread of its own, with a CA made just now. What it does
 * is told by the path of the request.
 *
 *	/echo   200, with the whole request as its body and "X-Peer:  seen "
 *	/moved  302 to /echo
 *	/hang   reads the request and says nothing
 *	/half   the first bytes of an answer, then nothing
 *	/reset  reads the request and resets the connection
 *	/long   10 MB
 *	/many   a thousand headers
 */
#ifndef KAOWU_TESTS_UNIT_COMMAND_PEER_H
#define KAOWU_TESTS_UNIT_COMMAND_PEER_H

#include <stdint.h>

struct peer;

/* `name` is what its certificate is for: "127.0.0.1", or a host name. */
struct peer *peer_start(const char *name);
uint16_t peer_port(const struct peer *peer);
const char *peer_ca_file(const struct peer *peer);
unsigned peer_requests(const struct peer *peer);    /* read so far, whole ones */
unsigned peer_connections(const struct peer *peer); /* accepted so far */
void peer_stop(struct peer *peer);

#endif
