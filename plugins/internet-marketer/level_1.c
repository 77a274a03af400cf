/*
 * 互联网营销师 at 一级/高级技师. The 工种 平台管理员 ends at 三级, so that three remain here.
 */
#include "conditions_2023.h"
#include "materials.h"

/* Tables read as rows. */
/* clang-format off */

#define OWN "互联网营销师"

KAOWU_PLUGIN(
	.id = "internet-marketer.1",
	.version = "1.0.0",
	.occupation_code = "4-01-06-02",
	.occupation_name = OWN,
	.level = 1,
	.level_name = KAOWU_LEVEL_1,
	.condition_set = CONDITION_SET_2023,

	.related = KAOWU_TEXTS("电子商务师", "营销员", "市场营销专业人员", "商务策划专业人员", "广告设计师", "品牌专业人员",
		"文化经纪人", "播音员", "讲解员", "节目主持人", "数字媒体艺术专业人员", "网络编辑", "摊商", "经济与代理专业人员",
		"管理咨询专业人员", "数据分析处理工程技术人员", "装饰美工", "印前处理和制作员", "制图员", "商业摄影师", "演出监督",
		"陈列展览设计人员", "导游", "会展策划专业人员", "会展设计师"),
	.related_text = "电子商务师、营销员、市场营销专业人员、商务策划专业人员、广告设计师、品牌专业人员、文化经纪人、播音员、讲解员、"
		"节目主持人、数字媒体艺术专业人员、网络编辑、摊商、经济与代理专业人员、管理咨询专业人员、数据分析处理工程技术人员、"
		"装饰美工、印前处理和制作员、制图员、商业摄影师、演出监督、陈列展览设计人员、导游、会展策划专业人员、会展设计师等",
	.related_open = true,

	.conditions = KAOWU_ROWS(kaowu_condition, CONDITION_1_1(GUIDE_MATERIAL_IDS)),

	.materials = KAOWU_ROWS(kaowu_material, GUIDE_MATERIALS("二级/技师证书")),
	.work_types = KAOWU_TEXTS("选品员", "直播销售员", "视频创推员"),

	.subjects = KAOWU_ROWS(kaowu_subject,
		{"theory", "理论知识考试", 90, 100, 60},
		{"skill", "操作技能考核", 90, 100, 60},
		{"review", "综合评审", 30, 100, 60}),

	.examples = KAOWU_ROWS(kaowu_example,
		EXAMPLES_1_1(OWN, "电子商务师", "供应链管理师"))
);
