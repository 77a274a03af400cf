/*
 * The program of a worker (core/worker_main.c), carried in this binary: so there is one file to install, and a
 * server whose binary was replaced beneath it still starts workers of its own build.
 *
 * The kernel starts files, not bytes; here it is a file in memory, sealed, which our children reach over our own
 * descriptor.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

static char path[64];

static void give_up(const char *what)
{
	perror(what);
	abort();
}

static void lay_out(void)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file = memfd_create("kaowu-worker", flags | MFD_EXEC);
	if (file < 0 && errno == EINVAL) /* an older kernel, to which all are */
		file = memfd_create("kaowu-worker", flags);
	if (file < 0 || !file_write_all(file, worker_files[0].content))
		give_up("kaowu: the program of a worker");
	if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		give_up("kaowu: the program of a worker");
	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), file);
}

const char *worker_program(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, lay_out);
	return path;
}
