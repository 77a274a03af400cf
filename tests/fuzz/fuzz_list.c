/*
 * Fuzzes the lists of the office and of the reviewers: whatever stands in the query of an address, the SQL runs, a
 * refusal says what to do, and the cursor that a page ends with leads on to the end.
 *
 * The first byte chooses the list, the rest is the query as it stands in a request line. The rows are few and the same
 * for all inputs.
 */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/application.h"
#include "exam/audit.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"
#include "exam/plan.h"
#include "exam/review.h"
#include "exam/roster.h"
#include "net/http.h"
#include "net/target.h"
#include "tenant/registry.h"

#define ROWS       7
#define PAGES_MOST (ROWS + 2)

static struct tenant *tenant;
static struct store *db; /* the tenant's */

static char folder[] = "/tmp/kaowu-fuzz-XXXXXX";

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* ---- The rows ---- */

static const char plan_sql[] =
	"INSERT INTO plan (id, code, sequence, name, state, occupation_code, occupation_name, level,"
	" plugin_id, plugin_version, plugin_sha256, manifest, apply_from, apply_until, pay_until,"
	" papers_until, fee_fen, places, document, created_at, changed_at) VALUES ('plan', 'one', 1,"
	" 'plan', 'published', '4-02-06-05', '供应链管理师', 1, 'p', '1', 's', '{\"conditions\":[],"
	"\"materials\":[]}', 1, 2, 3, 4, 100, 0, '{}', 1, 1)";

static void insert_application(struct transaction *tx, int64_t number)
{
	const char *text = arena_printf(tx->arena, "26000100000%d", (int)number);
	const char *state = number % 2 ? "draft" : "withdrawn";

	expect(store_run(tx->db,
		       "INSERT INTO account (id, kind, state, created_at) VALUES (?1, 'candidate',"
		       " 'active', 1)",
		       BIND(TEXT(text)), tx->error) == OK);
	expect(store_run(tx->db,
		       "INSERT INTO application (id, number, plan_id, account_id, state, version,"
		       " revision, created_at, changed_at) VALUES (?1, ?1, 'plan', ?1, ?2, 1, 0, 1, 1)",
		       BIND(TEXT(text), TEXT(state)), tx->error) == OK);
	expect(audit_append(tx, "account.signed_in", text, NULL) == OK);
}

static struct transaction transaction_in(struct arena *arena, struct error *error)
{
	return (struct transaction){.arena = arena,
		.db = db,
		.tenant = tenant,
		.keys = tenant_keys(tenant),
		.actor = {.kind = ACTOR_STAFF,
			.id = "somebody",
			.roles = ROLE_ADMIN | ROLE_REVIEWER},
		.error = error,
		.now = 1000};
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
	(void)facts;
	(void)kind;
	(void)place;
	return remove(path);
}

static void leave(void)
{
	tenant_detach(tenant);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int LLVMFuzzerInitialize(int *count, char ***words);

int LLVMFuzzerInitialize(int *count, char ***words)
{
	struct registry *registry;
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	(void)count;
	(void)words;
	expect(messages_load(&error) == OK && mkdtemp(folder));
	expect(registry_open(folder, &registry, &error) == OK);
	expect(registry_add(registry, "lists", &error) == OK);
	registry_close(registry);
	expect(tenant_attach(folder, "lists", &tenant, &db, &error) == OK);
	expect(atexit(leave) == 0);

	struct transaction tx = transaction_in(arena, &error);
	expect(store_begin(db, &error) == OK);
	expect(store_run(db, plan_sql, BIND_NONE, &error) == OK);
	for (int64_t number = 0; number < ROWS; number++)
		insert_application(&tx, number);
	expect(store_commit(db, &error) == OK);
	return 0;
}

/* ---- The lists ---- */

/* What a list is asked by, as a request's query tells it. */
static json *filter_of(struct arena *arena, const struct http_message *message)
{
	static const char *const names[] = {"status", "state", "plan", "search", "overdue",
		"pay_soon", "not_arrived", "numbers", "occupation", "level", "holder", "name",
		"number", "subject", "cursor", "limit"};
	json *filter = json_new_object(arena);

	for (size_t i = 0; i < COUNT(names); i++) {
		const char *value = http_query(message, arena, names[i]);

		if (value && !text_blank(value))
			json_set_text(arena, filter, names[i], value);
	}
	return filter;
}

static enum result list(struct transaction *tx, uint8_t which, const json *filter, json **out)
{
	const char *state = json_get_text(filter, "state");
	struct page page;

	if (which % 7 == 0)
		return roster_list(tx, filter, out);
	if (which % 7 == 1)
		return review_queue(tx, filter, out);

	enum result rc = page_read(
		tx, json_get_text(filter, "cursor"), json_get_text(filter, "limit"), &page);
	if (rc)
		return rc;
	switch (which % 7) {
	case 2:
		return audit_list(tx, json_get_text(filter, "subject"), &page, out);
	case 3:
		return payment_list(tx, state, json_get_text(filter, "search"), &page, out);
	case 4:
		return payment_refund_list(tx, state, &page, out);
	case 5:
		return plan_list(tx, json_get_text(filter, "occupation"), 0, &page, out);
	default:
		return plan_list_all(tx, &page, out);
	}
}

static void check_refusal(struct arena *arena, const struct error *error)
{
	expect(error->result < BUSY && (error->code || error->faults));
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
			expect(!text_blank(message_text(
				arena, (enum language)language, fault->code, fault->params)));
}

static void walk(struct arena *arena, uint8_t which, json *filter)
{
	for (int pages = 0; pages < PAGES_MOST; pages++) {
		struct error error = {.arena = arena};
		struct transaction tx = transaction_in(arena, &error);
		json *view;

		if (list(&tx, which, filter, &view)) {
			check_refusal(arena, &error);
			expect(pages == 0); /* a cursor of ours is taken */
			return;
		}
		if (!json_get_text(view, "next"))
			return;
		json_set_text(arena, filter, "cursor", json_get_text(view, "next"));
	}
	abort(); /* it goes on for ever */
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct http_message message = {0};
	struct target target;

	if (size < 1)
		return 0;
	const char *query = arena_text_part(arena, (const char *)input + 1, size - 1);
	if (!target_read(arena, "GET", arena_printf(arena, "/?%s", query), &target))
		return 0;
	message.query = target.query;
	walk(arena, input[0], filter_of(arena, &message));
	return 0;
}
