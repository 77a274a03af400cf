/*
 * The program of a worker (core/worker_main.c), carried in this binary: so there is one file to install, and a
 * server whose binary was replaced beneath it still starts workers of its own build.
 *
 * The kernel starts files, not bytes; here it is a file in memory, sealed, which our children reach over our own
 * descriptor.
 */
#include "command.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/file.h"

static char path[64];

static void lay_out(void)
{
	const struct embedded_file *program =
		embedded_find_in(part_files, part_count, "kaowu-worker");
	int file = file_in_memory(program->path, program->content);

	if (file < 0) {
		perror("kaowu: the program of a worker");
		abort();
	}
	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), file);
}

const char *worker_program(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, lay_out);
	return path;
}
