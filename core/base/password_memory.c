/*
 * A list of what hashes have left, each with its link in the first bytes.
 */
#include "password_memory.h"

#include <pthread.h>
#include <sys/mman.h>

/* At the beginning of what is kept. */
struct region {
	struct region *next;
	size_t size;
};

static struct {
	pthread_mutex_t lock;
	struct region *first;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Of that very size, which the parameters of a hash decide. NULL: there is none. */
static struct region *take(size_t size)
{
	struct region **place = &kept.first, *region;

	pthread_mutex_lock(&kept.lock);
	while ((region = *place) && region->size != size)
		place = &region->next;
	if (region)
		*place = region->next;
	pthread_mutex_unlock(&kept.lock);
	return region;
}

void *password_memory_map(
	void *address, size_t size, int protection, int flags, int file, off_t offset)
{
	struct region *region = take(size);

	return region ? region : mmap(address, size, protection, flags, file, offset);
}

int password_memory_unmap(void *address, size_t size)
{
	struct region *region = address;

	region->size = size;
	pthread_mutex_lock(&kept.lock);
	region->next = kept.first;
	kept.first = region;
	pthread_mutex_unlock(&kept.lock);
	return 0;
}

void password_memory_release(void)
{
	struct region *region;

	pthread_mutex_lock(&kept.lock);
	struct region *all = kept.first;
	kept.first = NULL;
	pthread_mutex_unlock(&kept.lock);
	while ((region = all)) {
		all = region->next;
		(void)munmap(region, region->size);
	}
}
