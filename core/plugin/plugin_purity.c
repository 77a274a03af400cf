/*
 * Forms made of the manifest's fields, and what the answers to them must have in common (plugin_purity.h).
 */
#include "plugin_purity.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FORMS_MOST 300

/* ---- Forms ---- */

/* Of the form that every candidate fills in. */
static const char *const usual[][2] = {{"name", "张三"}, {"id_type", "居民身份证"},
	{"birth", "1990-01-01"}, {"employer", "示例公司"}, {"address", "示例路1号"}};

/* What a field may hold, from the likely to the odd; NULL ends it. */
static const char *const *samples_of(const json *field)
{
	static const char *const lines[] = {
		"示例", "A-2020/001", "0", " ", "很长的文字很长的文字很长的文字很长的文字", NULL};
	static const char *const numbers[] = {"1", "0", "-1", "20", "2147483648", "1.5", NULL};
	static const char *const dates[] = {"2020-02-29", "1900-01-01", "2199-12-31", NULL};
	const char *kind = json_get_text(field, "kind");

	if (text_equal(kind, "number"))
		return numbers;
	return text_equal(kind, "date") ? dates : lines;
}

static void add_form(
	struct arena *arena, json *forms, const json *base, const char *id, const char *text)
{
	if (json_count(forms) < FORMS_MOST)
		json_set_text(arena, json_append(forms, json_copy(arena, base)), id, text);
}

/* The author's choices are the samples of a choice; any field may be left empty. */
static void add_variants(struct arena *arena, json *forms, const json *base, const json *field)
{
	const char *id = json_get_text(field, "id");
	const json *choices = json_get(field, "choices");

	add_form(arena, forms, base, id, "");
	json_each(choice, choices) add_form(arena, forms, base, id, json_text(choice));
	if (json_count(choices) > 0)
		return;
	for (const char *const *sample = samples_of(field); *sample; sample++)
		add_form(arena, forms, base, id, *sample);
}

/* Nothing filled in. */
static json *empty_form(struct arena *arena, const json *base)
{
	json *form = json_new_object(arena);

	json_each(field, base) json_set_text(arena, form, json_name(field), "");
	return form;
}

static json *base_form(struct arena *arena, const json *manifest)
{
	json *base = json_new_object(arena);

	for (size_t i = 0; i < COUNT(usual); i++)
		json_set_text(arena, base, usual[i][0], usual[i][1]);
	json_each(field, json_get(manifest, "fields"))
	{
		const char *choice = json_text(json_first(json_get(field, "choices")));

		json_set_text(arena, base, json_get_text(field, "id"),
			choice ? choice : *samples_of(field));
	}
	return base;
}

static json *make_forms(struct arena *arena, const json *manifest, const json *own)
{
	json *forms = own ? json_copy(arena, own) : json_new_array(arena);
	json *base = base_form(arena, manifest);

	json_append(forms, base);
	json_append(forms, empty_form(arena, base));
	json_each(field, json_get(manifest, "fields")) add_variants(arena, forms, base, field);
	return forms;
}

static json *reversed(struct arena *arena, const json *form)
{
	json *turned = json_new_object(arena);
	size_t count = json_count(form);
	const json **members = NEW_ARRAY(arena, const json *, count + 1);

	json_each(member, form) members[--count] = member;
	for (size_t i = 0; i < json_count(form); i++)
		json_set(arena, turned, json_name(members[i]), json_copy(arena, members[i]));
	return turned;
}

/* ---- Answers ---- */

struct asking {
	const struct plugin_process_settings *settings;
	struct arena *arena;
	struct worker *worker;
	struct error *error;
};

static enum result ask(const struct asking *asking, const json *form, json **answer)
{
	return plugin_process_check_form(asking->worker, asking->arena, form,
		asking->settings->call_time_ms, answer, asking->error);
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The same findings, in whatever order. */
static bool same_findings(struct arena *arena, const json *left, const json *right)
{
	const json *both[] = {json_get(left, "findings"), json_get(right, "findings")};
	const char **texts[2];
	size_t count = json_count(both[0]);

	if (count != json_count(both[1]))
		return false;
	for (size_t i = 0; i < COUNT(both); i++) {
		size_t filled = 0;

		texts[i] = NEW_ARRAY(arena, const char *, count + 1);
		json_each(finding, both[i]) texts[i][filled++] = json_print(arena, finding);
		qsort(texts[i], count, sizeof(*texts[i]), compare_texts);
	}
	for (size_t i = 0; i < count; i++)
		if (!text_equal(texts[0][i], texts[1][i]))
			return false;
	return true;
}

/* ---- Rounds ---- */

struct form_answer {
	const json *form;
	json *answer; /* the first one, which the others are held against */
};

/* Asks about each form in turn, and tells the first that is answered otherwise than before. */
static enum result compare_round(const struct asking *asking, struct form_answer *rows,
	size_t count, bool turn_fields, const char *code, struct error *faults)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = asking->arena;
		const json *form = turn_fields ? reversed(arena, rows[i].form) : rows[i].form;
		json *answer;
		enum result rc = ask(asking, form, &answer);

		if (rc)
			return rc;
		bool same = turn_fields ? same_findings(arena, answer, rows[i].answer)
					: json_equal(answer, rows[i].answer);
		if (!same) {
			fault_add(faults, "/functions", code, "function", "check_form", "form",
				json_print(arena, form), NULL);
			return OK;
		}
	}
	return OK;
}

static void turn_rows(struct form_answer *rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct form_answer kept = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = kept;
	}
}

static enum result start(struct asking *asking, const char *path)
{
	json *description;

	return plugin_process_start(asking->settings, asking->arena, path, &asking->worker,
		&description, asking->error);
}

static enum result first_process(
	struct asking *asking, struct form_answer *rows, size_t count, struct error *faults)
{
	for (size_t i = 0; i < count; i++) {
		enum result rc = ask(asking, rows[i].form, &rows[i].answer);

		rc = rc ? rc
			: compare_round(asking, &rows[i], 1, false, "kit.changes_again", faults);
		if (rc || faults->faults)
			return rc;
	}
	return compare_round(asking, rows, count, true, "kit.changes_order", faults);
}

static enum result run(struct asking *asking, const char *path, struct form_answer *rows,
	size_t count, struct error *faults)
{
	enum result rc = start(asking, path);

	if (rc)
		return rc;
	rc = first_process(asking, rows, count, faults);
	worker_stop(asking->worker);
	if (rc || faults->faults)
		return rc;

	turn_rows(rows, count);
	rc = start(asking, path);
	if (rc)
		return rc;
	rc = compare_round(asking, rows, count, false, "kit.changes_process", faults);
	worker_stop(asking->worker);
	return rc;
}

enum result plugin_purity_check(const struct plugin_process_settings *settings, struct arena *arena,
	const char *path, const json *manifest, const json *own_forms, struct error *error)
{
	struct error faults = {.arena = error->arena}, failure = {.arena = error->arena};
	struct asking asking = {settings, arena, NULL, &failure};
	const json *forms = make_forms(arena, manifest, own_forms);
	size_t count = 0;
	struct form_answer *rows = NEW_ARRAY(arena, struct form_answer, json_count(forms) + 1);

	json_each(form, forms) rows[count++].form = form;
	enum result rc = run(&asking, path, rows, count, &faults);
	fault_join(error, &faults);
	if (rc == INVALID)
		fault_of_failure(error, "/functions", &failure);
	else if (rc)
		return trouble(
			error, rc, failure.code, "%s", failure.internal ? failure.internal : "");
	return OK;
}
