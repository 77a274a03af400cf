/*
 * Who may apply: the verdict that a candidate sees for the facts that he typed, and the faults that stop him
 * where he typed them.
 *
 * The condition is S1's, for 供应链管理师; a second manifest holds the shapes that S1 lacks.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/text.h"
#include "plugin/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define OWN "供应链管理师"

/* With single quotes, for reading's sake. */
static const char s1_text[] =
	"{'occupation':{'code':'4-02-06-05','name':'" OWN "'},'level':1,"
	"'related':{'names':['采购员','仓储员'],'text':'采购员、仓储员等','open':true},"
	"'conditions':[{'id':'1-1','text':'条件原文','source':'出处','requirement':{'all':["
	"{'kind':'certificate','level':2,'scope':'related'},"
	"{'kind':'work','years':5,'since':'certificate','scope':'related'}]}}]}";

static const char shapes_text[] =
	"{'occupation':{'code':'4-02-06-05','name':'" OWN "'},'level':1,"
	"'related':{'names':['采购员'],'text':'采购员','open':false},'conditions':["
	"{'id':'age','text':'t','source':'s','requirement':{'all':[{'kind':'age','years':16}]}},"
	"{'id':'any','text':'t','source':'s','requirement':{'all':[{'any':["
	"{'kind':'title','rank':'senior'},{'kind':'work','years':10,'since':'start','scope':'same'}]}]}},"
	"{'id':'title','text':'t','source':'s','requirement':{'all':[{'kind':'title','rank':'junior'},"
	"{'kind':'work','years':1,'since':'title','scope':'related'}]}},"
	"{'id':'held','text':'t','source':'s','requirement':{'all':["
	"{'kind':'certificate','level':3,'scope':'same','held_years':2}]}},"
	"{'id':'work','text':'t','source':'s','requirement':{'all':["
	"{'kind':'work','years':0,'since':'start','scope':'related'}]}},"
	"{'id':'diploma','text':'t','source':'s','requirement':{'all':[{'kind':'diploma',"
	"'diplomas':['higher_vocational','university'],'scope':'related','students':'final_year','assessed':false}]}},"
	"{'id':'assessed','text':'t','source':'s','requirement':{'all':[{'kind':'diploma',"
	"'diplomas':['university'],'scope':'same','students':'no','assessed':true}]}}]}";

static const char haidian_text[] =
	"[{'id':'haidian-2026-01','kind':'deny_related','occupation_code':'4-02-06-05','name':'电子商务师',"
	"'reason':'暂不可作为相关职业。','from':'2026-01-01','until':'2027-12-31'}]";

static struct arena *arena;
static json *s1, *shapes, *haidian;

static json *read_json(const char *quoted)
{
	char *text = arena_text(arena, quoted);
	struct error error = {.arena = arena};
	json *value;
	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	assert_int_equal(json_parse(arena, text, strlen(text), &value, &error), OK);
	return value;
}

