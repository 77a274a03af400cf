/*
 * The centre itself: profile, mailing address, contact, overlays; applied from tenants/<slug>/tenant.json
 * (schemas/tenant.schema.json).
 */
#ifndef KAOWU_EXAM_PROFILE_H
#define KAOWU_EXAM_PROFILE_H

#include "transaction.h"

/* The profile as it was applied: {name, short_name, address{recipient, line, postcode}, contact{name, telephone},
 * offline_payment, hosts, rules{...}, ticket{...}, sms{...}}. NOT_FOUND ("profile.none") before anything was applied.
 * Shared, see parsed.h. */
enum result profile_load(struct transaction *tx, const json **out) MUST_CHECK;
/* The same; NULL before anything was applied. */
enum result profile_find(struct transaction *tx, const json **out) MUST_CHECK;
/* Working days within which an answer is promised. */
int profile_review_days(const json *profile);
/* The overlays of an occupation, or all of them (NULL): array as eligibility.h takes it. */
enum result profile_overlays(
	struct transaction *tx, const char *occupation_code, json **out) MUST_CHECK;
/* What the public may see of it. */
enum result profile_view(struct transaction *tx, json **out) MUST_CHECK;
/* Writes profile and overlays, lets messages go that waited for a correction, audits, publishes. INVALID at `sms` as of
 * message_settings.h, at the rule of ticket numbers as of ticket_rule_check(), and at an overlay that ends before it
 * begins or shares its id. Staff are staff.h's. */
enum result profile_apply(struct transaction *tx, const json *document) MUST_CHECK;

/* For the administrator: {version, slug, region_code, name, short_name, address, contact, offline_payment,
 * rules{review_days, edit_restarts_review}, ticket_notes, overlays}. */
enum result profile_desk_view(struct transaction *tx, json **out) MUST_CHECK;
/*
 * Everything of the above but version, slug and region_code; hosts, number rules and SMS stay the operator's. STALE
 * ("profile.stale"); INVALID at an overlay, as of profile_apply().
 */
enum result profile_change(struct transaction *tx, int64_t version, const json *body) MUST_CHECK;

#endif
