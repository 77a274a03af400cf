/*
 * Answers kept by key, in the same transaction as what they tell.
 */
#include "idempotency.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "route.h"

#define KEY_LONGEST 128

static const char *key_of(struct request *request)
{
	if (!(request->route->flags & ROUTE_IDEMPOTENT))
		return NULL;
	return http_header(&request->exchange->message, "idempotency-key");
}

/* Keys of one person never meet another's. */
static const char *owner_of(struct request *request)
{
	return request->tx.actor.id ? request->tx.actor.id : request->tx.address;
}

static const char *request_hash(struct request *request)
{
	const char *text = arena_printf(request->tx.arena, "%s %s\n%s",
		request->exchange->message.method, request->exchange->message.target,
		request->body ? json_print(request->tx.arena, request->body) : "");
	char hash[SHA256_HEX_SIZE];

	sha256_hex(bytes_of(text, strlen(text)), hash);
	return arena_text(request->tx.arena, hash);
}

enum result idempotency_recall(struct request *request, bool *answered)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char *key = key_of(request), *hash = NULL;
	enum result rc;

	if (!key)
		return OK;
	if (strlen(key) > KEY_LONGEST)
		return fail(&request->error, MALFORMED, "api.idempotency_long", NULL);
	rc = store_query(request->tx.db, &rows,
		"SELECT request_hash, status, answer FROM idempotency WHERE actor = ?1 AND key = ?2",
		BIND(TEXT(owner_of(request)), TEXT(key)), &request->error);
	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		const char *text = cursor_text(&rows, 2, request->tx.arena);

		hash = cursor_text(&rows, 0, request->tx.arena);
		request->reply.status = (int)cursor_integer(&rows, 1);
		request->answer = bytes_of(text, strlen(text));
	}
	rc = cursor_end(&rows, &request->error);
	if (rc || !hash)
		return rc;
	if (!text_equal(hash, request_hash(request)))
		return fail(&request->error, CONFLICT, "api.idempotency_reused", NULL);
	*answered = true;
	return OK;
}

enum result idempotency_remember(struct request *request)
{
	const char *key = key_of(request);

	if (!key)
		return OK;
	return store_run(request->tx.db,
		"INSERT INTO idempotency (actor, key, request_hash, status, answer, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		BIND(TEXT(owner_of(request)), TEXT(key), TEXT(request_hash(request)),
			INTEGER(request->reply.status ? request->reply.status : 200),
			TEXT(request->answer.data ? (const char *)request->answer.data : ""),
			INTEGER(request->tx.now)),
		&request->error);
}
