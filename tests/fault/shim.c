/*
 * A machine that can fail, put between the server and libc by LD_PRELOAD: it counts the calls to the disk below one
 * folder, or the allocations, lets one of them fail, keeps a disk full for as long as it is told to, puts the wall
 * clock forward or back, and lets the resolver fall silent. The server is the very one that is deployed; its workers
 * have no environment and so no shim.
 *
 * Where an allocation failed, libraries that draw read at a null pointer instead of aborting, or at one that they had
 * not come to set: pixman as it is loaded, fontconfig. The kernel ends them at that, which is as clean as an abort; so
 * it is made one here. Where the server itself does so it stays a crash, and who called whom is said.
 *
 * Who tests it writes orders into a file that is mapped here ($KAOWU_FAULT_ORDERS, see faults.mjs); $KAOWU_FAULT_ROOT
 * is the folder. Orders are taken at once, in the middle of whatever the server is doing.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum kind { KIND_NONE, KIND_DISK, KIND_ALLOCATION };
enum way { WAY_ERROR, WAY_FULL, WAY_SHORT }; /* EIO, ENOSPC, half and then ENOSPC */

/* The file's layout: each a 64-bit number. */
struct orders {
	_Atomic int64_t kind;     /* what is counted */
	_Atomic int64_t position; /* the call that fails, from 1; 0: none */
	_Atomic int64_t way;
	_Atomic int64_t count; /* calls since kind was set */
	_Atomic int64_t fired; /* of those, how many failed */
	_Atomic int64_t full;  /* no byte is added to the disk */
	_Atomic int64_t clock_ms;
	_Atomic int64_t deaf; /* the resolver never answers */
};

static struct orders none;
static struct orders *orders = &none;
static char root[512];
static size_t root_size;

#define DESCRIPTORS 65536
#define CALLERS     32                /* told of a crash */
static atomic_bool ours[DESCRIPTORS]; /* opened below the root */

/* Of what is not ours, and does not look at what malloc() gave. */
static bool careless(const void *code)
{
	static const char *const libraries[] = {"libpixman-1.", "libfontconfig."};
	Dl_info found;

	if (!dladdr(code, &found))
		return false;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		if (strstr(found.dli_fname, libraries[i]))
			return true;
	return false;
}

static void crash(int signal_number, siginfo_t *facts, void *context)
{
	const void *code = NULL;
	void *callers[CALLERS];

#ifdef __x86_64__
	code = (const void *)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	code = (const void *)((const ucontext_t *)context)->uc_mcontext.pc;
#endif
	(void)facts;
	if (atomic_load(&orders->fired) && careless(code))
		abort();
	backtrace_symbols_fd(callers, backtrace(callers, CALLERS), STDERR_FILENO);
	signal(signal_number, SIG_DFL); /* and comes again */
}

__attribute__((constructor)) static void begin(void)
{
	const struct sigaction crashed = {.sa_sigaction = crash, .sa_flags = SA_SIGINFO};

	void *caller;

	const char *path = getenv("KAOWU_FAULT_ORDERS"), *folder = getenv("KAOWU_FAULT_ROOT");
	int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;

	if (file < 0 || !folder || strlen(folder) >= sizeof(root))
		abort();
	root_size = strlen(folder);
	memcpy(root, folder, root_size + 1);
	void *page = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (page == MAP_FAILED)
		abort();
	orders = page;
	close(file);
	(void)backtrace(&caller, 1); /* it allocates at the first time */
	sigaction(SIGSEGV, &crashed, NULL);
}

/* Does this call fail? */
static bool due(enum kind kind)
{
	if (atomic_load(&orders->kind) != (int64_t)kind)
		return false;
	int64_t number = atomic_fetch_add(&orders->count, 1) + 1;
	int64_t position = atomic_load(&orders->position);
	bool fails = position &&
		     (number == position ||
			     (number == position + 1 && atomic_load(&orders->way) == WAY_SHORT));

	if (fails)
		atomic_fetch_add(&orders->fired, 1);
	return fails;
}

static bool below_root(const char *path)
{
	return root_size && strncmp(path, root, root_size) == 0;
}

static bool is_ours(int file)
{
	return file >= 0 && file < DESCRIPTORS && atomic_load(&ours[file]);
}

/* Of a call that adds nothing to the disk. */
static bool fails(int file)
{
	if (!is_ours(file) || !due(KIND_DISK))
		return false;
	errno = EIO;
	return true;
}

static bool path_fails(const char *path)
{
	if (!below_root(path) || !due(KIND_DISK))
		return false;
	errno = atomic_load(&orders->way) == WAY_ERROR ? EIO : ENOSPC;
	return true;
}

