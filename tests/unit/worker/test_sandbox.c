/*
 * A hostile child: what it tries, and that none of it succeeds, neither while a plugin's constructors would run
 * ("loading") nor while it serves ("serving"). The same attempts without a sandbox show that they are real. A table
 * is printed.
 *
 * Each attempt is a child of its own, this very program: main() looks for "worker" first.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "worker/sanitized.h"
#include "worker/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define START_MS     5000
#define CALL_MS      5000
#define MEMORY_BYTES (256u << 20)

/* What the server tells the child to try, and with what. */
struct target {
	uint32_t attempt;
	pid_t server;
	uint16_t port;        /* of a listening socket */
	uintptr_t secret;     /* an address in the server's memory */
	char folder[64];      /* everybody may write there */
	char file[96];        /* in it */
	char plugin_copy[64]; /* filled in by the child */
};

static volatile char secret[] = "a secret of the server";

/* The attempts: true if it did what it wanted, else errno says why not. */

static bool reads_the_password_file(const struct target *target)
{
	(void)target;
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool lists_the_root_folder(const struct target *target)
{
	(void)target;
	return opendir("/") != NULL;
}

static bool creates_a_file(const struct target *target)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%d", target->folder, (int)getpid());
	int file = open(path, O_WRONLY | O_CREAT, 0600);
	return file >= 0 && write(file, "x", 1) == 1;
}

static bool overwrites_a_file(const struct target *target)
{
	int file = open(target->file, O_WRONLY);
	return file >= 0 && write(file, "x", 1) == 1;
}

static bool truncates_a_file(const struct target *target)
{
	return truncate(target->file, 0) == 0;
}

static bool renames_a_file(const struct target *target)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/renamed", target->folder);
	return rename(target->file, path) == 0 && rename(path, target->file) == 0;
}

static bool makes_a_folder(const struct target *target)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/folder%d", target->folder, (int)getpid());
	return mkdir(path, 0700) == 0;
}

static bool makes_a_socket(const struct target *target)
{
	(void)target;
	return socket(AF_INET, SOCK_DGRAM, 0) >= 0;
}

static bool makes_a_pair_of_sockets(const struct target *target)
{
	(void)target;
	int pair[2];
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool connects_to_the_server_machine(const struct target *target)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(target->port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int out = socket(AF_INET, SOCK_STREAM, 0);
	return out >= 0 && connect(out, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool forks(const struct target *target)
{
	(void)target;
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	return child > 0;
}

static void *do_nothing(void *context)
{
	return context;
}

static bool starts_a_thread(const struct target *target)
{
	(void)target;
	pthread_t thread;
	errno = pthread_create(&thread, NULL, do_nothing, NULL);
	return errno == 0 && pthread_join(thread, NULL) == 0;
}

/* The program that replaces it says so on the socket that it inherits. */
static bool runs_a_program(const struct target *target)
{
	(void)target;
	execl("/proc/self/exe", "kaowu", "worker", "executed", (char *)NULL);
	return false;
}

static bool traces_the_server(const struct target *target)
{
	return ptrace(PTRACE_SEIZE, target->server, NULL, NULL) == 0;
}

static bool reads_the_server_memory(const struct target *target)
{
	char stolen[8];
	struct iovec here = {stolen, sizeof(stolen)};
	struct iovec there = {(void *)target->secret, sizeof(stolen)};
	return process_vm_readv(target->server, &here, 1, &there, 1, 0) == sizeof(stolen);
}

static bool opens_the_server_memory(const struct target *target)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)target->server);
	return open(path, O_RDONLY) >= 0;
}

static bool signals_the_server(const struct target *target)
{
	return kill(target->server, SIGUSR1) == 0;
}

static bool signals_everybody(const struct target *target)
{
	(void)target;
	return kill(-1, 0) == 0;
}

static bool limits_the_server(const struct target *target)
{
	struct rlimit limits;
	return prlimit(target->server, RLIMIT_CORE, NULL, &limits) == 0 &&
	       prlimit(target->server, RLIMIT_CORE, &limits, NULL) == 0;
}

static bool raises_its_memory_limit(const struct target *target)
{
	(void)target;
	const struct rlimit limits = {RLIM_INFINITY, RLIM_INFINITY};
	return setrlimit(RLIMIT_AS, &limits) == 0 && !KAOWU_SANITIZED;
}

static bool takes_root_back(const struct target *target)
{
	(void)target;
	return setuid(0) == 0;
}

