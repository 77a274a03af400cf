/*
 * The merchant: an account, orders, refunds, and the provider's answers in place of a peer.
 */
#include "merchant.h"

#include <string.h>

#include "../outbound/keys.h"
#include "base/embedded.h"
#include "base/log.h"
#include "base/rsa.h"
#include "base/schema.h"
#include "exam/payment.h"
#include "exam/payment_account.h"
#include "exam/payment_call.h"
#include "exam/payment_refund.h"

#include <cmocka.h>

#define SILENT (LOG_ERROR + 1)

static struct arena *keys_arena;
static struct keys keys; /* of the merchant and of the provider: nobody tells them apart here */

static struct schema_set *schemas;

static const struct schema_set *schemas_given(void)
{
	return schemas;
}

/* What an account is held against. */
static void schemas_build(struct scene *scene)
{
	const struct embedded_file *file = embedded_find("wechat-account.schema.json");
	json *document;

	schemas = schema_set_create();
	assert_ok(scene, json_parse(scene->arena, (const char *)file->content.data,
				 file->content.size, &document, &scene->error));
	assert_ok(scene, schema_set_add(schemas, file->path, document, &scene->error));
	assert_ok(scene, schema_set_link(schemas, &scene->error));
	scene->deployment.schemas = schemas_given;
}

int merchant_build(void **state)
{
	int status = scene_build(state);

	keys_arena = arena_create(1 << 20);
	keys = key_pair_create(keys_arena, 2048);
	schemas_build(*state);
	return status;
}

int merchant_remove(void **state)
{
	schema_set_destroy(schemas);
	arena_destroy(keys_arena);
	return scene_remove(state);
}

json *merchant_account(struct scene *scene)
{
	json *document = scene_json(scene,
		"{'mchid': '1900000109', 'appid': 'wx0000000000000001', 'merchant_serial': 'ABCDEF01',"
		" 'api_v3_key': '0123456789abcdef0123456789abcdef', 'platform': [{'id': 'PUB_KEY_ID_1'}],"
		" 'notify_base': 'https://haidian.kaowu.example/api/v1'}");

	json_set_text(scene->tx.arena, document, "private_key", keys.private_pem);
	json_set_text(scene->tx.arena, json_first(json_get(document, "platform")), "public_key",
		keys.public_pem);
	return document;
}

int merchant_begin(void **state)
{
	int status = scene_begin(state);
	struct scene *scene = *state;

	log_set_level(SILENT);
	assert_ok(scene, payment_account_configure(&scene->tx, merchant_account(scene)));
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET document ="
			" json_set(document, '$.payment', json('[\"wechat\", \"offline\"]'))",
			BIND_NONE, &scene->error));
	return status;
}

json *merchant_order(struct scene *scene, struct application *application)
{
	json *order = NULL;

	office_as_owner(scene, application);
	assert_ok(scene, payment_order_create(&scene->tx, application, "wechat", &order));
	return order;
}

json *merchant_first_order(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	return merchant_order(scene, application);
}

const char *merchant_order_state(
	struct scene *scene, const struct application *application, const json *order)
{
	const char *id = json_get_text(order, "id"), *is = NULL;
	json *view = NULL, *listed = NULL;

	assert_ok(scene, payment_order_view(&scene->tx, application->id, id, &view));
	is = json_get_text(view, "state");
	assert_ok(scene, payment_list(&scene->tx, is, NULL, &PAGE_FIRST, &listed));
	assert_non_null(json_find(json_get(listed, "orders"), "id", id));
	return is;
}

/* ---- An answer ---- */

/* Single quotes stand for double ones. */
static const char *printed(struct scene *scene, const char *body)
{
	return *body ? json_print(scene->tx.arena, scene_json(scene, body)) : body;
}

struct https_answer merchant_answer(struct scene *scene, int status, const char *given)
{
	struct arena *arena = scene->tx.arena;
	const char *body = printed(scene, given);
	const char *seconds = arena_printf(arena, "%lld", (long long)(scene->tx.now / 1000));
	const char *text = arena_printf(arena, "%s\nnonce\n%s\n", seconds, body);
	struct bytes raw = rsa_sign(arena, keys.private_pem, bytes_of(text, strlen(text)));
	struct https_header *headers = NEW_ARRAY(arena, struct https_header, 4);

	if (status == MERCHANT_UNREACHABLE)
		return (struct https_answer){
			.outcome = HTTPS_UNREACHABLE, .trouble = "placeholder"};
	headers[0] = (struct https_header){"wechatpay-timestamp", seconds};
	headers[1] = (struct https_header){"wechatpay-nonce", "nonce"};
	headers[2] = (struct https_header){"wechatpay-serial", "PUB_KEY_ID_1"};
	headers[3] = (struct https_header){
		"wechatpay-signature", base64_encode(arena, raw.data, raw.size)};
	return (struct https_answer){.outcome = HTTPS_ANSWERED,
		.status = status,
		.headers = headers,
		.header_count = 4,
		.body = bytes_of(body, strlen(body))};
}

struct errands merchant_asked(struct scene *scene)
{
	struct errands errands = {0};

	assert_ok(scene, payment_errands.claim(&scene->tx, &errands));
	assert_int_equal(errands.count, 1);
	assert_ok(scene, payment_errands.prepare(&scene->tx, &errands));
	return errands;
}

void merchant_answered(struct scene *scene, struct errands *errands, int status, const char *body)
{
	assert_int_equal(errands->exchange_count, 1);
	errands->exchanges[0]->answer = merchant_answer(scene, status, body);
	assert_ok(scene, payment_errands.settle(&scene->tx, errands));
}

void merchant_visited(struct scene *scene, int status, const char *body)
{
	struct errands errands = merchant_asked(scene);

	merchant_answered(scene, &errands, status, body);
}

const char *merchant_next(struct scene *scene)
{
	return scene_text(scene,
		arena_printf(scene->tx.arena,
			"SELECT COALESCE((SELECT what || CASE WHEN next_at > %lld THEN ' later'"
			" ELSE ' now' END || COALESCE(' ' || last_error, '') FROM payment_call),"
			" 'nothing')",
			(long long)scene->tx.now));
}

json *merchant_payment(struct scene *scene, const json *order)
{
	json *said = scene_json(scene,
		"{'mchid': '1900000109', 'appid': 'wx0000000000000001', 'trade_state': 'SUCCESS',"
		" 'transaction_id': '4200000001', 'success_time': '2026-11-23T09:00:01+08:00',"
		" 'amount': {'total': 68000, 'currency': 'CNY'}}");

	json_set_text(scene->tx.arena, said, "out_trade_no", json_get_text(order, "number"));
	return said;
}

void merchant_pay(struct scene *scene, const json *order)
{
	const char *id = json_get_text(order, "id");

	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	merchant_visited(scene, 200, json_print(scene->tx.arena, merchant_payment(scene, order)));
}

/* ---- Refunds ---- */

json *merchant_decided(struct scene *scene, const json *refund, bool approve)
{
	json *out = NULL;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, payment_refund_decide(&scene->tx, json_get_text(refund, "number"), approve,
				 MERCHANT_REASON, &out));
	return out;
}

json *merchant_refund(struct scene *scene, const json *order, int64_t amount_fen)
{
	json *refund = NULL;

	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx, json_get_text(order, "number"), amount_fen,
				 MERCHANT_REASON, &refund));
	return refund;
}

const char *merchant_refund_state(struct scene *scene, const json *refund)
{
	json *found = NULL;

	assert_ok(scene,
		payment_refund_by_number(&scene->tx, json_get_text(refund, "number"), &found));
	return json_get_text(found, "state");
}
