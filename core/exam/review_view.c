/*
 * Everything that a reviewer looks at: the revision, what was said about it, and what changed since somebody
 * looked last.
 */
#include "review_view.h"

#include "base/text.h"
#include "material.h"
#include "plugin/eligibility.h"
#include "review.h"
#include "review_lease.h"

json *review_items_json(struct transaction *tx, const struct review_case *file)
{
	json *items = json_new_array(tx->arena);

	for (size_t i = 0; i < file->item_count; i++) {
		const struct review_item *item = &file->items[i];
		json *entry = json_append(items, json_new_object(tx->arena));

		json_set_text(tx->arena, entry, "item", item->name);
		json_set_text(tx->arena, entry, "pointer", item->pointer);
		json_set_text(tx->arena, entry, "outcome", item->outcome);
		json_set(tx->arena, entry, "reasons",
			item->reasons ? json_copy(tx->arena, item->reasons)
				      : json_new_array(tx->arena));
		json_set_text(tx->arena, entry, "note", item->note);
		json_set(tx->arena, entry, "revision",
			item->revision ? json_new_integer(tx->arena, item->revision)
				       : json_new_null(tx->arena));
		json_set_moment(tx->arena, entry, "judged_at", item->judged_at);
		json_set_text(tx->arena, entry, "judged_by", item->account_name);
		json_set_boolean(tx->arena, entry, "locked", item->locked);
	}
	return items;
}

/* What has to stand on a material by hand, to the letter; or NULL. */
static const char *sentence_of(const struct review_case *file, const json *material)
{
	if (!json_get_true(material, "handwritten") ||
		!text_equal(json_get_text(material, "id"), MATERIAL_FORM))
		return NULL;
	return json_get_text(
		eligibility_condition(file->plan.manifest, file->revision.condition_id), "text");
}

/*
 * The materials asked for, each with the file of the revision. What the machine found stands beside it while
 * that file is still the newest.
 */
static enum result materials_add(struct transaction *tx, const struct application *application,
	const struct review_case *file, json *view)
{
	json *materials = json_copy(tx->arena, file->asked);
	json *newest;
	enum result rc = material_list(tx, application->id, &newest);

	if (rc)
		return rc;
	json_each(material, materials)
	{
		const char *id = json_get_text(material, "id");
		const json *pinned = json_find(file->revision.materials, "material", id);
		const json *known = json_find(newest, "material", id);
		bool same =
			pinned && known &&
			text_equal(json_get_text(pinned, "sha256"), json_get_text(known, "sha256"));

		json_set_text(tx->arena, material, "sentence", sentence_of(file, material));
		if (!pinned)
			continue;
		json *shown = json_set(
			tx->arena, material, "file", json_copy(tx->arena, same ? known : pinned));
		json_remove(shown, "file_id");
	}
	json_set(tx->arena, view, "materials", materials);
	return OK;
}

/* The last revision before this one that anybody judged; 0 if there is none. */
static enum result judged_before(
	struct transaction *tx, const struct application *application, int64_t *revision)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(revision), 0) FROM (SELECT revision FROM decision"
		" WHERE application_id = ?1 UNION ALL SELECT revision FROM judgement"
		" WHERE application_id = ?1) t WHERE revision < ?2",
		BIND(TEXT(application->id), INTEGER(application->revision)), revision, tx->error);
}

static json *copy_or_null(struct transaction *tx, const json *value)
{
	return value ? json_copy(tx->arena, value) : json_new_null(tx->arena);
}

static void change_add(struct transaction *tx, json *changes, const char *item, const char *pointer,
	const json *before, const json *after)
{
	if (json_equal(before, after) || (!before && !after))
		return;
	json *change = json_append(changes, json_new_object(tx->arena));
	json_set_text(tx->arena, change, "item", item);
	json_set_text(tx->arena, change, "pointer", pointer);
	json_set(tx->arena, change, "before", copy_or_null(tx, before));
	json_set(tx->arena, change, "after", copy_or_null(tx, after));
}

static const json *element(const json *array, size_t wanted)
{
	json_each(value, array)
	{
		if (wanted-- == 0)
			return value;
	}
	return NULL;
}

