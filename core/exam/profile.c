/*
 * The centre's profile and its district rules, in the tables `setting` and `overlay`.
 */
#include "profile.h"

#include <string.h>

#include "audit.h"
#include "base/limits.h"
#include "base/text.h"
#include "message_settings.h"
#include "outbound/outbox.h"
#include "parsed.h"
#include "ticket.h"

enum result profile_find(struct transaction *tx, const json **out)
{
	const char *text;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT value FROM setting WHERE key = 'profile'", BIND_NONE, &text, tx->error);

	if (rc)
		return rc;
	*out = NULL;
	return text ? parsed_json(tx, bytes_of(text, strlen(text)), out) : OK;
}

enum result profile_load(struct transaction *tx, const json **out)
{
	const json *profile = NULL;
	enum result rc = profile_find(tx, &profile);

	if (rc)
		return rc;
	if (!profile)
		return fail(tx->error, NOT_FOUND, "profile.none", NULL);
	*out = profile;
	return OK;
}

int profile_review_days(const json *profile)
{
	const json *days = json_at_pointer(profile, "/rules/review_days");

	return days ? (int)json_integer(days) : LIMIT_REVIEW_DAYS;
}

enum result profile_overlays(struct transaction *tx, const char *occupation_code, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT id, kind, occupation_code, name, reason, valid_from AS \"from\","
		" valid_until AS \"until\" FROM overlay WHERE ?1 IS NULL OR occupation_code = ?1"
		" ORDER BY id",
		BIND(TEXT(occupation_code)), out, tx->error);
}

enum result profile_view(struct transaction *tx, json **out)
{
	static const char *const public_members[] = {
		"name", "short_name", "address", "contact", "offline_payment"};
	const json *profile = NULL;
	json *overlays;
	json *view = json_new_object(tx->arena);
	enum result rc;

	rc = profile_load(tx, &profile);
	if (rc)
		return rc;
	rc = profile_overlays(tx, NULL, &overlays);
	if (rc)
		return rc;

	json_set_text(tx->arena, view, "slug", tenant_slug(tx->tenant));
	for (size_t i = 0; i < COUNT(public_members); i++) {
		const json *member = json_get(profile, public_members[i]);

		if (member)
			json_set(tx->arena, view, public_members[i], json_copy(tx->arena, member));
	}
	json_set(tx->arena, view, "overlays", overlays);
	*out = view;
	return OK;
}

static enum result overlays_check(struct transaction *tx, const json *overlays)
{
	int number = 0;

	json_each(overlay, overlays)
	{
		const char *until = json_get_text(overlay, "until");

		if (json_find(overlays, "id", json_get_text(overlay, "id")) != overlay)
			fault_add(tx->error, arena_printf(tx->arena, "/overlays/%d/id", number),
				"profile.overlay_twice", NULL);
		if (until && strcmp(until, json_get_text(overlay, "from")) < 0)
			fault_add(tx->error, arena_printf(tx->arena, "/overlays/%d/until", number),
				"profile.overlay_dates", NULL);
		number++;
	}
	return refuse_faults(tx->error);
}

static enum result overlay_write(struct transaction *tx, const json *overlay)
{
	return store_run(tx->db,
		"INSERT INTO overlay (id, kind, occupation_code, name, reason, valid_from, valid_until)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		BIND(TEXT(json_get_text(overlay, "id")), TEXT(json_get_text(overlay, "kind")),
			TEXT(json_get_text(overlay, "occupation_code")),
			TEXT(json_get_text(overlay, "name")),
			TEXT(json_get_text(overlay, "reason")),
			TEXT(json_get_text(overlay, "from")),
			TEXT(json_get_text(overlay, "until"))),
		tx->error);
}

/* The document replaces all overlays; verdicts given before keep the text of the one that they used. */
static enum result overlays_write(struct transaction *tx, const json *overlays)
{
	enum result rc = store_run(tx->db, "DELETE FROM overlay", BIND_NONE, tx->error);

	json_each(overlay, overlays) rc = rc ? rc : overlay_write(tx, overlay);
	return rc;
}

/* Its moment is its version as well: it moves on by one at least. */
static enum result profile_write(struct transaction *tx, const json *profile)
{
	return store_run(tx->db,
		"INSERT INTO setting (key, value, changed_at) VALUES ('profile', ?1, ?2)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at ="
		" CASE WHEN setting.changed_at < ?2 THEN ?2 ELSE setting.changed_at + 1 END",
		BIND(TEXT(json_print(tx->arena, profile)), INTEGER(tx->now)), tx->error);
}

