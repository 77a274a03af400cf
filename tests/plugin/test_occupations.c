/*
 * The three occupations (S2, S22): every level that each standard has, with the words of the rules to the letter, trees
 * that say what the words say, the materials that show it, and the district's overlay on top of them (S3).
 *
 * The tables here are the test's own: written from the rules, not from plugins/.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "place.h"
#include "plugin/eligibility.h"
#include "plugin/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

static const struct {
	const char *plugin, *name, *code, *related;
	int lowest; /* level */
	const char *work_types[6];
} occupations[] = {
	{"e-commerce-specialist", "电子商务师", "4-01-06-01",
		"营销员、商品营业员、摊商、互联网营销师、连锁经营管理师、采购员、市场营销专业人员、商务策划专业人员、全媒体运营师、数字化管理师、物流服务师、"
		"广告设计师、商业摄影师、客户服务管理员、呼叫中心服务员、网约配送员、易货师等",
		5,
		{NULL, "", "网商、跨境电子商务师", "网商、跨境电子商务师", "网商、跨境电子商务师",
			"网商、跨境电子商务师"}},
	{"supply-chain-manager", "供应链管理师", "4-02-06-05",
		"采购员、销售员、仓储员、装卸搬运和运输代理服务人员、邮政和快递服务人员、轨道、道路、航空、水上货物运输人员等",
		3, {NULL, "", "", "", "", ""}},
	{"internet-marketer", "互联网营销师", "4-01-06-02",
		"电子商务师、营销员、市场营销专业人员、商务策划专业人员、广告设计师、品牌专业人员、文化经纪人、播音员、讲解员、节目主持人、数字媒体艺术专业人员、"
		"网络编辑、摊商、经济与代理专业人员、管理咨询专业人员、数据分析处理工程技术人员、装饰美工、印前处理和制作员、制图员、商业摄影师、演出监督、"
		"陈列展览设计人员、导游、会展策划专业人员、会展设计师等",
		5,
		{NULL, "选品员、直播销售员、视频创推员", "选品员、直播销售员、视频创推员",
			"选品员、直播销售员、视频创推员、平台管理员",
			"选品员、直播销售员、视频创推员、平台管理员",
			"选品员、直播销售员、视频创推员、平台管理员"}},
};

