/*
 * The reviewer's desk.
 */
#include "handlers.h"

#include "exam/application.h"
#include "exam/review.h"

enum result queue_get(struct request *request)
{
	static const char *const names[] = {"state", "plan", "occupation", "level", "holder",
		"overdue", "name", "number", "cursor", "limit", NULL};

	return review_queue(&request->tx, request_filter(request, names), &request->reply.body);
}

void lease_work(struct request *request, const struct application *application)
{
	if (review_lease_wanes(&request->tx, application))
		request->lease = application->id;
}

enum result case_get(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	lease_work(request, &application);
	request->reply.version = application.version;
	return review_view(&request->tx, &application, &request->reply.body);
}

enum result lease_post(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return review_claim(&request->tx, &application, json_get_true(request->body, "take_over"),
		&request->reply.body);
}

enum result lease_delete(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return review_release(&request->tx, &application);
}

enum result item_put(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return review_judge(&request->tx, &application, request->parameters[1], request->body,
		&request->reply.body);
}

enum result notice_get(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	lease_work(request, &application);
	return review_preview(&request->tx, &application, request_query(request, "outcome"),
		&request->reply.body);
}

enum result decision_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	rc = review_decide(&request->tx, &application, request->body, &request->reply.body);
	if (rc)
		return rc;
	request->reply.version = application.version;
	return OK;
}
