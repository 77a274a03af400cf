/*
 * 电子商务师 at 二级/技师.
 */
#include "occupation.h"

/* Tables read as rows. */
/* clang-format off */

KAOWU_PLUGIN(
	.id = "e-commerce-specialist.2",
	.version = "1.0.0",
	OCCUPATION,
	.level = 2,
	.level_name = KAOWU_LEVEL_2,
	.work_types = KAOWU_TEXTS("网商", "跨境电子商务师"),
	.condition_set = CONDITION_SET_2023,
	.conditions = KAOWU_ROWS(kaowu_condition, CONDITIONS_2023_LEVEL_2, CONDITIONS_2018_LEVEL_2),
	.materials = KAOWU_ROWS(kaowu_material, MATERIALS_LEVEL_2, MATERIAL_CERTIFICATE_OR_PREPARATORY),
	.subjects = KAOWU_ROWS(kaowu_subject, SUBJECTS_TECHNICIAN),
	.examples = KAOWU_ROWS(kaowu_example, EXAMPLES_2023_LEVEL_2, EXAMPLES_2018_LEVEL_2)
);