static int open_below(const char *path, int flags, mode_t mode)
{
	if ((flags & O_CREAT) && below_root(path) && atomic_load(&orders->full) &&
		access(path, F_OK)) {
		errno = ENOSPC;
		return -1;
	}
	if (path_fails(path))
		return -1;
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (file >= 0 && file < DESCRIPTORS)
		atomic_store(&ours[file], below_root(path));
	return file;
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_below(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_below(path, flags, mode);
}

int close(int file)
{
	if (file >= 0 && file < DESCRIPTORS)
		atomic_store(&ours[file], false);
	return (int)syscall(SYS_close, file);
}

/* ---- Writing ---- */

/* How many of the bytes may be written; -1 with errno if none. `end` is where they would end. */
static ssize_t allowed(int file, size_t size, off_t end)
{
	struct stat facts;

	if (!is_ours(file))
		return (ssize_t)size;
	if (atomic_load(&orders->full) && !fstat(file, &facts) && end > facts.st_size) {
		errno = ENOSPC;
		return -1;
	}
	if (!due(KIND_DISK))
		return (ssize_t)size;

	bool first = atomic_load(&orders->fired) == 1;
	int64_t way = atomic_load(&orders->way);
	if (way == WAY_SHORT && first && size > 1)
		return (ssize_t)(size / 2);
	errno = way == WAY_ERROR ? EIO : ENOSPC;
	return -1;
}

static off_t place(int file)
{
	return is_ours(file) ? lseek(file, 0, SEEK_CUR) : 0;
}

ssize_t write(int file, const void *data, size_t size)
{
	ssize_t part = allowed(file, size, place(file) + (off_t)size);

	return part < 0 ? part : syscall(SYS_write, file, data, part);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
	ssize_t part = allowed(file, size, at + (off_t)size);

	return part < 0 ? part : syscall(SYS_pwrite64, file, data, part, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
	return pwrite(file, data, size, at);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
	size_t size = 0;

	for (int i = 0; i < count; i++)
		size += parts[i].iov_len;
	ssize_t part = allowed(file, size, place(file) + (off_t)size);
	if (part < 0)
		return part;
	return (size_t)part == size
		       ? syscall(SYS_writev, file, parts, count)
		       : syscall(SYS_write, file, parts[0].iov_base, parts[0].iov_len / 2);
}

int ftruncate(int file, off_t size)
{
	return allowed(file, 1, size) < 1 ? -1 : (int)syscall(SYS_ftruncate, file, size);
}

int ftruncate64(int file, off64_t size)
{
	return ftruncate(file, size);
}

int fsync(int file)
{
	return fails(file) ? -1 : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file)
{
	return fails(file) ? -1 : (int)syscall(SYS_fdatasync, file);
}

/* ---- Reading, and the names of files ---- */

ssize_t read(int file, void *out, size_t size)
{
	return fails(file) ? -1 : syscall(SYS_read, file, out, size);
}

ssize_t pread(int file, void *out, size_t size, off_t at)
{
	return fails(file) ? -1 : syscall(SYS_pread64, file, out, size, at);
}

ssize_t pread64(int file, void *out, size_t size, off64_t at)
{
	return pread(file, out, size, at);
}

void *mmap(void *at, size_t size, int protection, int flags, int file, off_t from)
{
	if (!(flags & MAP_ANONYMOUS) && fails(file))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, size, protection, flags, file, from);
}

void *mmap64(void *at, size_t size, int protection, int flags, int file, off64_t from)
{
	return mmap(at, size, protection, flags, file, from);
}

int unlink(const char *path)
{
	return path_fails(path) ? -1 : (int)syscall(SYS_unlink, path);
}

int rename(const char *from, const char *to)
{
	return path_fails(to) ? -1 : (int)syscall(SYS_rename, from, to);
}

int mkdir(const char *path, mode_t mode)
{
	return path_fails(path) ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

/* ---- The clock ---- */

int clock_gettime(clockid_t which, struct timespec *out)
{
	int failure = (int)syscall(SYS_clock_gettime, which, out);
	int64_t shift = which == CLOCK_REALTIME ? atomic_load(&orders->clock_ms) : 0;

	if (shift) {
		int64_t at_ms = (int64_t)out->tv_sec * 1000 + out->tv_nsec / 1000000 + shift;
		out->tv_sec = at_ms / 1000;
		out->tv_nsec = at_ms % 1000 * 1000000 + out->tv_nsec % 1000000;
	}
	return failure;
}

/* ---- Names ---- */

int getaddrinfo(const char *restrict name, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict out)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	while (atomic_load(&orders->deaf))
		usleep(10000);
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(name, service, hints, out);
}

/* ---- Memory: the real ones by glibc's own names, since dlsym allocates ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool exhausted(void)
{
	if (!due(KIND_ALLOCATION))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return exhausted() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return exhausted() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return exhausted() ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
	return exhausted() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *made = memalign(alignment, size);

	if (!made)
		return ENOMEM;
	*out = made;
	return 0;
}
