/*
 * Loading a part: the linker loads files, not bytes, so they become a file in memory.
 *
 * The hard thing is its name, /proc/self/fd/N: for the linker two files of one name are the same file. So the
 * descriptor of what was loaded stays open, and no other part can get its number.
 */
#include "part.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

static void not_loaded(struct error *error, const char *name, const char *why)
{
	if (error)
		(void)trouble(error, BROKEN, "part.not_loaded",
			"%s: %s; install the package of the library that this names"
			" (docs/dependencies.md)",
			name, why);
}

static const void *load(
	const struct part *part, const struct embedded_file *file, struct error *error)
{
	int descriptor = file_in_memory(file->path, file->content);
	const void *table = NULL;
	char path[64];

	if (part->prepare)
		part->prepare();
	if (descriptor < 0) {
		not_loaded(error, file->path, strerrordesc_np(errno));
		return NULL;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library)
		table = dlsym(library, part->symbol);
	if (table)
		return table;
	not_loaded(error, file->path, dlerror());
	if (library)
		(void)dlclose(library);
	(void)close(descriptor);
	return NULL;
}

const void *part_load(struct part *part, const struct embedded_file *file, struct error *error)
{
	pthread_mutex_lock(&part->lock);
	if (!part->table)
		part->table = load(part, file, error);
	const void *table = part->table;
	pthread_mutex_unlock(&part->lock);
	return table;
}

void *library_function(const char *library, const char *function)
{
	void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	return loaded ? dlsym(loaded, function) : NULL;
}