/* Row by row. */
static void list_changes(struct transaction *tx, json *changes, const char *item,
	const char *member, const json *before, const json *after)
{
	size_t most =
		json_count(before) > json_count(after) ? json_count(before) : json_count(after);

	for (size_t i = 0; i < most; i++)
		change_add(tx, changes, item, arena_printf(tx->arena, "/%s/%zu", member, i),
			element(before, i), element(after, i));
}

/* Field by field: those that there are now, then those that there were. */
static void fields_changes(struct transaction *tx, json *changes, const char *item,
	const struct review_revision *from, const struct review_revision *to)
{
	const json *before = json_get(from->form, item), *after = json_get(to->form, item);

	json_each(field, after) change_add(tx, changes, item,
		arena_printf(tx->arena, "/%s/%s", item, json_name(field)),
		json_get(before, json_name(field)), field);
	json_each(field, before)
	{
		if (!json_get(after, json_name(field)))
			change_add(tx, changes, item,
				arena_printf(tx->arena, "/%s/%s", item, json_name(field)), field,
				NULL);
	}
}

static json *topic_changes(struct transaction *tx, const struct review_revision *before,
	const struct review_revision *after)
{
	static const struct {
		const char *item, *member;
	} lists[] = {{"certificates", "certificates"}, {"certificates", "titles"},
		{"certificates", "diplomas"}, {"certificates", "trainings"}, {"work", "work"}};
	json *changes = json_new_array(tx->arena);

	change_add(tx, changes, "identity", "/identity", json_new_text(tx->arena, before->identity),
		json_new_text(tx->arena, after->identity));
	change_add(tx, changes, "condition", "/condition",
		json_new_text(tx->arena, before->condition_id),
		json_new_text(tx->arena, after->condition_id));
	fields_changes(tx, changes, "details", before, after);
	fields_changes(tx, changes, "fields", before, after);
	for (size_t i = 0; i < COUNT(lists); i++)
		list_changes(tx, changes, lists[i].item, lists[i].member,
			json_get(before->form, lists[i].member),
			json_get(after->form, lists[i].member));
	return changes;
}

static void material_change(
	struct transaction *tx, json *changes, const char *material, const char *change)
{
	json *entry = json_append(changes, json_new_object(tx->arena));

	json_set_text(tx->arena, entry, "material", material);
	json_set_text(tx->arena, entry, "change", change);
}

static json *material_changes(struct transaction *tx, const json *before, const json *after)
{
	json *changes = json_new_array(tx->arena);

	json_each(file, after)
	{
		const char *material = json_get_text(file, "material");
		const json *earlier = json_find(before, "material", material);

		if (!earlier)
			material_change(tx, changes, material, "added");
		else if (!text_equal(
				 json_get_text(earlier, "sha256"), json_get_text(file, "sha256")))
			material_change(tx, changes, material, "replaced");
	}
	json_each(file, before)
	{
		if (!json_find(after, "material", json_get_text(file, "material")))
			material_change(tx, changes, json_get_text(file, "material"), "removed");
	}
	return changes;
}

static enum result changes_add(struct transaction *tx, const struct application *application,
	const struct review_case *file, json *view)
{
	json *changes = json_new_object(tx->arena);
	struct review_revision before = file->revision;
	int64_t since;
	enum result rc = judged_before(tx, application, &since);

	if (!rc && since > 0)
		rc = review_revision_load(tx, application->id, since, &before);
	if (rc)
		return rc;
	json_set(tx->arena, changes, "since",
		since ? json_new_integer(tx->arena, since) : json_new_null(tx->arena));
	json_set(tx->arena, changes, "topics", topic_changes(tx, &before, &file->revision));
	json_set(tx->arena, changes, "materials",
		material_changes(tx, before.materials, file->revision.materials));
	json_set(tx->arena, view, "changes", changes);
	return OK;
}

