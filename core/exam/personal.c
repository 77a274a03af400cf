/*
 * Consents are a history that only grows; everything else here is read from where it stands anyhow.
 */
#include "personal.h"

#include "account.h"
#include "application.h"
#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "material.h"
#include "payment_order.h"

#define RECOVERIES_MOST 20

/* When the desk gave the account another number, and why: from the audit log, which nobody can change. */
static enum result recoveries_list(struct transaction *tx, json **out)
{
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT happened_at AS \"recovered_at@\", detail AS \"detail{}\" FROM audit"
		" WHERE subject = ?1 AND action = 'account.recovered'"
		" ORDER BY sequence DESC LIMIT ?2",
		BIND(TEXT(tx->actor.id), INTEGER(RECOVERIES_MOST)), out, tx->error);

	json_each(row, rc ? NULL : *out)
	{
		json_set_text(tx->arena, row, "reason",
			json_text(json_at_pointer(row, "/detail/reason")));
		json_remove(row, "detail");
	}
	return rc;
}

enum result personal_view(struct transaction *tx, json **out)
{
	const char *mobile = NULL;
	json *view = NULL, *consents = NULL, *recoveries = NULL;
	enum result rc = account_mobile(tx, tx->actor.id, &mobile);

	rc = rc ? rc
		: store_object(tx->db, tx->arena,
			  "SELECT a.created_at AS \"created_at@\", e.asked_at AS \"erasure_asked_at@\""
			  " FROM account a LEFT JOIN erasure e ON e.account_id = a.id WHERE a.id = ?1",
			  BIND(TEXT(tx->actor.id)), &view, tx->error);
	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT kind, granted AS \"granted?\", text, decided_at AS \"decided_at@\""
			  " FROM consent WHERE id IN (SELECT MAX(id) FROM consent WHERE account_id = ?1"
			  " GROUP BY kind) ORDER BY kind",
			  BIND(TEXT(tx->actor.id)), &consents, tx->error);
	rc = rc ? rc : recoveries_list(tx, &recoveries);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "mobile", mobile);
	json_set(tx->arena, view, "consents", consents);
	json_set(tx->arena, view, "recoveries", recoveries);
	*out = view;
	return OK;
}

/* A face and an identity card are sensitive (PIPL, articles 28 and 29): each has a consent of its own. */
static const struct {
	const char *material_kind, *consent, *missing;
} sensitive[] = {{"portrait", "portrait", "consent.no_portrait"},
	{"photo", "id_images", "consent.no_id_images"}};

/* The history is kept for good, so a day of it has an end; what is taken back twice was taken back once. To take one
 * back is never refused. */
static enum result consent_news(struct transaction *tx, const char *kind, bool granted, bool *news)
{
	int64_t given, withdrawn;
	enum result rc = store_integer(tx->db,
		"SELECT COUNT(*) FROM consent WHERE account_id = ?1 AND granted = 1 AND decided_at > ?2",
		BIND(TEXT(tx->actor.id), INTEGER(tx->now - DAY_MS)), &given, tx->error);

	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COALESCE((SELECT 1 - granted FROM consent WHERE account_id = ?1"
			  " AND kind = ?2 ORDER BY id DESC LIMIT 1), 0)",
			  BIND(TEXT(tx->actor.id), TEXT(kind)), &withdrawn, tx->error);
	if (rc)
		return rc;
	if (granted && given >= LIMIT_DAY_CONSENTS)
		return fail(tx->error, TOO_MANY, "consent.many", NULL);
	*news = granted || !withdrawn;
	return OK;
}

/* What was kept by a consent that is taken back is erased (article 47), but for what was handed in, which is the
 * centre's to archive or to erase (erasure.h). */
static enum result withdrawn(struct transaction *tx, const char *kind)
{
	enum result rc = OK;

	for (size_t i = 0; i < COUNT(sensitive) && !rc; i++) {
		if (text_equal(sensitive[i].consent, kind))
			rc = materials_forget(tx, tx->actor.id, sensitive[i].material_kind);
	}
	return rc;
}

/* The newest counts, whatever has become of the clock. */
static enum result consent_write(
	struct transaction *tx, const char *kind, bool granted, const char *text)
{
	const char *newest;
	enum result rc = store_text(tx->db, tx->arena,
		"SELECT COALESCE(MAX(id), '') FROM consent WHERE account_id = ?1",
		BIND(TEXT(tx->actor.id)), &newest, tx->error);

	if (rc)
		return rc;
	return store_run(tx->db,
		"INSERT INTO consent (id, account_id, kind, granted, text, decided_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		BIND(TEXT(id_create_after(tx->arena, newest)), TEXT(tx->actor.id), TEXT(kind),
			INTEGER(granted), TEXT(text), INTEGER(tx->now)),
		tx->error);
}

