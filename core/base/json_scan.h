/*
 * The strict door in front of cJSON: is this text RFC 8259, to the letter, and can cJSON keep all
 * of it?
 */
#ifndef KAOWU_BASE_JSON_SCAN_H
#define KAOWU_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"

struct json_flaw {
	const char *code; /* "json.escape" and so on, from schemas/messages/json.json */
	size_t offset;    /* of the byte where it shows */
};

/* True if the text is one JSON value and nothing else; otherwise the first flaw. Duplicate names
 * are not looked for here: they are told from the decoded names, after parsing. */
bool json_scan(const char *text, size_t size, struct json_flaw *flaw);

/* Where the member name with that number (from 0, in the order of the text) begins, in a text that
 * json_scan() has passed; its size if there are not so many. */
size_t json_scan_name(const char *text, size_t size, size_t number);

static inline bool json_plain(char character)
{
	return (unsigned char)character >= 0x20 && character != '"' && character != '\\';
}

/* Eight characters at once: not 0 if one of them means more than itself between quotes. With its second bit turned a
 * '"' stands just behind the control characters, and they stay below: one comparison finds both. */
static inline uint64_t json_word_strange(uint64_t word)
{
	return word_below(word ^ word_of(2), ('"' ^ 2) + 1) | word_holds(word, '\\');
}

/* Where a run of characters ends that mean only themselves between quotes: before a '"', a '\\' or a control
 * character, or at `end`. Eight at a time as long as all of them are plain: most texts have nothing to escape. */
static inline const char *json_plain_end(const char *at, const char *end)
{
	uint64_t word;

	for (; (size_t)(end - at) >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		if (json_word_strange(word))
			break;
	}
	while (at < end && json_plain(*at))
		at++;
	return at;
}

/* Copies a text, and tells whether all of it means only itself between quotes. The last eight (or four) characters may
 * be copied twice, so that none goes by itself. */
static inline bool json_plain_copy(char *to, const char *from, size_t size)
{
	uint64_t word, strange = 0;
	uint32_t head, tail;

	if (size >= sizeof(word)) {
		for (size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
			memcpy(&word, from + i, sizeof(word));
			memcpy(to + i, &word, sizeof(word));
			strange |= json_word_strange(word);
		}
		memcpy(&word, from + size - sizeof(word), sizeof(word));
		memcpy(to + size - sizeof(word), &word, sizeof(word));
		return !(strange | json_word_strange(word));
	}
	if (size >= sizeof(head)) {
		memcpy(&head, from, sizeof(head));
		memcpy(&tail, from + size - sizeof(tail), sizeof(tail));
		memcpy(to, &head, sizeof(head));
		memcpy(to + size - sizeof(tail), &tail, sizeof(tail));
		return !json_word_strange((uint64_t)tail << 32 | head);
	}
	for (size_t i = 0; i < size; i++) {
		strange |= !json_plain(from[i]);
		to[i] = from[i];
	}
	return !strange;
}

#endif
