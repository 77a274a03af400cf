/*
 * What an administrator makes: plans, from a draft to closed or cancelled, and the centre itself.
 */
#include "handlers.h"

#include "exam/plan_cancel.h"
#include "exam/plan_desk.h"
#include "exam/profile.h"

static enum result shown(struct request *request, const char *id)
{
	enum result rc = plan_desk_view(&request->tx, id, &request->reply.body);

	if (rc)
		return rc;
	request->reply.version = json_get_integer(request->reply.body, "version");
	return OK;
}

enum result plan_desk_get(struct request *request)
{
	return shown(request, request->parameters[0]);
}

/* Told at once, since the answer is kept for an Idempotency-Key. */
static enum result made(struct request *request, const char *id)
{
	request->reply.status = 201;
	request->reply.location = arena_printf(request->tx.arena, "/admin/plans/%s", id);
	return shown(request, id);
}

enum result plan_post(struct request *request)
{
	const char *id;
	enum result rc = plan_desk_create(&request->tx, request->body, &id);

	return rc ? rc : made(request, id);
}

enum result plan_clone_post(struct request *request)
{
	const char *id;
	enum result rc = plan_desk_clone(&request->tx, request->parameters[0], request->body, &id);

	return rc ? rc : made(request, id);
}

enum result plan_put(struct request *request)
{
	return plan_desk_save(
		&request->tx, request->parameters[0], request->if_match, request->body);
}

enum result plan_publish_post(struct request *request)
{
	return plan_desk_publish(&request->tx, request->parameters[0], request->if_match);
}

enum result plan_close_post(struct request *request)
{
	return plan_desk_close(&request->tx, request->parameters[0], request->if_match);
}

enum result plan_cancel_post(struct request *request)
{
	return plan_cancel(&request->tx, request->parameters[0], request->if_match, request->body);
}

enum result plan_cancellation_get(struct request *request)
{
	return plan_cancel_view(&request->tx, request->parameters[0], &request->reply.body);
}

enum result plan_preview_get(struct request *request)
{
	return plan_desk_preview(&request->tx, request->parameters[0], &request->reply.body);
}

enum result plugins_get(struct request *request)
{
	return request_list(request, plan_desk_plugins);
}

enum result profile_desk_get(struct request *request)
{
	enum result rc = profile_desk_view(&request->tx, &request->reply.body);

	if (rc)
		return rc;
	request->reply.version = json_get_integer(request->reply.body, "version");
	return OK;
}

enum result profile_put(struct request *request)
{
	return profile_change(&request->tx, request->if_match, request->body);
}
