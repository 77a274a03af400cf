/*
 * The loop around write(2), and a sealed memfd (file.h).
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

bool file_write_all(int file, struct bytes content)
{
	while (content.size > 0) {
		ssize_t written = write(file, content.data, content.size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		content.data += written;
		content.size -= (size_t)written;
	}
	return true;
}

int file_in_memory(const char *name, struct bytes content)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file = memfd_create(name, flags | MFD_EXEC);

	if (file < 0 && errno == EINVAL) /* an older kernel, to which all may be run */
		file = memfd_create(name, flags);
	if (file < 0)
		return -1;
	if (file_write_all(file, content) &&
		fcntl(file, F_ADD_SEALS,
			F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
		return file;

	int failed = errno;
	(void)close(file);
	errno = failed;
	return -1;
}
