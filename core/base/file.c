/*
 * The loop around write(2) (file.h).
 */
#include "file.h"

#include <errno.h>
#include <unistd.h>

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
