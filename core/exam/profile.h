/*
 * The centre itself: profile, mailing address, contact, overlays; applied from tenants/<slug>/tenant.json
 * (schemas/tenant.schema.json).
 */
#ifndef KAOWU_EXAM_PROFILE_H
#define KAOWU_EXAM_PROFILE_H

#include "transaction.h"

/* The profile as it was applied: {name, short_name, address{recipient, line, postcode}, contact{name, telephone},
 * hosts, rules{...}, ticket{...}, sms{...}}. NOT_FOUND ("profile.none") before anything was applied.
 * Shared, see parsed.h. */
enum result profile_load(struct transaction *tx, const json **out) MUST_CHECK;
/* What the public may see of it. */
enum result profile_view(struct transaction *tx, json **out) MUST_CHECK;
/* Writes profile and overlays, lets messages go that waited for a correction, audits, publishes. Staff are
 * account.h's. */
enum result profile_apply(struct transaction *tx, const json *document) MUST_CHECK;

#endif
