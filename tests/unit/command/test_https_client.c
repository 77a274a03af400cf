/*
 * The HTTPS client against a peer that is well, gone, false, slow or mad.
 */
#include "../base/scratch.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "command/https_client.h"
#include "peer.h"

#define LONG_MS  60000
#define SHORT_MS 2000 /* for what is not going to be answered */

struct scene {
	uv_loop_t loop;
	struct https_client *client;
	struct arena *arena;
	struct peer *peer;
	unsigned done;
};

/* `ca_file` NULL: the peer's own; "": none. */
static void scene_begin(struct scene *scene, const char *name, const char *ca_file)
{
	*scene = (struct scene){.arena = arena_create(LIMIT_REQUEST_ARENA)};
	scene->peer = peer_start(name);
	assert_int_equal(uv_loop_init(&scene->loop), 0);
	if (!ca_file)
		ca_file = peer_ca_file(scene->peer);
	scene->client = https_client_open(&scene->loop, *ca_file ? ca_file : NULL);
}

static void scene_end(struct scene *scene)
{
	https_client_close(scene->client);
	(void)uv_run(&scene->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&scene->loop), 0);
	arena_destroy(scene->arena);
	peer_stop(scene->peer);
}

static void done(void *context)
{
	struct scene *scene = context;

	scene->done++;
	uv_stop(&scene->loop);
}

static struct https_exchange *ask_for(
	struct scene *scene, const char *party, const char *path, int64_t timeout_ms)
{
	struct https_exchange *exchange = NEW(scene->arena, struct https_exchange);

	exchange->request = (struct https_request){.method = "GET",
		.url = arena_printf(
			scene->arena, "https://127.0.0.1:%u%s", peer_port(scene->peer), path),
		.timeout_ms = timeout_ms};
	https_client_send(scene->client, party, scene->arena, exchange, done, scene);
	return exchange;
}

static void run_until(struct scene *scene, unsigned count)
{
	while (scene->done < count)
		(void)uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static struct https_answer ask(const char *path, int64_t timeout_ms)
{
	struct scene scene;
	struct https_exchange *exchange;

	scene_begin(&scene, "127.0.0.1", NULL);
	exchange = ask_for(&scene, "one", path, timeout_ms);
	assert_int_equal(scene.done, 0); /* never within the call */
	run_until(&scene, 1);
	struct https_answer answer = exchange->answer;
	answer.trouble = NULL;
	answer.headers = NULL;
	scene_end(&scene);
	return answer;
}

static void what_is_sent_arrives_byte_for_byte(void **state)
{
	static const struct https_header headers[] = {
		{"Authorization", "WORD a=\"b\""}, {"Content-Type", "application/json"}};
	static const char body[] = "{\"zh\":\"\xe8\x80\x83\",\"zero\":\"\\u0000\"}";
	struct scene scene;
	struct https_exchange *exchange;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	exchange = NEW(scene.arena, struct https_exchange);
	exchange->request = (struct https_request){.method = "POST",
		.url = arena_printf(
			scene.arena, "https://127.0.0.1:%u/echo?a=%%20b", peer_port(scene.peer)),
		.headers = headers,
		.header_count = 2,
		.body = bytes_of(body, strlen(body))};
	https_client_send(scene.client, "one", scene.arena, exchange, done, &scene);
	run_until(&scene, 1);

	const char *seen = (const char *)exchange->answer.body.data;
	assert_int_equal(exchange->answer.outcome, HTTPS_ANSWERED);
	assert_int_equal(exchange->answer.status, 200);
	assert_string_equal(https_answer_header(&exchange->answer, "x-peer"), "seen");
	assert_null(https_answer_header(&exchange->answer, "x-other"));
	assert_int_equal(strncmp(seen, "POST /echo?a=%20b HTTP/1.1\r\n", 28), 0);
	assert_non_null(strstr(seen, "\r\nAuthorization: WORD a=\"b\"\r\n"));
	assert_non_null(strstr(seen, "\r\nUser-Agent: kaowu"));
	assert_null(strstr(seen, "Expect:"));
	assert_string_equal(strstr(seen, "\r\n\r\n") + 4, body);
	scene_end(&scene);
}

/* A signature may be over all headers that there are. */
static void what_was_not_asked_for_is_not_said(void **state)
{
	struct scene scene;
	struct https_exchange *exchange;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	exchange = NEW(scene.arena, struct https_exchange);
	exchange->request = (struct https_request){.method = "POST",
		.url = arena_printf(
			scene.arena, "https://127.0.0.1:%u/echo", peer_port(scene.peer))};
	https_client_send(scene.client, "one", scene.arena, exchange, done, &scene);
	run_until(&scene, 1);
	const char *seen = (const char *)exchange->answer.body.data;
	assert_non_null(strstr(seen, "\r\nContent-Length: 0\r\n"));
	assert_null(strstr(seen, "Content-Type"));
	scene_end(&scene);
}

static void a_redirect_is_an_answer_and_is_not_followed(void **state)
{
	(void)state;
	assert_int_equal(ask("/moved", 0).status, 302);
}

static void what_left_and_was_not_answered_is_lost(void **state)
{
	static const char *const paths[] = {"/hang", "/half", "/reset", "/long", "/many"};

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++)
		assert_int_equal(ask(paths[i], SHORT_MS).outcome, HTTPS_LOST);
}