static int begin(void **state)
{
	(void)state;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	assert_int_equal(messages_load(&error), OK);
	s1 = read_json(s1_text);
	shapes = read_json(shapes_text);
	haidian = read_json(haidian_text);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static json *judge_under(
	const json *manifest, const char *condition, const json *overlays, const char *facts)
{
	json *verdict;
	eligibility_evaluate(arena, manifest, condition, overlays, read_json(facts), &verdict);
	return verdict;
}

static json *judge(const char *facts)
{
	return judge_under(s1, "1-1", NULL, facts);
}

static json *leaf(const json *verdict, int index)
{
	json *entry = json_first(json_get(verdict, "trace"));
	while (index-- > 0)
		entry = json_next(entry);
	return entry;
}

/* `from` NULL: never. */
static void expect(const json *verdict, const char *outcome, const char *from)
{
	assert_string_equal(json_get_text(verdict, "outcome"), outcome);
	if (from)
		assert_string_equal(json_get_text(verdict, "eligible_from"), from);
	else
		assert_true(json_is_null(json_get(verdict, "eligible_from")));
}

static void expect_text(const json *object, const char *member, const char *part)
{
	const char *text = json_get_text(object, member);
	assert_non_null(text);
	if (!strstr(text, part))
		fail_msg("\"%s\" does not say \"%s\"", text, part);
}

#define CERTIFICATE "'certificates':[{'occupation':'" OWN "','level':2,'issued':'2020-05-01'}]"
#define ONGOING     "'work':[{'from':'2018-03','to':null,'occupation':'" OWN "'}]"

/* ---- S1 ---- */

static void s1_five_years_are_full_on_the_day_before_the_fifth_return_of_the_certificate_day(
	void **state)
{
	(void)state;
	expect(judge("{'on':'2025-04-29'," CERTIFICATE "," ONGOING "}"), "not_met", "2025-04-30");
	expect(judge("{'on':'2025-04-30'," CERTIFICATE "," ONGOING "}"), "met", "2025-04-30");
	expect(judge("{'on':'2026-11-22'," CERTIFICATE "," ONGOING "}"), "met", "2025-04-30");
}

static void s1_work_before_the_certificate_does_not_count(void **state)
{
	(void)state;
	json *verdict = judge("{'on':'2026-11-22','certificates':[{'occupation':'" OWN
			      "','level':2,'issued':'2024-01-10'}]," ONGOING "}");
	expect(verdict, "not_met", "2029-01-09");
	assert_string_equal(
		json_get_text(json_get(leaf(verdict, 1), "counted"), "first"), "2024-01-10");
}

static void s1_overlapping_jobs_count_once(void **state)
{
	(void)state;
	json *verdict = judge("{'on':'2024-12-31'," CERTIFICATE
			      ",'work':[{'from':'2018-03','to':null,'occupation':'" OWN
			      "'},{'from':'2019-01','to':'2024-06','occupation':'采购员'}]}");
	expect(verdict, "not_met", "2025-04-30");
	assert_int_equal(json_get_integer(json_get(leaf(verdict, 1), "counted"), "days"), 1706);
}

static void s1_gaps_do_not_count(void **state)
{
	(void)state;
	/* July to December 2021: 184 days later than without the gap. */
	expect(judge("{'on':'2025-10-30'," CERTIFICATE
		     ",'work':[{'from':'2022-01','to':null,'occupation':'采购员'},"
		     "{'from':'2018-03','to':'2021-06','occupation':'" OWN "'}]}"),
		"not_met", "2025-10-31");
}

static void s1_the_count_ends_on_the_day_of_the_application(void **state)
{
	(void)state;
	/* The entry runs to the end of the month, the application does not wait for it. */
	const char *work = "'work':[{'from':'2018-03','to':'2025-04','occupation':'" OWN "'}]}";
	expect(judge(arena_printf(arena, "{'on':'2025-04-29'," CERTIFICATE ",%s", work)), "not_met",
		"2025-04-30");
	expect(judge(arena_printf(arena, "{'on':'2025-04-30'," CERTIFICATE ",%s", work)), "met",
		"2025-04-30");
}

static void s1_without_a_present_job_no_waiting_helps_and_what_is_short_is_told(void **state)
{
	(void)state;
	json *verdict =
		judge("{'on':'2026-11-22'," CERTIFICATE
		      ",'work':[{'from':'2018-03','to':'2024-04','occupation':'" OWN "'}]}");
	expect(verdict, "not_met", NULL);
	json *missing = json_get(leaf(verdict, 1), "short");
	assert_int_equal(json_get_integer(missing, "days"), 365);
	assert_int_equal(json_get_integer(missing, "years"), 1);
	assert_int_equal(json_get_integer(missing, "months"), 0);
	assert_int_equal(json_get_integer(missing, "rest_days"), 0);
	expect_text(leaf(verdict, 1), "text", "还差 365 天，即 1 年 0 个月零 0 天");
}

static void s1_the_certificate_is_of_exactly_the_level_that_the_condition_names(void **state)
{
	(void)state;
	json *lower = judge("{'on':'2026-11-22','certificates':[{'occupation':'" OWN
			    "','level':3,'issued':'2010-05-01'}]," ONGOING "}");
	expect(lower, "not_met", NULL);
	expect_text(json_first(json_get(leaf(lower, 0), "considered")), "text",
		"证书为三级/高级工，条件要求的是二级/技师");
	expect_text(leaf(lower, 1), "text", "无法计算");

	json *higher = judge("{'on':'2026-11-22','certificates':[{'occupation':'" OWN
			     "','level':1,'issued':'2010-05-01'}]," ONGOING "}");
	expect(higher, "review", NULL);
	assert_string_equal(json_get_text(higher, "eligible_from_if_accepted"), "2023-02-28");

	expect(judge("{'on':'2026-11-22','certificates':[{'occupation':'采购员',"
		     "'level':1,'issued':'2010-05-01'}]," ONGOING "}"),
		"not_met", NULL);
}

static void s1_of_several_certificates_the_best_for_the_candidate_is_counted_from(void **state)
{
	(void)state;
	json *verdict =
		judge("{'on':'2026-11-22','certificates':["
		      "{'occupation':'" OWN "','level':2,'issued':'2023-01-01'},"
		      "{'occupation':'采购员','level':2,'issued':'2020-05-01'},"
		      "{'occupation':'" OWN "','level':1,'issued':'2019-01-01'}]," ONGOING "}");
	expect(verdict, "met", "2025-04-30");
	assert_string_equal(
		json_text(json_first(json_get(leaf(verdict, 0), "used"))), "/certificates/1");
}

static void s1_a_reviewer_is_asked_rather_than_the_candidate_refused(void **state)
{
	(void)state;
	/* The sure certificate is too young; the higher one would do, if a reviewer takes it. */
	json *verdict =
		judge("{'on':'2026-11-22','certificates':["
		      "{'occupation':'" OWN "','level':2,'issued':'2023-01-01'},"
		      "{'occupation':'" OWN "','level':1,'issued':'2019-01-01'}]," ONGOING "}");
	expect(verdict, "review", NULL);
	assert_string_equal(
		json_text(json_first(json_get(leaf(verdict, 0), "used"))), "/certificates/1");
}

static void s1_before_any_work_is_entered_the_surest_and_oldest_certificate_is_taken(void **state)
{
	(void)state;
	json *verdict =
		judge("{'on':'2026-11-22','certificates':["
		      "{'occupation':'焊工','level':2,'issued':'2010-01-01','consider':true},"
		      "{'occupation':'采购员','level':2,'issued':'2021-01-01'},"
		      "{'occupation':'" OWN "','level':2,'issued':'2020-01-01'}]}");
	expect(verdict, "not_met", NULL);
	assert_string_equal(
		json_text(json_first(json_get(leaf(verdict, 0), "used"))), "/certificates/2");
}

static void s1_the_trace_says_what_was_wanted_used_and_short_in_both_languages(void **state)
{
	(void)state;
	json *verdict = judge("{'on':'2025-01-01'," CERTIFICATE "," ONGOING "}");
	json *certificate = leaf(verdict, 0), *work = leaf(verdict, 1);
	assert_string_equal(json_get_text(verdict, "text"), "条件原文");
	assert_string_equal(json_get_text(certificate, "path"), "/all/0");
	assert_string_equal(json_get_text(certificate, "kind"), "certificate");
	assert_string_equal(json_get_text(certificate, "source"), "出处");
	assert_string_equal(json_get_text(json_get(certificate, "required"), "text"),
		"取得本职业或相关职业二级/技师职业资格（职业技能等级）证书");
	assert_string_equal(json_get_text(certificate, "eligible_from"), "2020-05-01");
	assert_true(json_is_null(json_get(certificate, "short")));

	assert_string_equal(json_get_text(work, "path"), "/all/1");
	assert_int_equal(json_get_integer(json_get(work, "required"), "days"), 1826);
	assert_string_equal(json_get_text(json_get(work, "required"), "text_en"),
		"5 years of work in all in the same or a related occupation after the certificate");
	assert_int_equal(json_get_integer(json_get(work, "short"), "days"), 119);
	expect_text(work, "text",
		"还差 119 天，即 0 年 3 个月零 29 天；按现在的工作继续，到 2025年4月30日 满足");
	expect_text(work, "text_en", "119 days short");
	json *row = json_first(json_get(work, "considered"));
	assert_string_equal(json_get_text(row, "pointer"), "/work/0");
	assert_string_equal(json_get_text(row, "outcome"), "counts");
	assert_string_equal(json_get_text(row, "from"), "2020-05-01");
	assert_string_equal(json_get_text(row, "to"), "2025-01-01");
	assert_int_equal(json_get_integer(row, "days"), 1707);
}

/* ---- S3: Haidian ---- */

#define OTHER_CERTIFICATE                                                                          \
	"'certificates':[{'occupation':'电子商务师','level':2,'issued':'2015-05-01','consider':true}]"
#define OTHER_WORK "'work':[{'from':'2010-03','to':null,'occupation':'电子商务师','consider':true}]"

static void s3_an_overlay_refuses_the_certificate_with_its_reason(void **state)
{
	(void)state;
	const char *facts = "{'on':'2026-11-22'," OTHER_CERTIFICATE "," ONGOING "}";
	expect(judge(facts), "review", NULL);

	json *verdict = judge_under(s1, "1-1", haidian, facts);
	expect(verdict, "not_met", NULL);
	assert_string_equal(
		json_get_text(json_get(leaf(verdict, 0), "overlay"), "id"), "haidian-2026-01");
	json *considered = json_first(json_get(leaf(verdict, 0), "considered"));
	assert_string_equal(json_get_text(considered, "outcome"), "refused");
	expect_text(considered, "text",
		"电子商务师暂不作为" OWN "的相关职业（采购员、仓储员等）：暂不可作为相关职业。");
}

static void s3_an_overlay_refuses_the_work_as_well(void **state)
{
	(void)state;
	const char *facts = "{'on':'2026-11-22'," CERTIFICATE "," OTHER_WORK "}";
	expect(judge(facts), "review", NULL);

	json *verdict = judge_under(s1, "1-1", haidian, facts);
	expect(verdict, "not_met", NULL);
	assert_string_equal(
		json_get_text(json_get(leaf(verdict, 1), "overlay"), "id"), "haidian-2026-01");
}

static void s3_an_overlay_holds_from_its_first_day_to_its_last(void **state)
{
	(void)state;
	static const struct {
		const char *on, *outcome;
	} cases[] = {{"2025-12-31", "review"}, {"2026-01-01", "not_met"}, {"2027-12-31", "not_met"},
		{"2028-01-01", "review"}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *facts = arena_printf(
			arena, "{'on':'%s'," OTHER_CERTIFICATE "," ONGOING "}", cases[i].on);
		expect(judge_under(s1, "1-1", haidian, facts), cases[i].outcome, NULL);
	}
}

static void s3_an_overlay_takes_a_name_off_the_plugins_own_list(void **state)
{
	(void)state;
	json *overlays =
		read_json("[{'id':'x','kind':'deny_related','occupation_code':'4-02-06-05',"
			  "'name':'采购员','reason':'本区不计。','from':'2020-01-01'}]");
	const char *facts = "{'on':'2026-11-22'," CERTIFICATE
			    ",'work':[{'from':'2018-03','to':null,'occupation':'采购员'}]}";
	expect(judge(facts), "met", "2025-04-30");
	expect(judge_under(s1, "1-1", overlays, facts), "not_met", NULL);
}

static void s3_an_overlay_of_another_occupation_changes_nothing(void **state)
{
	(void)state;
	json *overlays =
		read_json("[{'id':'x','kind':'deny_related','occupation_code':'4-01-06-01',"
			  "'name':'采购员','reason':'本区不计。','from':'2020-01-01'}]");
	json *verdict = judge_under(s1, "1-1", overlays,
		"{'on':'2026-11-22'," CERTIFICATE
		",'work':[{'from':'2018-03','to':null,'occupation':'采购员'}]}");
	expect(verdict, "met", "2025-04-30");
	assert_true(json_is_null(json_get(leaf(verdict, 1), "overlay")));
}

/* ---- S2, S4: names that are not on the list ---- */

static void s4_a_name_that_is_not_listed_counts_only_if_a_reviewer_accepts_it(void **state)
{
	(void)state;
	json *plain = judge("{'on':'2026-11-22'," CERTIFICATE
			    ",'work':[{'from':'2018-03','to':null,'occupation':'焊工'}]}");
	expect(plain, "not_met", NULL);
	expect_text(json_first(json_get(leaf(plain, 1), "considered")), "text", "采购员、仓储员等");

	json *asked = judge(
		"{'on':'2026-11-22'," CERTIFICATE
		",'work':[{'from':'2018-03','to':null,'occupation':'焊工','consider':true}]}");
	expect(asked, "review", NULL);
	assert_string_equal(json_get_text(asked, "eligible_from_if_accepted"), "2025-04-30");
}

static void s4_what_waits_for_a_reviewer_is_told_apart_from_what_is_sure(void **state)
{
	(void)state;
	json *verdict =
		judge("{'on':'2023-05-01'," CERTIFICATE
		      ",'work':[{'from':'2022-05','to':null,'occupation':'" OWN "'},"
		      "{'from':'2020-05','to':'2022-04','occupation':'焊工','consider':true}]}");
	expect(verdict, "not_met", "2027-04-30");
	assert_string_equal(json_get_text(verdict, "eligible_from_if_accepted"), "2025-04-30");
}

/* The codes of the faults, one after another, with their pointers. */
static const char *faults_of(const struct error *error)
{
	const char *told = "";
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		told = arena_printf(arena, "%s%s%s %s", told, *told ? ", " : "", fault->pointer,
			strchr(fault->code, '.') + 1);
	return told;
}

static const char *row_faults(const json *manifest, const json *overlays, const char *row)
{
	struct error error = {.arena = arena};
	eligibility_check_work_row(
		&error, "/work/0", manifest, overlays, "2026-11-22", read_json(row));
	return faults_of(&error);
}

#define ROW(occupation, rest) "{'from':'2018-03','to':null,'occupation':'" occupation "'," rest "}"

static void s4_an_entry_is_refused_where_it_is_typed(void **state)
{
	(void)state;
	static const struct {
		const char *row, *faults;
	} cases[] = {
		{ROW(OWN, "'relation':'same'"), ""},
		{ROW("　" OWN " ", "'relation':'same'"), ""},
		{ROW("采购员", "'relation':'related'"), ""},
		{ROW("采购员", "'relation':'same'"), "/work/0/occupation row_not_same"},
		{ROW(OWN, "'relation':'related'"), "/work/0/occupation row_is_same"},
		{ROW("焊工", "'relation':'related'"), "/work/0/occupation relation_unrelated"},
		{ROW("焊工", "'relation':'related','consider':true"),
			"/work/0/argument row_argument"},
		{ROW("焊工", "'relation':'related','consider':true,'argument':'理由'"), ""},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(row_faults(s1, NULL, cases[i].row), cases[i].faults);
}

/* What a refused row is told. */
static const char *refusal_of(const json *overlays, const char *row)
{
	struct error error = {.arena = arena};
	eligibility_check_work_row(&error, "/work/0", s1, overlays, "2026-11-22", read_json(row));
	return message_text(arena, LANGUAGE_ZH, error.faults->code, error.faults->params);
}

static void s4_the_refusal_names_the_list(void **state)
{
	(void)state;
	assert_non_null(
		strstr(refusal_of(NULL, ROW("焊工", "'relation':'related'")), "采购员、仓储员等"));
	assert_non_null(
		strstr(refusal_of(NULL, ROW("采购员", "'relation':'same'")), "采购员、仓储员等"));
	assert_non_null(strstr(refusal_of(haidian, ROW("电子商务师", "'relation':'related'")),
		"采购员、仓储员等"));
}

static void s3_the_list_that_is_named_is_without_what_the_district_denies(void **state)
{
	(void)state;
	json *overlays =
		read_json("[{'id':'x','kind':'deny_related','occupation_code':'4-02-06-05',"
			  "'name':'采购员','reason':'本区不计。','from':'2026-11-22'},"
			  "{'id':'y','kind':'deny_related','occupation_code':'4-02-06-05',"
			  "'name':'仓储员','reason':'以后不计。','from':'2026-11-23'}]");
	static const char *const rows[] = {ROW("焊工", "'relation':'related'"),
		ROW("焊工", "'relation':'same'"), ROW("采购员", "'relation':'related'")};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text = refusal_of(overlays, rows[i]);
		assert_null(strstr(text, "采购员、"));
		assert_non_null(strstr(text, "仓储员等"));
	}
}

static void s3_an_entry_that_the_district_denies_cannot_be_asked_to_be_considered(void **state)
{
	(void)state;
	assert_string_equal(
		row_faults(s1, haidian,
			ROW("电子商务师",
				"'relation':'related','consider':true,'argument':'理由'")),
		"/work/0/occupation relation_denied");
}

static void s4_a_closed_list_lets_nothing_be_considered(void **state)
{
	(void)state;
	assert_string_equal(
		row_faults(shapes, NULL,
			ROW("焊工", "'relation':'related','consider':true,'argument':'理由'")),
		"/work/0/occupation relation_unlisted");
}

/* ---- Faults of input ---- */

static void months_that_cannot_be_are_faults(void **state)
{
	(void)state;
	static const struct {
		const char *months, *faults;
	} cases[] = {
		{"'from':'2018-03','to':'2018-03'", ""},
		{"'from':'2026-11','to':'2026-11'", ""},
		{"'from':'2018-03','to':'2018-02'", "/work/0/to month_order"},
		{"'from':'2026-12','to':null", "/work/0/from month_future"},
		{"'from':'2018-03','to':'2026-12'", "/work/0/to month_future"},
		{"'from':'2018-13','to':null", "/work/0/from not_a_month"},
		{"'from':'2018-03'", "/work/0/to not_a_month"},
		{"'to':null", "/work/0/from not_a_month"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *row = arena_printf(
			arena, "{%s,'occupation':'" OWN "','relation':'same'}", cases[i].months);
		assert_string_equal(row_faults(s1, NULL, row), cases[i].faults);
	}
}

static void days_that_cannot_be_are_faults(void **state)
{
	(void)state;
	struct error error = {.arena = arena};
	eligibility_check_facts(&error, "",
		read_json(
			"{'on':'2026-11-22','birth':'1990-02-30',"
			"'certificates':[{'issued':'2026-11-22'},{'issued':'2026-11-23'}],"
			"'titles':[{'issued':'yesterday'}],'diplomas':[{'graduated':null},{'graduated':'2027-01-01'}],"
			"'work':[{'from':'2018-03','to':'2017-01'}]}"));
	assert_string_equal(faults_of(&error),
		"/birth not_a_date, /certificates/1/issued date_future, /titles/0/issued not_a_date, "
		"/diplomas/1/graduated date_future, /work/0/to month_order");

	struct error early = {.arena = arena};
	eligibility_check_facts(&early, "/form",
		read_json(
			"{'on':'2026-11-22','birth':'1990-02-03','work':[{'from':'1990-01','to':null}]}"));
	assert_string_equal(faults_of(&early), "/form/work/0/from before_birth");
}

/* ---- The other shapes ---- */

static void sixteen_is_reached_on_the_birthday(void **state)
{
	(void)state;
	const char *day_before = "{'on':'2026-03-03','birth':'2010-03-04'}";
	const char *day = "{'on':'2026-03-04','birth':'2010-03-04'}";
	expect(judge_under(shapes, "age", NULL, day_before), "not_met", "2026-03-04");
	expect(judge_under(shapes, "age", NULL, day), "met", "2026-03-04");
	expect(judge_under(shapes, "age", NULL, "{'on':'2026-03-03'}"), "not_met", NULL);
}

static void of_alternatives_one_is_enough(void **state)
{
	(void)state;
	json *verdict = judge_under(shapes, "any", NULL,
		"{'on':'2026-11-22','titles':[{'rank':'senior','issued':'2026-01-01','matching':true}]}");
	expect(verdict, "met", "2026-01-01");
	assert_int_equal(json_count(json_get(verdict, "trace")), 2);
	assert_string_equal(json_get_text(leaf(verdict, 1), "path"), "/all/0/any/1");
	expect(judge_under(shapes, "any", NULL,
		       "{'on':'2026-11-22'," ONGOING
		       ",'titles':[{'rank':'senior','issued':'2026-01-01','matching':false}]}"),
		"not_met", "2028-02-29");
	/* Of the same occupation only. */
	expect(judge_under(shapes, "any", NULL,
		       "{'on':'2026-11-22','work':[{'from':'2000-01','to':null,'occupation':'采购员'}]}"),
		"not_met", NULL);
}

#define TITLE(rank) "'titles':[{'rank':'" rank "','issued':'2026-01-01','matching':true}]"

static void work_is_counted_since_the_title(void **state)
{
	(void)state;
	expect(judge_under(shapes, "title", NULL,
		       "{'on':'2026-11-22'," ONGOING "," TITLE("junior") "}"),
		"not_met", "2026-12-31");
	json *higher = judge_under(
		shapes, "title", NULL, "{'on':'2026-11-22'," ONGOING "," TITLE("senior") "}");
	expect(higher, "not_met", NULL);
	assert_string_equal(json_get_text(higher, "eligible_from_if_accepted"), "2026-12-31");
}

static void a_certificate_is_held_for_years(void **state)
{
	(void)state;
	const char *held =
		"'certificates':[{'occupation':'" OWN "','level':3,'issued':'2024-05-10'}]";
	const char *day_before = arena_printf(arena, "{'on':'2026-05-09',%s}", held);
	const char *day = arena_printf(arena, "{'on':'2026-05-10',%s}", held);
	expect(judge_under(shapes, "held", NULL, day_before), "not_met", "2026-05-10");
	expect(judge_under(shapes, "held", NULL, day), "met", "2026-05-10");
	/* 本职业 only. */
	expect(judge_under(shapes, "held", NULL,
		       "{'on':'2026-11-22','certificates':[{'occupation':'采购员','level':3,'issued':'2010-05-10'}]}"),
		"not_met", NULL);
}

static void no_years_mean_any_work_at_all(void **state)
{
	(void)state;
	expect(judge_under(shapes, "work", NULL,
		       "{'on':'2026-11-22','work':[{'from':'2026-11','to':null,'occupation':'采购员'}]}"),
		"met", "2026-11-01");
	expect(judge_under(shapes, "work", NULL, "{'on':'2026-11-22'}"), "not_met", NULL);
}

static void diplomas_count_by_school_major_and_year(void **state)
{
	(void)state;
	static const struct {
		const char *condition, *diploma, *outcome, *from;
	} cases[] = {
		{"diploma", "'kind':'university','major_scope':'related','graduated':'2020-07-01'",
			"met", "2020-07-01"},
		{"diploma",
			"'kind':'university','major_scope':'related','graduated':null,'final_year':true",
			"met", "2026-11-22"},
		{"diploma",
			"'kind':'university','major_scope':'related','graduated':null,'final_year':false",
			"not_met", NULL},
		{"diploma", "'kind':'skilled_school','major_scope':'same','graduated':'2020-07-01'",
			"not_met", NULL},
		{"assessed", "'kind':'university','major_scope':'same','graduated':'2020-07-01'",
			"review", NULL},
		{"assessed", "'kind':'university','major_scope':'related','graduated':'2020-07-01'",
			"not_met", NULL},
		{"assessed",
			"'kind':'university','major_scope':'same','graduated':null,'final_year':true",
			"not_met", NULL},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *facts = arena_printf(
			arena, "{'on':'2026-11-22','diplomas':[{%s}]}", cases[i].diploma);
		expect(judge_under(shapes, cases[i].condition, NULL, facts), cases[i].outcome,
			cases[i].from);
	}
}

static void the_same_facts_give_the_same_verdict(void **state)
{
	(void)state;
	const char *facts = "{'on':'2025-01-01'," CERTIFICATE "," ONGOING "}";
	assert_string_equal(json_print(arena, judge(facts)), json_print(arena, judge(facts)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s1_five_years_are_full_on_the_day_before_the_fifth_return_of_the_certificate_day),
		TEST(s1_work_before_the_certificate_does_not_count),
		TEST(s1_overlapping_jobs_count_once),
		TEST(s1_gaps_do_not_count),
		TEST(s1_the_count_ends_on_the_day_of_the_application),
		TEST(s1_without_a_present_job_no_waiting_helps_and_what_is_short_is_told),
		TEST(s1_the_certificate_is_of_exactly_the_level_that_the_condition_names),
		TEST(s1_of_several_certificates_the_best_for_the_candidate_is_counted_from),
		TEST(s1_a_reviewer_is_asked_rather_than_the_candidate_refused),
		TEST(s1_before_any_work_is_entered_the_surest_and_oldest_certificate_is_taken),
		TEST(s1_the_trace_says_what_was_wanted_used_and_short_in_both_languages),
		TEST(s3_an_overlay_refuses_the_certificate_with_its_reason),
		TEST(s3_an_overlay_refuses_the_work_as_well),
		TEST(s3_an_overlay_holds_from_its_first_day_to_its_last),
		TEST(s3_an_overlay_takes_a_name_off_the_plugins_own_list),
		TEST(s3_an_overlay_of_another_occupation_changes_nothing),
		TEST(s4_a_name_that_is_not_listed_counts_only_if_a_reviewer_accepts_it),
		TEST(s4_what_waits_for_a_reviewer_is_told_apart_from_what_is_sure),
		TEST(s4_an_entry_is_refused_where_it_is_typed),
		TEST(s4_the_refusal_names_the_list),
		TEST(s3_the_list_that_is_named_is_without_what_the_district_denies),
		TEST(s3_an_entry_that_the_district_denies_cannot_be_asked_to_be_considered),
		TEST(s4_a_closed_list_lets_nothing_be_considered),
		TEST(months_that_cannot_be_are_faults),
		TEST(days_that_cannot_be_are_faults),
		TEST(sixteen_is_reached_on_the_birthday),
		TEST(of_alternatives_one_is_enough),
		TEST(work_is_counted_since_the_title),
		TEST(a_certificate_is_held_for_years),
		TEST(no_years_mean_any_work_at_all),
		TEST(diplomas_count_by_school_major_and_year),
		TEST(the_same_facts_give_the_same_verdict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
