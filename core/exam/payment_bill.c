/*
 * The table `payment_bill`, and the match.
 */
#include "payment_bill.h"

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "outbound/trade_bill.h"
#include "payment.h"
#include "payment_account.h"
#include "payment_call.h"
#include "payment_closing.h"
#include "payment_difference.h"
#include "payment_refund.h"

/* A refund stands in the bill of the day on which the provider took it; we know that moment by when we heard of it, or
 * by its success, if that was before. So near midnight it may be of either day, and one that failed at first may be of
 * any. */
#define MIDNIGHT_MS (10 * MINUTE_MS)

struct match {
	const char *day;
	int64_t from, until;
	struct trade_bill bill;
	int64_t differences;
};

static enum result differ(struct transaction *tx, struct match *match, const char *kind,
	const char *subject, json *detail)
{
	match->differences++;
	return difference_found(tx, kind, subject, match->day, detail);
}

static json *detail_of(
	struct arena *arena, const char *number, int64_t bill_fen, int64_t ledger_fen)
{
	json *detail = json_new_object(arena);

	json_set_text(arena, detail, "number", number);
	json_set_integer(arena, detail, "bill_fen", bill_fen);
	json_set_integer(arena, detail, "ledger_fen", ledger_fen);
	return detail;
}

/* ---- What the bill has ---- */

/* Ours, but the ledger does not know that it was paid: the provider is asked, before anything that is due. */
static enum result payment_ask(
	struct transaction *tx, const struct match *match, const char *number)
{
	const char *id;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT id FROM payment_order WHERE number = ?1 AND provider = 'wechat'",
		BIND(TEXT(number)), &id, tx->error);

	return rc || !id ? rc : payment_call_put(tx, id, id, "query", match->from);
}

static enum result payment_match(
	struct transaction *tx, struct match *match, const struct bill_row *row)
{
	json *known;
	enum result rc = store_find(tx->db, tx->arena,
		"SELECT o.number, e.amount_fen FROM payment_event e"
		" JOIN payment_order o ON o.id = e.order_id"
		" WHERE o.provider = 'wechat' AND e.reference = ?1 AND " LEDGER_MONEY_SQL,
		BIND(TEXT(row->transaction_id)), &known, tx->error);
	int64_t fen = rc ? 0 : json_get_integer(known, "amount_fen");

	if (rc || (known && fen == row->total_fen &&
			  text_equal(json_get_text(known, "number"), row->number)))
		return rc;
	rc = differ(tx, match, known ? "bill_otherwise" : "bill_only", row->transaction_id,
		detail_of(tx->arena, row->number, row->total_fen, fen));
	return rc || known ? rc : payment_ask(tx, match, row->number);
}

/* NULL: none of ours. */
static enum result refund_find(struct transaction *tx, const char *number, const json **out)
{
	json *refund = NULL;
	enum result rc = payment_refund_by_number(tx, number, &refund);

	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		rc = OK;
	}
	*out = text_equal(json_get_text(refund, "provider"), "wechat") ? refund : NULL;
	return rc;
}

static bool refund_fits(const json *refund, const struct bill_row *row)
{
	return json_get_integer(refund, "amount_fen") == row->refund_fen &&
	       text_equal(json_get_text(refund, "order_number"), row->number);
}

/* What is different, NULL: nothing. That one is under way or has failed is no news, and an older bill knows less. */
static const char *refund_difference(const json *refund, const struct bill_row *row)
{
	const char *state = json_get_text(refund, "state");
	bool done = text_equal(row->refund_state, "SUCCESS");

	if (!refund || text_equal(state, "asked"))
		return "bill_refund_only";
	if (!refund_fits(refund, row))
		return "bill_refund_otherwise";
	if (text_equal(state, "declined"))
		return done || text_equal(row->refund_state, "PROCESSING") ? "refund_declined"
									   : NULL;
	return done && !text_equal(state, "refunded") ? "bill_refund_done" : NULL;
}

