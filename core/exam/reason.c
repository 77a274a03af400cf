/*
 * Reason codes, read from the embedded file each time they are needed: it is small, and rarely needed.
 */
#include "reason.h"

#include <assert.h>

#include "base/embedded.h"
#include "base/text.h"

#define OTHER         "OTHER"
#define WRITTEN_LEAST 5 /* characters */

/* The file as it is; that it can be read is a matter of the build, not of input. */
static json *reasons_read(struct arena *arena)
{
	const struct embedded_file *file = embedded_find("reasons.json");
	struct error error = {.arena = arena};
	json *reasons = NULL;

	assert(file);
	enum result rc = json_parse(
		arena, (const char *)file->content.data, file->content.size, &reasons, &error);
	assert(rc == OK && json_is_array(reasons));
	return reasons;
}

json *reasons_list(struct arena *arena, enum language language)
{
	json *list = json_new_array(arena);

	json_each(reason, reasons_read(arena))
	{
		json *entry = json_append(list, json_new_object(arena));

		json_set_text(arena, entry, "code", json_get_text(reason, "code"));
		json_set_text(arena, entry, "text",
			json_get_text(reason, language == LANGUAGE_EN ? "en" : "zh"));
		json_set_text(arena, entry, "short", json_get_text(reason, "short"));
		json_set(arena, entry, "fits", json_copy(arena, json_get(reason, "fits")));
	}
	return list;
}

const char *reason_short(struct arena *arena, const char *code)
{
	return json_get_text(json_find(reasons_read(arena), "code", code), "short");
}

void reason_written(struct transaction *tx, const char *pointer, const char *text)
{
	if (text_blank(text) || text_length(text_normalise(tx->arena, text)) < WRITTEN_LEAST)
		fault_add(tx->error, pointer, "reason.written", NULL);
}

/* Faults of the reasons of a fail. */
static void reasons_check(
	struct transaction *tx, const char *pointer, const json *reasons, const char *note)
{
	bool other = false;
	int number = 0;

	if (json_count(reasons) == 0)
		fault_add(tx->error, arena_printf(tx->arena, "%s/reasons", pointer),
			"reason.needed", NULL);
	json_each(reason, reasons)
	{
		const char *code = json_text(reason);

		other = other || text_equal(code, OTHER);
		if (!reason_short(tx->arena, code))
			fault_add(tx->error,
				arena_printf(tx->arena, "%s/reasons/%d", pointer, number),
				"reason.unknown", "code", code, NULL);
		number++;
	}
	if (other && text_blank(note))
		fault_add(tx->error, arena_printf(tx->arena, "%s/note", pointer), "reason.note",
			NULL);
}

void opinion_read(
	struct transaction *tx, const char *pointer, const json *body, struct opinion *out)
{
	const char *outcome = json_get_text(body, "outcome");
	const json *reasons = json_get(body, "reasons");
	const char *note = json_get_text(body, "note");

	*out = (struct opinion){
		.pass = text_equal(outcome, "pass"),
		.reasons = reasons ? reasons : json_new_array(tx->arena),
		.note = text_blank(note) ? NULL : note,
	};
	if (text_equal(outcome, "fail"))
		reasons_check(tx, pointer, reasons, note);
	else if (!out->pass)
		fault_add(tx->error, arena_printf(tx->arena, "%s/outcome", pointer),
			"reason.outcome", NULL);
	else if (json_count(reasons) > 0)
		fault_add(tx->error, arena_printf(tx->arena, "%s/reasons", pointer),
			"reason.none_with_pass", NULL);
}
