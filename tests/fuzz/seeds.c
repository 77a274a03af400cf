/*
 * A fuzzer's target without the fuzzer: it is given each file of a folder once. So a target that nobody has fuzzed for
 * a while still works, and what broke one can be looked at with any debugger.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

#define INPUT_MOST (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *count, char ***words);

static void run(struct arena *arena, const char *path)
{
	struct error error = {.arena = arena};
	struct bytes input;

	(void)printf("%s\n", path); /* before it: the last one told is who broke it */
	(void)fflush(stdout);
	if (file_read(arena, path, INPUT_MOST, &input, &error)) {
		(void)fprintf(stderr, "seeds: %s: %s\n", path, error.code);
		exit(1);
	}
	(void)LLVMFuzzerTestOneInput(input.data, input.size);
}

int main(int count, char **words)
{
	struct dirent **entries;
	int runs = 0, found = count == 2 ? scandir(words[1], &entries, NULL, alphasort) : -1;

	if (found < 0) {
		(void)fputs("usage: seeds FOLDER\n", stderr);
		return 2;
	}
	if (LLVMFuzzerInitialize)
		(void)LLVMFuzzerInitialize(&count, &words);
	for (int i = 0; i < found; i++) {
		struct arena *arena CLEANUP(arena_destroy_at) = arena_create(4 * INPUT_MOST);

		if (entries[i]->d_name[0] != '.') {
			run(arena, arena_printf(arena, "%s/%s", words[1], entries[i]->d_name));
			runs++;
		}
		free(entries[i]);
	}
	free(entries);
	return runs == 0; /* an empty folder shows nothing */
}
