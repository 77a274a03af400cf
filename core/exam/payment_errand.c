/*
 * Asking WeChat Pay, and what comes of its answers.
 *
 * The one hard thing: an answer may be older than what a notice has told meanwhile. So it is weighed against the row as
 * it stands: what it says of money counts always, anything else only if the question is still open.
 */
#include "payment_errand.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "errand.h"
#include "outbound/wechat_pay.h"
#include "payment_account.h"
#include "payment_call.h"
#include "payment_difference.h"
#include "payment_ledger.h"
#include "payment_money.h"
#include "payment_order.h"
#include "payment_refund.h"

#define PLACE_LEAST MINUTE_MS /* an order with less time left than that is not placed any more */

/* One question, and its answer. */
struct visit {
	struct payment_call call;
	size_t hosts; /* that can be asked, one after another */
	const char *
		what; /* may be wiser than the call: an order that is over is not placed any more */
	const json *order, *refund; /* refund: NULL of an order's own */
	struct https_exchange exchange;
	struct wechat_answer answer;
	bool judged;
};

struct visits {
	struct wechat_account account;
	bool no_account;
	struct visit *list;
	size_t count;
};

static bool asks(const struct visit *visit, const char *what)
{
	return text_equal(visit->what, what);
}

static const char *number_of(const struct visit *visit)
{
	return json_get_text(visit->refund ? visit->refund : visit->order, "number");
}

/* ---- Asking ---- */

static enum result look(struct transaction *tx, struct errands *out)
{
	int64_t at;
	enum result rc = payment_call_next(tx, &at);

	if (rc)
		return rc;
	*out = (struct errands){.count = at && at <= tx->now, .next_at = at};
	return OK;
}

static struct https_request place(const struct wechat_caller *caller, const struct visit *visit)
{
	const json *order = visit->order;
	const struct wechat_order content = {
		.number = json_get_text(order, "number"),
		.description =
			arena_printf(caller->arena, "%s %s", json_get_text(order, "plan_name"),
				json_get_text(order, "application_number")),
		.total_fen = json_get_integer(order, "amount_fen"),
		.expires_at = json_get_moment(order, "expires_at"),
	};

	return wechat_place(caller, &content);
}

static enum result refund_request(struct transaction *tx, const struct wechat_caller *caller,
	const struct visit *visit, struct https_request *out)
{
	json *money;
	enum result rc = store_object(tx->db, tx->arena,
		"SELECT reference, amount_fen FROM payment_event WHERE order_id = ?1"
		" AND " LEDGER_MONEY_SQL " ORDER BY id LIMIT 1",
		BIND(TEXT(visit->call.order_id)), &money, tx->error);

	if (rc)
		return rc;
	*out = wechat_refund(
		caller, &(struct wechat_refund){
				.number = number_of(visit),
				.transaction_id = json_get_text(money, "reference"),
				.reason = json_get_text(visit->refund, "reason"),
				.refund_fen = json_get_integer(visit->refund, "amount_fen"),
				.total_fen = json_get_integer(money, "amount_fen"),
			});
	return OK;
}

static enum result request_build(
	struct transaction *tx, const struct wechat_account *account, struct visit *visit)
{
	const struct wechat_caller caller = {tx->arena, account, tx->now, visit->call.attempts};
	struct https_request *request = &visit->exchange.request;

	if (asks(visit, "place") &&
		json_get_moment(visit->order, "expires_at") < tx->now + PLACE_LEAST)
		visit->what = "query";
	if (asks(visit, "place"))
		*request = place(&caller, visit);
	else if (asks(visit, "query"))
		*request = wechat_query(&caller, number_of(visit));
	else if (asks(visit, "close"))
		*request = wechat_close(&caller, number_of(visit));
	else if (asks(visit, "query_refund"))
		*request = wechat_query_refund(&caller, number_of(visit));
	else
		return refund_request(tx, &caller, visit, request);
	return OK;
}

static enum result visit_load(
	struct transaction *tx, const struct payment_call *call, struct visit *out)
{
	json *order = NULL, *refund = NULL;
	enum result rc = payment_order_by_id(tx, call->order_id, &order);

	if (!rc && !text_equal(call->subject_id, call->order_id))
		rc = payment_refund_by_id(tx, call->subject_id, &refund);
	*out = (struct visit){.call = *call, .what = call->what, .order = order, .refund = refund};
	return rc;
}

