/*
 * Applications that want nothing but to be handed in, by as many placeholder candidates, signed in.
 *
 * prepare DATA SLUG MOMENT COUNT: for each prints "<token> <application> <version> <mobile number>". Written through
 * core/exam, as the API writes them; only the password is everybody's, "placeholder", and a picture is a row without
 * its file, for handing in looks at no pixel.
 */
#include "house.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/password.h"
#include "exam/account.h"
#include "exam/session.h"
#include "exam/application.h"
#include "exam/material.h"
#include "exam/personal.h"
#include "exam/plan.h"
#include "exam/topics.h"

#define IN_ONE_COMMIT 256

static char password[PASSWORD_HASH_SIZE]; /* hashed once: each would take 20 ms */

/* Of nobody: region 110108, born on one of 28 days after 1990-03-01; the check digit by GB 11643. */
static const char *resident_id(struct arena *arena, int order)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	char *number = arena_printf(arena, "1101081990%02d%02d%03d.", 1 + order / 25200 % 12,
		1 + order / 900 % 28, order % 900);
	int sum = 0;

	for (size_t i = 0; i < COUNT(weights); i++)
		sum += (number[i] - '0') * weights[i];
	number[17] = "10X98765432"[sum % 11];
	return number;
}

static json *object(struct arena *arena, const char *text)
{
	struct error error = {.arena = arena};
	json *value = NULL;

	if (json_parse(arena, text, strlen(text), &value, &error))
		abort();
	return value;
}

static enum result topics_put(struct transaction *tx, struct application *application, int order)
{
	struct arena *arena = tx->arena;
	json *details = object(arena,
		"{\"name\": \"张三\", \"id_type\": \"居民身份证\", \"mobile\": \"13800000000\","
		" \"ethnicity\": \"汉族\", \"education\": \"大学本科\", \"province\": \"北京市\","
		" \"candidate_source\": \"私营企业\", \"employer\": \"示例供应链有限公司\","
		" \"address\": \"北京市海淀区示例路1号\"}");
	enum result rc;

	json_set_text(arena, details, "id_number", resident_id(arena, order));
	rc = application_put_details(tx, application, details);
	rc = rc ? rc
		: application_put_identity(
			  tx, application, object(arena, "{\"identity\": \"职工\"}"));
	rc = rc ? rc
		: application_put_condition(
			  tx, application, object(arena, "{\"condition\": \"1-1\"}"));
	rc = rc ? rc
		: application_put_certificates(tx, application,
			  object(arena,
				  "{\"certificates\": [{\"occupation\": \"供应链管理师\", \"level\": 2,"
				  " \"issued\": \"2020-05-01\", \"number\": \"S000011000001202000001\"}]}"));
	return rc ? rc
		  : application_put_work(tx, application,
			    object(arena,
				    "{\"work\": [{\"from\": \"2020-06\", \"to\": null,"
				    " \"employer\": \"示例供应链有限公司\", \"occupation\": \"供应链管理师\","
				    " \"relation\": \"same\", \"witness\": \"李四\","
				    " \"witness_phone\": \"010-00000000\"}]}"));
}

static enum result materials_put(struct transaction *tx, struct application *application)
{
	struct plan plan;
	enum result rc = plan_load(tx, application->plan_id, &plan);

	if (rc)
		return rc;
	json_each(material, application_materials_asked(tx, plan.manifest, "1-1"))
	{
		struct material_upload upload = {
			.file = {.size = 60000, .media_type = "image/jpeg"},
			.checks = json_new_array(tx->arena)};
		json *view;

		id_new(upload.file.id);
		sha256_hex(bytes_of(upload.file.id, strlen(upload.file.id)), upload.file.sha256);
		rc = material_attach(
			tx, application, json_get_text(material, "id"), &upload, &view);
		if (rc)
			return rc;
	}
	return OK;
}

static enum result prepare_one(struct transaction *tx, const char *plan_id, int order)
{
	const char *mobile = arena_printf(tx->arena, "13%d0000%04d", order / 10000, order % 10000);
	const char *id, *token = NULL;
	struct application application;
	bool created;
	enum result rc = account_create(tx, mobile, password, &id);

	rc = rc ? rc : session_open(tx, id, &token);
	if (rc)
		return rc;
	tx->actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = id};
	rc = personal_consent(tx, "portrait", true, "我同意（示例）。");
	rc = rc ? rc : personal_consent(tx, "id_images", true, "我同意（示例）。");
	rc = rc ? rc : application_create(tx, plan_id, &application, &created);
	rc = rc ? rc : topics_put(tx, &application, order);
	rc = rc ? rc : materials_put(tx, &application);
	if (rc)
		return rc;
	(void)printf("%s %s %" PRId64 " %s\n", token, application.id, application.version, mobile);
	return OK;
}

/* The plan for 供应链管理师. */
static const char *plan_find(struct house *house)
{
	struct transaction tx = house_transaction(house, house->arena);
	const char *id = NULL;

	house_must(house,
		store_text(house->db, house->arena, "SELECT id FROM plan WHERE code LIKE '%-scm-%'",
			BIND_NONE, &id, tx.error),
		"plan");
	return id;
}

static void prepare_some(struct house *house, const char *plan_id, int from, int until)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);

	house_must(house, store_begin(house->db, &house->error), "begin");
	for (int order = from; order < until; order++) {
		struct transaction tx = house_transaction(house, arena);

		house_must(house, prepare_one(&tx, plan_id, order), "prepare");
		arena_reset(arena);
	}
	house_must(house, store_commit(house->db, &house->error), "commit");
}

int main(int count, char **words)
{
	struct house house;

	if (count != 5) {
		(void)fputs("usage: prepare DATA SLUG MOMENT COUNT\n", stderr);
		return 2;
	}
	house_open(&house, words[1], words[2], words[3]);
	password_hash("placeholder", password);

	const char *plan_id = plan_find(&house);
	int wanted = (int)strtol(words[4], NULL, 10);

	for (int done = 0; done < wanted; done += IN_ONE_COMMIT) {
		int until = done + IN_ONE_COMMIT;

		prepare_some(&house, plan_id, done, until < wanted ? until : wanted);
	}
	house_close(&house);
	return 0;
}
