/*
 * 互联网营销师: what is the same at every level.
 */
#ifndef OCCUPATION_H
#define OCCUPATION_H

/* Tables read as rows. */
/* clang-format off */

#define OWN "互联网营销师"

/* For the worked examples: a related occupation, one that is not, and a major. */
#define RELATED "电子商务师"
#define OTHER   "供应链管理师"
#define MAJOR   "市场营销"

#define SOURCE_2018 "互联网营销师国家职业技能标准（2021年版）申报条件"

#include "conditions_2018.h"
#include "conditions_2023.h"
#include "examples_2018.h"
#include "examples_2023.h"
#include "subjects.h"

#define OCCUPATION \
	.occupation_code = "4-01-06-02", \
	.occupation_name = OWN, \
	.related = KAOWU_TEXTS("电子商务师", "营销员", "市场营销专业人员", "商务策划专业人员", "广告设计师", "品牌专业人员", \
		"文化经纪人", "播音员", "讲解员", "节目主持人", "数字媒体艺术专业人员", "网络编辑", "摊商", "经济与代理专业人员", \
		"管理咨询专业人员", "数据分析处理工程技术人员", "装饰美工", "印前处理和制作员", "制图员", "商业摄影师", "演出监督", \
		"陈列展览设计人员", "导游", "会展策划专业人员", "会展设计师"), \
	.related_text = "电子商务师、营销员、市场营销专业人员、商务策划专业人员、广告设计师、品牌专业人员、文化经纪人、播音员、讲解员、" \
		"节目主持人、数字媒体艺术专业人员、网络编辑、摊商、经济与代理专业人员、管理咨询专业人员、数据分析处理工程技术人员、" \
		"装饰美工、印前处理和制作员、制图员、商业摄影师、演出监督、陈列展览设计人员、导游、会展策划专业人员、会展设计师等", \
	.related_open = true, \
	.majors = KAOWU_TEXTS("市场营销", "电子商务", "网络营销与直播电商", "网络与新媒体", "广告学", "播音与主持", "影视", "数字媒体", \
		"平面设计")

#endif