static bool makes_a_user_namespace(const struct target *target)
{
	(void)target;
	return unshare(CLONE_NEWUSER) == 0;
}

static bool mounts_a_file_system(const struct target *target)
{
	return mount("none", target->folder, "ramfs", 0, NULL) == 0 && umount(target->folder) == 0;
}

static bool makes_memory_executable(const struct target *target)
{
	(void)target;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0) != MAP_FAILED;
}

static bool sets_up_a_ring(const struct target *target)
{
	(void)target;
	struct io_uring_params parameters = {0};
	return syscall(SYS_io_uring_setup, 2, &parameters) >= 0;
}

static bool keeps_a_key(const struct target *target)
{
	(void)target;
	return syscall(SYS_add_key, "user", "kaowu", "x", (size_t)1, -4 /* the session's */) >= 0;
}

static bool makes_itself_a_file_in_memory(const struct target *target)
{
	(void)target;
	return memfd_create("x", 0) >= 0;
}

static bool watches_the_server(const struct target *target)
{
	return syscall(SYS_pidfd_open, target->server, 0) >= 0;
}

static bool writes_to_the_copy_of_the_plugin(const struct target *target)
{
	return target->plugin_copy[0] && open(target->plugin_copy, O_WRONLY) >= 0;
}

#define WITH_ROOT 1 /* without a sandbox it succeeds only for root */
#define UNCERTAIN 2 /* without a sandbox it may fail in a container */

static const struct {
	const char *name;
	bool (*run)(const struct target *target);
	unsigned flags;
} attempts[] = {
	{"reads the password file", reads_the_password_file, 0},
	{"lists the root folder", lists_the_root_folder, 0},
	{"creates a file", creates_a_file, 0},
	{"overwrites a file", overwrites_a_file, 0},
	{"truncates a file", truncates_a_file, 0},
	{"renames a file", renames_a_file, 0},
	{"makes a folder", makes_a_folder, 0},
	{"makes a socket", makes_a_socket, 0},
	{"makes a pair of sockets", makes_a_pair_of_sockets, 0},
	{"connects to the machine", connects_to_the_server_machine, 0},
	{"forks", forks, 0},
	{"starts a thread", starts_a_thread, 0},
	{"runs a program", runs_a_program, 0},
	{"traces the server", traces_the_server, UNCERTAIN},
	{"reads the server's memory", reads_the_server_memory, UNCERTAIN},
	{"opens the server's memory", opens_the_server_memory, UNCERTAIN},
	{"signals the server", signals_the_server, 0},
	{"signals everybody", signals_everybody, 0},
	{"limits the server", limits_the_server, 0},
	{"raises its memory limit", raises_its_memory_limit, UNCERTAIN},
	{"takes root back", takes_root_back, WITH_ROOT},
	{"makes a user namespace", makes_a_user_namespace, UNCERTAIN},
	{"mounts a file system", mounts_a_file_system, UNCERTAIN},
	{"makes memory executable", makes_memory_executable, 0},
	{"sets up a ring", sets_up_a_ring, UNCERTAIN},
	{"keeps a key", keeps_a_key, UNCERTAIN},
	{"makes a file in memory", makes_itself_a_file_in_memory, 0},
	{"watches the server", watches_the_server, UNCERTAIN},
	{"writes to its plugin's copy", writes_to_the_copy_of_the_plugin, UNCERTAIN},
};

static const char *plugin_copy; /* in the child */

static void try_it(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	struct target target;
	memcpy(&target, request.data, sizeof(target));
	snprintf(target.plugin_copy, sizeof(target.plugin_copy), "%s",
		plugin_copy ? plugin_copy : "");
	errno = 0;
	const char *said = "done";
	if (!attempts[target.attempt].run(&target))
		said = arena_text(arena, strerrorname_np(errno));
	*out = bytes_of(said, strlen(said));
}

static void run_out_of_memory(
	void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	(void)arena;
	(void)request;
	size_t size = 2 * (size_t)MEMORY_BYTES;
	char *volatile memory = malloc(size); /* or an optimiser does without */
	if (memory)
		memset(memory, 1, size);
	*out = memory ? bytes_of("done", 4) : bytes_of("refused", 7);
	free(memory);
}

static void read_copy(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)request;
	int file = open(context, O_RDONLY);
	char *content = arena_alloc(arena, 64);
	ssize_t size = file >= 0 ? read(file, content, 64) : 0;
	*out = bytes_of(content, size > 0 ? (size_t)size : 0);
}

static void tell_process(
	void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	(void)request;
	const char *number = arena_printf(arena, "%d", (int)getpid());
	*out = bytes_of(number, strlen(number));
}

