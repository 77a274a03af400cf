/*
 * What providers report by themselves: fates of SMS, payments and refunds.
 *
 * WeChat Pay wants 2xx for what need not come again, and anything else, with words of its own, for what may: it comes
 * again for a day. A false notice is found out before it could hold up the writers of the centre.
 */
#include "handlers.h"

#include "base/log.h"
#include "exam/delivery.h"
#include "exam/payment_count.h"
#include "exam/payment_notice.h"
#include "problem.h"

/* One answer for all: each provider looks for its own words in it. */
enum result sms_reports_post(struct request *request)
{
	struct arena *arena = request->tx.arena;
	enum result rc = delivery_report(&request->tx, request->parameters[0], request->body);

	if (rc)
		return rc;
	request->reply.body = json_new_object(arena);
	json_set_integer(arena, request->reply.body, "result", 0);
	json_set_text(arena, request->reply.body, "errmsg", "OK");
	json_set_integer(arena, request->reply.body, "code", 0);
	json_set_text(arena, request->reply.body, "msg", "OK");
	return OK;
}

/* A notice as it was found: `rc` is what is wrong with it, by `error`. */
struct read_notice {
	enum result rc;
	struct error error;
	struct payment_notice notice;
};

enum result wechat_notice_prepare(struct request *request)
{
	const struct http_message *message = &request->exchange->message;
	struct read_notice *read = NEW(request->tx.arena, struct read_notice);
	const struct wechat_signature signature = {
		.timestamp = http_header(message, "wechatpay-timestamp"),
		.nonce = http_header(message, "wechatpay-nonce"),
		.serial = http_header(message, "wechatpay-serial"),
		.signature = http_header(message, "wechatpay-signature"),
	};

	read->rc = payment_notice_read(&request->tx, &signature, request->content, &read->notice);
	read->error = request->error;
	request->prepared = read;
	return read->rc >= BUSY ? read->rc : OK;
}

/* What it was refused for stays written: a person is to look. */
static enum result refusal(struct request *request, enum result rc, const struct error *error)
{
	struct arena *arena = request->tx.arena;

	payment_count(COUNT_REFUSED);
	log_event(LOG_WARNING, "payment.notice_refused", "tenant", tenant_slug(request->job.tenant),
		"request", request->tx.request_id, "code", error->code, NULL);
	request->reply.status = status_of(rc);
	request->reply.body = json_new_object(arena);
	json_set_text(arena, request->reply.body, "code", "FAIL");
	json_set_text(arena, request->reply.body, "message",
		message_text(arena, request->tx.language, error->code, error->params));
	return OK;
}

enum result wechat_notice_post(struct request *request)
{
	const struct read_notice *read = request->prepared;
	enum result rc;

	if (read->rc)
		return refusal(request, read->rc, &read->error);
	rc = payment_notice_take(&request->tx, &read->notice);
	return rc && rc < BUSY ? refusal(request, rc, &request->error) : rc;
}
