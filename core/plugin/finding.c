/*
 * The shape of findings (finding.h).
 */
#include "finding.h"

#include "base/text.h"

#define FINDINGS_MAX   100
#define FINDING_LENGTH 500

static bool fit_finding(const json *finding, const json *form)
{
	const char *kind = json_get_text(finding, "finding");
	const char *field = json_get_text(finding, "field");
	const char *text = json_get_text(finding, "text");
	if (!text_equal(kind, "refuse") && !text_equal(kind, "ask_reviewer"))
		return false;
	if (!field || (*field && !json_get(form, field)))
		return false;
	if (text_blank(text) || text_length(text) > FINDING_LENGTH)
		return false;
	return !text_has_control(text) && json_count(finding) == 3;
}

enum result finding_check(const json *answer, const json *form, struct error *error)
{
	const json *findings = json_get(answer, "findings");
	bool fit = json_is_array(findings) && json_count(answer) == 1 &&
		   json_count(findings) <= FINDINGS_MAX;
	json_each(finding, findings) fit = fit && fit_finding(finding, form);
	return fit ? OK : fail(error, INVALID, "plugin.garbage", NULL);
}
