/*
 * Landlock by raw system calls (landlock.h): glibc has no functions for it, and the kernel's header of the build
 * machine may be older than the kernel that runs, so the numbers of its interface (kernel documentation,
 * userspace-api/landlock) stand here.
 */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"

#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIR  (UINT64_C(1) << 3)

#define ASK_VERSION  1u
#define RULE_BENEATH 1

/* A kernel takes a longer structure than it knows, if what it does not know is zero. */
struct rules {
	uint64_t files, network, scopes;
};

struct beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

/* How many rights (the lowest bits) each version of the interface has. */
static const struct {
	unsigned files, network, scopes;
} rights[] = {
	{0, 0, 0}, {13, 0, 0}, /* 1: Linux 5.13 */
	{14, 0, 0},            /* refer */
	{15, 0, 0},            /* truncate */
	{15, 2, 0},            /* TCP bind and connect */
	{16, 2, 0},            /* ioctl on devices */
	{16, 2, 2}, /* 6: abstract sockets, signals; later versions add nothing that we need */
};

static uint64_t lowest(unsigned count)
{
	return (UINT64_C(1) << count) - 1;
}

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, ASK_VERSION);
	return version < 0 ? 0 : (int)version;
}

static int allow_reading(int ruleset, const char *path)
{
	int folder = open(path, O_PATH | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT ? 0 : -1;

	struct stat status;
	int rc = fstat(folder, &status);
	if (!rc) {
		uint64_t allowed = S_ISDIR(status.st_mode) ? READ_FILE | READ_DIR : READ_FILE;
		struct beneath rule = {.allowed = allowed, .folder = folder};
		rc = (int)syscall(SYS_landlock_add_rule, ruleset, RULE_BENEATH, &rule, 0u);
	}
	close(folder);
	return rc;
}

int landlock_confine(const char *const *readable)
{
	unsigned version = (unsigned)landlock_version();
	if (version == 0)
		return 0;
	if (version >= COUNT(rights))
		version = COUNT(rights) - 1;

	struct rules rules = {lowest(rights[version].files), lowest(rights[version].network),
		lowest(rights[version].scopes)};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0u);
	if (ruleset < 0)
		return -1;

	int rc = 0;
	for (; !rc && *readable; readable++)
		rc = allow_reading(ruleset, *readable);
	if (!rc)
		rc = (int)syscall(SYS_landlock_restrict_self, ruleset, 0u);
	close(ruleset);
	return rc;
}
