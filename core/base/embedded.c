/*
 * Finding an embedded file in the table that the build sorts by path.
 */
#include "embedded.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *path, const void *file)
{
	return strcmp(path, ((const struct embedded_file *)file)->path);
}

const struct embedded_file *embedded_find_in(
	const struct embedded_file *files, size_t count, const char *path)
{
	return bsearch(path, files, count, sizeof(files[0]), compare);
}

const struct embedded_file *embedded_find(const char *path)
{
	return embedded_find_in(embedded_files, embedded_count, path);
}
