/*
 * Building and signing requests.
 */
#include "wechat_pay.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/rsa.h"
#include "base/text.h"

#define NONCE_BYTES         16
#define BILL_TIME           60000
#define DESCRIPTION_LONGEST 127 /* bytes */
#define REASON_LONGEST      80

struct bytes wechat_signed_text(struct arena *arena, const char *method, const char *target,
	int64_t timestamp, const char *nonce, struct bytes body)
{
	struct buffer text = buffer_in(arena, body.size + strlen(target) + 256);

	buffer_printf(&text, "%s\n%s\n%" PRId64 "\n%s\n", method, target, timestamp, nonce);
	buffer_append(&text, body.data, body.size);
	buffer_text(&text, "\n");
	return buffer_bytes(&text);
}

static const char *authorization(const struct wechat_caller *caller, const char *method,
	const char *target, struct bytes body)
{
	const struct wechat_account *account = caller->account;
	struct arena *arena = caller->arena;
	int64_t timestamp = caller->now / 1000;
	uint8_t random[NONCE_BYTES];

	random_bytes(random, sizeof(random));
	const char *nonce = hex_encode(arena, random, sizeof(random));
	struct bytes text = wechat_signed_text(arena, method, target, timestamp, nonce, body);
	struct bytes signature = rsa_sign(arena, account->private_key, text);
	return arena_printf(arena,
		"WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",signature=\"%s\","
		"timestamp=\"%" PRId64 "\",serial_no=\"%s\"",
		account->mchid, nonce, base64_encode(arena, signature.data, signature.size),
		timestamp, account->merchant_serial);
}

/* `host` and `target` make the URL; the target is what is signed. */
static struct https_request signed_request(const struct wechat_caller *caller, const char *method,
	const char *host, const char *target, const json *content)
{
	struct arena *arena = caller->arena;
	const char *text = content ? json_print(arena, content) : "";
	struct bytes body = bytes_of(text, strlen(text));
	struct https_header *headers = NEW_ARRAY(arena, struct https_header, 4);
	size_t count = 0;

	headers[count++] =
		(struct https_header){"Authorization", authorization(caller, method, target, body)};
	headers[count++] = (struct https_header){"Accept", "application/json"};
	if (content)
		headers[count++] = (struct https_header){"Content-Type", "application/json"};
	if (caller->account->public_key_id)
		headers[count++] =
			(struct https_header){"Wechatpay-Serial", caller->account->public_key_id};
	return (struct https_request){.method = method,
		.url = arena_printf(arena, "%s%s", host, target),
		.headers = headers,
		.header_count = count,
		.body = body};
}

static struct https_request request(const struct wechat_caller *caller, const char *method,
	const char *target, const json *content)
{
	const struct wechat_account *account = caller->account;
	size_t host = (size_t)caller->attempt % account->host_count;

	return signed_request(caller, method, account->hosts[host], target, content);
}

/* As much of a text as fits into so many bytes, in whole characters. */
static const char *cut(struct arena *arena, const char *text, size_t most)
{
	size_t size = 0, length = strlen(text);

	while (size < length && size + text_unit(text + size, length - size) <= most)
		size += text_unit(text + size, length - size);
	return arena_text_part(arena, text, size);
}

/* RFC 3339 in whole seconds, as the provider writes it. */
static const char *moment_of_seconds(struct arena *arena, int64_t at_ms)
{
	char text[MOMENT_SIZE];
	const char *point, *offset;

	moment_write(at_ms, text);
	point = strchr(text, '.');
	offset = strchr(text, '+');
	return arena_printf(arena, "%.*s%s", (int)(point - text), text, offset);
}

struct https_request wechat_place(
	const struct wechat_caller *caller, const struct wechat_order *order)
{
	const struct wechat_account *account = caller->account;
	struct arena *arena = caller->arena;
	json *content = json_new_object(arena);
	json *amount;

	json_set_text(arena, content, "appid", account->appid);
	json_set_text(arena, content, "mchid", account->mchid);
	json_set_text(
		arena, content, "description", cut(arena, order->description, DESCRIPTION_LONGEST));
	json_set_text(arena, content, "out_trade_no", order->number);
	json_set_text(arena, content, "time_expire", moment_of_seconds(arena, order->expires_at));
	json_set_text(arena, content, "notify_url", account->notify_url);
	amount = json_set(arena, content, "amount", json_new_object(arena));
	json_set_integer(arena, amount, "total", order->total_fen);
	json_set_text(arena, amount, "currency", "CNY");
	return request(caller, "POST", "/v3/pay/transactions/native", content);
}

struct https_request wechat_query(const struct wechat_caller *caller, const char *number)
{
	return request(caller, "GET",
		arena_printf(caller->arena, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", number,
			caller->account->mchid),
		NULL);
}

struct https_request wechat_close(const struct wechat_caller *caller, const char *number)
{
	json *content = json_new_object(caller->arena);

	json_set_text(caller->arena, content, "mchid", caller->account->mchid);
	return request(caller, "POST",
		arena_printf(caller->arena, "/v3/pay/transactions/out-trade-no/%s/close", number),
		content);
}

struct https_request wechat_refund(
	const struct wechat_caller *caller, const struct wechat_refund *refund)
{
	struct arena *arena = caller->arena;
	json *content = json_new_object(arena);
	json *amount;

	json_set_text(arena, content, "transaction_id", refund->transaction_id);
	json_set_text(arena, content, "out_refund_no", refund->number);
	json_set_text(arena, content, "reason", cut(arena, refund->reason, REASON_LONGEST));
	json_set_text(arena, content, "notify_url", caller->account->notify_url);
	amount = json_set(arena, content, "amount", json_new_object(arena));
	json_set_integer(arena, amount, "refund", refund->refund_fen);
	json_set_integer(arena, amount, "total", refund->total_fen);
	json_set_text(arena, amount, "currency", "CNY");
	return request(caller, "POST", "/v3/refund/domestic/refunds", content);
}

struct https_request wechat_query_refund(const struct wechat_caller *caller, const char *number)
{
	return request(caller, "GET",
		arena_printf(caller->arena, "/v3/refund/domestic/refunds/%s", number), NULL);
}

struct https_request wechat_bill(const struct wechat_caller *caller, const char *day)
{
	return request(caller, "GET",
		arena_printf(caller->arena, "/v3/bill/tradebill?bill_date=%s&bill_type=ALL", day),
		NULL);
}

struct https_request wechat_bill_file(
	const struct wechat_caller *caller, const char *url, size_t most)
{
	size_t host = strlen("https://");

	host += strcspn(url + host, "/");
	struct https_request file = signed_request(caller, "GET",
		arena_text_part(caller->arena, url, host), url[host] ? url + host : "/", NULL);
	file.answer_most = most;
	file.timeout_ms = BILL_TIME;
	return file;
}
