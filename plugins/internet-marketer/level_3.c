/*
 * 互联网营销师 at 三级/高级工.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

KAOWU_PLUGIN(
	.id = "internet-marketer.3",
	.version = "1.0.0",
	OCCUPATION,
	.level = 3,
	.level_name = KAOWU_LEVEL_3,
	.work_types = KAOWU_TEXTS("选品员", "直播销售员", "视频创推员", "平台管理员"),
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_3),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_3),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_WORKER),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_3)
);