/* The conditions of 2023, all of them. */
static const struct condition {
	const char *id, *text, *requirement, *materials;
} conditions_2023[] = {
	{"5-1", "年满16周岁，拟从事本职业或相关职业工作。", "age 16", ""},
	{"5-2", "年满16周岁，从事本职业或相关职业工作。", "age 16 & any work related",
		"work_proof"},
	{"4-1", "累计从事本职业或相关职业工作满5年。", "work 5 related", "work_proof"},
	{"4-2", "取得本职业或相关职业五级/初级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满3年。",
		"certificate 5 related & work 3 related since certificate",
		"certificate work_proof"},
	{"4-3", "取得本专业或相关专业的技工院校或中等及以上职业院校、专科及以上普通高等学校毕业证书（含在读应届毕业生）。",
		"diploma secondary_vocational skilled_school advanced_class technician_college "
		"higher_vocational university"
		" in related major, final_year students",
		"diploma"},
	{"3-1", "累计从事本职业或相关职业工作满10年。", "work 10 related",
		"work_pledge social_insurance"},
	{"3-2", "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满4年。",
		"certificate 4 related & work 4 related since certificate",
		"certificate work_pledge"},
	{"3-3", "取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。",
		"junior title & work 1 related since title", "title work_pledge"},
	{"3-4", "取得本专业或相关专业的技工院校高级工班及以上毕业证书（含在读应届毕业生）。",
		"diploma advanced_class technician_college in related major, final_year students",
		"diploma"},
	{"3-5", "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书，并取得高等职业学校、专科及以上普通高等学校本专业或相关专业毕业证书（含在读应届毕业生）。",
		"certificate 4 related & diploma higher_vocational university in related major, final_year students",
		"certificate diploma"},
	{"3-6", "取得经评估论证的高等职业学校、专科及以上普通高等学校本专业或相关专业的毕业证书（含在读应届毕业生）。",
		"assessed diploma higher_vocational university in related major, final_year students",
		"diploma"},
	{"2-1", "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。",
		"certificate 3 related & work 5 related since certificate",
		"certificate work_pledge social_insurance"},
	{"2-2", "取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满5年，并在取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年。",
		"junior title & work 5 related since title & certificate 3 related & work 1 related since "
		"certificate",
		"title certificate work_pledge"},
	{"2-3", "取得符合专业对应关系的中级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。",
		"intermediate title & work 1 related since title", "title work_pledge"},
	{"2-4", "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书的高级技工学校、技师学院毕业生，累计从事本职业或相关职业工作满2年。",
		"certificate 3 related & diploma advanced_class technician_college in unrelated major, no students"
		" & work 2 related",
		"certificate diploma work_pledge"},
	{"2-5", "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书满2年的技师学院预备技师班、技师班学生。",
		"certificate 3 related held 2 & diploma technician_college in unrelated major, only students",
		"certificate diploma"},
	{"1-1", "取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。",
		"certificate 2 related & work 5 related since certificate",
		"certificate work_pledge"},
	{"1-2", "取得符合专业对应关系的中级职称后，累计从事本职业或相关职业工作满5年，并在取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年。",
		"intermediate title & work 5 related since title & certificate 2 related"
		" & work 1 related since certificate",
		"title certificate work_pledge"},
	{"1-3", "取得符合专业对应关系的高级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。",
		"senior title & work 1 related since title", "title work_pledge"},
};

/* What the older standard of 电子商务师 asks for. */
static const struct condition conditions_2018[] = {
	{"2018-5-1", "累计从事本职业或相关职业工作1年（含）以上。", "work 1 related", "work_proof"},
	{"2018-5-2", "本职业或相关职业学徒期满。", "apprenticeship related", "apprenticeship"},
	{"2018-4-1",
		"取得本职业或相关职业五级/初级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。",
		"certificate 5 related & work 4 related since certificate",
		"certificate work_proof"},
	{"2018-4-2", "累计从事本职业或相关职业工作6年（含）以上。", "work 6 related", "work_proof"},
	{"2018-4-3",
		"取得技工学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）；或取得经评估论证、以中级技能为培养目标的中等及以上职业学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）。",
		"(diploma skilled_school in related major, final_year students | assessed diploma "
		"secondary_vocational"
		" advanced_class technician_college higher_vocational in related major, final_year students)",
		"diploma"},
	{"2018-3-1",
		"取得本职业或相关职业四级/中级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作5年（含）以上。",
		"certificate 4 related & work 5 related since certificate",
		"certificate work_pledge"},
	{"2018-3-2",
		"取得本职业或相关职业四级/中级工职业资格证书（技能等级证书），并具有高级技工学校、技师学院毕业证"
		"书（含尚未取得毕业证书的在校应届毕业生）；或取得本职业或相关职业四级/中级工职业资格证书（技能等"
		"级证书），并具有经评估论证、以高级技能为培养目标的高等职业学校本专业或相关专业毕业证书（含尚未取"
		"得毕业证书的在校应届毕业生）。",
		"certificate 4 related & (diploma advanced_class technician_college in unrelated major, "
		"final_year students"
		" | assessed diploma higher_vocational in related major, final_year students)",
		"certificate diploma"},
	{"2018-3-3",
		"具有大专及以上本专业或相关专业毕业证书，并取得本职业或相关职业四级/中级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作2年（含）以上。",
		"diploma higher_vocational university in related major, no students & certificate 4 related"
		" & work 2 related since certificate",
		"certificate diploma work_pledge"},
	{"2018-2-1",
		"取得本职业或相关职业三级/高级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。",
		"certificate 3 related & work 4 related since certificate",
		"certificate work_pledge"},
	{"2018-2-2",
		"取得本职业或相关职业三级/高级工职业资格证书（技能等级证书）的高级技工学校、技师学院毕业生，累计"
		"从事本职业或相关职业工作3年（含）以上；或取得本职业或相关职业预备技师证书的技师学院毕业生，累计"
		"从事本职业或相关职业工作2年（含）以上。",
		"(certificate 3 related & diploma advanced_class technician_college in unrelated major, no students"
		" & work 3 related | preparatory_technician related & diploma technician_college in unrelated major,"
		" no students & work 2 related)",
		"qualification diploma work_pledge"},
	{"2018-1-1",
		"取得本职业或相关职业二级/技师职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。",
		"certificate 2 related & work 4 related since certificate",
		"certificate work_pledge"},
};

