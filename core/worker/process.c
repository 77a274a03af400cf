/*
 * posix_spawn with the words `kaowu worker <kind> [file]`, one socket and nothing else (process.h).
 *
 * The hard thing: the child asks the kernel to kill it when its parent dies, and to the kernel the parent is the
 * very thread that started it. So one thread starts all workers and never ends, and a worker outlives the thread
 * that wanted it.
 */
#include "process.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>

#include "frame.h"
#include "sanitized.h"

struct order {
	const struct worker_settings *settings;
	int socket;
	pid_t process;
	int failure;
	bool done;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct order *order; /* at most one at a time */
	bool running;
} spawner = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Nothing of the server's environment. A sanitizer's leak search cannot work inside the sandbox, and where it reserves
 * terabytes of addresses, its allocator has to stand in for the limit of memory. */
#if KAOWU_SANITIZED
static char *const environment[] = {
	(char[]){"ASAN_OPTIONS=detect_leaks=0:max_allocation_size_mb=384"}, NULL};
#else
static char *const environment[] = {(char[]){"LANG=C.UTF-8"}, NULL};
#endif

static int prepare_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
	int failure = posix_spawn_file_actions_adddup2(actions, socket, WORKER_SOCKET);
	if (!failure)
		failure = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
	if (!failure)
		failure = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
	if (!failure && !KAOWU_SANITIZED) /* a sanitizer's report must be seen */
		failure = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
	if (!failure)
		failure = posix_spawn_file_actions_addclosefrom_np(actions, WORKER_SOCKET + 1);
	return failure;
}

/* A session of its own: Ctrl-C in a terminal is for the server, which ends its workers itself. */
static int prepare_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	int failure = posix_spawnattr_setsigmask(attributes, &none);
	if (!failure)
		failure = posix_spawnattr_setsigdefault(attributes, &all);
	if (!failure)
		failure = posix_spawnattr_setflags(attributes,
			POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
	return failure;
}

static int spawn(const struct worker_settings *settings, int socket, pid_t *process)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failure = posix_spawn_file_actions_init(&actions);
	if (failure)
		return failure;
	failure = posix_spawnattr_init(&attributes);
	if (failure)
		goto without_attributes;

	failure = prepare_descriptors(&actions, socket);
	if (!failure)
		failure = prepare_signals(&attributes);
	if (!failure) {
		const char *const wanted[] = {
			"kaowu", "worker", settings->kind, settings->file, NULL};
		char *arguments[COUNT(
			wanted)]; /* posix_spawn wants them without const, and only reads */
		memcpy(arguments, wanted, sizeof(wanted));
		failure = posix_spawn(process, settings->executable, &actions, &attributes,
			arguments, environment);
	}

	posix_spawnattr_destroy(&attributes);
without_attributes:
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

static void *take_orders(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&spawner.lock);
	for (;;) {
		while (!spawner.order)
			pthread_cond_wait(&spawner.changed, &spawner.lock);
		struct order *order = spawner.order;
		order->failure = spawn(order->settings, order->socket, &order->process);
		order->done = true;
		spawner.order = NULL;
		pthread_cond_broadcast(&spawner.changed);
	}
	return NULL;
}

/* With all signals blocked: they are for the server's other threads. */
static int start_spawner(void)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_t thread;
	int failure = pthread_create(&thread, NULL, take_orders, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failure)
		return failure;

	pthread_detach(thread);
	spawner.running = true;
	return 0;
}

int process_spawn(const struct worker_settings *settings, int socket, pid_t *process)
{
	struct order order = {.settings = settings, .socket = socket};
	pthread_mutex_lock(&spawner.lock);
	int failure = spawner.running ? 0 : start_spawner();
	if (!failure) {
		while (spawner.order)
			pthread_cond_wait(&spawner.changed, &spawner.lock);
		spawner.order = &order;
		pthread_cond_broadcast(&spawner.changed);
		while (!order.done)
			pthread_cond_wait(&spawner.changed, &spawner.lock);
		failure = order.failure;
	}
	pthread_mutex_unlock(&spawner.lock);
	if (failure)
		return failure;

	*process = order.process;
	return 0;
}
