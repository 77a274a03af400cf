/*
 * The question put together, the answer read (consultation.h).
 *
 * A plugin learns what its rules need and nothing that tells who it is about: no name, number, address or telephone.
 * Its own fields go by their ids; what else it sees has a dot in its name, which no id has.
 */
#include "consultation.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "deployment.h"
#include "plugin/catalogue.h"
#include "plugin/plugin_workers.h"
#include "plugin/saying.h"

#define FUNCTION "check_form"

static bool has_function(const struct plan *plan)
{
	return json_holds(json_get(plan->manifest, "functions"), FUNCTION);
}

/* ---- The question ---- */

/* As text; what is null is not there. */
static void put(struct transaction *tx, json *asked, const char *name, const json *value)
{
	const char *text = json_text(value);

	if (json_is_integer(value))
		text = say_number(tx->arena, json_integer(value));
	if (json_is_boolean(value))
		text = json_true(value) ? "true" : "false";
	if (text)
		json_set_text(tx->arena, asked, name, text);
}

static void put_lists(struct transaction *tx, json *asked, const json *form)
{
	static const struct {
		const char *list, *members[6];
	} lists[] = {
		{"certificates", {"occupation", "level", "issued"}},
		{"titles", {"rank", "issued", "matching"}},
		{"diplomas", {"kind", "major", "major_scope", "graduated", "final_year"}},
		{"trainings", {"kind", "occupation", "completed", "level", "hours"}},
		{"work", {"from", "to", "occupation", "relation"}},
	};

	for (size_t i = 0; i < COUNT(lists); i++) {
		int number = 0;

		json_each(row, json_get(form, lists[i].list))
		{
			for (const char *const *member = lists[i].members; *member; member++)
				put(tx, asked,
					arena_printf(tx->arena, "%s.%d.%s", lists[i].list, number,
						*member),
					json_get(row, *member));
			number++;
		}
	}
}

static json *question(
	struct transaction *tx, const struct application *application, const json *form)
{
	static const char *const details[] = {"birth", "gender", "education"};
	json *asked = json_new_object(tx->arena);

	json_each(field, json_get(form, "fields")) put(tx, asked, json_name(field), field);
	json_set_text(tx->arena, asked, "form.on", date_text(tx->arena, date_of_moment(tx->now)));
	json_set_text(tx->arena, asked, "form.condition", application->condition_id);
	if (application->identity)
		json_set_text(tx->arena, asked, "form.identity", application->identity);
	for (size_t i = 0; i < COUNT(details); i++)
		put(tx, asked, arena_printf(tx->arena, "details.%s", details[i]),
			json_get(json_get(form, "details"), details[i]));
	put_lists(tx, asked, form);
	return asked;
}

/* Is there an answer to this very question? If not, it is noted. */
static enum result expect_answer(struct transaction *tx, const struct plan *plan, const json *asked)
{
	struct consultation *consultation = tx->consultation;

	assert(consultation);
	if (consultation->answered &&
		text_equal(consultation->plugin_sha256, plan->plugin_sha256) &&
		json_equal(consultation->form, asked))
		return OK;

	*consultation = (struct consultation){
		.plugin_sha256 = arena_text(tx->arena, plan->plugin_sha256), .form = asked};
	return fail(tx->error, CONFLICT, "consultation.wanted", NULL);
}

bool consultation_wanted(const struct consultation *consultation)
{
	return consultation->plugin_sha256 && !consultation->answered;
}

enum result consultation_ask(struct transaction *tx)
{
	struct consultation *consultation = tx->consultation;
	struct error failure = {.arena = tx->arena};
	json *answer = NULL;
	enum result rc = plugin_call(tx->deployment->plugins, tx->arena, tenant_slug(tx->tenant),
		consultation->plugin_sha256, consultation->form, &answer, &failure);

	if (rc == BUSY) {
		*tx->error = failure;
		return rc;
	}
	consultation->findings = rc ? NULL : json_get(answer, "findings");
	consultation->failure = !rc ? NULL : "plugin.unavailable";
	if (rc && text_equal(failure.code, "plugin.quarantined"))
		consultation->failure = failure.params[1];
	consultation->answered = true;
	return OK;
}

/* ---- The answer ---- */

/* Where in the application a field is: "fields" has the plugin's own, dots lead to the others. */
static const char *pointer_of(struct transaction *tx, const char *field)
{
	static const char usual[] = "form.";
	char *pointer;

	if (!*field || text_equal(field, "form.on"))
		return "";
	if (!strchr(field, '.'))
		return arena_printf(tx->arena, "/fields/%s", field);
	if (text_starts(field, usual))
		field += strlen(usual);
	pointer = arena_printf(tx->arena, "/%s", field);
	for (char *at = pointer; *at; at++)
		*at = *at == '.' ? '/' : *at;
	return pointer;
}

