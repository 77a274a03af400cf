/*
 * The head of a request: gathers its bytes, hands them to llhttp in one piece, keeps the names and values.
 *
 * llhttp (8.1, as Debian 12 builds it) takes folded headers, spaces in names, empty names, HTTP/0.9 and RTSP; so
 * each line passes our own gate first, and the request line is split here. Because llhttp then sees the whole head at
 * once, a name or value is always one span: it becomes a string by writing NUL over the delimiter behind it, without
 * a copy. The hard thing: that byte may be written only when llhttp has gone past it.
 */
#include "reader.h"

#include <assert.h>
#include <llhttp.h>
#include <string.h>

#include "judgement.h"

#define METHOD_AND_VERSION_SIZE 64 /* what a request line may hold beside its target */

/* clang-format off */
const char token_lower[256] = {
	['!'] = '!', ['#'] = '#', ['$'] = '$', ['%'] = '%', ['&'] = '&', ['\''] = '\'', ['*'] = '*', ['+'] = '+',
	['-'] = '-', ['.'] = '.', ['^'] = '^', ['_'] = '_', ['`'] = '`', ['|'] = '|', ['~'] = '~',
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g',
	['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n',
	['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',
	['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
	['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g',
	['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n',
	['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u',
	['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};
/* clang-format on */

/* With room for the piece that goes past a limit before it is judged. */
static size_t head_size_max(const struct http_limits *limits)
{
	return limits->target + METHOD_AND_VERSION_SIZE + limits->headers + 2 * READ_SIZE;
}

void reader_begin(struct reader *reader, struct arena *arena, const struct http_limits *limits,
	struct http_message *message)
{
	*reader = (struct reader){.arena = arena, .limits = limits, .message = message};
	reader->head = buffer_in(arena, head_size_max(limits));
	reader->body_limit = limits->body;
	message->query = "";
	message->host = "";
	message->body_file = -1;
}

enum progress reader_refuse(struct reader *reader, int status, const char *code)
{
	reader->status = status;
	reader->code = code;
	return PROGRESS_REFUSED;
}

/* llhttp's callbacks. `at` points into our own buffer: the difference makes it writable. */
static char *span_start(struct reader *reader, const char *at)
{
	return reader->head.data + (at - reader->head.data);
}

/* White space behind a value is no part of it. */
static void end_last_value(struct reader *reader)
{
	struct http_message *message = reader->message;
	char *value;
	size_t size = reader->last_value_size;

	if (message->header_count == 0)
		return;

	value = span_start(reader, message->headers[message->header_count - 1].value);
	while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
		size--;
	value[size] = '\0';
}

static int on_field(llhttp_t *parser, const char *at, size_t size)
{
	struct reader *reader = parser->data;
	struct http_message *message = reader->message;
	char *name = span_start(reader, at);

	end_last_value(reader);
	if (size == 0 || message->header_count == reader->header_capacity)
		return HPE_USER;

	for (size_t i = 0; i < size; i++) {
		name[i] = token_lower[(unsigned char)name[i]];
		if (name[i] == '\0')
			return HPE_USER;
	}
	message->headers[message->header_count++] = (struct http_header){name, name + size};
	reader->last_value_size = 0;
	return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t size)
{
	struct reader *reader = parser->data;
	struct http_header *header = &reader->message->headers[reader->message->header_count - 1];

	*span_start(reader, header->value) = '\0'; /* the colon behind the name */
	header->value = at;
	reader->last_value_size = size;
	return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
	(void)parser;
	return HPE_PAUSED;
}

static const llhttp_settings_t callbacks = {
	.on_header_field = on_field,
	.on_header_value = on_value,
	.on_headers_complete = on_headers_complete,
};

static enum progress refuse_error(struct reader *reader, int error)
{
	switch (error) {
	case HPE_INVALID_METHOD:
	case HPE_INVALID_CONSTANT: /* a method of RTSP or ICE */
		return reader_refuse(reader, 501, "http.method");
	case HPE_INVALID_URL:
		return reader_refuse(reader, 400, "http.target");
	case HPE_UNEXPECTED_CONTENT_LENGTH:
	case HPE_INVALID_CONTENT_LENGTH:
		return reader_refuse(reader, 400, "http.length");
	case HPE_INVALID_TRANSFER_ENCODING:
		return reader_refuse(reader, 400, "http.transfer_encoding");
	case HPE_LF_EXPECTED:
	case HPE_CR_EXPECTED:
		return reader_refuse(reader, 400, "http.line_end");
	default:
		return reader_refuse(reader, 400, "http.header");
	}
}

struct request_line {
	char *method, *target, *version;
	size_t method_size, target_size, version_size;
};

/* Exactly two spaces, whatever stands between them. */
static bool request_line_split(char *line, size_t size, struct request_line *out)
{
	char *target = memchr(line, ' ', size);
	char *end = line + size;
	char *version = target ? memchr(target + 1, ' ', (size_t)(end - target - 1)) : NULL;

	if (!version || memchr(version + 1, ' ', (size_t)(end - version - 1)))
		return false;

	*out = (struct request_line){.method = line, .method_size = (size_t)(target - line)};
	out->target = target + 1;
	out->target_size = (size_t)(version - out->target);
	out->version = version + 1;
	out->version_size = (size_t)(end - out->version);
	return true;
}

static bool is_token(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!token_lower[(unsigned char)text[i]])
			return false;
	return size > 0;
}

static bool is_version(const char *text, size_t size)
{
	return size == 8 && memcmp(text, "HTTP/", 5) == 0 && text[5] >= '0' && text[5] <= '9' &&
	       text[6] == '.' && text[7] >= '0' && text[7] <= '9';
}

static enum progress judge_request_line(struct reader *reader, const struct request_line *line)
{
	if (line->target_size > reader->limits->target)
		return reader_refuse(reader, 414, "http.target_size");
	if (line->target_size == 0 || !is_token(line->method, line->method_size) ||
		!is_version(line->version, line->version_size))
		return reader_refuse(reader, 400, "http.request_line");
	if (line->version[5] != '1' || line->version[7] > '1')
		return reader_refuse(reader, 505, "http.version");
	if (line->method_size == 7 && memcmp(line->method, "CONNECT", 7) == 0)
		return reader_refuse(reader, 501, "http.method");
	return PROGRESS_DONE;
}

/* Two parsers that disagree on where the head ends are what smuggling lives on: that is refused as well. */
static enum progress parse_headers(struct reader *reader, const char *start, const char *end)
{
	llhttp_t parser;
	int error;

	reader->header_capacity = reader->line_count - 2;
	reader->message->headers =
		NEW_ARRAY(reader->arena, struct http_header, reader->header_capacity + 1);
	llhttp_init(&parser, HTTP_REQUEST, &callbacks);
	parser.data = reader;
	error = (int)llhttp_execute(&parser, start, (size_t)(end - start));
	if (error != HPE_PAUSED || llhttp_get_error_pos(&parser) != end)
		return refuse_error(reader, error);

	end_last_value(reader);
	reader->keep_alive = llhttp_should_keep_alive(&parser);
	return PROGRESS_DONE;
}

static enum progress parse_head(struct reader *reader)
{
	char *start = reader->head.data + (reader->blank_skipped ? 2 : 0);
	char *line_end = reader->head.data + reader->request_line_end - 2;
	struct request_line line;
	enum progress progress;

	if (!request_line_split(start, (size_t)(line_end - start), &line))
		return reader_refuse(reader, 400, "http.request_line");

	progress = judge_request_line(reader, &line);
	if (progress == PROGRESS_DONE)
		progress = parse_headers(reader, start, reader->head.data + reader->head.size);
	if (progress != PROGRESS_DONE)
		return progress;

	line.method[line.method_size] = '\0';
	line.target[line.target_size] = '\0';
	reader->message->method = line.method;
	reader->message->target = line.target;
	reader->old_version = line.version[7] == '0';
	return judge_head(reader);
}

/* Limits are judged by position alone, so that it does not matter how the bytes were cut. `end` is behind what is
 * there of the line. */
static enum progress judge_line_size(struct reader *reader, size_t end)
{
	const struct http_limits *limits = reader->limits;

	if (reader->line_count == 0 &&
		end - reader->line_start > limits->target + METHOD_AND_VERSION_SIZE)
		return reader_refuse(reader, 414, "http.target_size");
	if (reader->line_count > 0 && end - reader->request_line_end > limits->headers)
		return reader_refuse(reader, 431, "http.headers_size");
	return PROGRESS_DONE;
}

/* What the first byte of a line tells; a CR is judged with the whole line. */
static enum progress judge_line_start(struct reader *reader)
{
	char first = reader->head.data[reader->line_start];

	if (reader->line_count > 0 && (first == ' ' || first == '\t'))
		return reader_refuse(reader, 400, "http.folded_header");
	if (reader->line_count == 0 && first != '\r' && first != '\n' &&
		!token_lower[(unsigned char)first])
		return reader_refuse(reader, 400, "http.request_line");
	return PROGRESS_DONE;
}

/* A whole line, its LF at `end` - 1. DONE when it was the empty one that ends the head. */
static enum progress take_line(struct reader *reader, size_t end)
{
	size_t size = end - reader->line_start;

	if (size < 2 || reader->head.data[end - 2] != '\r')
		return reader_refuse(reader, 400, "http.line_end");

	reader->line_start = end;
	if (size == 2 && reader->line_count == 0) {
		if (reader->blank_skipped)
			return reader_refuse(reader, 400, "http.request_line");
		reader->blank_skipped = true;
		return PROGRESS_MORE;
	}
	if (reader->line_count++ == 0)
		reader->request_line_end = end;
	if (size == 2)
		return PROGRESS_DONE;
	if (reader->line_count > reader->limits->header_count + 1)
		return reader_refuse(reader, 431, "http.headers_size");
	return PROGRESS_MORE;
}

/* Judges the lines that have become whole with the bytes from `fresh` on. */
static enum progress take_lines(struct reader *reader, size_t fresh)
{
	const char *data = reader->head.data;
	enum progress progress = PROGRESS_MORE;

	while (progress == PROGRESS_MORE && reader->line_start < reader->head.size) {
		const char *feed = memchr(data + fresh, '\n', reader->head.size - fresh);
		size_t end = feed ? (size_t)(feed + 1 - data) : reader->head.size;

		progress = judge_line_start(reader);
		if (progress == PROGRESS_DONE)
			progress = judge_line_size(reader, end);
		if (progress == PROGRESS_DONE && !feed)
			return PROGRESS_MORE;
		if (progress == PROGRESS_DONE)
			progress = take_line(reader, end);
		fresh = end;
	}
	return progress;
}

enum progress reader_head(struct reader *reader, const char *data, size_t size, size_t *used)
{
	size_t before = reader->head.size;
	enum progress progress;

	assert(!reader->head_done && size <= READ_SIZE);
	buffer_append(&reader->head, data, size);
	assert(!reader->head.overflowed);
	progress = take_lines(reader, before);
	if (progress != PROGRESS_DONE) {
		*used = size;
		return progress;
	}
	reader->head.size = reader->line_start;
	*used = reader->head.size - before;
	reader->head_done = true;
	return parse_head(reader);
}
