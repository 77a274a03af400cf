/*
 * Arenas: a list of blocks, a pointer that moves forward.
 *
 * The first block stays over a reset, so that a request which fits it costs no malloc. Under AddressSanitizer what
 * is not handed out is poisoned, and so is a gap behind each piece: an arena hides no overrun and no use after a reset.
 */
#include "arena.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define POISONED 1
#endif

#ifdef POISONED
#include <sanitizer/asan_interface.h>
#define GAP 16
#else
#define ASAN_POISON_MEMORY_REGION(start, size)   ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define GAP                                      0
#endif

#define FIRST_BLOCK 16384
#define NEXT_BLOCK  65536
#define BRIEF       256 /* bytes that arena_printf() has room for before it knows how many there are */

struct block {
	struct block *next;
	size_t capacity, used;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *current; /* newest first; the last one is the first block */
	size_t cap, used;
};

static struct block *block_create(struct block *next, size_t capacity)
{
	struct block *block = malloc(sizeof(*block) + capacity);

	if (!block)
		abort();
	block->next = next;
	block->capacity = capacity;
	block->used = 0;
	ASAN_POISON_MEMORY_REGION(block->data, capacity);
	return block;
}

static void block_destroy(struct block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block->data, block->capacity);
	free(block);
}

struct arena *arena_create(size_t cap_bytes)
{
	struct arena *arena = malloc(sizeof(*arena));

	if (!arena)
		abort();
	*arena = (struct arena){block_create(NULL, FIRST_BLOCK), cap_bytes, 0};
	return arena;
}

/* Frees all blocks but the first. */
static void blocks_free(struct arena *arena)
{
	while (arena->current->next) {
		struct block *next = arena->current->next;

		block_destroy(arena->current);
		arena->current = next;
	}
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	blocks_free(arena);
	block_destroy(arena->current);
	free(arena);
}

void arena_destroy_at(struct arena **arena)
{
	arena_destroy(*arena);
	*arena = NULL;
}

void arena_reset(struct arena *arena)
{
	blocks_free(arena);
	arena->current->used = 0;
	arena->used = 0;
	ASAN_POISON_MEMORY_REGION(arena->current->data, arena->current->capacity);
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

/* What a piece takes of its block. */
static size_t rounded(size_t size)
{
	const size_t alignment = alignof(max_align_t);

	return (size + alignment - 1) / alignment * alignment + GAP;
}

/* By itself, so that what nearly always finds room saves no registers for it. */
__attribute__((noinline)) static void block_add(struct arena *arena, size_t room)
{
	arena->current = block_create(arena->current, room > NEXT_BLOCK ? room : NEXT_BLOCK);
}

/* As it comes: what is left there from an earlier lifetime is for the caller to write over. */
static inline void *take(struct arena *arena, size_t size)
{
	if (size > arena->cap || arena->used > arena->cap - size)
		abort(); /* a runaway loop of ours: see arena.h */

	size_t room = rounded(size);
	if (room > arena->current->capacity - arena->current->used)
		block_add(arena, room);

	void *memory = arena->current->data + arena->current->used;
	arena->current->used += room;
	arena->used += size;
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	assert(size > 0 && count <= SIZE_MAX / size);
	return arena_alloc(arena, count * size);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
	void *copy = take(arena, size);

	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* In its place if nothing was taken since and its block has the room. */
void *arena_extend(struct arena *arena, void *piece, size_t size, size_t more)
{
	struct block *block = arena->current;
	unsigned char *end = block->data + block->used;

	if (piece && (unsigned char *)piece + rounded(size) == end &&
		rounded(size + more) - rounded(size) <= block->capacity - block->used &&
		more <= arena->cap - arena->used) {
		block->used += rounded(size + more) - rounded(size);
		arena->used += more;
		ASAN_UNPOISON_MEMORY_REGION(piece, size + more);
		return piece;
	}

	void *moved = take(arena, size + more);
	if (size > 0)
		memcpy(moved, piece, size);
	return moved;
}

char *arena_text(struct arena *arena, const char *text)
{
	return text ? arena_text_part(arena, text, strlen(text)) : NULL;
}

char *arena_text_part(struct arena *arena, const char *text, size_t size)
{
	char *copy = take(arena, size + 1);

	if (size > 0)
		memcpy(copy, text, size);
	copy[size] = '\0';
	return copy;
}

/* The size of a conversion that join() makes itself, behind its '%'; 0: vsnprintf() has to. */
static size_t simple(const char *conversion)
{
	return *conversion == 's' || *conversion == 'd'           ? 1
	       : strncmp(conversion, PRId64, strlen(PRId64)) == 0 ? strlen(PRId64)
								  : 0;
}

static bool all_simple(const char *format)
{
	while ((format = strchr(format, '%'))) {
		size_t size = simple(++format);

		if (size == 0)
			return false;
		format += size;
	}
	return true;
}

static const char *argument(char conversion, va_list *arguments, char digits[INTEGER_SIZE])
{
	const char *text;

	switch (conversion) {
	case 's':
		text = va_arg(*arguments, const char *);
		return text ? text : "(null)"; /* as vsnprintf() has it */
	case 'd':
		return integer_write(digits, va_arg(*arguments, int));
	default:
		return integer_write(digits, va_arg(*arguments, int64_t));
	}
}

/* Most formats ask for texts and whole numbers only, for which vsnprintf() would take five times as long. False where
 * the text has no room. */
static bool join(char room[BRIEF], const char *format, va_list arguments, size_t *size)
{
	char digits[INTEGER_SIZE];
	size_t used = 0;
	bool fits = true;
	va_list rest;

	va_copy(rest, arguments);
	while (*format && fits) {
		bool plain = *format != '%';
		const char *part = plain ? format : argument(format[1], &rest, digits);
		size_t length = plain ? (size_t)(strchrnul(format, '%') - format) : strlen(part);

		fits = length <= BRIEF - used;
		if (fits)
			memcpy(room + used, part, length);
		used += length;
		format += plain ? length : 1 + simple(format + 1);
	}
	va_end(rest);
	*size = used;
	return fits;
}

/* Most texts fit into a little room: formatting is the work, so it is done once. */
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	char brief[BRIEF];
	va_list again;
	size_t size;

	if (all_simple(format) && join(brief, format, arguments, &size))
		return arena_text_part(arena, brief, size);
	va_copy(again, arguments);
	int length = vsnprintf(brief, sizeof(brief), format, again);
	va_end(again);
	assert(length >= 0);
	if ((size_t)length < sizeof(brief))
		return arena_text_part(arena, brief, (size_t)length);

	char *text = arena_alloc(arena, (size_t)length + 1);
	(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}
