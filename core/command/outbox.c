/*
 * `kaowu outbox`: what could not be sent, and sending it again by hand.
 */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/delivery.h"

struct wanted {
	const char *data, *verb, *slug, *id; /* `id` is NULL but for one that is to go again */
	bool dead;
};

static bool again(const struct wanted *wanted)
{
	return text_equal(wanted->verb, "resend");
}

static const char *shown(const char *text)
{
	return text ? text : "-";
}

static void message_print(const json *message)
{
	const char *error = json_get_text(message, "last_error");

	(void)printf("%s  %-7s  %-11s  %-14s  %s  attempts %" PRId64 ", lost %" PRId64 "  %s\n",
		json_get_text(message, "id"), json_get_text(message, "state"),
		shown(json_get_text(message, "mobile")), json_get_text(message, "event"),
		json_get_text(message, "created_at"), json_get_integer(message, "attempts"),
		json_get_integer(message, "lost"), error ? error : "");
}

/* How the provider fares. */
static void channel_print(const json *channel)
{
	const char *trouble = json_get_text(channel, "trouble");

	(void)printf("%s: %" PRId64 " of %" PRId64 " messages today%s%s\n",
		json_get_text(channel, "provider"), json_get_integer(channel, "today"),
		json_get_integer(channel, "budget"), trouble ? "; " : "", trouble ? trouble : "");
}

static void page_print(const struct wanted *wanted, const json *view)
{
	json_each(message, json_get(view, "messages"))
	{
		if (again(wanted))
			(void)printf("%s  %s\n", json_get_text(message, "id"),
				json_get_true(message, "late") ? "too late" : "goes again");
		else
			message_print(message);
	}
	if (!wanted->dead)
		channel_print(json_get(view, "channel"));
}

/* Says of a message whether it was too late for it. */
static enum result again_or_late(struct transaction *tx, json *message)
{
	enum result rc = delivery_resend(tx, json_get_text(message, "id"));

	if (rc && rc != CONFLICT)
		return rc;
	error_forget(tx->error);
	json_set_boolean(tx->arena, message, "late", rc == CONFLICT);
	return OK;
}

static enum result page_work(
	struct transaction *tx, const struct wanted *wanted, const char *cursor, json **view)
{
	struct page page;
	enum result rc = page_read(tx, cursor, NULL, &page);

	rc = rc ? rc : delivery_list(tx, wanted->dead ? "dead" : NULL, NULL, &page, view);
	if (rc || !again(wanted))
		return rc;
	json_each(message, json_get(*view, "messages")) rc = rc ? rc : again_or_late(tx, message);
	return rc;
}

/* One page, shown when its transaction is over. `*cursor` is where it begins and then where the next one does, NULL at
 * either end. */
static int page_run(const struct wanted *wanted, struct arena *kept, const char **cursor)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;
	json *view;
	enum result rc = work_begin(arena, wanted->data, wanted->slug, &tx, &error);

	if (rc)
		return command_failed(wanted->slug, &error);
	rc = page_work(&tx, wanted, *cursor, &view);
	if (again(wanted))
		rc = work_end(&tx, wanted->data, rc);
	else
		work_drop(&tx);
	if (rc)
		return command_failed(wanted->slug, &error);
	page_print(wanted, view);
	const char *next = wanted->dead ? json_get_text(view, "next") : NULL;
	*cursor = next ? arena_text(kept, next) : NULL;
	return 0;
}

/* There may be very many, and whoever reads slowly, or no further, hinders nobody and takes nothing back. */
static int pages_run(const struct wanted *wanted)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *cursor = NULL;
	int status;

	do
		status = page_run(wanted, arena, &cursor);
	while (!status && cursor);
	return status;
}

static int message_resend(const struct wanted *wanted)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;

	if (work_begin(arena, wanted->data, wanted->slug, &tx, &error) ||
		work_end(&tx, wanted->data, delivery_resend(&tx, wanted->id)))
		return command_failed(wanted->id, &error);
	return 0;
}

int command_outbox(int count, char **words)
{
	static const char *const options[] = {"--data=", "--dead", NULL};
	bool dead = option_given(count, words, "--dead");
	int subjects = subjects_count(count, words);
	bool list = subjects == 2 && text_equal(words[0], "list");
	bool resend = subjects == (dead ? 2 : 3) && text_equal(words[0], "resend");

	if (!list && !resend)
		return used_wrongly("outbox", count, words);
	if (!options_known("outbox", count - subjects, words + subjects, options))
		return 2;
	const struct wanted wanted = {option_data(count, words), words[0], words[1],
		subjects == 3 ? words[2] : NULL, dead};
	command_begin();
	if (!data_there(wanted.data))
		return 1;
	return wanted.id ? message_resend(&wanted) : pages_run(&wanted);
}
