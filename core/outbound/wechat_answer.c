/*
 * Verifying, decrypting and reading.
 *
 * The one hard thing is what an error may decide: an answer of 2xx counts only when it is signed; an error may come
 * from somewhere on the way that signs nothing, but a signature that is there and does not fit makes it worthless.
 */
#include "wechat_answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/rsa.h"
#include "base/seal.h"
#include "base/text.h"

#define WINDOW_S 300

/* ---- Signatures ---- */

static bool seconds_read(const char *text, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 12 || text[digits])
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

static const char *key_find(const struct wechat_account *account, const char *serial)
{
	for (size_t i = 0; i < account->key_count; i++) {
		if (text_equal(account->keys[i].serial, serial))
			return account->keys[i].pem;
	}
	return NULL;
}

static struct bytes signed_text(
	struct arena *arena, const struct wechat_signature *signature, struct bytes body)
{
	struct buffer text = buffer_in(
		arena, strlen(signature->timestamp) + strlen(signature->nonce) + body.size + 3);

	buffer_printf(&text, "%s\n%s\n", signature->timestamp, signature->nonce);
	buffer_append(&text, body.data, body.size);
	buffer_text(&text, "\n");
	return buffer_bytes(&text);
}

static enum result untrusted(struct error *error, const char *code)
{
	return fail(error, UNAUTHENTICATED, code, NULL);
}

/* A header's value has no white space around it, and need not be UTF-8. */
static bool absent(const char *value)
{
	return !value || !*value;
}

enum result wechat_verify(struct arena *arena, const struct wechat_account *account,
	const struct wechat_signature *signature, struct bytes body, int64_t now,
	struct error *error)
{
	int64_t timestamp;
	struct bytes raw;
	const char *pem;

	if (absent(signature->timestamp) || absent(signature->nonce) || absent(signature->serial) ||
		absent(signature->signature))
		return untrusted(error, "wechat.unsigned");
	if (!seconds_read(signature->timestamp, &timestamp) ||
		llabs(now / 1000 - timestamp) >= WINDOW_S)
		return untrusted(error, "wechat.timestamp");
	pem = key_find(account, signature->serial);
	if (!pem)
		return untrusted(error, "wechat.serial");
	if (base64_decode(arena, signature->signature, &raw) ||
		!rsa_signature_good(pem, signed_text(arena, signature, body), raw))
		return untrusted(error, "wechat.signature");
	return OK;
}

/* ---- Answers ---- */

static struct wechat_signature signature_of(const struct https_answer *answer)
{
	return (struct wechat_signature){
		.timestamp = https_answer_header(answer, "wechatpay-timestamp"),
		.nonce = https_answer_header(answer, "wechatpay-nonce"),
		.serial = https_answer_header(answer, "wechatpay-serial"),
		.signature = https_answer_header(answer, "wechatpay-signature"),
	};
}

static struct wechat_answer unsure(const char *code)
{
	return (struct wechat_answer){.outcome = WECHAT_UNSURE, .code = code};
}

static struct wechat_answer refusal(int status, const json *body)
{
	const char *code = json_get_text(body, "code");

	if (status < 400 || status >= 500 || status == 429 || !code)
		return unsure(code ? code : "no_reason");
	return (struct wechat_answer){.outcome = WECHAT_REFUSED, .code = code};
}

struct wechat_answer wechat_answer_read(struct arena *arena, const struct wechat_account *account,
	const struct https_answer *answer, int64_t now)
{
	struct wechat_signature signature = signature_of(answer);
	struct error error = {.arena = arena};
	bool done = answer->status >= 200 && answer->status < 300;
	json *body = NULL;

	if (answer->outcome != HTTPS_ANSWERED)
		return unsure(answer->outcome == HTTPS_LOST ? "no_answer" : "unreachable");
	if ((done || signature.signature) &&
		wechat_verify(arena, account, &signature, answer->body, now, &error))
		return unsure(error.code);
	if (answer->body.size > 0 && json_parse(arena, (const char *)answer->body.data,
					     answer->body.size, &body, &error))
		return unsure("not_json");
	if (!done)
		return refusal(answer->status, body);
	return (struct wechat_answer){.outcome = WECHAT_DONE, .body = body};
}

