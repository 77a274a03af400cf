/*
 * The head of a reply as bytes, and what is known about each status.
 */
#ifndef KAOWU_NET_REPLY_H
#define KAOWU_NET_REPLY_H

#include "base/arena.h"
#include "base/bytes.h"
#include "http.h"

#define DATE_SIZE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and the NUL */

/* The Date header, made again when the second has changed. */
struct date_cache {
	int64_t second;
	char text[DATE_SIZE];
};

enum persistence {
	PERSISTENCE_PLAIN,
	PERSISTENCE_KEEP_ALIVE /* said aloud, to 1.0 */,
	PERSISTENCE_CLOSE
};

/* Status line and headers, down to the empty line. */
struct bytes reply_head(struct arena *arena, struct date_cache *date,
	const struct http_reply *reply, enum persistence persistence);

/* The code that problem() is told for a status which admit() returned: "http.not_found". */
const char *reply_code(int status);

#endif
