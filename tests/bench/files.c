/*
 * What keeping files alone costs: each is written to a file of its own, and the disk is asked to be sure of it.
 *
 * files FOLDER THREADS < NAMES writes a copy of every file that is named, one name a line, on so many threads, and prints
 * how many a second. What is copied is read before.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

#define FILES_MOST   65536
#define THREADS_MOST 64

static const char *folder;
static struct {
	void *bytes;
	size_t size;
} files[FILES_MOST];
static int file_count;
static atomic_int next;

static void file_read(const char *name)
{
	int descriptor = open(name, O_RDONLY);
	struct stat status;

	must(file_count < FILES_MOST && descriptor >= 0 && fstat(descriptor, &status) == 0, name);
	files[file_count].size = (size_t)status.st_size;
	files[file_count].bytes = mmap(
		NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
	must(files[file_count++].bytes != MAP_FAILED, name);
	(void)close(descriptor);
}

static void files_read(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t size;

	while ((size = getline(&line, &room, stdin)) > 0) {
		line[size - (line[size - 1] == '\n')] = '\0';
		file_read(line);
	}
	free(line);
	must(file_count > 0, "no files");
}

static void file_keep(int number)
{
	const char *bytes = files[number].bytes;
	size_t written = 0;
	char name[4096];

	(void)snprintf(name, sizeof(name), "%s/%d", folder, number);
	int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	must(descriptor >= 0, name);
	while (written < files[number].size) {
		ssize_t size = write(descriptor, bytes + written, files[number].size - written);

		must(size > 0, name);
		written += (size_t)size;
	}
	must(fdatasync(descriptor) == 0 && close(descriptor) == 0, name);
}

static void *thread_run(void *unused)
{
	int number;

	(void)unused;
	while ((number = atomic_fetch_add(&next, 1)) < file_count)
		file_keep(number);
	return NULL;
}

int main(int count, char **words)
{
	pthread_t started[THREADS_MOST];
	int threads = count == 3 ? (int)strtol(words[2], NULL, 10) : 0;

	if (threads < 1 || threads > THREADS_MOST) {
		(void)fputs("usage: files FOLDER THREADS < NAMES\n", stderr);
		return 2;
	}
	folder = words[1];
	files_read();

	int64_t from = now_us();

	for (int i = 0; i < threads; i++)
		must(pthread_create(&started[i], NULL, thread_run, NULL) == 0, "thread");
	for (int i = 0; i < threads; i++)
		(void)pthread_join(started[i], NULL);
	(void)printf("{\"requests\":%d,\"per_second\":%.1f}\n", file_count,
		(double)file_count * 1e6 / (double)(now_us() - from));
	return 0;
}
