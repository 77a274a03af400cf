/*
 * 电子商务师 at 一级/高级技师. This level has no 工种.
 */
#include "conditions_2023.h"
#include "materials.h"

/* Tables read as rows. */
/* clang-format off */

#define OWN "电子商务师"

KAOWU_PLUGIN(
	.id = "e-commerce-specialist.1",
	.version = "1.0.0",
	.occupation_code = "4-01-06-01",
	.occupation_name = OWN,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.condition_set = CONDITION_SET_2023,

	.related = KAOWU_TEXTS("营销员", "商品营业员", "摊商", "互联网营销师", "连锁经营管理师", "采购员",
		"市场营销专业人员", "商务策划专业人员", "全媒体运营师", "数字化管理师", "物流服务师", "广告设计师",
		"商业摄影师", "客户服务管理员", "呼叫中心服务员", "网约配送员", "易货师"),
	.related_text = "营销员、商品营业员、摊商、互联网营销师、连锁经营管理师、采购员、市场营销专业人员、商务策划专业人员、"
		"全媒体运营师、数字化管理师、物流服务师、广告设计师、商业摄影师、客户服务管理员、呼叫中心服务员、网约配送员、易货师等",
	.related_open = true,

	.conditions = KAOWU_ROWS(kaowu_condition, CONDITION_1_1(GUIDE_MATERIAL_IDS)),

	.materials = KAOWU_ROWS(kaowu_material, GUIDE_MATERIALS("二级/技师证书")),
	.subjects = KAOWU_ROWS(kaowu_subject,
		{"theory", "理论知识考试", 90, 100, 60},
		{"skill", "操作技能考核", 90, 100, 60},
		{"review", "综合评审", 30, 100, 60}),

	.examples = KAOWU_ROWS(kaowu_example,
		EXAMPLES_1_1(OWN, "互联网营销师", "供应链管理师"))
);
