/*
 * 电子商务师 at 一级/高级技师. This level has no 工种.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

KAOWU_PLUGIN(
	.id = "e-commerce-specialist.1",
	.version = "1.1.0",
	OCCUPATION,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_1, CONDITION_2018_FOUR_YEARS("1-1")),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_1),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_TECHNICIAN),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_1, EXAMPLES_2018_FOUR_YEARS("2018-1-1"))
);
