/*
 * Which day is next, and what comes of asking for its bill.
 */
#include "payment_closing.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/text.h"
#include "errand.h"
#include "outbound/wechat_answer.h"
#include "outbound/wechat_pay.h"
#include "payment_account.h"
#include "payment_bill.h"

#define NEVER INT64_MAX

/* A day's bill is made in the morning of the next one. */
#define MADE_AFTER (10 * HOUR_MS + HOUR_MS / 2)
#define SPREAD_MS  (15 * MINUTE_MS) /* not every centre in the same minute */

struct closing {
	const char *day;
	int64_t attempts;
	const char *url, *sha1; /* NULL: to be asked for */
	struct wechat_account account;
	struct https_exchange exchange;
};

/* ---- Which day ---- */

/* Since when there may be trades: the first account, or an order that is older than what the log says of one. */
static enum result trades_since(struct transaction *tx, int64_t *at)
{
	int64_t account_at = 0, order_at = 0;
	enum result rc = payment_account_since(tx, &account_at);

	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COALESCE(MIN(created_at), 0) FROM payment_order WHERE provider = 'wechat'",
			  BIND_NONE, &order_at, tx->error);
	*at = tx->now;
	if (account_at && account_at < *at)
		*at = account_at;
	if (order_at && order_at < *at)
		*at = order_at;
	return rc;
}

/* That day, as far as bills are kept: the provider may know of money on a day on which we know of none. */
static enum result first_day(struct transaction *tx, struct date *out)
{
	struct date kept = date_add_days(date_of_moment(tx->now), -LIMIT_TRADE_BILL_DAYS);
	int64_t at;
	enum result rc = trades_since(tx, &at);

	if (rc)
		return rc;
	*out = date_of_moment(at);
	if (date_compare(*out, kept) < 0)
		*out = kept;
	return OK;
}

/* The first day whose bill there may be already; where there is none *day is left alone. *next_at is when there will
 * be one: today's, tomorrow, at the latest. */
static enum result day_find(
	struct transaction *tx, struct date first, const char **day, int64_t *next_at)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct date today = date_of_moment(tx->now);
	enum result rc = store_query(tx->db, &rows,
		"SELECT day, next_at FROM payment_closing WHERE day >= ?1"
		" AND day NOT IN (SELECT day FROM payment_bill)"
		" UNION ALL SELECT day, ?2 FROM payment_bill WHERE day >= ?1 ORDER BY day",
		BIND(TEXT(date_text(tx->arena, first)), INTEGER(NEVER)), tx->error);

	if (rc)
		return rc;
	bool more = cursor_next(&rows);
	*next_at = moment_of_date_end(today) + MADE_AFTER;
	for (struct date date = first; !*day && date_compare(date, today) < 0;
		date = date_add_days(date, 1)) {
		const char *text = date_text(tx->arena, date);
		int64_t at = moment_of_date_end(date) + MADE_AFTER;

		if (more && text_equal(cursor_text(&rows, 0, tx->arena), text)) {
			at = cursor_integer(&rows, 1);
			more = cursor_next(&rows);
		}
		if (at <= tx->now)
			*day = text;
		if (at < *next_at)
			*next_at = at;
	}
	return cursor_end(&rows, tx->error);
}

static enum result claim(struct transaction *tx, struct errands *out)
{
	struct closing *closing = NEW(tx->arena, struct closing);
	int64_t next_at = tx->now + DAY_MS; /* whoever sets an account asks for a look at once */
	struct date first;
	bool set;
	enum result rc = payment_account_set(tx, &set);

	if (!rc && set)
		rc = first_day(tx, &first);
	if (!rc && set)
		rc = day_find(tx, first, &closing->day, &next_at);
	if (rc)
		return rc;
	*out = (struct errands){.count = closing->day != NULL,
		.next_at = next_at + random_below(SPREAD_MS),
		.batch = closing};
	return OK;
}

/* ---- Asking ---- */

static enum result known_load(struct transaction *tx, struct closing *closing)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT attempts, url, sha1 FROM payment_closing WHERE day = ?1",
		BIND(TEXT(closing->day)), tx->error);

	if (!rc && cursor_next(&rows)) {
		closing->attempts = cursor_integer(&rows, 0);
		closing->url = cursor_text(&rows, 1, tx->arena);
		closing->sha1 = cursor_text(&rows, 2, tx->arena);
	}
	return rc ? rc : cursor_end(&rows, tx->error);
}

