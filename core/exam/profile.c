/*
 * The centre's profile and its district rules, in the tables `setting` and `overlay`.
 */
#include "profile.h"

#include <string.h>

#include "audit.h"
#include "base/text.h"
#include "message_settings.h"
#include "outbound/outbox.h"
#include "parsed.h"

enum result profile_load(struct transaction *tx, const json **out)
{
	const char *text;
	enum result rc;

	rc = store_text(tx->db, tx->arena,
		"SELECT COALESCE(MAX(value), '') FROM setting WHERE key = 'profile'", BIND_NONE,
		&text, tx->error);
	if (rc)
		return rc;
	if (!*text)
		return fail(tx->error, NOT_FOUND, "profile.none", NULL);

	return parsed_json(tx, text, out);
}

static enum result overlays_load(struct transaction *tx, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT id, kind, occupation_code, name, reason, valid_from AS \"from\","
		" valid_until AS \"until\" FROM overlay ORDER BY id",
		BIND_NONE, out, tx->error);
}

enum result profile_view(struct transaction *tx, json **out)
{
	static const char *const public_members[] = {"name", "short_name", "address", "contact"};
	const json *profile;
	json *overlays;
	json *view = json_new_object(tx->arena);
	enum result rc;

	rc = profile_load(tx, &profile);
	if (rc)
		return rc;
	rc = overlays_load(tx, &overlays);
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

static enum result overlay_write(struct transaction *tx, const json *overlay)
{
	enum result rc = store_run(tx->db,
		"INSERT INTO overlay (id, kind, occupation_code, name, reason, valid_from, valid_until)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
		BIND(TEXT(json_get_text(overlay, "id")), TEXT(json_get_text(overlay, "kind")),
			TEXT(json_get_text(overlay, "occupation_code")),
			TEXT(json_get_text(overlay, "name")),
			TEXT(json_get_text(overlay, "reason")),
			TEXT(json_get_text(overlay, "from")),
			TEXT(json_get_text(overlay, "until"))),
		tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) != 1)
		return fail(tx->error, INVALID, "profile.overlay_twice", NULL);
	return OK;
}

/* The document replaces all overlays; verdicts given before keep the text of the one that they used. */
static enum result overlays_write(struct transaction *tx, const json *overlays)
{
	enum result rc = store_run(tx->db, "DELETE FROM overlay", BIND_NONE, tx->error);

	json_each(overlay, overlays) rc = rc ? rc : overlay_write(tx, overlay);
	return rc;
}

enum result profile_apply(struct transaction *tx, const json *document)
{
	json *profile = json_copy(tx->arena, document);
	json *detail = json_new_object(tx->arena);
	enum result rc;

	if (!text_equal(json_get_text(document, "slug"), tenant_slug(tx->tenant)))
		return fail(tx->error, INVALID, "profile.other_slug", "slug",
			tenant_slug(tx->tenant), NULL);

	message_settings_check(tx->arena, json_get(document, "sms"), tx->error);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	json_remove(profile, "staff");
	json_remove(profile, "overlays");
	rc = store_run(tx->db,
		"INSERT INTO setting (key, value, changed_at) VALUES ('profile', ?1, ?2)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
		BIND(TEXT(json_print(tx->arena, profile)), INTEGER(tx->now)), tx->error);
	if (rc)
		return rc;

	rc = overlays_write(tx, json_get(document, "overlays"));
	rc = rc ? rc : outbox_release(tx->db, "sms", tx->error);
	if (rc)
		return rc;

	json_set_integer(
		tx->arena, detail, "overlays", (int64_t)json_count(json_get(document, "overlays")));
	tenant_publish(tx->tenant);
	return audit_append(tx, "profile.applied", NULL, detail);
}