/* A refund of ours that went otherwise than we know: the provider is asked, and the ledger follows its answer. */
static enum result refund_match(
	struct transaction *tx, struct match *match, const struct bill_row *row)
{
	const json *refund;
	enum result rc = refund_find(tx, row->refund_number, &refund);
	const char *kind = rc ? NULL : refund_difference(refund, row);

	if (!kind)
		return rc;
	rc = differ(tx, match, kind, refund ? row->refund_number : row->refund_id,
		detail_of(tx->arena, row->refund_number, row->refund_fen,
			json_get_integer(refund, "amount_fen")));
	if (rc || !refund || !refund_fits(refund, row))
		return rc;
	return payment_call_put(tx, json_get_text(refund, "id"), json_get_text(refund, "order_id"),
		"query_refund", match->from);
}

/* Each row with memory of its own: a merchant's bill may have very many that the ledger has not. */
static enum result bill_match(struct transaction *tx, struct match *match)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct transaction one = *tx;
	enum result rc = OK;

	one.arena = scratch;
	for (size_t i = 0; !rc && i < match->bill.count; i++) {
		const struct bill_row *row = &match->bill.rows[i];

		rc = row->refund ? refund_match(&one, match, row) : payment_match(&one, match, row);
		arena_reset(scratch);
	}
	return rc;
}

/* ---- What the ledger has ---- */

static int key_order(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

struct keys {
	const char **list;
	size_t count;
};

static struct keys keys_of(struct arena *arena, const struct trade_bill *bill, bool refunds)
{
	struct keys keys = {.list = NEW_ARRAY(arena, const char *, bill->count + 1)};

	for (size_t i = 0; i < bill->count; i++) {
		const struct bill_row *row = &bill->rows[i];

		if (row->refund == refunds)
			keys.list[keys.count++] =
				refunds ? row->refund_number : row->transaction_id;
	}
	qsort(keys.list, keys.count, sizeof(*keys.list), key_order);
	return keys;
}

static bool has(const struct keys *keys, const char *key)
{
	return keys->count > 0 &&
	       bsearch(&key, keys->list, keys->count, sizeof(*keys->list), key_order);
}

/* Rows of the ledger, key, number and amount, that the bill lacks. */
static enum result ledger_match(struct transaction *tx, struct match *match, const char *sql,
	int64_t from, int64_t until, const struct keys *keys, const char *kind)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct transaction one = *tx;
	enum result rc =
		store_query(tx->db, &rows, sql, BIND(INTEGER(from), INTEGER(until)), tx->error);

	one.arena = scratch;
	while (!rc && cursor_next(&rows)) {
		const char *key = cursor_text(&rows, 0, scratch);

		if (!has(keys, key))
			rc = differ(&one, match, kind, key,
				detail_of(scratch, cursor_text(&rows, 1, scratch), 0,
					cursor_integer(&rows, 2)));
		arena_reset(scratch);
	}
	return rc ? rc : cursor_end(&rows, tx->error);
}

static enum result ledger_both(struct transaction *tx, struct match *match)
{
	struct keys payments = keys_of(tx->arena, &match->bill, false);
	struct keys refunds = keys_of(tx->arena, &match->bill, true);
	enum result rc = ledger_match(tx, match,
		"SELECT e.reference, o.number, e.amount_fen FROM payment_event e"
		" JOIN payment_order o ON o.id = e.order_id WHERE o.provider = 'wechat'"
		" AND " LEDGER_MONEY_SQL " AND e.provider_at >= ?1 AND e.provider_at < ?2",
		match->from, match->until, &payments, "ledger_only");

	return rc ? rc
		  : ledger_match(tx, match,
			    "SELECT r.number, o.number, r.amount_fen FROM payment_refund r"
			    " JOIN payment_order o ON o.id = r.order_id WHERE o.provider = 'wechat'"
			    " AND r.id IN (SELECT refund_id FROM payment_event"
			    " WHERE refund_id IS NOT NULL AND happened_at BETWEEN ?1 AND ?2"
			    " UNION SELECT refund_id FROM payment_event"
			    " WHERE refund_id IS NOT NULL AND provider_at BETWEEN ?1 AND ?2)"
			    " AND (SELECT MIN(COALESCE(e.provider_at, e.happened_at)) FROM payment_event e"
			    " WHERE e.refund_id = r.id AND e.kind IN ('refund_sent', 'refunded'))"
			    " BETWEEN ?1 AND ?2"
			    " AND NOT EXISTS (SELECT 1 FROM payment_event e"
			    " WHERE e.refund_id = r.id AND e.kind = 'refund_failed')",
			    match->from + MIDNIGHT_MS, match->until - MIDNIGHT_MS, &refunds,
			    "ledger_refund_only");
}

