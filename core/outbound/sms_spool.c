/*
 * The spool: each message as a JSON line in <tenant folder>/spool/sms.jsonl, for demos and tests. One write and one
 * fsync for all that go together, readable by the server's user only.
 */
#include "sms.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"

static void line_append(
	struct buffer *lines, struct arena *arena, const struct sms_message *message)
{
	json *line = json_new_object(arena);

	json_set_moment(arena, line, "at", clock_now_ms());
	json_set_text(arena, line, "mobile", message->mobile);
	json_set_text(arena, line, "event", message->event);
	json_set_text(arena, line, "text", message->text);
	json_set(arena, line, "params", json_copy(arena, message->params));
	json_set_text(arena, line, "key", message->key);
	buffer_printf(lines, "%s\n", json_print(arena, line));
}

/* All of the lines or nothing of them: half a line would spoil the next. */
static bool append(int file, struct bytes lines)
{
	off_t end = lseek(file, 0, SEEK_END);
	ssize_t written = write(file, lines.data, lines.size);

	if (written == (ssize_t)lines.size)
		return fsync(file) == 0;
	if (written > 0 && ftruncate(file, end) == 0)
		errno = ENOSPC;
	return false;
}

static struct sms_outcome spool_append(
	const struct sms_account *account, struct arena *arena, struct bytes lines)
{
	const char *folder = arena_printf(arena, "%s/spool", account->folder);
	const char *path = arena_printf(arena, "%s/sms.jsonl", folder);

	(void)mkdir(folder, 0700);
	int file CLEANUP(descriptor_close_at) =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || !append(file, lines))
		return (struct sms_outcome){SMS_RETRY, true, "provider.spool",
			arena_text(arena, strerror(errno)), NULL};
	return (struct sms_outcome){.fate = SMS_SENT};
}

static void spool_send(const struct sms_account *account, struct arena *arena,
	const struct sms_message messages[], size_t count, struct sms_outcome outcomes[])
{
	struct buffer lines = buffer_in(arena, SIZE_MAX);

	for (size_t i = 0; i < count; i++)
		line_append(&lines, arena, &messages[i]);
	struct sms_outcome outcome = spool_append(account, arena, buffer_bytes(&lines));
	for (size_t i = 0; i < count; i++)
		outcomes[i] = outcome;
}

/* Whoever reads the file sees by the key that a line stands there twice. */
const struct sms_provider sms_spool = {.name = "spool", .idempotent = true, .send = spool_send};
