/*
 * `kaowu outbox`: what could not be sent, and sending it again by hand.
 */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/delivery.h"

/* Everything in one state, page by page. */
static enum result dead_each(
	struct transaction *tx, enum result (*each)(struct transaction *tx, const json *message))
{
	struct page page = PAGE_FIRST;
	const char *next;
	enum result rc;

	do {
		json *view;

		rc = delivery_list(tx, "dead", NULL, &page, &view);
		if (rc)
			return rc;
		json_each(message, json_get(view, "messages")) rc = rc ? rc : each(tx, message);
		next = json_get_text(view, "next");
		rc = rc || !next ? rc : page_read(tx, next, NULL, &page);
	} while (!rc && next);
	return rc;
}

static void message_print(const json *message)
{
	const char *error = json_get_text(message, "last_error");

	(void)printf("%s  %-7s  %-11s  %-14s  %s  attempts %" PRId64 ", lost %" PRId64 "  %s\n",
		json_get_text(message, "id"), json_get_text(message, "state"),
		json_get_text(message, "mobile"), json_get_text(message, "event"),
		json_get_text(message, "created_at"), json_get_integer(message, "attempts"),
		json_get_integer(message, "lost"), error ? error : "");
}

static enum result dead_print(struct transaction *tx, const json *message)
{
	(void)tx;
	message_print(message);
	return OK;
}

/* The newest hundred, whatever became of them, and how the provider fares. */
static enum result newest_print(struct transaction *tx)
{
	json *view;
	enum result rc = delivery_list(tx, NULL, NULL, &PAGE_FIRST, &view);

	if (rc)
		return rc;
	json_each(message, json_get(view, "messages")) message_print(message);
	const json *channel = json_get(view, "channel");
	const char *trouble = json_get_text(channel, "trouble");
	(void)printf("%s: %" PRId64 " of %" PRId64 " messages today%s%s\n",
		json_get_text(channel, "provider"), json_get_integer(channel, "today"),
		json_get_integer(channel, "budget"), trouble ? "; " : "", trouble ? trouble : "");
	return OK;
}

static enum result resend(struct transaction *tx, const json *message)
{
	const char *id = json_get_text(message, "id");
	enum result rc = delivery_resend(tx, id);

	if (rc && rc != CONFLICT)
		return rc;
	error_forget(tx->error);
	(void)printf("%s  %s\n", id, rc ? "too late" : "goes again");
	return OK;
}

static enum result verb_run(struct transaction *tx, const char *verb, const char *id, bool dead)
{
	if (text_equal(verb, "list"))
		return dead ? dead_each(tx, dead_print) : newest_print(tx);
	return dead ? dead_each(tx, resend) : delivery_resend(tx, id);
}

static int work(const char *data, const char *verb, const char *slug, const char *id, bool dead)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;

	command_begin();
	if (!data_there(data))
		return 1;
	if (work_begin(arena, data, slug, &tx, &error) ||
		work_end(&tx, data, verb_run(&tx, verb, id, dead)))
		return command_failed(id ? id : slug, &error);
	return 0;
}

int command_outbox(int count, char **words)
{
	static const char *const options[] = {"--data=", "--dead", NULL};
	bool dead = option_given(count, words, "--dead");
	int subjects = subjects_count(count, words);
	bool list = subjects == 2 && text_equal(words[0], "list");
	bool again = subjects == (dead ? 2 : 3) && text_equal(words[0], "resend");

	if (!list && !again)
		return used_wrongly("outbox", count, words);
	if (!options_known("outbox", count - subjects, words + subjects, options))
		return 2;
	return work(option_data(count, words), words[0], words[1], again && !dead ? words[2] : NULL,
		dead);
}
