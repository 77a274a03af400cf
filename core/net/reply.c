/*
 * The head of a reply as bytes, and what is known about each status.
 *
 * A small cached answer costs little more than its system calls, so the head is put together by copying, without
 * printf; the date is made once a second.
 */
#include "reply.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct status {
	int number;
	const char *reason, *code;
} statuses[] = {
	{200, "OK", NULL},
	{201, "Created", NULL},
	{202, "Accepted", NULL},
	{204, "No Content", NULL},
	{206, "Partial Content", NULL},
	{301, "Moved Permanently", NULL},
	{302, "Found", NULL},
	{303, "See Other", NULL},
	{304, "Not Modified", NULL},
	{307, "Temporary Redirect", NULL},
	{308, "Permanent Redirect", NULL},
	{400, "Bad Request", NULL},
	{401, "Unauthorized", "http.unauthenticated"},
	{403, "Forbidden", "http.forbidden"},
	{404, "Not Found", "http.not_found"},
	{405, "Method Not Allowed", "http.method_not_allowed"},
	{406, "Not Acceptable", NULL},
	{408, "Request Timeout", "http.timeout"},
	{409, "Conflict", NULL},
	{410, "Gone", NULL},
	{411, "Length Required", "http.length_required"},
	{412, "Precondition Failed", NULL},
	{413, "Content Too Large", "http.body_size"},
	{414, "URI Too Long", "http.target_size"},
	{415, "Unsupported Media Type", "http.media_type"},
	{416, "Range Not Satisfiable", NULL},
	{417, "Expectation Failed", "http.expectation"},
	{421, "Misdirected Request", NULL},
	{422, "Unprocessable Content", NULL},
	{428, "Precondition Required", NULL},
	{429, "Too Many Requests", "http.too_many"},
	{431, "Request Header Fields Too Large", "http.headers_size"},
	{500, "Internal Server Error", NULL},
	{501, "Not Implemented", "http.method"},
	{502, "Bad Gateway", NULL},
	{503, "Service Unavailable", "http.busy"},
	{504, "Gateway Timeout", NULL},
	{505, "HTTP Version Not Supported", "http.version"},
	{507, "Insufficient Storage", "http.disk_full"},
};

static const struct status *status_find(int number)
{
	for (size_t i = 0; i < COUNT(statuses); i++)
		if (statuses[i].number == number)
			return &statuses[i];
	return NULL;
}

const char *http_reason(int status)
{
	const struct status *found = status_find(status);

	return found ? found->reason : "Status";
}

const char *reply_code(int status)
{
	const struct status *found = status_find(status);

	return found && found->code ? found->code : "http.refused";
}

static const char *date_text_of_now(struct date_cache *cache)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t second = clock_now_ms() / 1000;
	struct date date;
	int rest;

	if (second == cache->second)
		return cache->text;

	date = date_from_number(second / 86400); /* of UTC: a day number has no zone */
	rest = (int)(second % 86400);
	snprintf(cache->text, sizeof(cache->text), "%s, %02d %s %04d %02d:%02d:%02d GMT",
		days[date_weekday(date) - 1], date.day, months[date.month - 1], date.year % 10000,
		rest / 3600, rest / 60 % 60, rest % 60);
	cache->second = second;
	return cache->text;
}

/* A cursor over memory whose size head_size_max() has reckoned. */
static char *put(char *at, const char *text, size_t size)
{
	memcpy(at, text, size);
	return at + size;
}

static char *put_text(char *at, const char *text)
{
	return put(at, text, strlen(text));
}

static char *put_number(char *at, size_t number)
{
	char room[INTEGER_SIZE];

	return put_text(at, integer_write(room, (int64_t)number));
}

/* A line break in a value would begin a header of somebody else's making: control bytes become spaces. */
static char *put_value(char *at, const char *value, size_t size)
{
	uint64_t word;

	for (; size >= sizeof(word); value += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, value, sizeof(word));
		if (word_below(word, ' ') | word_holds(word, 0x7f))
			break;
		at = put(at, value, sizeof(word));
	}
	for (; size > 0; value++, size--)
		*at++ = (unsigned char)*value < ' ' || *value == 0x7f ? ' ' : *value;
	return at;
}

static char *put_header(char *at, const char *name, const char *value)
{
	at = put_text(at, name);
	at = put(at, ": ", 2);
	at = put_value(at, value, strlen(value));
	return put(at, "\r\n", 2);
}

static size_t head_size_max(const struct http_reply *reply)
{
	size_t size = 256 + (reply->media_type ? strlen(reply->media_type) : 0) + reply->lines.size;

	for (size_t i = 0; i < reply->header_count; i++)
		size += strlen(reply->headers[i].name) + strlen(reply->headers[i].value) + 4;
	return size;
}

static char *put_status_line(char *at, int status)
{
	at = put(at, "HTTP/1.1 ", 9);
	at = put_number(at, (size_t)status);
	at = put(at, " ", 1);
	at = put_text(at, http_reason(status));
	return put(at, "\r\n", 2);
}

/* 204 and 304 have no body, and say no length (RFC 9110, 8.6). */
static char *put_body_headers(char *at, const struct http_reply *reply)
{
	if (reply->media_type)
		at = put_header(at, "Content-Type", reply->media_type);
	if (reply->status == 204 || reply->status == 304)
		return at;
	at = put(at, "Content-Length: ", 16);
	at = put_number(at, reply->next ? reply->length : reply->body.size);
	return put(at, "\r\n", 2);
}

struct bytes reply_head(struct arena *arena, struct date_cache *date,
	const struct http_reply *reply, enum persistence persistence)
{
	static const char *const spoken[] = {
		[PERSISTENCE_PLAIN] = "",
		[PERSISTENCE_KEEP_ALIVE] = "Connection: keep-alive\r\n",
		[PERSISTENCE_CLOSE] = "Connection: close\r\n",
	};
	size_t room = head_size_max(reply);
	char *head = arena_alloc(arena, room);
	char *at = put_status_line(head, reply->status);

	at = put(at, "Date: ", 6);
	at = put(at, date_text_of_now(date), DATE_SIZE - 1);
	at = put(at, "\r\n", 2);
	at = put_body_headers(at, reply);
	for (size_t i = 0; i < reply->header_count; i++)
		at = put_header(at, reply->headers[i].name, reply->headers[i].value);
	if (reply->lines.size > 0)
		at = put(at, (const char *)reply->lines.data, reply->lines.size);
	at = put_text(at, spoken[persistence]);
	at = put(at, "\r\n", 2);
	return bytes_of(head, (size_t)(at - head));
}
