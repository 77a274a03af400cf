/*
 * Memory with one lifetime: everything taken from an arena goes at once.
 *
 * The lifetime is told by the first argument of a function (process, tenant, request); inside a
 * request nothing is ever freed by itself. An arena never returns NULL: real exhaustion aborts, and
 * so does passing the cap, because every input has a named limit (limits.h) far below it, so that
 * reaching the cap means a runaway loop of ours. All memory comes zeroed. One thread at a time.
 */
#ifndef KAOWU_BASE_ARENA_H
#define KAOWU_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(size_t cap_bytes);
void arena_destroy(struct arena *arena);      /* NULL is fine */
void arena_destroy_at(struct arena **arena);  /* for CLEANUP() */
void arena_reset(struct arena *arena);        /* keeps the first block for reuse */
size_t arena_used(const struct arena *arena); /* bytes handed out since the last reset */

void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/* A piece that grows by `more` bytes, which are not zeroed: where it was if it is the newest, else as a copy. */
void *arena_extend(struct arena *arena, void *piece, size_t size, size_t more);

void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_text(struct arena *arena, const char *text);                   /* NULL gives NULL */
char *arena_text_part(struct arena *arena, const char *text, size_t size); /* adds the NUL */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/* NEW(arena, struct plan) and NEW_ARRAY(arena, struct plan, count): typed, zeroed. */
#define NEW(arena, type)              ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* Runs `function(&variable)` when the variable goes out of scope. Never for arena memory. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/* Elements of a true array. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