/* And that of 互联网营销师 at 一级. */
static const struct condition conditions_2021[] = {
	{"2018-1-1",
		"取得本职业或相关职业二级/技师职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作3年（含）以上，经本职业一级/高级技师正规培训达规定标准学时，并取得结业证书。",
		"certificate 2 related & work 3 related since certificate & course 1 of 72 hours same",
		"certificate course work_pledge"},
	{"2018-1-2",
		"取得本职业或相关职业二级/技师职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。",
		"certificate 2 related & work 4 related since certificate",
		"certificate work_pledge"},
};

static const char *basic = "id_card_front id_card_back portrait application_form";

static json *describe(struct place *place, const char *occupation, int level)
{
	json *manifest;
	const char *path = arena_printf(place->arena, PLUGINS "/%s_level_%d.so", occupation, level);
	if (catalogue_describe(place->catalogue, place->arena, path, &manifest, &place->error))
		fail_msg("%s: %s", path, place_said(place));
	return manifest;
}

static const char *joined(struct place *place, const json *texts, const char *between)
{
	const char *text = "";
	json_each(item, texts) text =
		arena_printf(place->arena, "%s%s%s", text, *text ? between : "", json_text(item));
	return text;
}

/* ---- A requirement tree in words ---- */

static const char *leaf_words(struct place *place, const json *leaf)
{
	struct arena *arena = place->arena;
	const char *kind = json_get_text(leaf, "kind"), *scope = json_get_text(leaf, "scope");
	const char *since = json_get_text(leaf, "since");
	int level = (int)json_get_integer(leaf, "level");
	int years = (int)json_get_integer(leaf, "years");
	int held = (int)json_get_integer(leaf, "held_years");
	if (text_equal(kind, "age"))
		return arena_printf(arena, "age %d", years);
	if (text_equal(kind, "title"))
		return arena_printf(arena, "%s title", json_get_text(leaf, "rank"));
	if (text_equal(kind, "certificate"))
		return arena_printf(arena, held ? "certificate %d %s held %d" : "certificate %d %s",
			level, scope, held);
	if (text_equal(kind, "diploma"))
		return arena_printf(arena, "%sdiploma %s in %s major, %s students",
			json_get_true(leaf, "assessed") ? "assessed " : "",
			joined(place, json_get(leaf, "diplomas"), " "), scope,
			json_get_text(leaf, "students"));
	if (text_equal(kind, "training") && level)
		return arena_printf(arena, "course %d of %d hours %s", level,
			(int)json_get_integer(leaf, "hours"), scope);
	if (text_equal(kind, "training"))
		return arena_printf(arena, "%s %s", json_get_text(leaf, "training"), scope);
	if (!years)
		return arena_printf(arena, "any work %s", scope);
	return arena_printf(arena,
		text_equal(since, "start") ? "work %d %s" : "work %d %s since %s", years, scope,
		since);
}