static enum result prepare(struct transaction *tx, struct errands *errands)
{
	struct visits *visits = errands->batch = NEW(tx->arena, struct visits);
	struct payment_call *calls = NULL;
	size_t count = 0;
	enum result rc = payment_account_load(tx, &visits->account);

	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		visits->no_account = true;
		return OK;
	}
	rc = rc ? rc : payment_call_due(tx, LIMIT_PAYMENT_BATCH, &calls, &count);
	visits->list = NEW_ARRAY(tx->arena, struct visit, count);
	errands->exchanges = NEW_ARRAY(tx->arena, struct https_exchange *, count);
	for (size_t i = 0; !rc && i < count; i++) {
		struct visit *visit = &visits->list[visits->count++];

		rc = visit_load(tx, &calls[i], visit);
		visit->hosts = visits->account.host_count;
		rc = rc ? rc : request_build(tx, &visits->account, visit);
		errands->exchanges[i] = &visit->exchange;
	}
	errands->exchange_count = visits->count;
	return rc;
}

/* ---- Answers ---- */

/* Nothing is settled: the same again, later. */
static enum result ask_again(struct transaction *tx, const struct visit *visit)
{
	const struct wechat_answer *answer = &visit->answer;
	bool refused = answer->outcome == WECHAT_REFUSED;
	bool left = visit->exchange.answer.outcome != HTTPS_UNREACHABLE;

	if (!left && (visit->call.attempts + 1) % (int64_t)visit->hosts != 0)
		return payment_call_elsewhere(tx, &visit->call);
	payment_count(COUNT_UNSETTLED);
	log_event(refused ? LOG_ERROR : LOG_WARNING, "payment.unsettled", "tenant",
		tenant_slug(tx->tenant), "what", visit->what, "number", number_of(visit), "said",
		answer->code, "detail", visit->exchange.answer.trouble, NULL);
	return payment_call_again(tx, &visit->call,
		refused ? "payment.provider_refuses" : "payment.provider_silent", answer->code);
}

static enum result put(
	struct transaction *tx, const struct visit *visit, const char *what, int64_t at)
{
	return payment_call_put(tx, visit->call.subject_id, visit->call.order_id, what, at);
}

static enum result turn(struct transaction *tx, const struct visit *visit, const char *what)
{
	return payment_call_turn(tx, &visit->call, what, false);
}

/* What was asked for cannot be, as it is said to be paid or closed: what it is now decides. */
static enum result turn_back(struct transaction *tx, const struct visit *visit)
{
	return payment_call_turn(tx, &visit->call, "query", true);
}

static enum result drop(struct transaction *tx, const struct visit *visit)
{
	return payment_call_drop(tx, visit->call.subject_id);
}

static enum result closed(struct transaction *tx, const struct visit *visit)
{
	enum result rc = ledger_note(tx, visit->order, "closed", NULL);

	return rc ? rc : drop(tx, visit);
}

static bool coded(const struct visit *visit)
{
	return !json_is_null(json_get(visit->order, "code_url"));
}

/* Nobody is to pay by it any more; or nobody can, since its code is not known and cannot be asked for in time. */
static enum result unwanted(struct transaction *tx, const struct visit *visit, bool *out)
{
	int64_t end =
		json_get_moment(visit->order, "expires_at") - (coded(visit) ? 0 : PLACE_LEAST);
	enum result rc = ledger_has(tx, visit->call.order_id, "closing", out);

	if (!rc)
		*out = *out || tx->now >= end;
	return rc;
}

/* Notices tell first; this finds what they do not. */
static int64_t next_look(struct transaction *tx, const struct visit *visit)
{
	int64_t pause = (tx->now - json_get_moment(visit->order, "created_at")) / 4;
	int64_t end = json_get_moment(visit->order, "expires_at");

	if (pause < LIMIT_PAYMENT_POLL_MIN)
		pause = LIMIT_PAYMENT_POLL_MIN;
	if (pause > LIMIT_PAYMENT_POLL_MAX)
		pause = LIMIT_PAYMENT_POLL_MAX;
	return tx->now + pause < end ? tx->now + pause : end;
}

