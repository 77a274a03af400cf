/*
 * The target of a request line and the name of a host, judged to the letter.
 *
 * llhttp takes any byte in a target and leaves all meaning to us. What two programs in a row could read
 * differently (an encoded slash, a dot segment, a second authority, an escape that is none) is refused rather than
 * repaired. The hard thing is the order: segments are judged after decoding, because "%2e%2e" is "..".
 */
#include "target.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"

#define HOST_SIZE_MAX 255

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* The byte that "%41" stands for; -1 if it is no escape. */
static int escaped_byte(const char *text, size_t size)
{
	if (size < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
		return -1;
	return hex_digit(text[1]) << 4 | hex_digit(text[2]);
}

long percent_decode(const char *text, size_t size, bool plus_is_space, char *out)
{
	const char *escape = plus_is_space ? text : memchr(text, '%', size);
	size_t plain = escape ? (size_t)(escape - text) : size; /* mostly the whole */
	char *at = out + plain;

	memcpy(out, text, plain);
	for (size_t i = plain; i < size; i++) {
		if (text[i] == '%') {
			int byte = escaped_byte(text + i, size - i);
			if (byte < 0)
				return -1;
			*at++ = (char)byte;
			i += 2;
		} else {
			*at++ = text[i] == '+' && plus_is_space ? ' ' : text[i];
		}
	}
	*at = '\0';
	return at - out;
}

static bool port_valid(const char *port)
{
	size_t digits = strspn(port, "0123456789");
	unsigned number = 0;

	if (digits == 0 || digits > 5 || port[digits] != '\0')
		return false;

	for (; *port; port++)
		number = number * 10 + (unsigned)(*port - '0');
	return number > 0 && number <= 65535;
}

static bool bracketed_address_valid(const char *address, size_t size)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr number;

	if (size >= sizeof(text))
		return false;

	memcpy(text, address, size);
	text[size] = '\0';
	return inet_pton(AF_INET6, text, &number) == 1;
}

static bool is_host_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
	       byte == '.' || byte == '_';
}

static bool host_valid(const char *host)
{
	size_t size = 0;

	if (host[0] == '[') {
		const char *end = strchr(host, ']');
		if (!end || !bracketed_address_valid(host + 1, (size_t)(end - host - 1)))
			return false;
		size = (size_t)(end + 1 - host);
	} else {
		while (is_host_byte(host[size]))
			size++;
	}
	if (size == 0 || size > HOST_SIZE_MAX)
		return false;
	return host[size] == '\0' || (host[size] == ':' && port_valid(host + size + 1));
}

const char *host_read(struct arena *arena, const char *text, size_t size)
{
	char *host = arena_text_part(arena, text, size);

	for (char *at = host; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at + ('a' - 'A'));
	return host_valid(host) ? host : NULL;
}

/* Eight bytes at a time, while there are as many. */
static bool target_printable(const char *target, size_t size)
{
	uint64_t word;

	for (; size >= sizeof(word); target += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, target, sizeof(word));
		if (word & UINT64_C(0x8080808080808080) || word_below(word, '!') ||
			word_holds(word, 0x7f) || word_holds(word, '#'))
			return false;
	}
	for (; size > 0; target++, size--)
		if (*target <= ' ' || *target > '~' || *target == '#')
			return false;
	return true;
}

static bool segment_valid(const char *segment, size_t size)
{
	if (size == 0)
		return false;
	return !(segment[0] == '.' && (size == 1 || (size == 2 && segment[1] == '.')));
}

/* Every segment is a name; only the last may be empty: "/" and "/plans/". */
static bool segments_valid(const char *path)
{
	for (const char *segment = path + 1; *segment;) {
		size_t size = (size_t)(strchrnul(segment, '/') - segment);
		if (!segment_valid(segment, size))
			return false;
		segment += size;
		if (*segment == '/')
			segment++;
	}
	return true;
}

static size_t slash_count(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '/';
	return count;
}

static bool has_control(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return true;
	return false;
}

/* What was escaped may stand for anything; the rest target_printable() has seen. A slash more after decoding than
 * before was "%2F", which would stand inside a segment. */
static const char *path_read(struct arena *arena, const char *raw, size_t raw_size)
{
	char *path = arena_alloc(arena, raw_size + 1);
	long decoded = percent_decode(raw, raw_size, false, path);
	size_t size = (size_t)decoded;

	if (decoded < 0 || !segments_valid(path))
		return NULL;
	if (size == raw_size)
		return path;
	if (has_control(path, size) || slash_count(path, size) != slash_count(raw, raw_size) ||
		!text_is_utf8(path, size))
		return NULL;
	return path;
}

/* Well-formed escapes that stand for UTF-8 without NUL, so that http_query() cannot fail. */
static bool query_valid(struct arena *arena, const char *query)
{
	size_t raw_size = strlen(query);
	char *text;
	long size;

	if (!memchr(query, '%', raw_size))
		return true;

	text = arena_alloc(arena, raw_size + 1);
	size = percent_decode(query, raw_size, true, text);
	return size >= 0 && !memchr(text, '\0', (size_t)size) && text_is_utf8(text, (size_t)size);
}

/* Skips "http://host:port" and tells the authority; false if there is none or it is no host. */
static bool authority_read(struct arena *arena, const char **at, struct target *out)
{
	size_t scheme = strncasecmp(*at, "http://", 7) == 0 ? 7 : 8;
	size_t size;

	if (scheme == 8 && strncasecmp(*at, "https://", 8) != 0)
		return false;

	*at += scheme;
	size = strcspn(*at, "/?");
	out->authority = host_read(arena, *at, size);
	*at += size;
	return out->authority != NULL;
}

bool target_read(struct arena *arena, const char *method, const char *target, struct target *out)
{
	struct target parts = {.path = "/"};
	const char *at = target;
	size_t size;

	if (strcmp(target, "*") == 0) {
		*out = (struct target){.path = "*", .query = ""};
		return strcmp(method, "OPTIONS") == 0;
	}
	if (!target_printable(target, strlen(target)))
		return false;
	if (*at != '/' && !authority_read(arena, &at, &parts))
		return false;

	size = strcspn(at, "?");
	if (size > 0)
		parts.path = path_read(arena, at, size);
	parts.query = at[size] == '?' ? at + size + 1 : "";
	if (!parts.path || !query_valid(arena, parts.query))
		return false;

	*out = parts;
	return true;
}