/* Nested as deep as trees are. */
static const char *tree_words(struct place *place, const json *tree)
{
	const json *all = json_get(tree, "all"), *parts = all ? all : json_get(tree, "any");
	const char *words = "";
	if (!parts)
		return leaf_words(place, tree);
	json_each(part, parts) words = arena_printf(place->arena, "%s%s%s", words,
		*words ? (all ? " & " : " | ") : "", tree_words(place, part));
	return all ? words : arena_printf(place->arena, "(%s)", words);
}

/* ---- What the rules say ---- */

static void expect_condition(struct place *place, const json *manifest,
	const struct condition *expected, const char *set)
{
	const json *condition = eligibility_condition(manifest, expected->id);
	const char *materials = arena_printf(place->arena, "%s%s%s", basic,
		*expected->materials ? " " : "", expected->materials);
	assert_non_null(condition);
	assert_string_equal(json_get_text(condition, "set"), set);
	assert_string_equal(json_get_text(condition, "text"), expected->text);
	assert_string_equal(
		tree_words(place, json_get(condition, "requirement")), expected->requirement);
	assert_string_equal(joined(place, json_get(condition, "materials"), " "), materials);
}

static int level_of(const struct condition *condition)
{
	const char *id = condition->id;
	return (strncmp(id, "2018-", 5) == 0 ? id[5] : id[0]) - '0';
}

/* Those of the table that are of this level, in its order, and no others. */
static void expect_conditions(struct place *place, const json *manifest, const char *set,
	const struct condition *table, size_t count)
{
	int level = (int)json_get_integer(manifest, "level");
	const char *expected = "", *found = "";
	for (size_t i = 0; i < count; i++) {
		if (level_of(&table[i]) != level)
			continue;
		expected = arena_printf(place->arena, "%s %s", expected, table[i].id);
		expect_condition(place, manifest, &table[i], set);
	}
	json_each(condition, json_get(manifest, "conditions"))
	{
		if (text_equal(json_get_text(condition, "set"), set))
			found = arena_printf(
				place->arena, "%s %s", found, json_get_text(condition, "id"));
	}
	assert_string_equal(found, expected);
}

static void s22_every_level_carries_the_conditions_of_2023_to_the_letter(void **state)
{
	struct place *place = *state;
	assert_int_equal(COUNT(conditions_2023), 19);
	for (size_t i = 0; i < COUNT(occupations); i++) {
		for (int level = occupations[i].lowest; level >= 1; level--) {
			json *manifest = describe(place, occupations[i].plugin, level);
			expect_conditions(
				place, manifest, "gc2023", conditions_2023, COUNT(conditions_2023));
			assert_string_equal(json_get_text(manifest, "condition_set"), "gc2023");
		}
	}
}

static void s22_the_older_generation_stands_beside_it_where_its_text_is_known(void **state)
{
	struct place *place = *state;
	for (int level = 5; level >= 1; level--) {
		expect_conditions(place, describe(place, "e-commerce-specialist", level), "gc2018",
			conditions_2018, COUNT(conditions_2018));
		expect_conditions(place, describe(place, "internet-marketer", level), "gc2018",
			conditions_2021, COUNT(conditions_2021));
	}
	for (int level = 3; level >= 1; level--)
		expect_conditions(
			place, describe(place, "supply-chain-manager", level), "gc2018", NULL, 0);
}

static void s22_a_plan_of_one_generation_keeps_nothing_of_the_other(void **state)
{
	struct place *place = *state;
	json *manifest = describe(place, "e-commerce-specialist", 5), *narrowed;
	assert_string_equal(manifest_sets(place->arena, manifest), "gc2023、gc2018");
	assert_true(manifest_for_set(place->arena, manifest, "gc2018", &narrowed));
	assert_string_equal(json_get_text(narrowed, "condition_set"), "gc2018");
	assert_int_equal(json_count(json_get(narrowed, "conditions")), 2);
	assert_null(eligibility_condition(narrowed, "5-1"));
	assert_int_equal(json_count(json_get(narrowed, "materials")), 6);
	json_each(example, json_get(narrowed, "examples"))
		assert_non_null(strstr(json_get_text(example, "condition"), "2018-5-"));

	/* It still is a whole manifest. */
	place_forget(place);
	assert_int_equal(manifest_check(place->arena, narrowed, &place->error), OK);
	assert_false(manifest_for_set(place->arena, manifest, "gc1999", &narrowed));
}

