/*
 * 供应链管理师 at 二级/技师.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

KAOWU_PLUGIN(
	.id = "supply-chain-manager.2",
	.version = "1.0.0",
	OCCUPATION,
	.level = 2,
	.level_name = KAOWU_LEVEL_2,
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_2),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_2),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_TECHNICIAN),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_2)
);
