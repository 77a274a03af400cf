/*
 * The package of paper templates (S9): everything that a candidate prints or looks at, in the order of need.
 */
#include "form.h"

#include "base/arena.h"
#include "base/archive.h"

enum paper { FORM, FORM_SHOWN, PLEDGE, PLEDGE_SHOWN, SENTENCE, PAPERS };

const char *copies_words(struct arena *arena, unsigned copies)
{
	static const char *const numbers[] = {
		"", "一", "两", "三", "四", "五", "六", "七", "八", "九"};

	if (copies >= COUNT(numbers))
		return arena_printf(arena, "一式 %u 份", copies);
	if (copies == 0)
		return "";
	return arena_printf(arena, "%s%s份", copies > 1 ? "一式" : "", numbers[copies]);
}

static const char *blank(struct arena *arena, const char *name, unsigned copies)
{
	return arena_printf(arena, "%s（空白，打印后手写%s%s）", name, copies > 0 ? "，" : "",
		copies_words(arena, copies));
}

/* NULL if nobody asks for it. */
static const char *paper_name(struct arena *arena, const struct form_facts *facts, enum paper paper)
{
	switch (paper) {
	case FORM:
		return facts->form.asked ? blank(arena, "申报表", facts->form.copies) : NULL;
	case FORM_SHOWN:
		return facts->form.asked ? "申报表（填写示例）" : NULL;
	case PLEDGE:
		return facts->pledge.asked ? blank(arena, "工作经历承诺书", facts->pledge.copies)
					   : NULL;
	case PLEDGE_SHOWN:
		return facts->pledge.asked ? "工作经历承诺书（填写示例）" : NULL;
	case SENTENCE:
	case PAPERS:
		break;
	}
	return "申报条件原文（供抄写）";
}

static enum result render(struct arena *arena, const struct form_facts *facts, enum paper paper,
	struct bytes *pdf, struct error *error)
{
	switch (paper) {
	case FORM:
		return form_render(arena, facts, FORM_BLANK, pdf, error);
	case FORM_SHOWN:
		return form_render(arena, facts, FORM_EXAMPLE, pdf, error);
	case PLEDGE:
		return pledge_render(arena, facts, FORM_BLANK, pdf, error);
	case PLEDGE_SHOWN:
		return pledge_render(arena, facts, FORM_EXAMPLE, pdf, error);
	case SENTENCE:
	case PAPERS:
		break;
	}
	return sentence_render(arena, facts, pdf, error);
}

enum result package_build(
	struct arena *arena, const struct form_facts *facts, struct bytes *zip, struct error *error)
{
	struct archive_entry entries[PAPERS];
	size_t count = 0;

	for (enum paper paper = FORM; paper < PAPERS; paper++) {
		const char *name = paper_name(arena, facts, paper);
		enum result rc;

		if (!name)
			continue;
		entries[count].name = arena_printf(arena, "%zu-%s.pdf", count + 1, name);
		rc = render(arena, facts, paper, &entries[count].content, error);
		if (rc)
			return rc;
		count++;
	}
	return archive_build(arena, entries, count, facts->made_at, zip, error);
}