/* But for one item that stands for four, the names one after another are the text. */
static void s2_each_level_carries_the_related_occupations_to_the_letter_and_in_order(void **state)
{
	struct place *place = *state;
	for (size_t i = 0; i < COUNT(occupations); i++) {
		for (int level = occupations[i].lowest; level >= 1; level--) {
			json *manifest = describe(place, occupations[i].plugin, level);
			const json *related = json_get(manifest, "related");
			const char *names = arena_printf(place->arena, "%s等",
				joined(place, json_get(related, "names"), "、"));
			assert_string_equal(json_get_text(related, "text"), occupations[i].related);
			assert_true(json_get_true(related, "open"));
			if (strcmp(occupations[i].plugin, "supply-chain-manager") != 0)
				assert_string_equal(names, occupations[i].related);
			else
				assert_string_equal(names,
					"采购员、销售员、仓储员、装卸搬运和运输代理服务人员、邮政和快递服务人员、"
					"轨道货物运输人员、道路货物运输人员、航空货物运输人员、水上货物运输人员等");
		}
	}
}

static void s22_each_level_has_its_code_name_work_types_and_subjects(void **state)
{
	static const char *const names[] = {
		NULL, "一级/高级技师", "二级/技师", "三级/高级工", "四级/中级工", "五级/初级工"};
	static const char *const subjects[] = {
		"theory 90 skill 60", "theory 90 skill 90 review 30"};
	struct place *place = *state;
	for (size_t i = 0; i < COUNT(occupations); i++) {
		for (int level = occupations[i].lowest; level >= 1; level--) {
			json *manifest = describe(place, occupations[i].plugin, level);
			const char *found = "";
			assert_string_equal(
				json_text(json_at_pointer(manifest, "/occupation/name")),
				occupations[i].name);
			assert_string_equal(
				json_text(json_at_pointer(manifest, "/occupation/code")),
				occupations[i].code);
			assert_string_equal(json_get_text(manifest, "level_name"), names[level]);
			assert_string_equal(joined(place, json_get(manifest, "work_types"), "、"),
				occupations[i].work_types[level]);
			json_each(subject, json_get(manifest, "subjects"))
			{
				found = arena_printf(place->arena, "%s%s%s %d", found,
					*found ? " " : "", json_get_text(subject, "id"),
					(int)json_get_integer(subject, "minutes"));
				assert_int_equal(json_get_integer(subject, "full"), 100);
				assert_int_equal(json_get_integer(subject, "pass"), 60);
			}
			assert_string_equal(found, subjects[level <= 2]);
		}
	}
}

/* What one is and how it is handed in: portrait, photograph, scan; by hand; originals to post (S19). */
static void s7_materials_are_what_the_guide_asks_for(void **state)
{
	static const struct {
		const char *id, *kind;
		bool handwritten;
		int copies;
	} expected[] = {{"id_card_front", "photo", false, 0}, {"id_card_back", "photo", false, 0},
		{"portrait", "portrait", false, 0}, {"application_form", "scan", true, 2},
		{"certificate", "scan", false, 0}, {"title", "scan", false, 0},
		{"work_pledge", "scan", true, 1}};
	struct place *place = *state;
	size_t i = 0;
	json_each(material, json_get(describe(place, "internet-marketer", 2), "materials"))
	{
		if (i == COUNT(expected) ||
			!text_equal(json_get_text(material, "id"), expected[i].id))
			continue;
		assert_string_equal(json_get_text(material, "kind"), expected[i].kind);
		assert_true(json_get_true(material, "required"));
		assert_int_equal(json_get_true(material, "handwritten"), expected[i].handwritten);
		assert_int_equal(json_get_integer(material, "paper_copies"), expected[i].copies);
		i++;
	}
	assert_int_equal(i, COUNT(expected));
}