/* An entry of the trace, as eligibility.h describes those of requirements. */
static json *entry_add(struct transaction *tx, const struct plan *plan, json *verdict,
	const char *outcome, const char *pointer)
{
	json *trace = json_get(verdict, "trace");
	json *entry = json_new_object(tx->arena), *required = json_new_object(tx->arena);
	json *used = json_new_array(tx->arena);

	json_set_text(tx->arena, entry, "path",
		arena_printf(tx->arena, "/" FUNCTION "/%zu", json_count(trace)));
	json_set_text(tx->arena, entry, "kind", "plugin");
	json_set_text(tx->arena, entry, "outcome", outcome);
	json_set_text(tx->arena, entry, "source",
		arena_printf(tx->arena, "%s %s", plan->plugin_id, plan->plugin_version));
	say(tx->arena, required, "consultation.need", NULL);
	json_set(tx->arena, entry, "required", required);
	if (*pointer)
		json_append(used, json_new_text(tx->arena, pointer));
	json_set(tx->arena, entry, "used", used);
	json_set(tx->arena, entry, "considered", json_new_array(tx->arena));
	json_set_text(tx->arena, entry, "short", NULL);
	json_set_text(tx->arena, entry, "overlay", NULL);
	json_set_text(tx->arena, entry, "eligible_from", NULL);
	json_set_text(tx->arena, entry, "eligible_from_if_accepted", NULL);
	return json_append(trace, entry);
}

/* The verdict becomes this if it was better; and then no day makes it so by itself. */
static void worsen(struct transaction *tx, json *verdict, const char *outcome)
{
	const char *before = json_get_text(verdict, "outcome");
	bool refuses = text_equal(outcome, "not_met");

	json_set_text(tx->arena, verdict, "eligible_from", NULL);
	if (refuses)
		json_set_text(tx->arena, verdict, "eligible_from_if_accepted", NULL);
	if (refuses || text_equal(before, "met"))
		json_set_text(tx->arena, verdict, "outcome", outcome);
}

static void finding_judge(
	struct transaction *tx, const struct plan *plan, const json *finding, json *verdict)
{
	bool refuses = text_equal(json_get_text(finding, "finding"), "refuse");
	const char *outcome = refuses ? "not_met" : "review";
	const char *pointer = pointer_of(tx, json_get_text(finding, "field"));
	const char *text = json_get_text(finding, "text");
	json *entry = entry_add(tx, plan, verdict, outcome, pointer);

	say(tx->arena, entry, "consultation.finding", "text", text, NULL);
	worsen(tx, verdict, outcome);
	if (refuses)
		fault_add(tx->error, pointer, "consultation.finding", "text", text, NULL);
}

static void failure_judge(
	struct transaction *tx, const struct plan *plan, const char *failure, json *verdict)
{
	static const char *const known[] = {"plugin.crashed", "plugin.hung", "plugin.garbage",
		"plugin.unsteady", "plugin.file_differs", "plugin.unavailable"};
	const char *reason = "plugin.unavailable";
	json *entry = entry_add(tx, plan, verdict, "review", "");

	for (size_t i = 0; i < COUNT(known); i++)
		reason = text_equal(known[i], failure) ? known[i] : reason;
	say(tx->arena, entry, "consultation.failed", "reason",
		arena_printf(tx->arena, PHRASE("consultation.%s"), strchr(reason, '.') + 1), NULL);
	worsen(tx, verdict, "review");
}

static void findings_judge(
	struct transaction *tx, const struct plan *plan, const json *findings, json *verdict)
{
	json_each(finding, findings) finding_judge(tx, plan, finding, verdict);
	if (json_count(findings) == 0)
		say(tx->arena, entry_add(tx, plan, verdict, "met", ""), "consultation.clean", NULL);
}

enum result consultation_judge(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *form, json *verdict, bool *manual)
{
	const char *failure =
		catalogue_failure(tx->deployment->catalogue, tx->arena, plan->plugin_sha256);
	enum result rc = OK;

	if (!failure && form && has_function(plan)) {
		rc = expect_answer(tx, plan, question(tx, application, form));
		if (rc)
			return rc;
		failure = tx->consultation->failure;
		if (!failure)
			findings_judge(tx, plan, tx->consultation->findings, verdict);
	}
	if (failure)
		failure_judge(tx, plan, failure, verdict);
	*manual = failure;
	return OK;
}