bool wechat_says(const struct wechat_answer *answer, const char *code)
{
	return answer->outcome == WECHAT_REFUSED && text_equal(answer->code, code);
}

/* ---- Notices ---- */

static bool resource_open(
	struct arena *arena, const struct wechat_account *account, const json *resource, json **out)
{
	const char *nonce = json_get_text(resource, "nonce");
	const char *associated = json_get_text(resource, "associated_data");
	const char *sealed_text = json_get_text(resource, "ciphertext");
	struct error none = {.arena = arena};
	struct bytes sealed, plain;

	if (!text_equal(json_get_text(resource, "algorithm"), "AEAD_AES_256_GCM") || !nonce ||
		strlen(nonce) != GCM_NONCE_SIZE || !sealed_text ||
		base64_decode(arena, sealed_text, &sealed))
		return false;
	if (!associated)
		associated = "";
	return gcm_unseal(arena, (const uint8_t *)account->api_key, (const uint8_t *)nonce,
		       bytes_of(associated, strlen(associated)), sealed, &plain) &&
	       json_parse(arena, (const char *)plain.data, plain.size, out, &none) == OK;
}

enum result wechat_notice_open(struct arena *arena, const struct wechat_account *account,
	struct bytes body, struct wechat_notice *out, struct error *error)
{
	struct error none = {.arena = arena};
	json *document, *resource;

	if (json_parse(arena, (const char *)body.data, body.size, &document, &none) ||
		text_blank(json_get_text(document, "id")) ||
		text_blank(json_get_text(document, "event_type")) ||
		!resource_open(arena, account, json_get(document, "resource"), &resource))
		return fail(error, MALFORMED, "wechat.notice", NULL);
	*out = (struct wechat_notice){
		json_get_text(document, "id"), json_get_text(document, "event_type"), resource};
	return OK;
}

/* ---- What they say ---- */

struct wechat_payment wechat_payment_read(const json *transaction)
{
	const json *amount = json_get(transaction, "amount");

	return (struct wechat_payment){
		.appid = json_get_text(transaction, "appid"),
		.mchid = json_get_text(transaction, "mchid"),
		.number = json_get_text(transaction, "out_trade_no"),
		.transaction_id = json_get_text(transaction, "transaction_id"),
		.state = json_get_text(transaction, "trade_state"),
		.currency = json_get_text(amount, "currency"),
		.total_fen = json_get_integer(amount, "total"),
		.success_at = json_get_moment(transaction, "success_time"),
	};
}

struct wechat_refunded wechat_refunded_read(const json *refund)
{
	const char *state = json_get_text(refund, "refund_status");

	return (struct wechat_refunded){
		.mchid = json_get_text(refund, "mchid"),
		.number = json_get_text(refund, "out_refund_no"),
		.order_number = json_get_text(refund, "out_trade_no"),
		.refund_id = json_get_text(refund, "refund_id"),
		.state = state ? state : json_get_text(refund, "status"),
		.refund_fen = json_get_integer(json_get(refund, "amount"), "refund"),
		.success_at = json_get_moment(refund, "success_time"),
	};
}

bool wechat_bill_place_read(const json *body, struct wechat_bill_place *out)
{
	*out = (struct wechat_bill_place){
		json_get_text(body, "download_url"), json_get_text(body, "hash_value")};
	return out->url && text_starts(out->url, "https://") && out->sha1 &&
	       text_equal(json_get_text(body, "hash_type"), "SHA1");
}

bool wechat_bill_place_fits(const struct wechat_bill_place *place, struct bytes bill)
{
	char found[SHA1_HEX_SIZE];

	sha1_hex(bill, found);
	return text_equal(found, place->sha1);
}
