/*
 * 供应链管理师: what is the same at every level.
 *
 * 电子商务师 is not on the list of related occupations. A centre whose district has said so (Haidian) refuses it by an
 * overlay of its own; elsewhere a candidate may ask for it to be considered.
 */
#ifndef OCCUPATION_H
#define OCCUPATION_H

/* Tables read as rows. */
/* clang-format off */

#define OWN "供应链管理师"

/* For the worked examples: a related occupation, one that is not, and a major. */
#define RELATED "采购员"
#define OTHER   "电子商务师"
#define MAJOR   "供应链管理"

#include "conditions_2023.h"
#include "examples_2023.h"
#include "subjects.h"

#define OCCUPATION \
	.occupation_code = "4-02-06-05", \
	.occupation_name = OWN, \
	.related = KAOWU_TEXTS("采购员", "销售员", "仓储员", "装卸搬运和运输代理服务人员", "邮政和快递服务人员", \
		"轨道货物运输人员", "道路货物运输人员", "航空货物运输人员", "水上货物运输人员"), \
	.related_text = "采购员、销售员、仓储员、装卸搬运和运输代理服务人员、邮政和快递服务人员、" \
		"轨道、道路、航空、水上货物运输人员等", \
	.related_open = true, \
	.majors = KAOWU_TEXTS("供应链管理", "供应链运营", "物流管理", "物流工程", "采购管理", "电子商务", "工商管理", "国际贸易", \
		"工业工程")

#endif