enum result personal_consent(
	struct transaction *tx, const char *kind, bool granted, const char *text)
{
	json *detail = json_new_object(tx->arena);
	bool news = false;
	enum result rc = consent_news(tx, kind, granted, &news);

	if (rc || !news)
		return rc;
	rc = consent_write(tx, kind, granted, text);
	rc = rc || granted ? rc : withdrawn(tx, kind);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "kind", kind);
	return audit_append(
		tx, granted ? "consent.granted" : "consent.withdrawn", tx->actor.id, detail);
}

static enum result expect_granted(
	struct transaction *tx, const char *account_id, const char *consent, const char *missing)
{
	int64_t granted;
	enum result rc = store_integer(tx->db,
		"SELECT COALESCE((SELECT granted FROM consent WHERE account_id = ?1 AND kind = ?2"
		" ORDER BY id DESC LIMIT 1), 0)",
		BIND(TEXT(account_id), TEXT(consent)), &granted, tx->error);

	if (rc || granted)
		return rc;
	return fail(tx->error, CONFLICT, missing, NULL);
}

enum result personal_expect_consent(
	struct transaction *tx, const char *account_id, const char *material_kind)
{
	for (size_t i = 0; i < COUNT(sensitive); i++) {
		if (text_equal(sensitive[i].material_kind, material_kind))
			return expect_granted(
				tx, account_id, sensitive[i].consent, sensitive[i].missing);
	}
	return OK;
}

enum result personal_took_back(struct transaction *tx, const char *account_id, bool *out)
{
	return store_has(tx->db, "SELECT 1 FROM consent WHERE account_id = ?1 AND granted = 0",
		BIND(TEXT(account_id)), out, tx->error);
}

enum result personal_erasure(struct transaction *tx, bool asked)
{
	enum result rc =
		asked ? store_run(tx->db,
				"INSERT INTO erasure (account_id, asked_at) VALUES (?1, ?2)"
				" ON CONFLICT (account_id) DO NOTHING",
				BIND(TEXT(tx->actor.id), INTEGER(tx->now)), tx->error)
		      : store_run(tx->db, "DELETE FROM erasure WHERE account_id = ?1",
				BIND(TEXT(tx->actor.id)), tx->error);

	if (rc || store_changes(tx->db) == 0)
		return rc;
	return audit_append(tx, asked ? "erasure.asked" : "erasure.withdrawn", tx->actor.id, NULL);
}

/* Each as its candidate sees it, with form, verdict, decisions and papers. */
static enum result applications_data(struct transaction *tx, json *ids, json *out)
{
	json_each(row, ids)
	{
		struct application application;
		json *view = NULL;
		enum result rc = application_load(tx, json_get_text(row, "id"), &application);

		rc = rc ? rc : application_view(tx, &application, &view);
		if (rc)
			return rc;
		json_append(out, view);
	}
	return OK;
}

static enum result orders_data(struct transaction *tx, json **out)
{
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT o.id, o.number, o.application_id, o.provider, o.amount_fen,"
		" o.created_at AS \"created_at@\" FROM payment_order o"
		" JOIN application a ON a.id = o.application_id WHERE a.account_id = ?1 ORDER BY o.id",
		BIND(TEXT(tx->actor.id)), out, tx->error);

	json_each(order, rc ? NULL : *out) rc = rc ? rc : payment_order_events(tx, order);
	return rc;
}

enum result personal_data(struct transaction *tx, json **out)
{
	json *view = json_new_object(tx->arena), *applications = json_new_array(tx->arena);
	json *account = NULL, *consents = NULL, *ids = NULL, *orders = NULL, *sessions = NULL;
	enum result rc = personal_view(tx, &account);

	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT kind, granted AS \"granted?\", text, decided_at AS \"decided_at@\""
			  " FROM consent WHERE id IN (SELECT id FROM consent WHERE account_id = ?1"
			  " ORDER BY id DESC LIMIT ?2) ORDER BY id",
			  BIND(TEXT(tx->actor.id), INTEGER(LIMIT_CONSENTS_SHOWN)), &consents,
			  tx->error);
	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT id FROM application WHERE account_id = ?1 ORDER BY created_at",
			  BIND(TEXT(tx->actor.id)), &ids, tx->error);
	rc = rc ? rc : applications_data(tx, ids, applications);
	rc = rc ? rc : orders_data(tx, &orders);
	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT created_at AS \"created_at@\", seen_at AS \"seen_at@\" FROM session"
			  " WHERE account_id = ?1 ORDER BY created_at",
			  BIND(TEXT(tx->actor.id)), &sessions, tx->error);
	if (rc)
		return rc;
	json_set(tx->arena, view, "account", account);
	json_set(tx->arena, view, "consents", consents);
	json_set(tx->arena, view, "applications", applications);
	json_set(tx->arena, view, "orders", orders);
	json_set(tx->arena, view, "sessions", sessions);
	*out = view;
	return OK;
}
