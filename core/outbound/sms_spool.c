/*
 * The spool: each message as a JSON line in <tenant folder>/spool/sms.jsonl, for demos and tests. One write and one
 * fsync a message, readable by the server's user only.
 */
#include "sms.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

static void descriptor_close(int *descriptor)
{
	if (*descriptor >= 0)
		(void)close(*descriptor);
}

static const char *line_of(struct arena *arena, const struct sms_message *message)
{
	json *line = json_new_object(arena);

	json_set_moment(arena, line, "at", clock_now_ms());
	json_set_text(arena, line, "mobile", message->mobile);
	json_set_text(arena, line, "event", message->event);
	json_set_text(arena, line, "text", message->text);
	json_set(arena, line, "params", json_copy(arena, message->params));
	json_set_text(arena, line, "key", message->key);
	return arena_printf(arena, "%s\n", json_print(arena, line));
}

/* The whole line or nothing of it: half a line would spoil the next. */
static bool append(int file, const char *line)
{
	size_t size = strlen(line);
	off_t end = lseek(file, 0, SEEK_END);
	ssize_t written = write(file, line, size);

	if (written == (ssize_t)size)
		return fsync(file) == 0;
	if (written > 0 && ftruncate(file, end) == 0)
		errno = ENOSPC;
	return false;
}

static void spool_send(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct sms_outcome *outcome)
{
	const char *folder = arena_printf(arena, "%s/spool", account->folder);
	const char *path = arena_printf(arena, "%s/sms.jsonl", folder);

	(void)mkdir(folder, 0700);
	int file CLEANUP(descriptor_close) =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || !append(file, line_of(arena, message)))
		*outcome = (struct sms_outcome){SMS_RETRY, true, "provider.spool",
			arena_text(arena, strerror(errno)), NULL};
	else
		*outcome = (struct sms_outcome){.fate = SMS_SENT};
}

/* Whoever reads the file sees by the key that a line stands there twice. */
const struct sms_provider sms_spool = {.name = "spool", .idempotent = true, .send = spool_send};
