/*
 * A candidate's own applications, from draft to payment and papers.
 */
#include "handlers.h"

#include "exam/application.h"
#include "exam/fields.h"
#include "exam/material.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/submission.h"
#include "exam/topics.h"
#include "exam/withdrawal.h"

static enum result view(struct request *request, struct application *application)
{
	request->reply.version = application->version;
	return application_view(&request->tx, application, &request->reply.body);
}

enum result applications_get(struct request *request)
{
	return request_list(request, application_list_own);
}

enum result application_post(struct request *request)
{
	struct application application;
	bool created;
	enum result rc = application_create(
		&request->tx, json_get_text(request->body, "plan_id"), &application, &created);

	if (rc)
		return rc;
	request->reply.status = created ? 201 : 200;
	request->reply.location =
		arena_printf(request->tx.arena, "/applications/%s", application.id);
	return view(request, &application);
}

enum result application_get(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return view(request, &application);
}

typedef enum result topic_writer(
	struct transaction *tx, struct application *application, const json *body);

static enum result put_topic(struct request *request, topic_writer *put)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	return put(&request->tx, &application, request->body);
}

enum result details_put(struct request *request)
{
	return put_topic(request, application_put_details);
}

enum result identity_put(struct request *request)
{
	return put_topic(request, application_put_identity);
}

enum result condition_put(struct request *request)
{
	return put_topic(request, application_put_condition);
}

enum result certificates_put(struct request *request)
{
	return put_topic(request, application_put_certificates);
}

enum result work_put(struct request *request)
{
	return put_topic(request, application_put_work);
}

enum result fields_put(struct request *request)
{
	return put_topic(request, application_put_fields);
}

enum result material_delete(struct request *request)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	return material_remove(&request->tx, &application, request->parameters[1]);
}

enum result preview_get(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	request->reply.version = application.version;
	return application_preview(&request->tx, &application, &request->reply.body);
}

enum result submit_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	return application_submit(&request->tx, &application);
}

enum result withdraw_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	return application_withdraw(&request->tx, &application);
}

enum result order_post(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	request->reply.status = 201;
	return payment_order_create(&request->tx, &application,
		json_get_text(request->body, "provider"), &request->reply.body);
}

enum result order_get(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return payment_order_view(
		&request->tx, application.id, request->parameters[1], &request->reply.body);
}

enum result papers_get(struct request *request)
{
	struct application application;
	struct paper_row row;
	struct plan plan;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	rc = plan_load(&request->tx, application.plan_id, &plan);
	rc = rc ? rc : paper_row_load(&request->tx, application.id, &row);
	if (rc)
		return rc;

	const struct deadlines deadlines = deadlines_within(&plan, row.grace_until);
	return paper_view(&request->tx, &application, &row, &deadlines,
		application_materials_asked(&request->tx, plan.manifest, application.condition_id),
		&request->reply.body);
}

enum result papers_put(struct request *request)
{
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	return paper_post(&request->tx, &application, request->body);
}
