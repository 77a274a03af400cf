/*
 * libcurl's multi interface on libuv: curl names sockets and a timeout, libuv watches them.
 *
 * The one hard thing is who may be called when: curl's callbacks only note what it wants; a passage ends, and its
 * `done` is called, in passages_end(), when curl has returned. Whether the peer can have acted is told by whether any
 * byte of the request was sent.
 */
#include "https_client.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/limits.h"
#include "base/text.h"
#include "public_address.h"

#define PARTY_MOST   8     /* exchanges of a party that are out at once */
#define HEADER_MOST  64    /* headers of an answer; more are a fault of the peer */
#define HEADERS_MOST 65536 /* their bytes */

/* One tenant's lines. It exists while something of it is out or waits. */
struct party {
	struct party *next;
	char *name;
	struct passage *out; /* the newest first */
	unsigned out_count;
	struct passage *first, **last; /* that wait */
};

/* One exchange on its way. */
struct passage {
	struct passage *next; /* in one of its party's lines */
	struct party *party;
	struct arena *arena;
	struct https_exchange *exchange;
	void (*done)(void *context);
	void *context;

	CURL *easy; /* NULL: it waits */
	struct curl_slist *headers;
	struct buffer body;
	struct https_header *answered; /* HEADER_MOST */
	size_t answered_count, header_bytes;
	bool private; /* the peer's address is one that is not connected to */
	char trouble[CURL_ERROR_SIZE];
};

/* A socket that curl wants watched. */
struct watch {
	uv_poll_t poll; /* first */
	struct https_client *client;
	curl_socket_t socket;
};

struct https_client {
	uv_loop_t *loop;
	uv_timer_t timeout;
	uv_timer_t grace;    /* that what is out has when it is to stop */
	uv_async_t stopping; /* so that nothing ends within https_client_send() */
	CURLM *multi;
	char *ca_file;
	struct party *parties;
	bool stopped;
	unsigned handles; /* open; while closing */
};

static void passages_end(struct https_client *client);

/* ---- What curl tells ---- */

static size_t body_came(char *data, size_t size, size_t count, void *user)
{
	struct passage *passage = user;

	buffer_append(&passage->body, data, size * count);
	return passage->body.overflowed ? CURL_WRITEFUNC_ERROR : size * count;
}

static char *lower_case(char *text)
{
	for (char *at = text; *at; at++) {
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	}
	return text;
}

static const char *trimmed(struct arena *arena, const char *data, size_t size)
{
	while (size > 0 && strchr(" \t", *data))
		data++, size--;
	while (size > 0 && strchr(" \t\r\n", data[size - 1]))
		size--;
	return arena_text_part(arena, data, size);
}

/* "Name: value\r\n". A line without a colon is the status or the end: an answer begins anew with its status. */
static size_t header_came(char *data, size_t size, size_t count, void *user)
{
	struct passage *passage = user;
	size_t length = size * count;
	const char *colon = memchr(data, ':', length);

	passage->header_bytes += length;
	if (passage->header_bytes > HEADERS_MOST || passage->answered_count == HEADER_MOST)
		return CURL_WRITEFUNC_ERROR;
	if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) {
		passage->answered_count = 0;
		return length;
	}
	if (!colon)
		return length;
	size_t name = (size_t)(colon - data);
	passage->answered[passage->answered_count++] = (struct https_header){
		.name = lower_case(arena_text_part(passage->arena, data, name)),
		.value = trimmed(passage->arena, colon + 1, length - name - 1),
	};
	return length;
}

static void watch_closed(uv_handle_t *handle)
{
	free(handle);
}

static void socket_ready(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = (struct watch *)poll;
	struct https_client *client = watch->client;
	int running, flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
			     (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) |
			     (status < 0 ? CURL_CSELECT_ERR : 0);

	curl_multi_socket_action(client->multi, watch->socket, flags, &running);
	passages_end(client);
}

static struct watch *watch_create(struct https_client *client, curl_socket_t socket)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	int failed;

	if (!watch)
		abort();
	watch->client = client;
	watch->socket = socket;
	failed = uv_poll_init_socket(client->loop, &watch->poll, socket);
	assert(!failed);
	curl_multi_assign(client->multi, socket, watch);
	return watch;
}

static int socket_wanted(CURL *easy, curl_socket_t socket, int what, void *user, void *known)
{
	struct https_client *client = user;
	struct watch *watch = known;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch)
			uv_close((uv_handle_t *)&watch->poll, watch_closed);
		curl_multi_assign(client->multi, socket, NULL);
		return 0;
	}
	if (!watch)
		watch = watch_create(client, socket);
	uv_poll_start(&watch->poll,
		(what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0),
		socket_ready);
	return 0;
}