/* It is there, but not as it would be placed now, so that its code is not to be had: the next has another number. */
static enum result give_up(struct transaction *tx, const struct visit *visit)
{
	enum result rc = ledger_note(tx, visit->order, "closing", NULL);

	return rc ? rc : turn(tx, visit, "query");
}

static enum result placed(struct transaction *tx, const struct visit *visit)
{
	const struct wechat_answer *answer = &visit->answer;
	const char *code_url = json_get_text(answer->body, "code_url");

	if (wechat_says(answer, "ORDERPAID") || wechat_says(answer, "ORDER_CLOSED"))
		return turn_back(tx, visit);
	if (wechat_says(answer, "OUT_TRADE_NO_USED"))
		return give_up(tx, visit);
	if (answer->outcome != WECHAT_DONE || text_blank(code_url))
		return ask_again(tx, visit);
	enum result rc = ledger_note(tx, visit->order, "placed", code_url);
	if (rc)
		return rc;
	payment_count(COUNT_PLACED);
	return put(tx, visit, "query", next_look(tx, visit));
}

/* It is there and not paid. */
static enum result unpaid(struct transaction *tx, const struct visit *visit)
{
	bool over = false;
	enum result rc = unwanted(tx, visit, &over);

	if (rc)
		return rc;
	if (over)
		return turn(tx, visit, "close");
	return coded(visit) ? put(tx, visit, "query", next_look(tx, visit))
			    : turn(tx, visit, "place");
}

/* It is not there: its placing never arrived, or was lost on the way. Nobody has its code, so nobody can pay by it. */
static enum result absent(struct transaction *tx, const struct visit *visit)
{
	bool over = false;
	enum result rc = unwanted(tx, visit, &over);

	if (rc)
		return rc;
	if (over)
		return closed(tx, visit);
	return coded(visit) ? ask_again(tx, visit) : turn(tx, visit, "place");
}

static enum result queried(struct transaction *tx, const struct visit *visit)
{
	const struct wechat_answer *answer = &visit->answer;
	const char *state = json_get_text(answer->body, "trade_state");

	if (wechat_says(answer, "ORDER_NOT_EXIST") || wechat_says(answer, "ORDERNOTEXIST"))
		return absent(tx, visit);
	if (answer->outcome != WECHAT_DONE)
		return ask_again(tx, visit);
	if (text_equal(state, "NOTPAY") || text_equal(state, "USERPAYING"))
		return unpaid(tx, visit);
	if (text_equal(state, "CLOSED") || text_equal(state, "REVOKED") ||
		text_equal(state, "PAYERROR"))
		return closed(tx, visit);
	return ask_again(tx, visit);
}

static enum result close_answered(struct transaction *tx, const struct visit *visit)
{
	const struct wechat_answer *answer = &visit->answer;

	if (answer->outcome == WECHAT_DONE || wechat_says(answer, "ORDER_CLOSED"))
		return closed(tx, visit);
	if (wechat_says(answer, "ORDERPAID"))
		return turn_back(tx, visit);
	if (answer->outcome == WECHAT_REFUSED)
		return put(tx, visit, "query", tx->now + MINUTE_MS);
	return ask_again(tx, visit);
}

static enum result refund_answered(struct transaction *tx, const struct visit *visit)
{
	const struct wechat_answer *answer = &visit->answer;
	struct wechat_refunded said = wechat_refunded_read(answer->body);
	bool query = asks(visit, "query_refund"), wanted = payment_refund_wanted(visit->refund);
	enum result rc = OK;

	if (query && (wechat_says(answer, "RESOURCE_NOT_EXISTS") ||
			     wechat_says(answer, "RESOURCE_NOT_EXIST")))
		return wanted ? put(tx, visit, "refund", tx->now) : drop(tx, visit);
	/* What wants money on the merchant's account, or another moment, comes right by itself. */
	if (answer->outcome == WECHAT_REFUSED && !query && !wechat_says(answer, "NOT_ENOUGH") &&
		!wechat_says(answer, "SIGN_ERROR") && !wechat_says(answer, "NO_AUTH"))
		return payment_refund_failed(tx, visit->refund, answer->code);
	if (answer->outcome != WECHAT_DONE || text_blank(said.state))
		return ask_again(tx, visit);
	if (!text_equal(said.number, number_of(visit)) ||
		said.refund_fen != json_get_integer(visit->refund, "amount_fen"))
		return ask_again(tx, visit);
	if (!wanted) /* asked because a bill says that it went back: one answer is enough */
		rc = drop(tx, visit);
	return rc ? rc
		  : payment_refund_told(
			    tx, visit->refund, said.state, said.refund_id, said.success_at);
}

