/*
 * 供应链管理师 at 一级/高级技师.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

KAOWU_PLUGIN(
	.id = "supply-chain-manager.1",
	.version = "1.1.0",
	OCCUPATION,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_1),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_1),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_TECHNICIAN),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_1)
);
