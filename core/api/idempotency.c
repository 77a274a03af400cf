/*
 * Answers kept by key, in the same transaction as what they tell.
 *
 * An answer shows a person's form, so it is sealed like the form itself.
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

/* Keys of one person never meet another's; who is not signed in has none. */
static const char *owner_of(struct request *request)
{
	return request->tx.actor.id;
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

static const char *seal_context(struct request *request, const char *key)
{
	return arena_printf(request->tx.arena, "idempotency.answer:%s:%s", owner_of(request), key);
}

/* Everything of a reply that a client sees, as it is kept. */
static const char *reply_seal(struct request *request, const char *key)
{
	struct arena *arena = request->tx.arena;
	const struct reply *reply = &request->reply;
	json *kept = json_new_object(arena);

	json_set_integer(arena, kept, "version", reply->version);
	json_set_text(arena, kept, "location", reply->location);
	json_set(arena, kept, "body", reply->body ? json_copy(arena, reply->body) : NULL);

	struct bytes sealed = seal_text(
		arena, request->tx.keys, seal_context(request, key), json_print(arena, kept));
	return base64url_encode(arena, sealed.data, sealed.size);
}

static enum result reply_unseal(struct request *request, const char *key, const char *answer)
{
	struct arena *arena = request->tx.arena;
	struct bytes sealed = {NULL, 0};
	json *kept;
	enum result rc;

	if (base64url_decode(arena, answer, &sealed))
		return trouble(&request->error, BROKEN, "api.trouble", "an idempotency answer");
	rc = unseal_json(arena, request->tx.keys, seal_context(request, key), sealed, &kept,
		&request->error);
	if (rc)
		return rc;
	request->reply.version = json_get_integer(kept, "version");
	request->reply.location = json_get_text(kept, "location");
	if (json_get(kept, "body"))
		request->reply.body = json_copy(arena, json_get(kept, "body"));
	return OK;
}

enum result idempotency_recall(struct request *request, bool *answered)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char *key = key_of(request), *hash = NULL, *answer = NULL;
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
		hash = cursor_text(&rows, 0, request->tx.arena);
		request->reply.status = (int)cursor_integer(&rows, 1);
		answer = cursor_text(&rows, 2, request->tx.arena);
	}
	rc = cursor_end(&rows, &request->error);
	if (rc || !hash)
		return rc;
	if (!text_equal(hash, request_hash(request)))
		return fail(&request->error, CONFLICT, "api.idempotency_reused", NULL);
	*answered = true;
	return reply_unseal(request, key, answer);
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
			TEXT(reply_seal(request, key)), INTEGER(request->tx.now)),
		&request->error);
}
