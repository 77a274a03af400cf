/*
 * The cover sheet for the parcel (S19): an address label to cut off, and a list of what must be inside.
 */
#ifndef KAOWU_DOCUMENT_COVER_H
#define KAOWU_DOCUMENT_COVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

struct arena;

struct cover_paper {
	const char *name; /* 职业技能等级认定申报表（原件） */
	unsigned copies;
};

/* All text is UTF-8; what is NULL is left out unless said otherwise. */
struct cover_facts {
	const char *centre_name; /* never NULL */
	const char *recipient, *address,
		*postcode; /* the tenant's mailing address; address never NULL */
	const char *contact_name, *telephone;
	int64_t deadline_at;            /* papers must be posted by then; 0: no moment is told */
	const char *application_number; /* never NULL; printable ASCII: it is the barcode */
	const char *revision_hash;      /* hexadecimal; of the approved revision */
	const char *plan_name, *occupation_name, *level_name;
	const char *candidate_name, *mobile_masked;
	const struct cover_paper *papers;
	size_t paper_count;
	int64_t made_at;
};

/* What the QR code says: "kaowu:papers:<application number>:<first 16 characters of the revision hash>",
 * without the last part where there is no hash. */
char *cover_code(struct arena *arena, const struct cover_facts *facts);

/* One A4 page, and more of them behind it where the papers are many. BROKEN ("document.broken"). Any thread. */
enum result cover_render(struct arena *arena, const struct cover_facts *facts, struct bytes *pdf,
	struct error *error) MUST_CHECK;

#endif
