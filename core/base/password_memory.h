/*
 * What argon2id works in, kept from one hash to the next. libsodium asks the kernel for 19 MiB a hash and gives them
 * back after it, and to be given them, page by page, can take 8 ms of its 20: on a day when everybody signs in, more
 * than every third person has waited for nothing else.
 *
 * libsodium has no option for it. So it is linked statically, and its mmap() and munmap() are these (CMakeLists.txt).
 *
 * What a hash leaves could be asked for its password quicker than the hash itself, like the request in which the
 * password came; both last until the next takes their place, or some seconds (core/tenant/keeper.c).
 */
#ifndef KAOWU_BASE_PASSWORD_MEMORY_H
#define KAOWU_BASE_PASSWORD_MEMORY_H

#include <stddef.h>
#include <sys/types.h>

/* As mmap(2) and munmap(2), but for what is in the memory. Any thread. */
void *password_memory_map(
	void *address, size_t size, int protection, int flags, int file, off_t offset);
int password_memory_unmap(void *address, size_t size);

/* To the kernel with what no hash has now. Any thread. */
void password_memory_release(void);

#endif
