/*
 * What a handler reads of its request.
 */
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "exam/application.h"

#define NUMBER_DIGITS 9 /* of a query parameter: fits an int */

const char *request_query(struct request *request, const char *name)
{
	const char *value = http_query(&request->exchange->message, request->tx.arena, name);

	return text_blank(value) ? NULL : value;
}

json *request_filter(struct request *request, const char *const *names)
{
	json *filter = json_new_object(request->tx.arena);

	for (; *names; names++) {
		const char *value = request_query(request, *names);

		if (value)
			json_set_text(request->tx.arena, filter, *names, value);
	}
	return filter;
}

enum result request_query_number(struct request *request, const char *name, int64_t *out)
{
	const char *text = request_query(request, name);
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (text && (text[digits] || digits == 0 || digits > NUMBER_DIGITS))
		return fail(&request->error, MALFORMED, "api.query_number", "name", name, NULL);
	*out = text ? strtoll(text, NULL, 10) : 0;
	return OK;
}

enum result request_page(struct request *request, struct page *out)
{
	return page_read(&request->tx, request_query(request, "cursor"),
		request_query(request, "limit"), out);
}

enum result request_list(struct request *request, list_reader *list)
{
	struct page page;
	enum result rc = request_page(request, &page);

	return rc ? rc : list(&request->tx, &page, &request->reply.body);
}

enum result request_application(struct request *request, struct application *out)
{
	return application_load(&request->tx, request->parameters[0], out);
}

enum result request_application_seen(struct request *request, struct application *out)
{
	enum result rc = request_application(request, out);

	return rc ? rc : application_expect_version(&request->tx, out, request->if_match);
}

enum result request_application_numbered(struct request *request, struct application *out)
{
	return application_load_number(&request->tx, request->parameters[0], out);
}