/* By the refund as it stands: one that is asked about may be declined meanwhile. */
static enum result refund_settle(struct transaction *tx, struct visit *visit)
{
	json *refund = NULL;
	enum result rc = payment_refund_by_id(tx, visit->call.subject_id, &refund);

	visit->refund = refund;
	return rc ? rc : refund_answered(tx, visit);
}

/* ---- Money ---- */

enum result payment_take_wechat(struct transaction *tx, const struct wechat_account *account,
	const json *order, const struct wechat_payment *payment, enum payment_count how)
{
	const struct payment_money money = {
		payment->transaction_id, payment->total_fen, payment->success_at};

	if (!text_equal(payment->mchid, account->mchid) ||
		!text_equal(payment->appid, account->appid) ||
		!text_equal(payment->number, json_get_text(order, "number")) ||
		!text_equal(payment->currency, "CNY") || text_blank(payment->transaction_id) ||
		payment->total_fen <= 0 || payment->success_at == 0)
		return fail(tx->error, CONFLICT, "wechat.not_ours", NULL);
	bool fresh;
	enum result rc = payment_money_take(tx, order, &money, &fresh);
	if (rc)
		return rc;
	if (fresh)
		payment_count(how);
	return payment_call_drop(tx, json_get_text(order, "id"));
}

static bool paid(const struct visit *visit)
{
	const char *state = json_get_text(visit->answer.body, "trade_state");

	return asks(visit, "query") && visit->answer.outcome == WECHAT_DONE &&
	       (text_equal(state, "SUCCESS") || text_equal(state, "REFUND"));
}

/* An answer about something else than what was asked: it is for a person, and asked again. */
static enum result strange(struct transaction *tx, const struct visit *visit)
{
	struct wechat_payment payment = wechat_payment_read(visit->answer.body);
	json *detail = json_new_object(tx->arena);

	error_forget(tx->error);
	json_set_text(tx->arena, detail, "mchid", payment.mchid);
	json_set_text(tx->arena, detail, "appid", payment.appid);
	json_set_text(tx->arena, detail, "transaction_id", payment.transaction_id);
	json_set_integer(tx->arena, detail, "amount_fen", payment.total_fen);
	enum result rc = difference_found(tx, "strange_answer", number_of(visit), NULL, detail);
	return rc ? rc : ask_again(tx, visit);
}

static enum result visit_settle(
	struct transaction *tx, const struct wechat_account *account, struct visit *visit)
{
	bool current = false;
	enum result rc;

	if (!visit->judged) /* once: its signature grows old */
		visit->answer =
			wechat_answer_read(tx->arena, account, &visit->exchange.answer, tx->now);
	visit->judged = true;
	if (paid(visit)) {
		struct wechat_payment payment = wechat_payment_read(visit->answer.body);

		rc = payment_take_wechat(tx, account, visit->order, &payment, COUNT_FOUND);
		return rc == CONFLICT && text_equal(tx->error->code, "wechat.not_ours")
			       ? strange(tx, visit)
			       : rc;
	}
	rc = payment_call_current(tx, &visit->call, &current);
	if (rc || !current)
		return rc;
	if (visit->refund)
		return refund_settle(tx, visit);
	if (asks(visit, "place"))
		return placed(tx, visit);
	return asks(visit, "close") ? close_answered(tx, visit) : queried(tx, visit);
}

static enum result settle(struct transaction *tx, struct errands *errands)
{
	struct visits *visits = errands->batch;
	enum result rc = OK;

	if (visits->no_account) {
		log_event(LOG_ERROR, "payment.no_account", "tenant", tenant_slug(tx->tenant), NULL);
		return payment_calls_hold(tx, tx->now + LIMIT_PAYMENT_HOLD, "payment.account_none");
	}
	for (size_t i = 0; !rc && i < visits->count; i++)
		rc = visit_settle(tx, &visits->account, &visits->list[i]);
	return rc;
}

const struct errand_kind payment_errands = {
	.name = "payment", .claim = look, .prepare = prepare, .settle = settle};
