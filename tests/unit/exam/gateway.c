/*
 * The gateway: answers in place of a peer.
 */
#include "gateway.h"

#include <string.h>

#include "base/log.h"
#include "exam/notice.h"
#include "exam/profile.h"
#include "exam/secret.h"

#include <cmocka.h>

#define SILENT (LOG_ERROR + 1)

struct gateway_given gateway_given;

void sms_by(struct scene *scene, const char *sms)
{
	const json *applied;

	assert_ok(scene, profile_load(&scene->tx, &applied));
	json *profile = json_copy(scene->tx.arena, applied);
	json_set(scene->tx.arena, profile, "sms", scene_json(scene, sms));
	assert_ok(scene, store_run(scene->db, "UPDATE setting SET value = ?1 WHERE key = 'profile'",
				 BIND(TEXT(json_print(scene->tx.arena, profile))), &scene->error));
}

int gateway_begin(void **state)
{
	int status = scene_begin(state);
	struct scene *scene = *state;

	memset(&gateway_given, 0, sizeof(gateway_given));
	log_set_level(SILENT);
	sms_by(scene,
		"{'provider': 'webhook', 'webhook': {'url': 'https://gateway.kaowu.example/sms'}}");
	assert_ok(scene, secret_set(&scene->tx, "sms-webhook", "placeholder-secret"));
	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", "placeholder-secret"));
	return status;
}

void tell(struct scene *scene, const char *mobile, const char *number)
{
	assert_ok(scene, notice_number(&scene->tx, mobile, 0, "expired", "subject",
				 arena_printf(scene->tx.arena, "expired:%s", number), "number",
				 number, NULL));
}

struct errands claimed(struct scene *scene)
{
	struct errands errands = {0};

	assert_ok(scene, delivery_errands.claim(&scene->tx, &errands));
	if (errands.count == 0)
		return errands;
	assert_ok(scene, delivery_errands.begin(&scene->tx, &errands));
	if (errands.count > 0)
		assert_ok(scene, delivery_errands.prepare(&scene->tx, &errands));
	return errands;
}

void answered(struct scene *scene, struct errands *errands, struct https_answer answer)
{
	for (size_t i = 0; i < errands->exchange_count; i++) {
		struct https_exchange *exchange = errands->exchanges[i];
		json *body = NULL;

		assert_ok(scene,
			json_parse(scene->tx.arena, (const char *)exchange->request.body.data,
				exchange->request.body.size, &body, &scene->error));
		gateway_given.body = body;
		gateway_given.keys[gateway_given.count++] = json_get_text(body, "key");
		exchange->answer = answer;
	}
}

struct https_answer status(int number)
{
	return (struct https_answer){.outcome = HTTPS_ANSWERED, .status = number};
}

struct https_answer said(struct scene *scene, const char *body)
{
	const char *text = json_print(scene->tx.arena, scene_json(scene, body));

	return (struct https_answer){
		.outcome = HTTPS_ANSWERED, .status = 200, .body = bytes_of(text, strlen(text))};
}

size_t moved(struct scene *scene, struct https_answer answer)
{
	struct errands errands = claimed(scene);

	if (errands.count == 0)
		return 0;
	answered(scene, &errands, answer);
	assert_ok(scene, delivery_errands.settle(&scene->tx, &errands));
	return errands.count;
}

const char *text_given(void)
{
	return json_get_text(gateway_given.body, "text");
}

const json *listed(struct scene *scene, const char *pointer)
{
	json *view = NULL;

	assert_ok(scene, delivery_list(&scene->tx, NULL, NULL, &PAGE_FIRST, &view));
	return json_at_pointer(view, pointer);
}
