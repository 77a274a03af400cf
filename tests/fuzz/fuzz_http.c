/*
 * Fuzzes the reader of requests: no bytes make it fail, and however they are cut, it tells the same.
 *
 * The first byte of the input seeds the cuts, the rest is what a peer sends on one connection: requests until one is
 * refused or unfinished. Limits are small, so that they are reached.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/net/reading.h"

static const struct http_limits limits = {
	.target = 200, .headers = 600, .header_count = 12, .body_memory = 1000, .body = 1000};

static void feed_in_pieces(struct reading *reading, const char *data, size_t size, uint32_t *seed)
{
	for (size_t at = 0, piece; at < size && !reading->ended; at += piece) {
		*seed = *seed * 1664525 + 1013904223;
		piece = 1 + (*seed >> 24) % 29;
		if (piece > size - at)
			piece = size - at;
		reading_feed(reading, data + at, piece);
	}
}

/* What holds for every message that is accepted, whatever was sent. */
static void check_message(const struct reading *reading)
{
	const struct http_message *message = &reading->message;

	if (!reading->ended || reading->reader.code)
		return;
	if (message->path[0] != '/' && strcmp(message->path, "*") != 0)
		abort();
	if (strstr(message->path, "//") || strstr(message->path, "/../") ||
		strlen(message->target) > 200)
		abort();
	for (size_t i = 0; i < message->header_count; i++)
		if (message->headers[i].name[0] == '\0' ||
			strpbrk(message->headers[i].value, "\r\n"))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	const char *data = (const char *)input + 1;
	uint32_t seed = size > 0 ? input[0] : 0;
	bool going = size > 1;

	for (size_t rest = size - 1; going && rest > 0;) {
		struct reading whole, parts;

		reading_begin(&whole, &limits);
		reading_begin(&parts, &limits);
		reading_feed(&whole, data, rest);
		feed_in_pieces(&parts, data, rest, &seed);
		if (strcmp(reading_told(&whole), reading_told(&parts)) != 0)
			abort();
		if (!whole.reader.code && whole.used != parts.used)
			abort();
		check_message(&whole);
		going = whole.ended && !whole.reader.code;
		data += whole.used;
		rest -= whole.used;
		reading_end(&whole);
		reading_end(&parts);
	}
	return 0;
}
