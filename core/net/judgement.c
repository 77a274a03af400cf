/*
 * What llhttp does not judge: headers that contradict each other, themselves, or RFC 9110 and 9112.
 *
 * The rule behind all of it: where another program in front of us could have understood the same bytes
 * differently, refuse. Lists that came in several headers become one (RFC 9110, 5.3), so that nobody above can
 * look at one part and miss the other.
 */
#include "judgement.h"

#include <string.h>
#include <strings.h>

#include "target.h"

/* Twice, one of them would be believed by one program and the other by the next. */
static const char *const once_only[] = {
	"authorization",
	"content-length",
	"content-type",
	"cookie",
	"expect",
	"host",
	"idempotency-key",
	"if-match",
	"if-modified-since",
	"if-unmodified-since",
	"origin",
	"range",
	"referer",
	"transfer-encoding",
	"user-agent",
};

static bool may_stand_once_only(const char *name)
{
	for (size_t i = 0; i < COUNT(once_only); i++)
		if (strcmp(once_only[i], name) == 0)
			return true;
	return false;
}

/* Joins to headers[first] what later headers of its name hold, and takes their names away. */
static void join_later(struct reader *reader, size_t first)
{
	struct http_header *headers = reader->message->headers;
	struct buffer joined = buffer_in(reader->arena, 2 * reader->limits->headers);

	buffer_text(&joined, headers[first].value);
	for (size_t i = first + 1; i < reader->message->header_count; i++) {
		if (!headers[i].name || strcmp(headers[i].name, headers[first].name) != 0)
			continue;
		buffer_text(&joined, ", ");
		buffer_text(&joined, headers[i].value);
		headers[i].name = NULL;
	}
	headers[first].value = joined.data;
}

static bool stands_again(const struct http_message *message, size_t first)
{
	const char *name = message->headers[first].name;

	for (size_t i = first + 1; i < message->header_count; i++) {
		const char *other = message->headers[i].name;
		if (other && other[0] == name[0] && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

static enum progress judge_repeats(struct reader *reader)
{
	struct http_message *message = reader->message;
	size_t kept = 0;

	for (size_t i = 0; i < message->header_count; i++) {
		if (!message->headers[i].name)
			continue;
		if (stands_again(message, i)) {
			if (may_stand_once_only(message->headers[i].name))
				return reader_refuse(reader, 400, "http.repeated_header");
			join_later(reader, i);
		}
		message->headers[kept++] = message->headers[i];
	}
	message->header_count = kept;
	return PROGRESS_DONE;
}

/* An absolute-form names the host itself, and then Host has to say the same. */
static enum progress judge_host(struct reader *reader, const char *authority)
{
	const char *host = http_header(reader->message, "host");

	if (!host && reader->old_version) {
		reader->message->host = authority ? authority : "";
		return PROGRESS_DONE;
	}
	if (!host)
		return reader_refuse(reader, 400, "http.host");

	host = host_read(reader->arena, host, strlen(host));
	if (!host || (authority && strcmp(authority, host) != 0))
		return reader_refuse(reader, 400, "http.host");

	reader->message->host = host;
	return PROGRESS_DONE;
}

/* The next name of a comma-separated list of tokens; its size is 0 if it is empty or no token. */
static const char *list_token(const char **at, size_t *size)
{
	const char *token = *at + strspn(*at, " \t");
	size_t length = 0;

	while (token[length] && token_lower[(unsigned char)token[length]])
		length++;
	*at = token + length;
	*at += strspn(*at, " \t");
	*size = **at == ',' || **at == '\0' ? length : 0;
	return token;
}

static enum progress judge_transfer_encoding(struct reader *reader, const char *value)
{
	bool known = true;
	int count = 0;

	if (reader->old_version)
		return reader_refuse(reader, 400, "http.transfer_encoding");

	for (const char *at = value;; at++) {
		size_t size;
		const char *token = list_token(&at, &size);
		if (size == 0)
			return reader_refuse(reader, 400, "http.transfer_encoding");
		known = known && size == 7 && strncasecmp(token, "chunked", 7) == 0;
		count++;
		if (*at == '\0')
			break;
	}
	if (!known)
		return reader_refuse(reader, 501, "http.transfer_coding");
	if (count > 1)
		return reader_refuse(reader, 400, "http.transfer_encoding");

	reader->chunked = true;
	reader->has_body = true;
	return PROGRESS_DONE;
}

static enum progress judge_content_length(struct reader *reader, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	uint64_t length = 0;

	if (digits == 0 || digits > 18 || value[digits] != '\0')
		return reader_refuse(reader, 400, "http.length");

	for (; *value; value++)
		length = length * 10 + (uint64_t)(*value - '0');
	reader->body_remaining = length;
	reader->has_body = length > 0;
	return PROGRESS_DONE;
}

static enum progress judge_framing(struct reader *reader)
{
	const char *encoding = http_header(reader->message, "transfer-encoding");
	const char *length = http_header(reader->message, "content-length");

	if (encoding && length)
		return reader_refuse(reader, 400, "http.length");
	if (encoding)
		return judge_transfer_encoding(reader, encoding);
	if (length)
		return judge_content_length(reader, length);
	return PROGRESS_DONE;
}

static enum progress judge_expectation(struct reader *reader)
{
	const char *expect = http_header(reader->message, "expect");

	if (!expect || reader->old_version)
		return PROGRESS_DONE;
	if (strcasecmp(expect, "100-continue") != 0)
		return reader_refuse(reader, 417, "http.expectation");

	reader->expects_continue = reader->has_body;
	return PROGRESS_DONE;
}

enum progress judge_head(struct reader *reader)
{
	struct http_message *message = reader->message;
	struct target target;
	enum progress progress = judge_repeats(reader);

	if (progress != PROGRESS_DONE)
		return progress;
	if (!target_read(reader->arena, message->method, message->target, &target))
		return reader_refuse(reader, 400, "http.target");

	message->path = target.path;
	message->query = target.query;
	progress = judge_host(reader, target.authority);
	if (progress == PROGRESS_DONE)
		progress = judge_framing(reader);
	if (progress == PROGRESS_DONE)
		progress = judge_expectation(reader);
	reader->understood = progress == PROGRESS_DONE;
	return progress;
}