/* ---- What the applications have ---- */

/* Money of that day for which nobody is admitted and which nobody asks back; and who is admitted without, since the
 * ticket was issued or money went back on that day. */
static enum result applications_match(struct transaction *tx, struct match *match)
{
	const struct keys none = {.list = NULL};
	enum result rc = ledger_match(tx, match,
		"SELECT o.number, a.number, " LEDGER_BALANCE_SQL " FROM payment_order o"
		" JOIN application a ON a.id = o.application_id WHERE o.provider = 'wechat'"
		" AND a.state NOT IN ('approved', 'ticketed')"
		" AND o.id IN (SELECT order_id FROM payment_event WHERE " LEDGER_MONEY_SQL
		" AND provider_at >= ?1 AND provider_at < ?2) AND " LEDGER_BALANCE_SQL " > 0"
		" AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.order_id = o.id)",
		match->from, match->until, &none, "money_unused");

	return rc ? rc
		  : ledger_match(tx, match,
			    "SELECT a.number, p.code, p.fee_fen FROM application a"
			    " JOIN plan p ON p.id = a.plan_id"
			    " WHERE a.state = 'ticketed' AND a.id IN (SELECT application_id FROM ticket"
			    " WHERE issued_at >= ?1 AND issued_at < ?2"
			    " UNION SELECT o.application_id FROM payment_event e"
			    " JOIN payment_order o ON o.id = e.order_id WHERE e.refund_id IS NOT NULL"
			    " AND e.happened_at >= ?1 AND e.happened_at < ?2)"
			    " AND NOT " PAYMENT_PAID_SQL,
			    match->from, match->until, &none, "ticket_unpaid");
}

/* ---- Asking again ---- */

/* What failed may be settled at the provider on any later day, and stands in a bill that was matched long ago. */
static enum result failed_ask(struct transaction *tx, const struct match *match)
{
	json *rows;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT r.id, r.order_id FROM payment_refund r JOIN payment_event e ON e.id ="
		" (SELECT MAX(x.id) FROM payment_event x WHERE x.refund_id = r.id)"
		" WHERE r.created_at >= ?1 AND e.kind IN ('refund_failed', 'refund_declined')"
		" AND EXISTS (SELECT 1 FROM payment_event x WHERE x.refund_id = r.id"
		" AND x.kind = 'refund_failed')",
		BIND(INTEGER(tx->now - LIMIT_TRADE_BILL_DAYS * DAY_MS)), &rows, tx->error);

	json_each(row, rc ? NULL : rows)
	{
		rc = payment_call_put(tx, json_get_text(row, "id"), json_get_text(row, "order_id"),
			"query_refund", match->from);
		if (rc)
			return rc;
	}
	return rc;
}

/* ---- The whole ---- */

static enum result day_read(struct transaction *tx, const char *day, struct match *match)
{
	struct date date;

	if (date_parse(day, &date) || moment_of_date_end(date) > tx->now)
		return fail(tx->error, INVALID, "payment.bill_day", NULL);
	match->day = date_text(tx->arena, date);
	match->from = moment_of_date(date);
	match->until = moment_of_date_end(date);
	return OK;
}

#define BILL                                                                                       \
	"SELECT day, payments, payments_fen, refunds, refunds_fen, differences, matched_at AS"     \
	" \"matched_at@\" FROM payment_bill"

static enum result bill_keep(struct transaction *tx, const struct match *match, struct bytes text)
{
	const struct trade_bill *bill = &match->bill;
	json *detail = json_new_object(tx->arena);
	char hash[SHA256_HEX_SIZE];

