/*
 * The HTTPS client as the server has it: https_client_ready() loads kaowu-https, and the rest goes on there. As
 * drawing_door.c, which says more.
 */
#include "https.h"

#include "base/part.h"

/* NULL if it cannot be loaded, and then `error` (may be NULL) says why. */
static const struct https *loaded(struct error *error)
{
	static struct part part = {.symbol = "kaowu_https", .lock = PTHREAD_MUTEX_INITIALIZER};

	return part_load(&part, embedded_find_in(part_files, part_count, "kaowu-https"), error);
}

enum result https_client_ready(struct error *error)
{
	return loaded(error) ? OK : BROKEN;
}

struct https_client *https_client_open(uv_loop_t *loop, const char *ca_file)
{
	return loaded(NULL)->open(loop, ca_file);
}

void https_client_send(struct https_client *client, const char *party, struct arena *arena,
	struct https_exchange *exchange, void (*done)(void *context), void *context)
{
	loaded(NULL)->send(client, party, arena, exchange, done, context);
}

void https_client_stop(struct https_client *client)
{
	loaded(NULL)->stop(client);
}

void https_client_close(struct https_client *client)
{
	if (client)
		loaded(NULL)->close(client);
}
