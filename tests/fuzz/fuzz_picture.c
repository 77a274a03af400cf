/*
 * Fuzzes the picture worker from the request to the answer, without its sandbox: no bytes make it fail, and what is to
 * be kept is a whole JPEG that the worker itself finds nothing wrong with, of the same size and standing upright.
 *
 * The worker ends its process where a decoder gives up, and leaves the memory to that end. Here the process goes on, so
 * the way out leads back, and what was allocated since is given back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"

static void said(struct bytes frame);
static __attribute__((noreturn)) void left(void);

#define worker_child_send(frame) said(frame)
#define _exit(status)            left()
#include "document/picture_worker.c"
#undef _exit
#undef worker_child_send

#define PIXELS_MOST 65536 /* more are only slower */
#define HELD_MOST   65536

static ucontext_t way_out;
static volatile bool given_up;
static struct picture_facts last_words;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* ---- Memory that the end of the process would give back ---- */

static struct {
	bool kept;
	const volatile void *places[HELD_MOST];
	size_t count;
} held;

static void on_allocate(const volatile void *place, size_t size)
{
	(void)size;
	if (!held.kept)
		return;
	expect(held.count < HELD_MOST);
	held.places[held.count++] = place;
}

static void on_free(const volatile void *place)
{
	for (size_t i = held.count; held.kept && i-- > 0;) {
		if (held.places[i] == place) {
			held.places[i] = held.places[--held.count];
			return;
		}
	}
}

static void give_back(void)
{
	held.kept = false;
	while (held.count > 0)
		free((void *)(uintptr_t)held.places[--held.count]);
}

/* The sanitizer's, whose header gcc does not bring. Without one nobody counts what is not given back. */
__attribute__((weak)) int __sanitizer_install_malloc_and_free_hooks(
	void (*allocated)(const volatile void *place, size_t size),
	void (*freed)(const volatile void *place));

int LLVMFuzzerInitialize(int *count, char ***words);

int LLVMFuzzerInitialize(int *count, char ***words)
{
	(void)count;
	(void)words;
	if (__sanitizer_install_malloc_and_free_hooks)
		expect(__sanitizer_install_malloc_and_free_hooks(on_allocate, on_free) != 0);
	return 0;
}

/* ---- The worker ---- */

static void said(struct bytes frame)
{
	expect(frame.size == sizeof(last_words));
	memcpy(&last_words, frame.data, sizeof(last_words));
}

static void left(void)
{
	given_up = true;
	setcontext(&way_out);
	abort();
}

/* What the worker answers, facts first; only the facts where it gave up. Lives in the arena. */
static struct bytes ask(struct arena *arena, uint8_t kind, struct bytes content)
{
	uint8_t *request = arena_alloc(arena, content.size + 1);
	struct bytes kept = {(uint8_t *)&last_words, sizeof(last_words)};

	request[0] = kind;
	memcpy(request + 1, content.data, content.size);
	given_up = false;
	held.kept = true;
	getcontext(&way_out);
	if (!given_up) {
		struct bytes out = {NULL, 0};

		/* Its arena is given back as all the rest. */
		answer(NULL, arena_create(LIMIT_REQUEST_ARENA), bytes_of(request, content.size + 1),
			&out);
		held.kept = false;
		kept = bytes_of(arena_copy(arena, out.data, out.size), out.size);
	}
	give_back();
	return kept;
}

static void check_kept(struct arena *arena, const struct picture_facts *seen, struct bytes kept)
{
	struct picture_facts again;
	struct bytes told = ask(arena, PICTURE_SCAN, kept);

	expect(kept.size > 4 && memcmp(kept.data, "\xff\xd8\xff", 3) == 0);
	expect(memcmp(kept.data + kept.size - 2, "\xff\xd9", 2) == 0);
	memcpy(&again, told.data, sizeof(again));
	expect(again.outcome == OUTCOME_DECODED && again.warnings == 0);
	expect(again.width == seen->width && again.height == seen->height);
}

static void check_answer(struct arena *arena, struct bytes told)
{
	struct picture_facts seen;

	expect(told.size >= sizeof(seen));
	memcpy(&seen, told.data, sizeof(seen));
	expect(seen.outcome <= OUTCOME_COLOUR && seen.colour <= COLOUR_PRINT);
	expect(seen.white_percent <= 100);
	expect(seen.outcome != OUTCOME_DECODED || (seen.width > 0 && seen.height > 0));
	if (told.size > sizeof(seen)) {
		expect(seen.outcome == OUTCOME_DECODED && seen.warnings == 0);
		check_kept(
			arena, &seen, bytes_of(told.data + sizeof(seen), told.size - sizeof(seen)));
	}
}

/* ---- The input ---- */

static bool large(const uint8_t *sides, bool wide)
{
	uint64_t first = 0, second = 0;

	for (int i = 0; i < (wide ? 4 : 2); i++) {
		first = first << 8 | sides[i];
		second = second << 8 | sides[i + (wide ? 4 : 2)];
	}
	return first * second > PIXELS_MOST;
}

/* Says some header that there are many pixels? */
static bool slow(struct bytes content)
{
	if (content.size >= 24 && is_png(content))
		return large(content.data + 16, true);
	for (size_t i = 0; i + 9 <= content.size; i++)
		if (content.data[i] == 0xff && content.data[i + 1] >= 0xc0 &&
			content.data[i + 1] <= 0xcf && large(content.data + i + 5, false))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);

	if (size < 2 || slow(bytes_of(input + 1, size - 1)))
		return -1;
	check_answer(arena, ask(arena, input[0] & 1 ? PICTURE_PORTRAIT : PICTURE_SCAN,
				    bytes_of(input + 1, size - 1)));
	return 0;
}
