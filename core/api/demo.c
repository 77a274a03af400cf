/*
 * The demo's stand-in for a payer's phone: a page with one button. It exists only under `serve --demo`.
 */
#include "handlers.h"

#include <string.h>

#include "exam/payment.h"

static enum result page(struct request *request, const json *order, const char *what)
{
	const char *text = arena_printf(request->tx.arena,
		"<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>模拟支付</title>"
		"<h1>模拟支付</h1><p>订单 %s，金额 %.2f 元。</p>%s</html>",
		json_get_text(order, "number"), (double)json_get_integer(order, "amount_fen") / 100,
		what);

	request->reply.media_type = "text/html; charset=utf-8";
	request->reply.bytes = bytes_of(text, strlen(text));
	return OK;
}

enum result demo_pay_get(struct request *request)
{
	json *order;
	enum result rc = payment_simulated_view(&request->tx, request->parameters[0], &order);

	if (rc)
		return rc;
	return page(request, order,
		"<form method=\"post\"><button type=\"submit\">确认支付</button></form>");
}

enum result demo_pay_post(struct request *request)
{
	json *order;
	enum result rc = payment_confirm_simulated(&request->tx, request->parameters[0], &order);

	if (rc)
		return rc;
	return page(request, order, "<p>已支付，可以关闭本页。</p>");
}
