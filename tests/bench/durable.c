/*
 * The plainest way to keep uploads: durable FOLDER FILE COUNT writes so many copies of the file, each with an
 * fdatasync, one after the other, and prints how many a second.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static void *file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");

	must(file && fseek(file, 0, SEEK_END) == 0, path);
	*size = (size_t)ftell(file);
	rewind(file);
	void *bytes = malloc(*size);

	must(bytes && fread(bytes, 1, *size, file) == *size, path);
	(void)fclose(file);
	return bytes;
}

int main(int count, char **words)
{
	size_t size;

	if (count != 4) {
		(void)fputs("usage: durable FOLDER FILE COUNT\n", stderr);
		return 2;
	}
	void *bytes = file_read(words[2], &size);
	int copies = (int)strtol(words[3], NULL, 10);
	int64_t from = now_us();

	must(chdir(words[1]) == 0, words[1]);
	for (int i = 0; i < copies; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "%d", i);
		int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		must(file >= 0 && write(file, bytes, size) == (ssize_t)size &&
				fdatasync(file) == 0 && close(file) == 0,
			name);
	}
	(void)printf("{\"per_second\":%.1f}\n", copies * 1e6 / (double)(now_us() - from));
	free(bytes);
	return 0;
}
