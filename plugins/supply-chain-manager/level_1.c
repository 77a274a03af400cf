/*
 * 供应链管理师 at 一级/高级技师.
 *
 * 电子商务师 is not on this list. A centre whose district has said so (Haidian) refuses it by an overlay of its
 * own; elsewhere a candidate may ask for it to be considered.
 */
#include "conditions_2023.h"
#include "materials.h"

/* Tables read as rows. */
/* clang-format off */

#define OWN "供应链管理师"

KAOWU_PLUGIN(
	.id = "supply-chain-manager.1",
	.version = "1.0.0",
	.occupation_code = "4-02-06-05",
	.occupation_name = OWN,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.condition_set = CONDITION_SET_2023,

	.related = KAOWU_TEXTS("采购员", "销售员", "仓储员", "装卸搬运和运输代理服务人员", "邮政和快递服务人员",
		"轨道货物运输人员", "道路货物运输人员", "航空货物运输人员", "水上货物运输人员"),
	.related_text = "采购员、销售员、仓储员、装卸搬运和运输代理服务人员、邮政和快递服务人员、"
		"轨道、道路、航空、水上货物运输人员等",
	.related_open = true,

	.conditions = KAOWU_ROWS(kaowu_condition, CONDITION_1_1(GUIDE_MATERIAL_IDS)),

	.materials = KAOWU_ROWS(kaowu_material, GUIDE_MATERIALS("二级/技师证书")),
	.subjects = KAOWU_ROWS(kaowu_subject,
		{"theory", "理论知识考试", 90, 100, 60},
		{"skill", "操作技能考核", 90, 100, 60},
		{"review", "综合评审", 30, 100, 60}),

	.examples = KAOWU_ROWS(kaowu_example,
		EXAMPLES_1_1(OWN, "采购员", "电子商务师"),
		EXAMPLE("电子商务师证书申请考虑，由审核员判断", "1-1", "2026-11-22", KAOWU_REVIEW, NO_DAY,
			.certificates = KAOWU_ROWS(kaowu_held_certificate,
				{.occupation = "电子商务师", .level = 2, .issued = "2020-05-01", .consider = true}),
			.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", PRESENT, OWN))))
);
