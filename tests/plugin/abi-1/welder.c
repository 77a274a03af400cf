/*
 * A plugin of the time when ABI 1 was frozen. What this file says must be understood for ever.
 *
 * TOMORROW is empty, or a field of a header that there is not yet.
 */
#include <kaowu_plugin.h> /* the frozen one, or one of the future */

/* Tables read as rows. */
/* clang-format off */

#ifndef TOMORROW
#define TOMORROW
#endif

static void check_form(const struct kaowu_form *form, const struct kaowu_findings *findings)
{
	for (size_t i = 0; i < form->values.count; i++)
		if (form->values.rows[i].field[0] == 's' && form->values.rows[i].text[0] == '0')
			findings->add(findings, KAOWU_REFUSE, form->values.rows[i].field, "编号不能以 0 开头");
}

#define HOLDS .certificates = KAOWU_ROWS(kaowu_held_certificate, {.occupation = "焊工", .level = 4, .issued = "2020-05-01"})
#define WORKS .work = KAOWU_ROWS(kaowu_worked, {.from = "2018-03", .occupation = "焊工"})

KAOWU_PLUGIN(
	.id = "welder.3", .version = "1.2.3", .occupation_code = "6-18-02-04", .occupation_name = "焊工",
	.level = 3, .level_name = KAOWU_LEVEL_3, .condition_set = "gc2023",
	.related = KAOWU_TEXTS("钳工", "铆工"), .related_text = "钳工、铆工等", .related_open = true,
	.conditions = KAOWU_ROWS(kaowu_condition,
		{.id = "3-2", .text = "取得四级证书后，累计工作满4年。", .source = "某标准 3-2", TOMORROW
		 .requirements = KAOWU_ROWS(kaowu_requirement,
			KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED),
			KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)),
		 .materials = KAOWU_TEXTS("portrait", "certificate")},
		{.id = "3-9", .text = "其余各项。", .source = "某标准 3-9", .set = "gc2018",
		 .requirements = KAOWU_ROWS(kaowu_requirement,
			KAOWU_NEEDS_AGE(18),
			KAOWU_NEEDS_CERTIFICATE_HELD(5, KAOWU_SAME, 2),
			KAOWU_ANY_OF(
				KAOWU_NEEDS_TRAINING(KAOWU_APPRENTICESHIP, KAOWU_SAME),
				KAOWU_NEEDS_COURSE(3, KAOWU_RELATED, 88),
				KAOWU_ALL_OF(
					KAOWU_NEEDS_TITLE(KAOWU_JUNIOR),
					KAOWU_NEEDS_WORK(1, KAOWU_SAME, KAOWU_SINCE_TITLE)),
				KAOWU_NEEDS_DIPLOMA(KAOWU_SKILLED_SCHOOL | KAOWU_UNIVERSITY, KAOWU_RELATED, KAOWU_FINAL_YEAR),
				KAOWU_NEEDS_ASSESSED_DIPLOMA(KAOWU_HIGHER_VOCATIONAL, KAOWU_UNRELATED, KAOWU_STUDENTS))),
		 .materials = KAOWU_TEXTS("portrait")}),
	.materials = KAOWU_ROWS(kaowu_material,
		{.id = "portrait", .name = "照片", .kind = KAOWU_PORTRAIT, .required = true, .note = "白底"},
		{.id = "certificate", .name = "四级证书", .kind = KAOWU_SCAN, .handwritten = true, .paper_copies = 2}),
	.work_types = KAOWU_TEXTS("电焊工", "气焊工"),
	.fields = KAOWU_ROWS(kaowu_field,
		{.id = "seal", .name = "钢印号", .kind = KAOWU_LINE, .required = true, .note = "见证书"},
		{.id = "metal", .name = "母材", .kind = KAOWU_CHOICE, .choices = KAOWU_TEXTS("碳钢", "不锈钢")}),
	.subjects = KAOWU_ROWS(kaowu_subject, {.id = "theory", .name = "理论知识考试", .minutes = 90, .full = 100, .pass = 60}),
	.examples = KAOWU_ROWS(kaowu_example,
		{.name = "四年的前一天", .condition = "3-2", .on = "2024-04-29", .birth = "1985-03-04", HOLDS, WORKS,
		 .outcome = KAOWU_NOT_MET, .eligible_from = "2024-04-30"},
		{.name = "四年的当天", .condition = "3-2", .on = "2024-04-30", HOLDS, WORKS, .outcome = KAOWU_MET,
		 .eligible_from = "2024-04-30"},
		{.name = "学徒", .condition = "3-9", .on = "2026-11-22", .birth = "1985-03-04",
		 .certificates = KAOWU_ROWS(kaowu_held_certificate, {.occupation = "焊工", .level = 5, .issued = "2020-05-01"}),
		 .trainings = KAOWU_ROWS(kaowu_held_training,
			{.training = KAOWU_APPRENTICESHIP, .occupation = "焊工", .completed = "2019-07-01"},
			{.training = KAOWU_COURSE, .occupation = "铸造工", .completed = "2019-07-01", .level = 3, .hours = 88,
			 .consider = true}),
		 .titles = KAOWU_ROWS(kaowu_held_title, {.rank = KAOWU_SENIOR, .issued = "2026-01-01", .matching = true}),
		 .diplomas = KAOWU_ROWS(kaowu_held_diploma,
			{.diploma = KAOWU_UNIVERSITY, .scope = KAOWU_SAME, .graduated = "2019-07-01", .major = "焊接"},
			{.diploma = KAOWU_UNIVERSITY, .scope = KAOWU_UNRELATED, .final_year = true}),
		 .outcome = KAOWU_MET, .eligible_from = "2022-05-01"},
		{.name = "只有工作", .condition = "3-9", .on = "2026-11-22",
		 .work = KAOWU_ROWS(kaowu_worked,
			{.from = "2018-03", .to = "2021-06", .occupation = "铸造工", .consider = true}),
		 .outcome = KAOWU_NOT_MET}),
	.check_form = check_form,
	.majors = KAOWU_TEXTS("焊接")
);