static void ready(void)
{
	worker_child_send(bytes_of("ready", 5));
}

static int be_a_child(const char *kind, const char *file)
{
	if (text_equal(kind, "executed")) {
		worker_child_send(bytes_of("done", 4));
		return 0;
	}
	if (!text_equal(kind, "open"))
		plugin_copy = worker_child_enter(MEMORY_BYTES, file);
	if (text_equal(kind, "reading")) {
		ready();
		worker_child_serve(read_copy, (void *)(uintptr_t)plugin_copy);
		return 0;
	}
	if (!text_equal(kind, "open") && !text_equal(kind, "loading"))
		worker_child_seal();
	ready();
	if (text_equal(kind, "greedy"))
		worker_child_serve(run_out_of_memory, NULL);
	else if (text_equal(kind, "telling"))
		worker_child_serve(tell_process, NULL);
	else
		worker_child_serve(try_it, NULL);
	return 0;
}

/* The tests */

static struct arena *arena;
static struct error error;
static struct target target;
static int listener;
static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void write_target_file(void)
{
	int file = open(target.file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	assert_true(file >= 0);
	assert_int_equal(write(file, "kept", 4), 4);
	assert_int_equal(fchmod(file, 0666), 0);
	close(file);
}

static void listen_somewhere(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	target.port = ntohs(address.sin_port);
}

static int begin(void **state)
{
	(void)state;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	error = (struct error){.arena = arena};
	target = (struct target){.server = getpid(), .secret = (uintptr_t)secret};
	snprintf(target.folder, sizeof(target.folder), "/tmp/kaowu-sandbox-XXXXXX");
	assert_non_null(mkdtemp(target.folder));
	assert_int_equal(chmod(target.folder, 0777), 0);
	snprintf(target.file, sizeof(target.file), "%s/file", target.folder);
	write_target_file();
	listen_somewhere();
	signals = 0;
	signal(SIGUSR1, count_signal);
	return 0;
}

static void empty_folder(void)
{
	DIR *folder = opendir(target.folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name,
				entry->d_type == DT_DIR ? AT_REMOVEDIR : 0);
	closedir(folder);
}

static int end(void **state)
{
	(void)state;
	close(listener);
	empty_folder();
	rmdir(target.folder);
	arena_destroy(arena);
	return 0;
}

static struct worker *start(const char *kind, const char *file)
{
	const struct worker_settings settings = {.executable = "/proc/self/exe",
		.kind = kind,
		.file = file,
		.start_time_ms = START_MS};
	struct worker *worker = NULL;
	error = (struct error){.arena = arena};
	enum result rc = worker_start(&settings, &worker, &error);
	if (rc)
		print_message(
			"%s %s\n", error.code, error.internal ? error.internal : error.params[3]);
	assert_int_equal(rc, OK);
	return worker;
}

/* "done", the errno that refused it, or how it was killed. */
static const char *outcome(size_t attempt, const char *stage)
{
	struct worker *worker = start(stage, text_equal(stage, "open") ? NULL : target.file);
	struct bytes answer;
	target.attempt = (uint32_t)attempt;
	enum result rc = worker_call(
		worker, arena, bytes_of(&target, sizeof(target)), CALL_MS, &answer, &error);
	worker_stop(worker);
	if (!rc)
		return arena_text_part(arena, (const char *)answer.data, answer.size);
	assert_string_equal(error.code, "worker.crashed");
	return strrchr(error.internal, ':') + 2;
}

static int count_connections(void)
{
	int count = 0;
	for (int one; (one = accept(listener, NULL, NULL)) >= 0; count++)
		close(one);
	return count;
}

static int count_files(void)
{
	int count = 0;
	DIR *folder = opendir(target.folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2; /* "." and ".." */
}

static void the_attempts_are_real_without_a_sandbox(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const char *open_one = outcome(i, "open");
		bool certain = !(attempts[i].flags & UNCERTAIN) &&
			       (!(attempts[i].flags & WITH_ROOT) || geteuid() == 0);
		if (certain && !text_equal(open_one, "done"))
			fail_msg("%s: %s", attempts[i].name, open_one);
	}
	assert_int_equal(count_connections(), 1);
	assert_true(signals > 0);
	assert_true(count_files() > 1);
}

static void no_attempt_succeeds_in_the_sandbox(void **state)
{
	(void)state;
	unsigned succeeded = 0;
	print_message("%-28s %-20s %-20s\n", "attempt", "loading", "serving");
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const char *loading = outcome(i, "loading"), *serving = outcome(i, "serving");
		print_message("%-28s %-20s %-20s\n", attempts[i].name, loading, serving);
		succeeded += text_equal(loading, "done");
		succeeded += text_equal(serving, "done");
	}
	assert_int_equal(succeeded, 0);
	assert_int_equal(count_connections(), 0);
	assert_int_equal(signals, 0);
	assert_int_equal(count_files(), 1);

	char content[8] = "";
	int file = open(target.file, O_RDONLY);
	assert_int_equal(read(file, content, sizeof(content)), 4);
	close(file);
	assert_string_equal(content, "kept");
}

