/*
 * The application conditions (申报条件) of the generation of 2023, which all occupations have in common: text to
 * the letter, requirement, and the worked examples that show where its border is.
 *
 * Source: the rules for writing national occupational standards, edition of 2023 (国家职业标准编制技术规程（2023年版）). An
 * occupation's plugin names the conditions it takes, and gives each its materials.
 */
#ifndef CONDITIONS_2023_H
#define CONDITIONS_2023_H

#include "kaowu_plugin.h"

/* Tables read as rows. */
/* clang-format off */

#define CONDITION_SET_2023 "gc2023"
#define SOURCE_2023        "国家职业标准编制技术规程（2023年版）申报条件"

#define CONDITION_1_1(...)                                                                                              \
	{.id = "1-1",                                                                                                   \
	 .text = "取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。",          \
	 .source = SOURCE_2023 "1-1",                                                                                   \
	 .requirements = KAOWU_ROWS(kaowu_requirement,                                                                  \
		KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED),                                                              \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)),                                           \
	 .materials = KAOWU_TEXTS(__VA_ARGS__)}

/*
 * ---- Examples: one certificate of 2020-05-01 unless the name says otherwise. Five years from that day are
 * full on 2025-04-30. ----
 */

#define CERTIFICATE(occupation_, level_, issued_)                                                                       \
	KAOWU_ROWS(kaowu_held_certificate, {.occupation = (occupation_), .level = (level_), .issued = (issued_)})
#define WORKED(from_, to_, occupation_) {.from = (from_), .to = (to_), .occupation = (occupation_)}
#define PRESENT NULL
#define NO_DAY  NULL

#define EXAMPLE(name_, condition_, on_, outcome_, eligible_from_, ...)                                                  \
	{.name = (name_), .condition = (condition_), .on = (on_), .birth = "1985-03-04", .outcome = (outcome_),         \
	 .eligible_from = (eligible_from_), __VA_ARGS__}

/* `own` is the plugin's occupation, `related` a name on its list, `other` one that is not. */
#define EXAMPLES_1_1(own, related, other)                                                                               \
	EXAMPLE("满五年的前一天", "1-1", "2025-04-29", KAOWU_NOT_MET, "2025-04-30",                                      \
		.certificates = CERTIFICATE(own, 2, "2020-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", PRESENT, own))),                                     \
	EXAMPLE("满五年的当天", "1-1", "2025-04-30", KAOWU_MET, "2025-04-30",                                            \
		.certificates = CERTIFICATE(own, 2, "2020-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", PRESENT, own))),                                     \
	EXAMPLE("相关职业的证书和工作", "1-1", "2026-11-22", KAOWU_MET, "2025-04-30",                                    \
		.certificates = CERTIFICATE(related, 2, "2020-05-01"),                                                  \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2020-01", "2025-06", related))),                               \
	EXAMPLE("取得证书之前的工作不计", "1-1", "2026-11-22", KAOWU_NOT_MET, "2029-01-09",                               \
		.certificates = CERTIFICATE(own, 2, "2024-01-10"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2010-01", PRESENT, own))),                                     \
	EXAMPLE("重叠的工作只计一次", "1-1", "2024-12-31", KAOWU_NOT_MET, "2025-04-30",                                  \
		.certificates = CERTIFICATE(own, 2, "2020-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", PRESENT, own),                                       \
			WORKED("2020-05", "2023-04", related))),                                                        \
	EXAMPLE("中断的时间不计", "1-1", "2025-10-30", KAOWU_NOT_MET, "2025-10-31",                                      \
		.certificates = CERTIFICATE(own, 2, "2020-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", "2021-06", own),                                     \
			WORKED("2022-01", PRESENT, related))),                                                          \
	EXAMPLE("没有至今的工作，等也不会满足", "1-1", "2026-11-22", KAOWU_NOT_MET, NO_DAY,                               \
		.certificates = CERTIFICATE(own, 2, "2020-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2018-03", "2023-12", own))),                                   \
	EXAMPLE("三级证书不够", "1-1", "2026-11-22", KAOWU_NOT_MET, NO_DAY,                                              \
		.certificates = CERTIFICATE(own, 3, "2010-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2008-03", PRESENT, own))),                                     \
	EXAMPLE("本职业已是一级，由审核员判断", "1-1", "2026-11-22", KAOWU_REVIEW, NO_DAY,                                \
		.certificates = CERTIFICATE(own, 1, "2010-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2008-03", PRESENT, own))),                                     \
	EXAMPLE("不在相关职业之列的证书", "1-1", "2026-11-22", KAOWU_NOT_MET, NO_DAY,                                    \
		.certificates = CERTIFICATE(other, 2, "2010-05-01"),                                                    \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2008-03", PRESENT, own))),                                     \
	EXAMPLE("不在相关职业之列的工作", "1-1", "2026-11-22", KAOWU_NOT_MET, NO_DAY,                                    \
		.certificates = CERTIFICATE(own, 2, "2010-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked, WORKED("2008-03", PRESENT, other))),                                   \
	EXAMPLE("不在相关职业之列的工作，申请考虑，由审核员判断", "1-1", "2026-11-22", KAOWU_REVIEW, NO_DAY,               \
		.certificates = CERTIFICATE(own, 2, "2010-05-01"),                                                      \
		.work = KAOWU_ROWS(kaowu_worked,                                                                        \
			{.from = "2008-03", .to = PRESENT, .occupation = (other), .consider = true}))

#endif
