/*
 * 电子商务师: what is the same at every level.
 */
#ifndef OCCUPATION_H
#define OCCUPATION_H

/* Tables read as rows. */
/* clang-format off */

#define OWN "电子商务师"

/* For the worked examples: a related occupation, one that is not, and a major. */
#define RELATED "互联网营销师"
#define OTHER   "供应链管理师"
#define MAJOR   "电子商务"

#define SOURCE_2018 "电子商务师国家职业技能标准（2022年版）申报条件"

#include "conditions_2018.h"
#include "conditions_2023.h"
#include "examples_2018.h"
#include "examples_2023.h"
#include "subjects.h"

#define OCCUPATION \
	.occupation_code = "4-01-06-01", \
	.occupation_name = OWN, \
	.related = KAOWU_TEXTS("营销员", "商品营业员", "摊商", "互联网营销师", "连锁经营管理师", "采购员", \
		"市场营销专业人员", "商务策划专业人员", "全媒体运营师", "数字化管理师", "物流服务师", "广告设计师", \
		"商业摄影师", "客户服务管理员", "呼叫中心服务员", "网约配送员", "易货师"), \
	.related_text = "营销员、商品营业员、摊商、互联网营销师、连锁经营管理师、采购员、市场营销专业人员、商务策划专业人员、" \
		"全媒体运营师、数字化管理师、物流服务师、广告设计师、商业摄影师、客户服务管理员、呼叫中心服务员、网约配送员、易货师等", \
	.related_open = true, \
	.majors = KAOWU_TEXTS("电子商务", "跨境电子商务", "网络营销与直播电商", "移动商务", "市场营销", "国际贸易", "物流管理", \
		"计算机应用")

#endif
