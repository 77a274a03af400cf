/*
 * 互联网营销师 at 一级/高级技师. The 工种 平台管理员 ends at 三级.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

/* The standard of 2021 shortens the years for who has taken its course, of 72 hours at this level. */
#define CONDITION_WITH_COURSE \
	CONDITION_2018("1-1", \
		"取得本职业或相关职业二级/技师职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作3年（含）以上，经本职业一级/高级技师正规培训达规定标准学时，并取得结业证书。", \
		KAOWU_TEXTS(BASIC, "certificate", "course", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(3, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE), \
		KAOWU_NEEDS_COURSE(1, KAOWU_SAME, 72))

/* Three years of work since the certificate are full on 2023-04-30. */
#define EXAMPLE_WITH_COURSE(name_, on_, outcome_, eligible_from_, course_) \
	EXAMPLE(name_, "2018-1-1", on_, outcome_, eligible_from_, \
		.certificates = CERTIFICATE(OWN, 2, "2020-05-01"), .trainings = course_, \
		.work = WORK(WORKED("2018-03", PRESENT, OWN)))
#define EXAMPLES_WITH_COURSE \
	EXAMPLE_WITH_COURSE("满三年的前一天", "2023-04-29", KAOWU_NOT_MET, "2023-04-30", \
		COURSE(OWN, 1, 72, "2022-07-01")), \
	EXAMPLE_WITH_COURSE("满三年的当天", "2023-04-30", KAOWU_MET, "2023-04-30", COURSE(OWN, 1, 72, "2022-07-01")), \
	EXAMPLE_WITH_COURSE("取得结业证书的当天", "2023-07-01", KAOWU_MET, "2023-07-01", COURSE(OWN, 1, 72, "2023-07-01")), \
	EXAMPLE_WITH_COURSE("学时不足", "2026-11-22", KAOWU_NOT_MET, NO_DAY, COURSE(OWN, 1, 71, "2022-07-01")), \
	EXAMPLE_WITH_COURSE("二级的培训", "2026-11-22", KAOWU_NOT_MET, NO_DAY, COURSE(OWN, 2, 72, "2022-07-01")), \
	EXAMPLE_WITH_COURSE("相关职业的培训", "2026-11-22", KAOWU_NOT_MET, NO_DAY, COURSE(RELATED, 1, 72, "2022-07-01"))

KAOWU_PLUGIN(
	.id = "internet-marketer.1",
	.version = "1.1.0",
	OCCUPATION,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.work_types = KAOWU_TEXTS("选品员", "直播销售员", "视频创推员"),
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_1, CONDITION_WITH_COURSE,
		CONDITION_2018_FOUR_YEARS("1-2")),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_1, MATERIAL_COURSE),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_TECHNICIAN),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_1, EXAMPLES_WITH_COURSE,
		EXAMPLES_2018_FOUR_YEARS("2018-1-2"))
);