static void s22_all_conditions_of_2023_can_be_said_in_one_plugin(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	assert_int_equal(place_install(place, place_fixture(place, "every_condition"), &entry), OK);
	assert_int_equal(json_count(json_get(entry.manifest, "conditions")), 19);
}

/* ---- S3: the centre's own rule, as its folder has it ---- */

static json *overlays_of(struct place *place, const char *slug)
{
	char text[65536];
	json *tenant;
	FILE *file = fopen(arena_printf(place->arena, TENANTS "/%s/tenant.json", slug), "r");
	assert_non_null(file);
	size_t size = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(json_parse(place->arena, text, size, &tenant, &place->error), OK);
	return json_get(tenant, "overlays");
}

/* Of 电子商务师 below the level applied for, with twenty years of work: asked to be considered. */
static json *with_other_certificate(struct place *place, const char *occupation, int level)
{
	const char *facts = arena_printf(place->arena,
		"{\"on\":\"2026-11-22\",\"birth\":\"1985-03-04\",\"certificates\":[{\"occupation\":\"电子商务师\","
		"\"level\":%d,\"issued\":\"2010-05-01\",\"consider\":true}],"
		"\"work\":[{\"from\":\"2006-01\",\"to\":null,\"occupation\":\"%s\"}]}",
		level + 1, occupation);
	json *parsed;
	assert_int_equal(
		json_parse(place->arena, facts, strlen(facts), &parsed, &place->error), OK);
	return parsed;
}

static const char *outcome(struct place *place, const json *manifest, const char *condition,
	const json *overlays, const json *facts)
{
	json *verdict;
	eligibility_evaluate(place->arena, manifest, condition, overlays, facts, &verdict);
	return json_get_text(verdict, "outcome");
}

static void s3_haidian_alone_refuses_its_certificate_at_every_level(void **state)
{
	static const char *const after_certificate[] = {NULL, "1-1", "2-1", "3-2"};
	struct place *place = *state;
	json *haidian = overlays_of(place, "haidian");
	assert_true(json_count(haidian) > 0);
	for (int level = 3; level >= 1; level--) {
		const char *condition = after_certificate[level];
		json *manifest = describe(place, "supply-chain-manager", level);
		json *facts = with_other_certificate(place, "供应链管理师", level);
		assert_string_equal(outcome(place, manifest, condition, haidian, facts), "not_met");
		assert_string_equal(outcome(place, manifest, condition,
					    overlays_of(place, "shijingshan"), facts),
			"review");

		/* Of 互联网营销师 it is a related occupation, in Haidian as well. */
		manifest = describe(place, "internet-marketer", level);
		facts = with_other_certificate(place, "互联网营销师", level);
		assert_string_equal(outcome(place, manifest, condition, haidian, facts), "met");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	const struct CMUnitTest tests[] = {
		TEST(s22_every_level_carries_the_conditions_of_2023_to_the_letter),
		TEST(s22_the_older_generation_stands_beside_it_where_its_text_is_known),
		TEST(s22_a_plan_of_one_generation_keeps_nothing_of_the_other),
		TEST(s2_each_level_carries_the_related_occupations_to_the_letter_and_in_order),
		TEST(s22_each_level_has_its_code_name_work_types_and_subjects),
		TEST(s7_materials_are_what_the_guide_asks_for),
		TEST(s22_all_conditions_of_2023_can_be_said_in_one_plugin),
		TEST(s3_haidian_alone_refuses_its_certificate_at_every_level),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