static enum result history_add(
	struct transaction *tx, const struct application *application, json *view)
{
	json *revisions, *decisions;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT revision, hash, created_at AS \"created_at@\" FROM revision"
		" WHERE application_id = ?1 ORDER BY revision",
		BIND(TEXT(application->id)), &revisions, tx->error);

	if (rc)
		return rc;
	rc = store_array(tx->db, tx->arena,
		"SELECT d.id, d.revision, d.outcome, d.items AS \"items{}\", d.note,"
		" s.name AS decided_by, d.decided_at AS \"decided_at@\" FROM decision d"
		" LEFT JOIN account s ON s.id = d.account_id WHERE d.application_id = ?1"
		" ORDER BY d.revision",
		BIND(TEXT(application->id)), &decisions, tx->error);
	if (rc)
		return rc;

	json_set(tx->arena, view, "revisions", revisions);
	json_set(tx->arena, view, "decisions", decisions);
	return OK;
}

static json *plan_json(struct transaction *tx, const struct plan *plan)
{
	json *view = json_new_object(tx->arena);

	json_set_text(tx->arena, view, "id", plan->id);
	json_set_text(tx->arena, view, "code", plan->code);
	json_set_text(tx->arena, view, "name", plan->name);
	json_set_text(tx->arena, view, "occupation_code", plan->occupation_code);
	json_set_text(tx->arena, view, "occupation_name", plan->occupation_name);
	json_set_integer(tx->arena, view, "level", plan->level);
	json_set_text(tx->arena, view, "level_name", json_get_text(plan->manifest, "level_name"));
	json_set(tx->arena, view, "related", copy_or_null(tx, json_get(plan->manifest, "related")));
	json_set(tx->arena, view, "fields",
		json_copy(tx->arena, json_get(plan->manifest, "fields")));
	return view;
}

/* Which time it waits: 1 the first, 2 after a rejection. */
static int64_t round_number(const struct application *application, const json *decisions)
{
	int64_t rejections = 0;

	json_each(decision, decisions)
	{
		if (text_equal(json_get_text(decision, "outcome"), "rejected"))
			rejections++;
	}
	return rejections + (application->state != APPLICATION_REJECTED);
}

static enum result head_add(
	struct transaction *tx, const struct application *application, json *view)
{
	bool overdue =
		application->state == APPLICATION_REVIEWING && application->due_at <= tx->now;
	enum result rc = application_head(tx, application, view);

	if (rc)
		return rc;
	json_set_integer(tx->arena, view, "revision", application->revision);
	json_set(tx->arena, view, "approved_revision",
		application->approved_revision
			? json_new_integer(tx->arena, application->approved_revision)
			: json_new_null(tx->arena));
	json_set_moment(tx->arena, view, "submitted_at", application->submitted_at);
	json_set_moment(tx->arena, view, "due_at", application->due_at);
	json_set_boolean(tx->arena, view, "overdue", overdue);
	json_set_moment(tx->arena, view, "decided_at", application->decided_at);
	json_set_boolean(tx->arena, view, "manual", application->manual);
	return OK;
}

static void revision_add(struct transaction *tx, const struct review_case *file, json *view)
{
	const struct review_revision *revision = &file->revision;

	json_set(tx->arena, view, "plan", plan_json(tx, &file->plan));
	json_set_text(tx->arena, view, "identity", revision->identity);
	json_set(tx->arena, view, "condition",
		copy_or_null(
			tx, eligibility_condition(file->plan.manifest, revision->condition_id)));
	json_set(tx->arena, view, "form", json_copy(tx->arena, revision->form));
	json_set(tx->arena, view, "verdict", json_copy(tx->arena, revision->verdict));
	json_set(tx->arena, view, "items", review_items_json(tx, file));
}

enum result review_view(struct transaction *tx, struct application *application, json **out)
{
	json *lease, *view = json_new_object(tx->arena);
	struct review_case file;
	enum result rc;

	rc = review_case_load(tx, application, &file);
	if (rc)
		return rc;
	rc = head_add(tx, application, view);
	if (rc)
		return rc;
	revision_add(tx, &file, view);
	rc = lease_view(tx, application, &lease);
	if (rc)
		return rc;
	json_set(tx->arena, view, "lease", lease);
	rc = materials_add(tx, application, &file, view);
	if (rc)
		return rc;
	rc = changes_add(tx, application, &file, view);
	if (rc)
		return rc;
	rc = history_add(tx, application, view);
	if (rc)
		return rc;

	json_set_integer(
		tx->arena, view, "round", round_number(application, json_get(view, "decisions")));
	*out = view;
	return OK;
}
