/*
 * What is typed into a plugin's own fields, held against its manifest (fields.h).
 */
#include "fields.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "topics.h"

#define DIGITS   12 /* of a number, before the point */
#define DECIMALS 6

/* "-12.5" */
static bool is_number(const char *text)
{
	const char *at = text + (*text == '-');
	size_t whole = strspn(at, "0123456789");
	size_t part = at[whole] == '.' ? strspn(at + whole + 1, "0123456789") : 0;
	bool pointed = at[whole] == '.';

	return whole >= 1 && whole <= DIGITS && part <= DECIMALS && pointed == (part > 0) &&
	       !at[whole + part + pointed];
}

static bool is_date(const char *text)
{
	struct date date;

	return !date_parse(text, &date);
}

/* As the plugin writes it: what candidates send comes in half width, and a plugin's 托班（2至3岁） is not. NULL if none. */
static const char *choice_meant(struct transaction *tx, const json *field, const char *text)
{
	const char *wanted = text_normalise(tx->arena, text);

	json_each(choice, json_get(field, "choices"))
	{
		if (text_equal(text_normalise(tx->arena, json_text(choice)), wanted))
			return json_text(choice);
	}
	return NULL;
}

static const char *choices_listed(struct transaction *tx, const json *field)
{
	const char *all = "";

	json_each(choice, json_get(field, "choices")) all =
		arena_printf(tx->arena, "%s%s%s", all, *all ? "、" : "", json_text(choice));
	return all;
}

static void value_check(
	struct transaction *tx, const json *field, const char *pointer, const char *text)
{
	const char *kind = json_get_text(field, "kind");

	if (text_equal(kind, "number") && !is_number(text))
		fault_add(tx->error, pointer, "field.number", NULL);
	else if (text_equal(kind, "date") && !is_date(text))
		fault_add(tx->error, pointer, "field.date", NULL);
	else if (text_equal(kind, "choice") && !choice_meant(tx, field, text))
		fault_add(tx->error, pointer, "field.choice", "choices", choices_listed(tx, field),
			NULL);
	else
		topic_printable(tx, pointer, text);
}

void fields_check(struct transaction *tx, const struct plan *plan, const json *values)
{
	const json *fields = json_get(plan->manifest, "fields");

	json_each(value, values)
	{
		const char *id = json_name(value);
		const char *pointer = arena_printf(tx->arena, "/fields/%s", id);
		const json *field = json_find(fields, "id", id);

		if (!field)
			fault_add(tx->error, pointer, "field.unknown", "id", id, NULL);
		else
			value_check(tx, field, pointer, json_text(value));
	}
	json_each(field, fields)
	{
		const char *id = json_get_text(field, "id");

		if (json_get_true(field, "required") && !json_get(values, id))
			fault_add(tx->error, arena_printf(tx->arena, "/fields/%s", id),
				"application.missing", "name", json_get_text(field, "name"), NULL);
	}
}

/* Without what was left empty. */
static json *filled_in(struct transaction *tx, const struct plan *plan, const json *values)
{
	const json *fields = json_get(plan->manifest, "fields");
	json *filled = json_new_object(tx->arena);

	json_each(value, values)
	{
		const json *field = json_find(fields, "id", json_name(value));
		const char *choice = choice_meant(tx, field, json_text(value));

		if (!text_blank(json_text(value)))
			json_set_text(tx->arena, filled, json_name(value),
				choice ? choice : json_text(value));
	}
	return filled;
}

enum result application_put_fields(
	struct transaction *tx, struct application *application, const json *body)
{
	json *topic = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = topic_open(tx, application, "fields", &plan);

	if (rc)
		return rc;

	json *values = json_set(
		tx->arena, topic, "fields", filled_in(tx, &plan, json_get(body, "fields")));
	fields_check(tx, &plan, values);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	return topic_put(tx, application, "fields", topic);
}
