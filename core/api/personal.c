/*
 * A candidate's own data: consents, a copy, a request to be erased; and what administrators do about it.
 */
#include "handlers.h"

#include "base/text.h"
#include "exam/erasure.h"
#include "exam/personal.h"

enum result account_get(struct request *request)
{
	return personal_view(&request->tx, &request->reply.body);
}

enum result consent_put(struct request *request)
{
	return personal_consent(&request->tx, json_get_text(request->body, "kind"),
		json_get_true(request->body, "granted"), json_get_text(request->body, "text"));
}

enum result erasure_put(struct request *request)
{
	return personal_erasure(&request->tx, true);
}

enum result erasure_delete(struct request *request)
{
	return personal_erasure(&request->tx, false);
}

enum result account_data_get(struct request *request)
{
	request->reply.file_name = "my-data.json";
	return personal_data(&request->tx, &request->reply.body);
}

enum result erasures_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return erasure_list(
		&request->tx, request_query(request, "waiting"), &page, &request->reply.body);
}

enum result erasure_post(struct request *request)
{
	return erasure_carry_out(&request->tx, request->parameters[0], &request->reply.body);
}