	sha256_hex(text, hash);
	json_set_integer(tx->arena, detail, "differences", match->differences);
	json_set_text(tx->arena, detail, "sha256", hash);
	enum result rc = store_run(tx->db,
		"INSERT INTO payment_bill (day, sha256, payments, payments_fen, refunds, refunds_fen,"
		" differences, matched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (day) DO UPDATE SET sha256 = excluded.sha256,"
		" payments = excluded.payments, payments_fen = excluded.payments_fen,"
		" refunds = excluded.refunds, refunds_fen = excluded.refunds_fen,"
		" differences = excluded.differences, matched_at = excluded.matched_at",
		BIND(TEXT(match->day), TEXT(hash), INTEGER(bill->payments),
			INTEGER(bill->payments_fen), INTEGER(bill->refunds),
			INTEGER(bill->refunds_fen), INTEGER(match->differences), INTEGER(tx->now)),
		tx->error);
	rc = rc ? rc
		: store_run(tx->db, "DELETE FROM payment_closing WHERE day = ?1",
			  BIND(TEXT(match->day)), tx->error);
	return rc ? rc : audit_append(tx, "payment.bill_matched", match->day, detail);
}

static enum result merchant_check(
	struct transaction *tx, const struct trade_bill *bill, const char *mchid)
{
	for (size_t i = 0; i < bill->count; i++)
		if (!text_equal(bill->rows[i].mchid, mchid))
			return fail(tx->error, INVALID, "payment.bill_merchant", "mchid",
				bill->rows[i].mchid, NULL);
	return OK;
}

static enum result day_check(struct transaction *tx, const struct match *match)
{
	for (size_t i = 0; i < match->bill.count; i++) {
		const char *at = match->bill.rows[i].at;

		if (!text_starts(at, match->day))
			return fail(tx->error, INVALID, "payment.bill_other_day", "day",
				arena_text_part(tx->arena, at, strcspn(at, " ")), NULL);
	}
	return OK;
}

/* `text` NULL: an empty bill. */
static enum result whole_match(
	struct transaction *tx, const char *day, const struct bytes *text, json **out)
{
	struct wechat_account account;
	struct match match = {0};
	enum result rc = payment_account_load(tx, &account);

	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		rc = fail(tx->error, CONFLICT, "payment.account_none", NULL);
	}
	rc = rc ? rc : day_read(tx, day, &match);
	if (!rc && text)
		rc = trade_bill_read(tx->arena, *text, &match.bill, tx->error);
	rc = rc ? rc : merchant_check(tx, &match.bill, account.mchid);
	rc = rc ? rc : day_check(tx, &match);
	rc = rc ? rc : bill_match(tx, &match);
	rc = rc ? rc : ledger_both(tx, &match);
	rc = rc ? rc : applications_match(tx, &match);
	rc = rc ? rc : failed_ask(tx, &match);
	rc = rc ? rc : bill_keep(tx, &match, text ? *text : bytes_of("", 0));
	return rc ? rc
		  : store_object(tx->db, tx->arena, BILL " WHERE day = ?1", BIND(TEXT(match.day)),
			    out, tx->error);
}

enum result payment_bill_match(
	struct transaction *tx, const char *day, struct bytes text, json **out)
{
	return whole_match(tx, day, &text, out);
}

enum result payment_bill_match_none(struct transaction *tx, const char *day, json **out)
{
	return whole_match(tx, day, NULL, out);
}

enum result payment_bill_list(struct transaction *tx, const struct page *page, json **out)
{
	json *rows, *waiting, *view = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		BILL " WHERE (?1 = 0 OR day < ?2) ORDER BY day DESC LIMIT ?3",
		BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1)), &rows,
		tx->error);

	rc = rc ? rc : payment_closing_waiting(tx, &waiting);
	if (rc)
		return rc;
	json_set(tx->arena, view, "waiting", waiting);
	page_end(tx->arena, page, view, "bills", rows, NULL, "day");
	*out = view;
	return OK;
}