static void timed_out(uv_timer_t *timer)
{
	struct https_client *client = timer->data;
	int running;

	curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	passages_end(client);
}

static int timeout_wanted(CURLM *multi, long timeout_ms, void *user)
{
	struct https_client *client = user;

	(void)multi;
	if (timeout_ms < 0)
		uv_timer_stop(&client->timeout);
	else
		uv_timer_start(&client->timeout, timed_out, (uint64_t)timeout_ms, 0);
	return 0;
}

/* ---- Passages ---- */

/* What curl adds by itself is left out first: a signature may be over every header that is there. */
static void headers_set(struct passage *passage)
{
	const struct https_request *request = &passage->exchange->request;
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	list = list ? curl_slist_append(list, "Content-Type:") : NULL;
	for (size_t i = 0; list && i < request->header_count; i++)
		list = curl_slist_append(
			list, arena_printf(passage->arena, "%s: %s", request->headers[i].name,
				      request->headers[i].value));
	if (!list)
		abort();
	passage->headers = list;
	curl_easy_setopt(passage->easy, CURLOPT_HTTPHEADER, list);
}

static void request_set(struct passage *passage)
{
	const struct https_request *request = &passage->exchange->request;
	CURL *easy = passage->easy;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	if (text_equal(request->method, "POST")) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
			request->body.size ? (const char *)request->body.data : "");
	} else {
		assert(text_equal(request->method, "GET"));
	}
	headers_set(passage);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
		(long)(request->timeout_ms ? request->timeout_ms : LIMIT_HTTPS_TIME));
}

/* Asked after names were resolved, so that no name leads to where none may go. */
static curl_socket_t socket_public(
	void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct passage *passage = context;

	(void)purpose;
	if (!address_public(&address->addr)) {
		passage->private = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What holds for every exchange. */
static void rules_set(const struct https_client *client, struct passage *passage)
{
	CURL *easy = passage->easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (client->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, passage);
	if (!client->ca_file)
		curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_public);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* A resolver that does not answer is left to itself: to wait for its thread would be to wait on the loop. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_HTTPS_CONNECT_TIME);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "kaowu/0.1");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_came);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, passage);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_came);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, passage);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, passage->trouble);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, passage);
}

static void passage_begin(struct https_client *client, struct passage *passage)
{
	size_t most = passage->exchange->request.answer_most;

	passage->easy = curl_easy_init();
	if (!passage->easy)
		abort();
	passage->next = passage->party->out;
	passage->party->out = passage;
	passage->party->out_count++;
	passage->body = buffer_in(passage->arena, most ? most : LIMIT_HTTPS_ANSWER);
	passage->answered = NEW_ARRAY(passage->arena, struct https_header, HEADER_MOST);
	rules_set(client, passage);
	request_set(passage);
	/* It refuses for want of memory, or what would be a mistake of ours: nobody would ever hear of this one. */
	if (curl_multi_add_handle(client->multi, passage->easy) != CURLM_OK)
		abort();
}

static struct party *party_of(struct https_client *client, const char *name)
{
	struct party *party = client->parties;

	while (party && !text_equal(party->name, name))
		party = party->next;
	if (party)
		return party;
	party = calloc(1, sizeof(*party));
	if (!party || !(party->name = strdup(name)))
		abort();
	party->last = &party->first;
	party->next = client->parties;
	client->parties = party;
	return party;
}

static void party_drop_if_idle(struct https_client *client, struct party *party)
{
	struct party **link = &client->parties;

	if (party->out || party->first)
		return;
	while (*link != party)
		link = &(*link)->next;
	*link = party->next;
	free(party->name);
	free(party);
}

static struct passage *party_shift(struct party *party)
{
	struct passage *passage = party->first;

	if (passage && !(party->first = passage->next))
		party->last = &party->first;
	return passage;
}

static void party_go_on(struct https_client *client, struct party *party)
{
	while (!client->stopped && party->first && party->out_count < PARTY_MOST)
		passage_begin(client, party_shift(party));
}

void https_client_send(struct https_client *client, const char *party, struct arena *arena,
	struct https_exchange *exchange, void (*done)(void *context), void *context)
{
	struct passage *passage = NEW(arena, struct passage);

	*passage = (struct passage){.party = party_of(client, party),
		.arena = arena,
		.exchange = exchange,
		.done = done,
		.context = context};
	exchange->answer = (struct https_answer){0};
	*passage->party->last = passage;
	passage->party->last = &passage->next;
	if (client->stopped)
		uv_async_send(&client->stopping);
	else
		party_go_on(client, passage->party);
}