enum result profile_apply(struct transaction *tx, const json *document)
{
	const json *overlays = json_get(document, "overlays");
	json *profile = json_copy(tx->arena, document);
	json *detail = json_new_object(tx->arena);
	enum result rc;

	if (!text_equal(json_get_text(document, "slug"), tenant_slug(tx->tenant)))
		return fail(tx->error, INVALID, "profile.other_slug", "slug",
			tenant_slug(tx->tenant), NULL);

	message_settings_check(tx->arena, json_get(document, "sms"), tx->error);
	ticket_rule_check(tx, document);
	rc = overlays_check(tx, overlays);
	if (rc)
		return rc;
	json_remove(profile, "staff");
	json_remove(profile, "overlays");
	rc = profile_write(tx, profile);
	rc = rc ? rc : overlays_write(tx, overlays);
	rc = rc ? rc : outbox_release(tx->db, CHANNEL_SMS, tx->error);
	if (rc)
		return rc;

	json_set_integer(tx->arena, detail, "overlays", (int64_t)json_count(overlays));
	tenant_publish(tx->tenant);
	return audit_append(tx, "profile.applied", NULL, detail);
}

/* ---- The administrator's part of it ---- */

static enum result version_load(struct transaction *tx, int64_t *version)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(changed_at), 0) FROM setting WHERE key = 'profile'", BIND_NONE,
		version, tx->error);
}

/* With the defaults of schemas/tenant.schema.json where the document says nothing. */
static json *rules_view(struct transaction *tx, const json *profile)
{
	json *view = json_new_object(tx->arena);
	const json *restarts = json_at_pointer(profile, "/rules/edit_restarts_review");

	json_set_integer(tx->arena, view, "review_days", profile_review_days(profile));
	json_set_boolean(tx->arena, view, "edit_restarts_review", !restarts || json_true(restarts));
	return view;
}

enum result profile_desk_view(struct transaction *tx, json **out)
{
	const json *profile = NULL, *notes;
	int64_t version;
	json *view;
	enum result rc = profile_load(tx, &profile);

	rc = rc ? rc : profile_view(tx, &view);
	rc = rc ? rc : version_load(tx, &version);
	if (rc)
		return rc;

	notes = json_at_pointer(profile, "/ticket/notes");
	json_set_integer(tx->arena, view, "version", version);
	json_set_text(tx->arena, view, "region_code", json_get_text(profile, "region_code"));
	json_set_text(tx->arena, view, "short_name", json_get_text(profile, "short_name"));
	json_set_text(
		tx->arena, view, "offline_payment", json_get_text(profile, "offline_payment"));
	json_set(tx->arena, view, "rules", rules_view(tx, profile));
	json_set(tx->arena, view, "ticket_notes",
		notes ? json_copy(tx->arena, notes) : json_new_array(tx->arena));
	*out = view;
	return OK;
}

/* The members of the body take the place of those that the document has. */
static json *profile_merge(struct transaction *tx, const json *profile, const json *body)
{
	static const char *const members[] = {
		"name", "short_name", "address", "contact", "offline_payment", "rules"};
	json *merged = json_copy(tx->arena, profile);
	json *ticket = json_get(merged, "ticket");

	for (size_t i = 0; i < COUNT(members); i++) {
		const json *member = json_get(body, members[i]);

		if (member && !json_is_null(member))
			json_set(tx->arena, merged, members[i], json_copy(tx->arena, member));
		else
			json_remove(merged, members[i]);
	}
	if (!ticket)
		ticket = json_set(tx->arena, merged, "ticket", json_new_object(tx->arena));
	json_set(tx->arena, ticket, "notes", json_copy(tx->arena, json_get(body, "ticket_notes")));
	return merged;
}

enum result profile_change(struct transaction *tx, int64_t version, const json *body)
{
	const json *profile = NULL, *overlays = json_get(body, "overlays");
	json *detail = json_new_object(tx->arena);
	int64_t current;
	enum result rc = profile_load(tx, &profile);

	rc = rc ? rc : version_load(tx, &current);
	if (rc)
		return rc;
	if (current != version)
		return fail(tx->error, STALE, "profile.stale", NULL);
	rc = overlays_check(tx, overlays);
	rc = rc ? rc : profile_write(tx, profile_merge(tx, profile, body));
	rc = rc ? rc : overlays_write(tx, overlays);
	if (rc)
		return rc;

	json_set_integer(tx->arena, detail, "overlays", (int64_t)json_count(overlays));
	tenant_publish(tx->tenant);
	return audit_append(tx, "profile.changed", NULL, detail);
}
