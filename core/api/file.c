/*
 * Files in and out: uploads are examined before their transaction, documents are drawn after theirs.
 */
#include "handlers.h"

#include "document/cover.h"
#include "document/form.h"
#include "document/ticket.h"
#include "exam/application.h"
#include "exam/material.h"
#include "exam/paper.h"
#include "exam/template.h"
#include "exam/ticket.h"

enum result material_prepare(struct request *request)
{
	struct material_upload *upload = NEW(request->tx.arena, struct material_upload);
	struct application application;
	enum result rc;

	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	rc = application_expect_version(&request->tx, &application, request->if_match);
	if (rc)
		return rc;
	rc = material_receive(
		&request->tx, &application, request->parameters[1], request->content, upload);
	if (rc)
		return rc;
	request->prepared = upload;
	return OK;
}

enum result material_put(struct request *request)
{
	struct application application;
	enum result rc;

	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	rc = application_expect_version(&request->tx, &application, request->if_match);
	if (rc)
		return rc;
	rc = material_attach(&request->tx, &application, request->parameters[1], request->prepared,
		&request->reply.body);
	if (rc)
		return rc;
	request->reply.version = application.version;
	return OK;
}

enum result material_get(struct request *request)
{
	struct application application;
	int64_t revision;
	enum result rc;

	rc = request_query_number(request, "revision", &revision);
	if (rc)
		return rc;
	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	lease_work(request, &application);
	return material_read(&request->tx, &application, request->parameters[1], revision,
		&request->reply.bytes, &request->reply.media_type);
}

static void file_reply(struct request *request, const char *media_type, const char *name)
{
	request->reply.media_type = media_type;
	request->reply.file_name = name;
}

enum result templates_get(struct request *request)
{
	struct form_facts *facts = NEW(request->tx.arena, struct form_facts);
	struct application application;
	enum result rc;

	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	request->prepared = facts;
	return template_facts(&request->tx, &application, facts);
}

enum result templates_finish(struct request *request)
{
	file_reply(request, "application/zip", "templates.zip");
	return package_build(
		request->tx.arena, request->prepared, &request->reply.bytes, request->tx.error);
}

enum result cover_get(struct request *request)
{
	struct cover_facts *facts = NEW(request->tx.arena, struct cover_facts);
	struct application application;
	enum result rc;

	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	request->prepared = facts;
	return paper_cover_facts(&request->tx, &application, facts);
}

enum result cover_finish(struct request *request)
{
	file_reply(request, "application/pdf", "cover.pdf");
	return cover_render(
		request->tx.arena, request->prepared, &request->reply.bytes, request->tx.error);
}

enum result ticket_get(struct request *request)
{
	struct ticket_facts *facts = NEW(request->tx.arena, struct ticket_facts);
	struct application application;
	enum result rc;

	rc = application_load(&request->tx, request->parameters[0], &application);
	if (rc)
		return rc;
	request->prepared = facts;
	return ticket_facts_load(&request->tx, &application, facts);
}

enum result ticket_finish(struct request *request)
{
	file_reply(request, "application/pdf", "ticket.pdf");
	return ticket_render(
		request->tx.arena, request->prepared, &request->reply.bytes, request->tx.error);
}
