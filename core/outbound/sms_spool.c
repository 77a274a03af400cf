/*
 * Appending to the spool file: one write and one fsync a message, readable by the server's user only.
 */
#include "sms_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
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

static enum result spool_send(const char *tenant_folder, struct arena *arena,
	const struct sms_message *message, struct error *error)
{
	const char *folder = arena_printf(arena, "%s/spool", tenant_folder);
	const char *path = arena_printf(arena, "%s/sms.jsonl", folder);

	(void)mkdir(folder, 0700);
	int file CLEANUP(descriptor_close) =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || !append(file, line_of(arena, message)))
		return trouble(error, BUSY, "outbox.spool", "%s: %s", path, strerror(errno));
	return OK;
}

const struct sms_provider sms_spool = {.name = "spool", .send = spool_send};
