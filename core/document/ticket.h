/*
 * The admission ticket (准考证, S20) as a PDF: one A4 page that the candidate prints at home, with more behind it where
 * the centre's notes could not be read on it; and many of them in one document, for whoever prints them for all.
 */
#ifndef KAOWU_DOCUMENT_TICKET_H
#define KAOWU_DOCUMENT_TICKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

struct arena;
struct page;

/* Where and when one subject is taken. */
struct ticket_subject {
	const char *name;            /* 理论知识考试 */
	int64_t starts_at, ends_at;  /* 0: not fixed yet, shown as 另行通知 */
	const char *venue, *address; /* 考点 and where it is; address may be NULL */
	const char *room, *seat;     /* NULL: shown as a dash */
};

/* All text is UTF-8; NULL shows as a dash unless said otherwise. */
struct ticket_facts {
	const char *centre_name, *plan_name;
	const char *number;        /* 准考证号: digits, letters, "-", "_", "."; never NULL */
	const char *check_address; /* what the QR code leads to; never NULL */
	const char *candidate_name, *gender;
	const char *identity_kind, *identity_masked; /* 居民身份证, 110108********1238 */
	const char *occupation_name, *work_type;     /* 职业, 工种 (NULL: --) */
	const char *level_name, *exam_kind;          /* 一级/高级技师, 正考 */
	struct bytes photo; /* JPEG, embedded as it is; size 0: an empty box to stick one on */
	const struct ticket_subject *subjects;
	size_t subject_count;
	unsigned late_minutes; /* 开考 N 分钟后不得入场; 0: not at all once it has begun */
	const char *const *notes; /* the centre's own, after the general ones; may be NULL */
	size_t note_count;
	const char
		*audit_head; /* hexadecimal, of the tenant's audit chain; 16 are shown; or NULL */
	int64_t made_at;     /* printed, and the PDF's creation date: same facts, same bytes */
};

/* BROKEN ("document.broken"), or INVALID ("document.photo") if the photograph is not a JPEG that can be embedded.
 * Heavy lane: some milliseconds. Any thread. */
enum result ticket_render(struct arena *arena, const struct ticket_facts *facts, struct bytes *pdf,
	struct error *error) MUST_CHECK;

/*
 * Many in one document, which takes half the time of as many documents and a small part of their bytes:
 * open, add each, page_finish(), and page_close() in any case. The photographs' bytes must stay until then; all else of
 * the facts need not.
 */
enum result tickets_open(struct arena *arena, const char *title, int64_t made_at, struct page **out,
	struct error *error) MUST_CHECK;
enum result tickets_add(struct page *tickets, const struct ticket_facts *facts,
	struct error *error) MUST_CHECK; /* errors as above */

#endif