/* No request may leave before the peer is known. */
static void expect_unreachable(const char *name, const char *ca_file, bool gone)
{
	struct scene scene;
	struct https_exchange *exchange;

	scene_begin(&scene, name, ca_file);
	if (gone) {
		exchange = NEW(scene.arena, struct https_exchange);
		exchange->request =
			(struct https_request){.method = "GET", .url = "https://127.0.0.1:1/"};
		https_client_send(scene.client, "one", scene.arena, exchange, done, &scene);
	} else {
		exchange = ask_for(&scene, "one", "/echo", 0);
	}
	run_until(&scene, 1);
	assert_int_equal(exchange->answer.outcome, HTTPS_UNREACHABLE);
	assert_non_null(exchange->answer.trouble);
	assert_int_equal(peer_requests(scene.peer), 0);
	scene_end(&scene);
}

static void nothing_leaves_for_who_is_gone_or_not_trusted(void **state)
{
	struct peer *other = peer_start("127.0.0.1");

	(void)state;
	expect_unreachable("127.0.0.1", NULL, true);
	expect_unreachable("127.0.0.1", peer_ca_file(other), false); /* another CA */
	expect_unreachable("pay.invalid", NULL, false);              /* another name */
	peer_stop(other);
}

/* Whatever certificate is there: without certificates of one's own nobody connects, be it by number or by name. */
static void a_private_address_is_not_connected_to(void **state)
{
	static const char *const hosts[] = {
		"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "169.254.169.254"};
	struct scene scene;

	(void)state;
	scene_begin(&scene, "127.0.0.1", "");
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct https_exchange *exchange = NEW(scene.arena, struct https_exchange);

		exchange->request = (struct https_request){.method = "GET",
			.url = arena_printf(scene.arena, "https://%s:%u/echo", hosts[i],
				peer_port(scene.peer))};
		https_client_send(scene.client, "one", scene.arena, exchange, done, &scene);
		run_until(&scene, (unsigned)i + 1);
		assert_int_equal(exchange->answer.outcome, HTTPS_UNREACHABLE);
		assert_non_null(strstr(exchange->answer.trouble, "not a public one"));
	}
	assert_int_equal(peer_connections(scene.peer), 0);
	scene_end(&scene);
}

static void plain_http_is_not_spoken(void **state)
{
	struct scene scene;
	struct https_exchange *exchange;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	exchange = NEW(scene.arena, struct https_exchange);
	exchange->request = (struct https_request){.method = "GET",
		.url = arena_printf(scene.arena, "http://127.0.0.1:%u/", peer_port(scene.peer))};
	https_client_send(scene.client, "one", scene.arena, exchange, done, &scene);
	run_until(&scene, 1);
	assert_int_equal(exchange->answer.outcome, HTTPS_UNREACHABLE);
	scene_end(&scene);
}

