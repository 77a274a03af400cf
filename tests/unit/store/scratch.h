/*
 * What every test of this folder starts from: a folder of its own, an arena, and an error to look at.
 */
#ifndef KAOWU_TEST_SCRATCH_H
#define KAOWU_TEST_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* ours is base/result.h */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "store/store.h"

struct scratch {
	char folder[32];
	char path[64]; /* of a database that is not there yet, in a folder that is not there yet */
	struct arena *arena;
	struct error error;
};

static inline int scratch_make(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	snprintf(scratch->folder, sizeof(scratch->folder), "/tmp/kaowu-store-XXXXXX");
	if (!scratch || !mkdtemp(scratch->folder))
		return -1;
	snprintf(scratch->path, sizeof(scratch->path), "%s/tenants/one/test.db", scratch->folder);
	scratch->arena = arena_create(64u << 20);
	scratch->error.arena = scratch->arena;
	*state = scratch;
	return 0;
}

static inline int scratch_remove_one(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int scratch_remove(void **state)
{
	struct scratch *scratch = *state;

	nftw(scratch->folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_destroy(scratch->arena);
	free(scratch);
	return 0;
}

/* Forgets what failed last; returns the place to put the next failure. */
static inline struct error *fresh_error(struct scratch *scratch)
{
	scratch->error = (struct error){.arena = scratch->arena};
	return &scratch->error;
}

/* The parameter of the last failure, or "". */
static inline const char *error_param(const struct scratch *scratch, const char *name)
{
	for (const char *const *pair = scratch->error.params; pair && *pair; pair += 2)
		if (strcmp(pair[0], name) == 0)
			return pair[1];
	return "";
}

#define assert_ok(call) assert_int_equal((call), OK)
#define assert_fails(scratch, call, result, expected_code)                                         \
	do {                                                                                       \
		assert_int_equal((call), (result));                                                \
		assert_string_equal((scratch)->error.code, (expected_code));                       \
	} while (0)

static inline struct store *open_store(struct scratch *scratch, enum store_mode mode)
{
	struct store *store;

	assert_ok(store_open(scratch->path, mode, &store, fresh_error(scratch)));
	return store;
}

static inline void run(struct scratch *scratch, struct store *store, const char *sql)
{
	assert_ok(store_run(store, sql, BIND_NONE, fresh_error(scratch)));
}

static inline int64_t number(struct scratch *scratch, struct store *store, const char *sql)
{
	int64_t value;

	assert_ok(store_integer(store, sql, BIND_NONE, &value, fresh_error(scratch)));
	return value;
}

/* Whether the bytes of a file, as they are on the disk, contain those of `text`; a file that is not there has none. */
static inline bool file_contains(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	struct stat status;

	if (!file)
		return false;
	assert_int_equal(fstat(fileno(file), &status), 0);
	size_t size = (size_t)status.st_size;
	char *bytes = malloc(size + 1);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	bool found = memmem(bytes, size, text, strlen(text)) != NULL;
	free(bytes);
	return found;
}

#endif
