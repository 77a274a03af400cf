/*
 * The package of paper templates (S9): everything that a candidate prints or looks at, in the order of need.
 */
#include "form.h"

#include "base/archive.h"
#include "base/arena.h"

enum paper { FORM, FORM_SHOWN, PLEDGE, PLEDGE_SHOWN, SENTENCE, PAPERS };

static const char *const names[PAPERS] = {
	[FORM] = "1-申报表（空白，打印后手写，一式两份）.pdf",
	[FORM_SHOWN] = "2-申报表（填写示例）.pdf",
	[PLEDGE] = "3-工作经历承诺书（空白，打印后手写，一份）.pdf",
	[PLEDGE_SHOWN] = "4-工作经历承诺书（填写示例）.pdf",
	[SENTENCE] = "5-申报条件原文（供抄写）.pdf",
};

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

	for (enum paper paper = FORM; paper < PAPERS; paper++) {
		enum result rc;

		entries[paper].name = names[paper];
		rc = render(arena, facts, paper, &entries[paper].content, error);
		if (rc)
			return rc;
	}
	return archive_build(arena, entries, PAPERS, facts->made_at, zip, error);
}