static void a_proxy_in_the_environment_is_not_asked(void **state)
{
	(void)state;
	(void)setenv("https_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	assert_int_equal(ask("/echo", 0).status, 200);
	(void)unsetenv("https_proxy");
	(void)unsetenv("ALL_PROXY");
}

static void who_hangs_keeps_nobody_else_waiting(void **state)
{
	struct scene scene;
	struct https_exchange *well;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	for (int i = 0; i < 20; i++)
		(void)ask_for(&scene, "one", "/hang", LONG_MS);
	well = ask_for(&scene, "two", "/echo", 0);
	while (well->answer.status == 0)
		(void)uv_run(&scene.loop, UV_RUN_DEFAULT);
	assert_int_equal(well->answer.status, 200);
	assert_in_range(peer_requests(scene.peer), 1, 9); /* eight of the one, one of the other */
	https_client_stop(scene.client);
	run_until(&scene, 21);
	scene_end(&scene);
}

/* Cut off, it would be lost: nobody would know whether it was done. */
static void what_is_out_may_end_when_the_server_stops(void **state)
{
	struct scene scene;
	struct https_exchange *exchange;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	exchange = ask_for(&scene, "one", "/echo", 0);
	https_client_stop(scene.client);
	run_until(&scene, 1);
	assert_int_equal(exchange->answer.outcome, HTTPS_ANSWERED);
	scene_end(&scene);
}

static void stopping_ends_what_is_out_and_what_waits(void **state)
{
	struct scene scene;
	struct https_exchange *exchange[12], *after;

	(void)state;
	scene_begin(&scene, "127.0.0.1", NULL);
	for (size_t i = 0; i < COUNT(exchange); i++)
		exchange[i] = ask_for(&scene, "one", "/hang", LONG_MS);

	while (peer_requests(scene.peer) < 8)
		(void)uv_run(&scene.loop, UV_RUN_NOWAIT);
	https_client_stop(scene.client);
	run_until(&scene, 12);
	assert_int_equal(exchange[0]->answer.outcome, HTTPS_LOST);
	assert_int_equal(exchange[11]->answer.outcome, HTTPS_UNREACHABLE);
	after = ask_for(&scene, "one", "/echo", 0);
	run_until(&scene, 13);
	assert_int_equal(after->answer.outcome, HTTPS_UNREACHABLE);
	scene_end(&scene);
}

static bool takes_nothing;

/* In the place of libcurl's own. */
CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	CURLMcode (*own)(CURLM *, CURL *);

	*(void **)&own = dlsym(RTLD_NEXT, "curl_multi_add_handle");
	return takes_nothing ? CURLM_OUT_OF_MEMORY : own(multi, easy);
}

static void ask_in_vain(void)
{
	struct scene scene = {.arena = arena_create(LIMIT_REQUEST_ARENA)};
	struct https_exchange exchange = {
		.request = {.method = "GET", .url = "https://127.0.0.1:1/"}};

	takes_nothing = true;
	(void)uv_loop_init(&scene.loop);
	scene.client = https_client_open(&scene.loop, NULL);
	https_client_send(scene.client, "one", scene.arena, &exchange, done, &scene);
}

static void what_curl_does_not_take_is_not_waited_for_in_vain(void **state)
{
	(void)state;
	assert_true(aborts(ask_in_vain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_arrives_byte_for_byte),
		cmocka_unit_test(what_was_not_asked_for_is_not_said),
		cmocka_unit_test(a_redirect_is_an_answer_and_is_not_followed),
		cmocka_unit_test(what_left_and_was_not_answered_is_lost),
		cmocka_unit_test(nothing_leaves_for_who_is_gone_or_not_trusted),
		cmocka_unit_test(a_private_address_is_not_connected_to),
		cmocka_unit_test(plain_http_is_not_spoken),
		cmocka_unit_test(a_proxy_in_the_environment_is_not_asked),
		cmocka_unit_test(who_hangs_keeps_nobody_else_waiting),
		cmocka_unit_test(what_is_out_may_end_when_the_server_stops),
		cmocka_unit_test(stopping_ends_what_is_out_and_what_waits),
		with_scratch(what_curl_does_not_take_is_not_waited_for_in_vain),
	};

	(void)signal(SIGPIPE, SIG_IGN); /* as http_server_start() does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
