/*
 * A centre that has been there for years: fill DATA SLUG MOMENT COUNT WAITING adds so many candidates with an application
 * each, as they would be by now: of each the account, the application, sealed and indexed as core/exam does it, and a message
 * sent yesterday; the first WAITING are under review, the others have had their tickets. For each of the first thousand it prints "<application's
 * number> <mobile number> <ID number>", all of nobody.
 */
#include "house.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"

#define IN_ONE_COMMIT 4096
#define TOLD          1000

struct filling {
	const char *plan_id;
	int order, waiting;
};

static enum result account_add(struct transaction *tx, const char *id, const char *mobile)
{
	const char *place = arena_printf(tx->arena, "account.mobile:%s", id);

	return store_run(tx->db,
		"INSERT INTO account (id, kind, state, mobile_sealed, mobile_index, password_hash, created_at)"
		" VALUES (?1, 'candidate', 'active', ?2, ?3, 'of nobody', ?4)",
		BIND(TEXT(id), BLOB(seal_text(tx->arena, tx->keys, place, mobile)),
			TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile)), INTEGER(tx->now)),
		tx->error);
}

static struct bytes form_sealed(struct transaction *tx, const char *id, const char *id_number)
{
	const char *form = arena_printf(tx->arena,
		"{\"details\":{\"name\":\"张三\",\"id_type\":\"居民身份证\",\"id_number\":\"%s\",\"mobile\":\"13800000000\","
		"\"ethnicity\":\"汉族\",\"education\":\"大学本科\",\"province\":\"北京市\",\"gender\":\"男\","
		"\"employer\":\"示例供应链有限公司\",\"address\":\"北京市海淀区示例路1号\"},"
		"\"certificates\":[{\"occupation\":\"供应链管理师\",\"level\":2,\"issued\":\"2020-05-01\"}],"
		"\"work\":[{\"from\":\"2020-06\",\"to\":null,\"employer\":\"示例供应链有限公司\"}]}",
		id_number);

	return seal_text(
		tx->arena, tx->keys, arena_printf(tx->arena, "application.form:%s", id), form);
}

static enum result message_add(struct transaction *tx, const char *application, const char *mobile)
{
	return store_run(tx->db,
		"INSERT INTO outbox (id, channel, event, event_key, recipient_index, payload_sealed, state,"
		" attempts, next_at, begun_at, sent_at, subject, created_at)"
		" VALUES (?1, 'sms', 'submitted', ?2, ?3, ?4, 'sent', 1, ?5, ?5, ?5, ?6, ?5)",
		BIND(TEXT(id_create(tx->arena)),
			TEXT(arena_printf(tx->arena, "submitted:%s:1", application)),
			TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile)),
			BLOB(bytes_of("of nobody", 9)), INTEGER(tx->now - DAY_MS),
			TEXT(application)),
		tx->error);
}

static enum result one_add(struct transaction *tx, const struct filling *filling)
{
	const char *account = id_create(tx->arena), *id = id_create(tx->arena);
	const char *number = arena_printf(tx->arena, "9%011d", filling->order);
	const char *mobile = arena_printf(tx->arena, "2%010d", filling->order);
	const char *id_number = arena_printf(tx->arena, "999999%012d", filling->order);
	bool waits = filling->order < filling->waiting;
	enum result rc = account_add(tx, account, mobile);

	if (rc)
		return rc;
	if (filling->order < TOLD)
		(void)printf("%s %s %s\n", number, mobile, id_number);
	rc = message_add(tx, id, mobile);
	if (rc)
		return rc;
	return store_run(tx->db,
		"INSERT INTO application (id, number, plan_id, account_id, state, version, revision, identity,"
		" condition_id, form_sealed, id_index, submitted_at, due_at, decided_at, created_at, changed_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, 9, 1, '职工', '1-1', ?6, ?7, ?8, ?9, ?10, ?8, ?8)",
		BIND(TEXT(id), TEXT(number), TEXT(filling->plan_id), TEXT(account),
			TEXT(waits ? "reviewing" : "ticketed"),
			BLOB(form_sealed(tx, id, id_number)),
			TEXT(blind_index(tx->arena, tx->keys, "id_number", id_number)),
			INTEGER(tx->now), INTEGER(tx->now + DAY_MS + filling->order),
			waits ? SQL_NULL : INTEGER(tx->now)),
		tx->error);
}

static void some_add(struct house *house, struct filling *filling, int until)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);

	house_must(house, store_begin(house->db, &house->error), "begin");
	for (; filling->order < until; filling->order++) {
		struct transaction tx = house_transaction(house, arena);

		house_must(house, one_add(&tx, filling), "fill");
		arena_reset(arena);
	}
	house_must(house, store_commit(house->db, &house->error), "commit");
}

int main(int count, char **words)
{
	struct house house;

	if (count != 6) {
		(void)fputs("usage: fill DATA SLUG MOMENT COUNT WAITING\n", stderr);
		return 2;
	}
	house_open(&house, words[1], words[2], words[3]);

	struct transaction tx = house_transaction(&house, house.arena);
	struct filling filling = {.waiting = (int)strtol(words[5], NULL, 10)};
	int wanted = (int)strtol(words[4], NULL, 10);

	house_must(&house,
		store_text(house.db, house.arena, "SELECT id FROM plan WHERE code LIKE '%-scm-%'",
			BIND_NONE, &filling.plan_id, tx.error),
		"plan");
	while (filling.order < wanted) {
		int until = filling.order + IN_ONE_COMMIT;

		some_add(&house, &filling, until < wanted ? until : wanted);
	}
	house_must(&house,
		store_run(house.db,
			"INSERT INTO plan_count (plan_id, numbered, standing) VALUES (?1, 0, ?2)",
			BIND(TEXT(filling.plan_id), INTEGER(filling.order)), tx.error),
		"count");
	house_close(&house);
	return 0;
}
