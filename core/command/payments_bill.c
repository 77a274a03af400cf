/*
 * `kaowu payments reconcile`: a day's trade bill, fetched or from a file, against the ledger and the applications.
 *
 * A bill is fetched in two steps, where it lies and then itself. The file is not signed: its hash stands in the first
 * answer, which is. No transaction is open meanwhile.
 */
#include "payments_bill.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "command.h"
#include "exam/payment_account.h"
#include "exam/payment_bill.h"
#include "https_client.h"
#include "outbound/wechat_answer.h"
#include "outbound/wechat_pay.h"

#define BILL_ARENA (768u << 20)

/* ---- Fetching ---- */

struct fetch {
	struct arena *arena;
	struct https_client *client;
	uv_loop_t *loop;
	const struct wechat_account *account;
	struct error *error;
};

static void over(void *context)
{
	bool *done = context;

	*done = true;
}

static struct https_answer ask(struct fetch *fetch, struct https_request request)
{
	struct https_exchange *exchange = NEW(fetch->arena, struct https_exchange);
	bool done = false;

	exchange->request = request;
	https_client_send(fetch->client, "bill", fetch->arena, exchange, over, &done);
	while (!done)
		uv_run(fetch->loop, UV_RUN_ONCE);
	return exchange->answer;
}

static struct wechat_caller caller_of(const struct fetch *fetch, int64_t attempt)
{
	return (struct wechat_caller){fetch->arena, fetch->account, clock_now_ms(), attempt};
}

/* Where the bill lies, by the first host that says so. NULL: there is none, for nothing was paid that day. */
static enum result place_ask(struct fetch *fetch, const char *day, const json **out)
{
	struct wechat_answer said = {0};

	for (size_t host = 0; host < fetch->account->host_count; host++) {
		struct wechat_caller caller = caller_of(fetch, (int64_t)host);
		struct https_answer answer = ask(fetch, wechat_bill(&caller, day));

		said = wechat_answer_read(fetch->arena, fetch->account, &answer, clock_now_ms());
		if (said.outcome != WECHAT_UNSURE)
			break;
	}
	bool none = wechat_says(&said, "NO_STATEMENT_EXIST");
	*out = none ? NULL : said.body;
	if (none || said.outcome == WECHAT_DONE)
		return OK;
	return fail(fetch->error, BUSY, "payment.bill_refused", "said", said.code, NULL);
}

static enum result file_ask(struct fetch *fetch, const json *said, struct bytes *out)
{
	struct wechat_caller caller = caller_of(fetch, 0);
	struct wechat_bill_place place;

	if (!wechat_bill_place_read(said, &place))
		return fail(
			fetch->error, BUSY, "payment.bill_refused", "said", "download_url", NULL);
	struct https_answer answer =
		ask(fetch, wechat_bill_file(&caller, place.url, LIMIT_TRADE_BILL_COMMAND));
	if (answer.outcome != HTTPS_ANSWERED || answer.status != 200)
		return fail(fetch->error, BUSY, "payment.bill_refused", "said",
			answer.trouble ? answer.trouble
				       : arena_printf(fetch->arena, "%d", answer.status),
			NULL);
	if (!wechat_bill_place_fits(&place, answer.body))
		return fail(fetch->error, INVALID, "payment.bill_hash", NULL);
	*out = answer.body;
	return OK;
}

/* NULL: there is none. */
static enum result bill_fetch(struct arena *arena, const struct wechat_account *account,
	const char *day, const char *ca_file, struct bytes **out, struct error *error)
{
	struct fetch fetch = {.arena = arena, .account = account, .error = error};
	const json *place;
	enum result rc = https_client_ready(error);
	uv_loop_t loop;

	if (rc)
		return rc;
	uv_loop_init(&loop);
	fetch.loop = &loop;
	fetch.client = https_client_open(&loop, ca_file);
	rc = place_ask(&fetch, day, &place);
	*out = !rc && place ? NEW(arena, struct bytes) : NULL;
	if (*out)
		rc = file_ask(&fetch, place, *out);
	https_client_close(fetch.client);
	uv_run(&loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&loop);
	return rc;
}

/* ---- Matching ---- */

/* The account, in a transaction of its own. */
static enum result account_read(struct arena *arena, const struct bill_wanted *wanted,
	struct wechat_account *out, struct error *error)
{
	struct transaction tx;
	enum result rc = work_begin(arena, wanted->data, wanted->slug, &tx, error);

	if (rc)
		return rc;
	rc = payment_account_load(&tx, out);
	work_drop(&tx);
	return rc;
}

/* NULL: the day has none. */
static enum result bill_get(struct arena *arena, const struct bill_wanted *wanted,
	struct bytes **out, struct error *error)
{
	struct wechat_account account;
	struct date date;

	if (wanted->file) {
		*out = NEW(arena, struct bytes);
		return file_read(arena, wanted->file, LIMIT_TRADE_BILL_COMMAND, *out, error);
	}
	if (date_parse(wanted->day, &date))
		return fail(error, INVALID, "payment.bill_day", NULL);
	enum result rc = account_read(arena, wanted, &account, error);
	return rc ? rc : bill_fetch(arena, &account, wanted->day, wanted->ca_file, out, error);
}

static enum result bill_match(
	struct transaction *tx, const char *day, const struct bytes *bill, json **out)
{
	return bill ? payment_bill_match(tx, day, *bill, out)
		    : payment_bill_match_none(tx, day, out);
}

static void matched_print(const char *slug, const json *matched)
{
	(void)printf("%s %s: %" PRId64 " payments, %" PRId64 " fen; %" PRId64 " refunds, %" PRId64
		     " fen; %" PRId64 " differences\n",
		slug, json_get_text(matched, "day"), json_get_integer(matched, "payments"),
		json_get_integer(matched, "payments_fen"), json_get_integer(matched, "refunds"),
		json_get_integer(matched, "refunds_fen"), json_get_integer(matched, "differences"));
}

int payments_reconcile(const struct bill_wanted *wanted)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(BILL_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;
	struct bytes *bill = NULL;
	json *matched;

	command_begin();
	if (!data_there(wanted->data))
		return 1;
	if (bill_get(arena, wanted, &bill, &error) ||
		work_begin(arena, wanted->data, wanted->slug, &tx, &error) ||
		work_end(&tx, wanted->data, bill_match(&tx, wanted->day, bill, &matched)))
		return command_failed(wanted->slug, &error);
	matched_print(wanted->slug, matched);
	return 0;
}
