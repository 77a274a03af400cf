/*
 * The table `payment_notice`.
 */
#include "payment_notice.h"

#include <string.h>

#include "base/text.h"
#include "payment_account.h"
#include "payment_call.h"
#include "payment_difference.h"
#include "payment_errand.h"
#include "payment_order.h"
#include "payment_refund.h"

enum result payment_notice_read(struct transaction *tx, const struct wechat_signature *signature,
	struct bytes body, struct payment_notice *out)
{
	struct payment_notice notice = {0};
	enum result rc;

	/* Without an account no key is known. */
	rc = payment_account_load(tx, &notice.account);
	if (rc == NOT_FOUND)
		error_forget(tx->error);
	else if (rc)
		return rc;
	rc = wechat_verify(tx->arena, &notice.account, signature, body, tx->now, tx->error);
	rc = rc ? rc
		: wechat_notice_open(tx->arena, &notice.account, body, &notice.content, tx->error);
	if (rc)
		return rc;
	*out = notice;
	return OK;
}

static enum result keep(
	struct transaction *tx, const struct wechat_notice *notice, const char *subject)
{
	return store_run(tx->db,
		"INSERT INTO payment_notice (id, kind, subject, received_at) VALUES (?1, ?2, ?3, ?4)",
		BIND(TEXT(notice->id), TEXT(notice->event_type), TEXT(subject ? subject : ""),
			INTEGER(tx->now)),
		tx->error);
}

/* ---- What does not fit ---- */

/* Told to a person, and refused; the error is as it was. */
static enum result refuse(struct transaction *tx, enum result refusal, const char *kind,
	const char *subject, json *detail)
{
	struct error error = *tx->error;
	enum result rc;

	error_forget(tx->error);
	rc = difference_found(tx, kind, subject ? subject : "", NULL, detail);
	if (rc)
		return rc;
	*tx->error = error;
	return refusal;
}

static json *payment_detail(struct arena *arena, const struct wechat_payment *payment)
{
	json *detail = json_new_object(arena);

	json_set_text(arena, detail, "mchid", payment->mchid);
	json_set_text(arena, detail, "appid", payment->appid);
	json_set_text(arena, detail, "number", payment->number);
	json_set_text(arena, detail, "transaction_id", payment->transaction_id);
	json_set_text(arena, detail, "currency", payment->currency);
	json_set_integer(arena, detail, "amount_fen", payment->total_fen);
	return detail;
}

static json *refund_detail(struct arena *arena, const struct wechat_refunded *refund)
{
	json *detail = json_new_object(arena);

	json_set_text(arena, detail, "mchid", refund->mchid);
	json_set_text(arena, detail, "number", refund->number);
	json_set_text(arena, detail, "order_number", refund->order_number);
	json_set_text(arena, detail, "state", refund->state);
	json_set_integer(arena, detail, "amount_fen", refund->refund_fen);
	return detail;
}

/* The provider's own number, by which the audit log names what does not fit: it has one line. */
static bool number_valid(const char *number)
{
	return !number || !strpbrk(number, "\r\n");
}

/* ---- Payments ---- */

/* Only what was asked for: another amount is believed from an answer to our own question, not from a notice. */
static enum result payment_take(struct transaction *tx, const struct payment_notice *notice,
	const struct wechat_payment *payment, const json *order)
{
	const char *id = json_get_text(order, "id");
	enum result rc;

	if (payment->total_fen == json_get_integer(order, "amount_fen"))
		return payment_take_wechat(tx, &notice->account, order, payment, COUNT_TOLD);
	rc = payment_call_put(tx, id, id, "query", tx->now);
	return rc ? rc : fail(tx->error, CONFLICT, "wechat.amount", NULL);
}

static enum result paid(struct transaction *tx, const struct payment_notice *notice)
{
	struct wechat_payment payment = wechat_payment_read(notice->content.resource);
	json *order;
	enum result rc = OK;

	if (!text_equal(payment.state, "SUCCESS") || !number_valid(payment.transaction_id))
		return fail(tx->error, MALFORMED, "wechat.notice", NULL);
	if (text_equal(payment.mchid, notice->account.mchid) &&
		text_equal(payment.appid, notice->account.appid))
		rc = payment_order_by_number(tx, payment.number, &order);
	else
		rc = fail(tx->error, CONFLICT, "wechat.not_ours", NULL);
	if (rc == NOT_FOUND || (!rc && !text_equal(json_get_text(order, "provider"), "wechat"))) {
		error_forget(tx->error);
		return refuse(tx, fail(tx->error, NOT_FOUND, "wechat.unknown", NULL),
			"unknown_payment", payment.transaction_id,
			payment_detail(tx->arena, &payment));
	}
	rc = rc ? rc : payment_take(tx, notice, &payment, order);
	if (rc == CONFLICT)
		return refuse(tx, rc, "strange_payment", payment.transaction_id,
			payment_detail(tx->arena, &payment));
	return rc ? rc : keep(tx, &notice->content, payment.number);
}

/* ---- Refunds ---- */

static enum result refunded(struct transaction *tx, const struct payment_notice *notice)
{
	struct wechat_refunded said = wechat_refunded_read(notice->content.resource);
	json *refund;

	if (!number_valid(said.refund_id))
		return fail(tx->error, MALFORMED, "wechat.notice", NULL);
	enum result rc = payment_refund_by_number(tx, said.number, &refund);
	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		return refuse(tx, fail(tx->error, NOT_FOUND, "wechat.unknown", NULL),
			"unknown_refund", said.refund_id, refund_detail(tx->arena, &said));
	}
	if (rc)
		return rc;
	if (!text_equal(said.mchid, notice->account.mchid) ||
		!text_equal(said.order_number, json_get_text(refund, "order_number")) ||
		said.refund_fen != json_get_integer(refund, "amount_fen"))
		return refuse(tx, fail(tx->error, CONFLICT, "wechat.not_ours", NULL),
			"strange_refund", said.refund_id, refund_detail(tx->arena, &said));
	if (text_equal(said.state, "SUCCESS") || text_equal(said.state, "PROCESSING"))
		rc = payment_refund_told(tx, refund, said.state, said.refund_id, said.success_at);
	else
		rc = payment_refund_doubted(tx, refund);
	return rc ? rc : keep(tx, &notice->content, said.number);
}

enum result payment_notice_take(struct transaction *tx, const struct payment_notice *notice)
{
	struct transaction as_system = *tx;
	bool old;
	enum result rc = store_has(tx->db, "SELECT 1 FROM payment_notice WHERE id = ?1",
		BIND(TEXT(notice->content.id)), &old, tx->error);

	if (rc || old)
		return rc;
	as_system.actor = (struct actor){.kind = ACTOR_SYSTEM};
	if (text_equal(notice->content.event_type, "TRANSACTION.SUCCESS"))
		return paid(&as_system, notice);
	if (text_starts(notice->content.event_type, "REFUND."))
		return refunded(&as_system, notice);
	return keep(tx, &notice->content, NULL);
}
