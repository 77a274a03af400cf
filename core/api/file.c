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
#include "exam/ticket_book.h"

enum result material_prepare(struct request *request)
{
	struct material_upload *upload = NEW(request->tx.arena, struct material_upload);
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	rc = material_receive(
		&request->tx, &application, request->parameters[1], request->content, upload);
	if (rc)
		return rc;
	request->prepared = upload;
	request->uploaded = upload;
	return OK;
}

enum result material_put(struct request *request)
{
	struct application application;
	enum result rc = request_application_seen(request, &application);

	if (rc)
		return rc;
	rc = material_attach(&request->tx, &application, request->parameters[1], request->prepared,
		&request->reply.body);
	if (rc)
		return rc;
	request->reply.version = application.version;
	return OK;
}

/* An attachment: the address of what a stranger sent is not shown as a page of the centre's. What fits one part is
 * there at once. */
static enum result stored_reply(
	struct request *request, const struct material_file *file, const char *file_name)
{
	uint8_t *part;
	size_t size;
	enum result rc;

	request->reply.media_type = file->reading.facts.media_type;
	request->reply.file_name = file_name;
	if (file->reading.facts.size > FILES_PART) {
		request->reply.stored = file;
		return OK;
	}
	part = arena_alloc(request->tx.arena, FILES_PART);
	rc = material_part(&request->tx, file, 0, part, &size);
	if (rc)
		return rc;
	request->reply.bytes = bytes_of(part, size);
	return OK;
}

static enum result material_reply(
	struct request *request, const struct application *application, int64_t revision)
{
	struct material_file *file = NEW(request->tx.arena, struct material_file);
	enum result rc =
		material_find(&request->tx, application, request->parameters[1], revision, file);

	return rc ? rc
		  : stored_reply(request, file,
			    arena_printf(request->tx.arena, "%s.jpg", request->parameters[1]));
}

/* Whose, and of which revision; 0: none is named. */
static enum result material_asked(
	struct request *request, struct application *application, int64_t *revision)
{
	enum result rc = request_query_number(request, "revision", revision);

	return rc ? rc : request_application(request, application);
}

enum result material_get(struct request *request)
{
	struct application application;
	int64_t revision;
	enum result rc = material_asked(request, &application, &revision);

	return rc ? rc : material_reply(request, &application, revision);
}

/* What was handed in, the last revision if none is named; what was not is its candidate's own business. */
enum result review_material_get(struct request *request)
{
	struct application application;
	int64_t revision;
	enum result rc = material_asked(request, &application, &revision);

	if (rc)
		return rc;
	if (revision == 0)
		revision = application.revision;
	if (revision == 0)
		return fail(&request->error, NOT_FOUND, "material.not_there", "material",
			request->parameters[1], NULL);
	lease_work(request, &application);
	return material_reply(request, &application, revision);
}

/* ---- Documents: their facts are read in a transaction and drawn behind it ---- */

enum document_kind { DOCUMENT_TEMPLATES, DOCUMENT_COVER, DOCUMENT_TICKET };

struct document {
	enum document_kind kind;
	union {
		struct form_facts form;
		struct cover_facts cover;
		struct ticket_facts ticket;
	};
};

/* Where the pages check tickets, at the very host that the candidate came by: it is there for his telephone too. */
static const char *check_at(const struct request *request)
{
	const struct http_message *message = &request->exchange->message;
	const char *scheme = message->secure ? "https" : "http";

	if (request->by_host)
		return arena_printf(request->tx.arena, "%s://%s/tickets/", scheme, message->host);
	return arena_printf(request->tx.arena, "%s://%s/t/%s/tickets/", scheme, message->host,
		tenant_slug(request->tx.tenant));
}

static enum result facts_load(
	struct request *request, struct application *application, struct document *document)
{
	struct transaction *tx = &request->tx;

	switch (document->kind) {
	case DOCUMENT_TEMPLATES:
		return template_facts(tx, application, &document->form);
	case DOCUMENT_COVER:
		return paper_cover_facts(tx, application, &document->cover);
	case DOCUMENT_TICKET:
		return ticket_facts_load(tx, application, check_at(request), &document->ticket);
	}
	return OK;
}

static enum result document_draw(struct arena *arena, const struct document *document,
	struct bytes *out, struct error *error)
{
	switch (document->kind) {
	case DOCUMENT_TEMPLATES:
		return package_build(arena, &document->form, out, error);
	case DOCUMENT_COVER:
		return cover_render(arena, &document->cover, out, error);
	case DOCUMENT_TICKET:
		return ticket_render(arena, &document->ticket, out, error);
	}
	return OK;
}

static enum result document_get(struct request *request, enum document_kind kind)
{
	struct document *document = NEW(request->tx.arena, struct document);
	struct application application;
	enum result rc = request_application(request, &application);

	if (rc)
		return rc;
	document->kind = kind;
	request->prepared = document;
	return facts_load(request, &application, document);
}

enum result templates_get(struct request *request)
{
	return document_get(request, DOCUMENT_TEMPLATES);
}

enum result cover_get(struct request *request)
{
	return document_get(request, DOCUMENT_COVER);
}

enum result ticket_get(struct request *request)
{
	return document_get(request, DOCUMENT_TICKET);
}

enum result document_finish(struct request *request)
{
	static const struct {
		const char *media_type, *file_name;
	} files[] = {
		[DOCUMENT_TEMPLATES] = {"application/zip", "templates.zip"},
		[DOCUMENT_COVER] = {"application/pdf", "cover.pdf"},
		[DOCUMENT_TICKET] = {"application/pdf", "ticket.pdf"},
	};
	const struct document *document = request->prepared;

	request->reply.media_type = files[document->kind].media_type;
	request->reply.file_name = files[document->kind].file_name;
	return document_draw(request->tx.arena, document, &request->reply.bytes, request->tx.error);
}

/* ---- All tickets of a plan ---- */

enum result ticket_book_post(struct request *request)
{
	return ticket_book_ask(
		&request->tx, request->parameters[0], check_at(request), &request->reply.body);
}

enum result ticket_book_get(struct request *request)
{
	return ticket_book_view(&request->tx, request->parameters[0], &request->reply.body);
}

enum result ticket_book_part_get(struct request *request)
{
	struct material_file *file = NEW(request->tx.arena, struct material_file);
	enum result rc = ticket_book_part(
		&request->tx, request->parameters[0], request->parameters[1], file);

	return rc ? rc
		  : stored_reply(request, file,
			    arena_printf(
				    request->tx.arena, "tickets-%s.pdf", request->parameters[1]));
}
