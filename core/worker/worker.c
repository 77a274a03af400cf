/*
 * The server's side of one worker: start it, ask it, end it (worker.h).
 *
 * The hard thing is that everything from the other end may be a lie or never come: every wait has a deadline, a
 * length is judged before room is made, and after the first failure there is no second chance: the process is
 * killed and reaped.
 */
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "frame.h"
#include "process.h"

#define READY       "ready"
#define REASON_SIZE 512 /* of a first frame that is not "ready" */

struct worker {
	pid_t process; /* 0 once it is reaped */
	int socket;
	uint32_t answer_bytes;
	const char *failure; /* the code of the first failure */
	char kind[16];       /* for the log */
};

/* "exit status 1" or "Bad system call": how it ended. Kills what still runs. */
static void reap(struct worker *worker, char *how, size_t size)
{
	int status = 0;
	pid_t reaped;
	kill(worker->process, SIGKILL);
	do
		reaped = waitpid(worker->process, &status, 0);
	while (reaped < 0 && errno == EINTR);
	close(worker->socket);
	worker->process = 0;
	worker->socket = -1;

	if (reaped < 0)
		snprintf(how, size, "reaped by somebody else");
	else if (WIFSIGNALED(status))
		snprintf(how, size, "%s", sigdescr_np(WTERMSIG(status)));
	else
		snprintf(how, size, "exit status %d", WEXITSTATUS(status));
}

static enum result give_up(
	struct worker *worker, const char *code, const char *when, struct error *error)
{
	pid_t process = worker->process;
	char how[64];
	worker->failure = code;
	reap(worker, how, sizeof(how));
	return trouble(
		error, BROKEN, code, "%s worker %d, %s: %s", worker->kind, (int)process, when, how);
}

static enum result frame_failed(
	struct worker *worker, enum frame rc, const char *when, struct error *error)
{
	const char *code = rc == FRAME_LATE ? "worker.deadline" : "worker.crashed";
	return give_up(worker, code, when, error);
}

/* What a stranger wrote, made fit to be shown. */
static void clean_reason(char *reason, size_t size)
{
	if (!text_is_utf8(reason, size))
		size = 0;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)reason[i] < ' ')
			reason[i] = ' ';
	reason[size] = '\0';
}

static enum result refused(struct worker *worker, char *reason, size_t size, struct error *error)
{
	char how[64];
	clean_reason(reason, size);
	worker->failure = "worker.refused";
	reap(worker, how, sizeof(how));
	return fail(error, BROKEN, worker->failure, "kind", worker->kind, "reason", reason, NULL);
}

static enum result wait_until_ready(struct worker *worker, uint32_t time_ms, struct error *error)
{
	int64_t deadline_at = clock_monotonic_ms() + time_ms;
	char first[REASON_SIZE + 1];
	uint32_t size = 0;
	enum frame rc = frame_receive_size(worker->socket, &size, deadline_at);
	if (!rc && size > REASON_SIZE)
		return give_up(worker, "worker.frame", "first frame too long", error);
	if (!rc)
		rc = frame_receive(worker->socket, first, size, deadline_at);
	if (rc)
		return give_up(worker, "worker.start",
			rc == FRAME_LATE ? "not ready in time" : "ended before it was ready",
			error);

	if (size == strlen(READY) && memcmp(first, READY, size) == 0)
		return OK;
	return refused(worker, first, size, error);
}

static enum result spawn_failed(
	const struct worker_settings *settings, int failure, struct error *error)
{
	return trouble(error, BROKEN, "worker.start", "%s worker: %s", settings->kind,
		strerrordesc_np(failure));
}

static enum result spawn_worker(
	const struct worker_settings *settings, struct worker *worker, struct error *error)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return spawn_failed(settings, errno, error);

	int failure = process_spawn(settings, pair[1], &worker->process);
	close(pair[1]);
	if (failure) {
		close(pair[0]);
		return spawn_failed(settings, failure, error);
	}

	worker->socket = pair[0];
	worker->answer_bytes = settings->answer_bytes ? settings->answer_bytes : LIMIT_WORKER_FRAME;
	snprintf(worker->kind, sizeof(worker->kind), "%s", settings->kind);
	return OK;
}

enum result worker_start(
	const struct worker_settings *settings, struct worker **out, struct error *error)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	if (!worker)
		return spawn_failed(settings, ENOMEM, error);

	enum result rc = spawn_worker(settings, worker, error);
	if (!rc)
		rc = wait_until_ready(worker, settings->start_time_ms, error);
	if (rc) {
		worker_stop(worker);
		return rc;
	}

	*out = worker;
	return OK;
}

/* What the socket holds before anything was asked: nothing, the end, or something unasked. */
static const char *unasked(const struct worker *worker)
{
	uint8_t byte;
	ssize_t size = recv(worker->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (size > 0)
		return "worker.frame";
	if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
		return "worker.crashed";
	return NULL;
}

bool worker_alive(const struct worker *worker)
{
	return worker->process && !unasked(worker);
}

enum result worker_call(struct worker *worker, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error)
{
	assert(request.size <= LIMIT_WORKER_FRAME);
	if (!worker->process)
		return trouble(error, BROKEN, worker->failure, "%s worker: gone", worker->kind);
	const char *wrong = unasked(worker);
	if (wrong)
		return give_up(worker, wrong, "before it was asked", error);

	int64_t deadline_at = clock_monotonic_ms() + time_ms;
	enum frame rc = frame_send(worker->socket, request, deadline_at);
	if (rc)
		return frame_failed(worker, rc, "while it was asked", error);

	uint32_t size;
	rc = frame_receive_size(worker->socket, &size, deadline_at);
	if (rc)
		return frame_failed(worker, rc, "before its answer", error);
	if (size > worker->answer_bytes)
		return give_up(worker, "worker.frame", "answer too long", error);

	uint8_t *content = arena_alloc(arena, size + 1); /* never empty */
	rc = frame_receive(worker->socket, content, size, deadline_at);
	if (rc)
		return frame_failed(worker, rc, "in its answer", error);

	*answer = bytes_of(content, size);
	return OK;
}

void worker_stop(struct worker *worker)
{
	if (!worker)
		return;
	char how[64];
	if (worker->process)
		reap(worker, how, sizeof(how));
	free(worker);
}