static const char *trouble_text(const struct passage *passage, CURLcode code)
{
	if (passage->body.overflowed)
		return "the answer is too long";
	if (passage->private)
		return "its address is not a public one: a network of one's own needs --ca";
	return arena_text(
		passage->arena, *passage->trouble ? passage->trouble : curl_easy_strerror(code));
}

static struct https_answer answer_of(struct passage *passage, CURLcode code)
{
	struct https_answer answer = {.outcome = HTTPS_ANSWERED};
	long status = 0, request_size = 0;

	curl_easy_getinfo(passage->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(passage->easy, CURLINFO_REQUEST_SIZE, &request_size);
	if (code != CURLE_OK)
		return (struct https_answer){
			.outcome = request_size > 0 ? HTTPS_LOST : HTTPS_UNREACHABLE,
			.trouble = trouble_text(passage, code)};
	answer.status = (int)status;
	answer.headers = passage->answered;
	answer.header_count = passage->answered_count;
	answer.body = buffer_bytes(&passage->body);
	return answer;
}

static void party_forget(struct party *party, const struct passage *passage)
{
	struct passage **link = &party->out;

	while (*link != passage)
		link = &(*link)->next;
	*link = passage->next;
	party->out_count--;
}

/* `done` comes last: it may destroy the arena that the passage lies in. */
static void passage_end(struct https_client *client, struct passage *passage, CURLcode code)
{
	passage->exchange->answer = answer_of(passage, code);
	curl_multi_remove_handle(client->multi, passage->easy);
	curl_easy_cleanup(passage->easy);
	curl_slist_free_all(passage->headers);
	party_forget(passage->party, passage);
	passage->done(passage->context);
}

static void passages_end(struct https_client *client)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(client->multi, &left))) {
		struct passage *passage;
		struct party *party;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&passage);
		party = passage->party;
		passage_end(client, passage, message->data.result);
		party_go_on(client, party);
		party_drop_if_idle(client, party);
	}
}

/* ---- The client ---- */

/* What waits in its line: nothing of it has left. */
static void party_turn_away(struct party *party)
{
	struct passage *passage;

	while ((passage = party_shift(party))) {
		passage->exchange->answer = (struct https_answer){
			.outcome = HTTPS_UNREACHABLE, .trouble = "the server stops"};
		passage->done(passage->context);
	}
}

/* Who was not answered in time. */
static void out_end(uv_timer_t *timer)
{
	struct https_client *client = timer->data;

	while (client->parties) {
		struct party *party = client->parties;

		while (party->out)
			passage_end(client, party->out, CURLE_ABORTED_BY_CALLBACK);
		party_turn_away(party);
		party_drop_if_idle(client, party);
	}
}

static void waiting_end(uv_async_t *async)
{
	struct https_client *client = async->data;

	for (struct party *party = client->parties, *next; party; party = next) {
		next = party->next;
		party_turn_away(party);
		party_drop_if_idle(client, party);
	}
	if (!uv_is_active((uv_handle_t *)&client->grace))
		uv_timer_start(&client->grace, out_end, LIMIT_HTTPS_DRAIN_TIME, 0);
}

/* The server's own stands in core/part/https_door.c. */
enum result https_client_ready(struct error *error)
{
	(void)error;
	return OK;
}

struct https_client *https_client_open(uv_loop_t *loop, const char *ca_file)
{
	struct https_client *client = calloc(1, sizeof(*client));
	bool failed = curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK;

	if (failed || !client || !(client->multi = curl_multi_init()) ||
		(ca_file && !(client->ca_file = strdup(ca_file))))
		abort();
	client->loop = loop;
	client->timeout.data = client;
	client->stopping.data = client;
	client->grace.data = client;
	uv_timer_init(loop, &client->timeout);
	uv_timer_init(loop, &client->grace);
	uv_async_init(loop, &client->stopping, waiting_end);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, timeout_wanted);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	return client;
}

void https_client_stop(struct https_client *client)
{
	client->stopped = true;
	uv_async_send(&client->stopping);
}

static void handle_closed(uv_handle_t *handle)
{
	struct https_client *client = handle->data;

	if (--client->handles > 0)
		return;
	free(client->ca_file);
	free(client);
}

void https_client_close(struct https_client *client)
{
	if (!client)
		return;
	assert(!client->parties);
	curl_multi_cleanup(client->multi);
	curl_global_cleanup();
	client->handles = 3;
	uv_close((uv_handle_t *)&client->timeout, handle_closed);
	uv_close((uv_handle_t *)&client->grace, handle_closed);
	uv_close((uv_handle_t *)&client->stopping, handle_closed);
}