static void memory_beyond_the_limit_is_not_given(void **state)
{
	(void)state;
	if (KAOWU_SANITIZED)
		skip(); /* a sanitizer reserves terabytes */
	struct worker *worker = start("greedy", NULL);
	struct bytes answer;
	assert_int_equal(worker_call(worker, arena, bytes_of("", 0), CALL_MS, &answer, &error), OK);
	assert_int_equal(answer.size, 7);
	assert_memory_equal(answer.data, "refused", 7);
	worker_stop(worker);
}

/* One line of /proc/<process>/status, without its name ("Uid:"). */
static const char *status_line(const char *process, const char *name)
{
	FILE *status = fopen(arena_printf(arena, "/proc/%s/status", process), "re");
	assert_non_null(status);
	char line[256];
	const char *value = NULL;
	while (fgets(line, sizeof(line), status))
		if (text_starts(line, name))
			value = text_normalise(arena, line + strlen(name));
	fclose(status);
	assert_non_null(value);
	return value;
}

static void a_sealed_worker_is_nobody_and_can_become_nobody_else(void **state)
{
	(void)state;
	struct worker *worker = start("telling", NULL);
	struct bytes answer;
	assert_int_equal(worker_call(worker, arena, bytes_of("", 0), CALL_MS, &answer, &error), OK);
	const char *process = arena_text_part(arena, (const char *)answer.data, answer.size);
	if (geteuid() == 0) {
		assert_string_equal(status_line(process, "Uid:"), "65534\t65534\t65534\t65534");
		assert_string_equal(status_line(process, "Gid:"), "65534\t65534\t65534\t65534");
		assert_string_equal(status_line(process, "Groups:"), "");
	}
	assert_string_equal(status_line(process, "CapPrm:"), "0000000000000000");
	assert_string_equal(status_line(process, "CapInh:"), "0000000000000000");
	assert_string_equal(status_line(process, "CapAmb:"), "0000000000000000");
	assert_string_equal(status_line(process, "NoNewPrivs:"), "1");
	assert_string_equal(status_line(process, "Seccomp:"), "2");
	assert_string_equal(status_line(process, "Threads:"), "1");
	worker_stop(worker);
}

/* The plugin of a server whose data nobody else may enter. */
static void the_readable_file_is_read_wherever_it_lies(void **state)
{
	(void)state;
	assert_int_equal(chmod(target.file, 0400), 0);
	assert_int_equal(chmod(target.folder, 0700), 0);
	struct worker *worker = start("reading", target.file);
	struct bytes answer;
	assert_int_equal(worker_call(worker, arena, bytes_of("", 0), CALL_MS, &answer, &error), OK);
	assert_int_equal(answer.size, 4);
	assert_memory_equal(answer.data, "kept", 4);
	worker_stop(worker);
}

static void a_readable_file_that_is_not_there_is_told(void **state)
{
	(void)state;
	const struct worker_settings settings = {.executable = "/proc/self/exe",
		.kind = "loading",
		.file = "/nonexistent.so",
		.start_time_ms = START_MS};
	struct worker *worker;
	assert_int_equal(worker_start(&settings, &worker, &error), BROKEN);
	assert_string_equal(error.code, "worker.refused");
	assert_non_null(strstr(error.params[3], "No such file or directory: /nonexistent.so"));
}

int main(int count, char **arguments)
{
	if (count >= 3 && text_equal(arguments[1], "worker"))
		return be_a_child(arguments[2], arguments[3]);

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(the_attempts_are_real_without_a_sandbox),
		TEST(no_attempt_succeeds_in_the_sandbox),
		TEST(memory_beyond_the_limit_is_not_given),
		TEST(a_sealed_worker_is_nobody_and_can_become_nobody_else),
		TEST(the_readable_file_is_read_wherever_it_lies),
		TEST(a_readable_file_that_is_not_there_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