static enum result prepare(struct transaction *tx, struct errands *errands)
{
	struct closing *closing = errands->batch;
	enum result rc = payment_account_load(tx, &closing->account);

	rc = rc ? rc : known_load(tx, closing);
	if (rc)
		return rc;
	const struct wechat_caller caller = {
		tx->arena, &closing->account, tx->now, closing->attempts};
	closing->exchange.request =
		closing->url ? wechat_bill_file(&caller, closing->url, LIMIT_TRADE_BILL)
			     : wechat_bill(&caller, closing->day);
	errands->exchanges = NEW(tx->arena, struct https_exchange *);
	errands->exchanges[0] = &closing->exchange;
	errands->exchange_count = 1;
	return OK;
}

/* ---- Answers ---- */

/* From the beginning, later and later: an address holds for minutes only. */
static enum result ask_again(
	struct transaction *tx, const struct closing *closing, const char *said)
{
	log_event(LOG_WARNING, "payment.bill_waits", "tenant", tenant_slug(tx->tenant), "day",
		closing->day, "said", said, "detail", closing->exchange.answer.trouble, NULL);
	return store_run(tx->db,
		"INSERT INTO payment_closing (day, attempts, next_at, said) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (day) DO UPDATE SET url = NULL, sha1 = NULL,"
		" attempts = excluded.attempts, next_at = excluded.next_at, said = excluded.said",
		BIND(TEXT(closing->day), INTEGER(closing->attempts + 1),
			INTEGER(tx->now + pause_after(closing->attempts, LIMIT_TRADE_BILL_BACKOFF,
						  LIMIT_TRADE_BILL_BACKOFF_MAX)),
			TEXT(said)),
		tx->error);
}

static enum result place_settle(struct transaction *tx, const struct closing *closing)
{
	const struct wechat_answer answer = wechat_answer_read(
		tx->arena, &closing->account, &closing->exchange.answer, tx->now);
	struct wechat_bill_place place;
	json *matched;

	if (wechat_says(&answer, "NO_STATEMENT_EXIST"))
		return payment_bill_match_none(tx, closing->day, &matched);
	if (answer.outcome != WECHAT_DONE)
		return ask_again(tx, closing, answer.code);
	if (!wechat_bill_place_read(answer.body, &place))
		return ask_again(tx, closing, "download_url");
	return store_run(tx->db,
		"INSERT INTO payment_closing (day, url, sha1, attempts, next_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (day) DO UPDATE SET url = excluded.url,"
		" sha1 = excluded.sha1, next_at = excluded.next_at",
		BIND(TEXT(closing->day), TEXT(place.url), TEXT(place.sha1),
			INTEGER(closing->attempts), INTEGER(tx->now)),
		tx->error);
}

static enum result file_settle(struct transaction *tx, const struct closing *closing)
{
	const struct https_answer *answer = &closing->exchange.answer;
	const struct wechat_bill_place place = {closing->url, closing->sha1};
	json *matched;

	if (answer->outcome != HTTPS_ANSWERED || answer->status != 200)
		return ask_again(tx, closing,
			answer->outcome == HTTPS_ANSWERED
				? arena_printf(tx->arena, "%d", answer->status)
				: "unreachable");
	if (!wechat_bill_place_fits(&place, answer->body))
		return ask_again(tx, closing, "payment.bill_hash");
	enum result rc = payment_bill_match(tx, closing->day, answer->body, &matched);
	if (rc != INVALID) /* which has written nothing */
		return rc;
	const char *code = tx->error->code;
	error_forget(tx->error);
	return ask_again(tx, closing, code);
}

static enum result settle(struct transaction *tx, struct errands *errands)
{
	const struct closing *closing = errands->batch;

	return closing->url ? file_settle(tx, closing) : place_settle(tx, closing);
}

const struct errand_kind closing_errands = {
	.name = "closing", .by_time = true, .claim = claim, .prepare = prepare, .settle = settle};

enum result payment_closing_waiting(struct transaction *tx, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT day, attempts, next_at AS \"next_at@\", said FROM payment_closing"
		" WHERE attempts > 0 AND day NOT IN (SELECT day FROM payment_bill) ORDER BY day LIMIT ?1",
		BIND(INTEGER(LIMIT_TRADE_BILL_DAYS)), out, tx->error);
}
