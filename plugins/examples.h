/*
 * Worked examples at the border of each kind of requirement, for any condition that has it: the day before and the day
 * itself, overlaps, gaps, certificates and work in the plugin's own occupation, in a related one, in another.
 *
 * They speak of OWN, the plugin's occupation; RELATED, a name on its list; OTHER, one that is not; MAJOR, a major on
 * its list. Who is not said to be born otherwise was born on 1985-03-04. Where a condition counts years since a
 * certificate, that is of 2020-05-01, and `full_` is the year whose 30th of April is the last day that is needed.
 */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include "kaowu_plugin.h"

/* Tables read as rows. */
/* clang-format off */

/* ---- What a candidate has ---- */

#define CERTIFICATE(occupation_, level_, issued_) \
	KAOWU_ROWS(kaowu_held_certificate, {.occupation = (occupation_), .level = (level_), .issued = (issued_)})
#define TITLE(rank_, issued_) \
	KAOWU_ROWS(kaowu_held_title, {.rank = (rank_), .issued = (issued_), .matching = true})
#define DIPLOMA(diploma_, graduated_) \
	KAOWU_ROWS(kaowu_held_diploma, \
		{.diploma = (diploma_), .graduated = (graduated_), .scope = KAOWU_RELATED, .major = MAJOR})
#define DIPLOMA_IN(diploma_, graduated_, scope_, major_) \
	KAOWU_ROWS(kaowu_held_diploma, \
		{.diploma = (diploma_), .graduated = (graduated_), .scope = (scope_), .major = (major_)})
#define STUDENT(diploma_, final_year_) \
	KAOWU_ROWS(kaowu_held_diploma, \
		{.diploma = (diploma_), .final_year = (final_year_), .scope = KAOWU_RELATED, .major = MAJOR})
#define TRAINING(training_, occupation_, completed_) \
	KAOWU_ROWS(kaowu_held_training, \
		{.training = (training_), .occupation = (occupation_), .completed = (completed_)})
#define COURSE(occupation_, level_, hours_, completed_) \
	KAOWU_ROWS(kaowu_held_training, \
		{.training = KAOWU_COURSE, .occupation = (occupation_), .level = (level_), .hours = (hours_), \
		 .completed = (completed_)})
#define WORK(...)                      KAOWU_ROWS(kaowu_worked, __VA_ARGS__)
#define WORKED(from_, to_, occupation_) {.from = (from_), .to = (to_), .occupation = (occupation_)}
#define CONSIDER(from_, to_, occupation_) \
	{.from = (from_), .to = (to_), .occupation = (occupation_), .consider = true}
#define PRESENT NULL
#define NO_DAY  NULL

#define EXAMPLE(name_, condition_, on_, outcome_, eligible_from_, ...) \
	{.name = (name_), .condition = (condition_), .on = (on_), .birth = "1985-03-04", .outcome = (outcome_), \
	 .eligible_from = (eligible_from_), __VA_ARGS__}

/* ---- Age: sixteen on 2001-03-04 ---- */

#define EXAMPLES_AGE(condition_, ...) \
	EXAMPLE("满16周岁的前一天", condition_, "2001-03-03", KAOWU_NOT_MET, "2001-03-04", __VA_ARGS__), \
	EXAMPLE("满16周岁的当天", condition_, "2001-03-04", KAOWU_MET, "2001-03-04", __VA_ARGS__)

/* ---- Work: any at all, or as many years as end with 2025 when it began in January of `since_` ---- */

#define EXAMPLES_ANY_WORK(condition_) \
	EXAMPLE("刚开始相关职业的工作", condition_, "2026-11-22", KAOWU_MET, "2026-11-01", \
		.work = WORK(WORKED("2026-11", PRESENT, RELATED))), \
	EXAMPLE("没有工作", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, .certificates = CERTIFICATE(OWN, 5, "2020-05-01")), \
	EXAMPLE("只有不在相关职业之列的工作", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.work = WORK(WORKED("2008-03", PRESENT, OTHER)))

#define EXAMPLES_WORK(condition_, since_) \
	EXAMPLE("满年限的前一天", condition_, "2025-12-30", KAOWU_NOT_MET, "2025-12-31", \
		.work = WORK(WORKED(since_ "-01", PRESENT, OWN))), \
	EXAMPLE("满年限的当天", condition_, "2025-12-31", KAOWU_MET, "2025-12-31", \
		.work = WORK(WORKED(since_ "-01", PRESENT, OWN))), \
	EXAMPLE("相关职业的工作", condition_, "2026-11-22", KAOWU_MET, "2025-12-31", \
		.work = WORK(WORKED(since_ "-01", "2026-06", RELATED))), \
	EXAMPLE("重叠的工作只计一次", condition_, "2025-12-30", KAOWU_NOT_MET, "2025-12-31", \
		.work = WORK(WORKED(since_ "-01", PRESENT, OWN), WORKED(since_ "-01", "2025-06", RELATED))), \
	EXAMPLE("中断的一个月不计", condition_, "2026-01-29", KAOWU_NOT_MET, "2026-01-30", \
		.work = WORK(WORKED(since_ "-01", "2025-03", OWN), WORKED("2025-05", PRESENT, RELATED))), \
	EXAMPLE("没有至今的工作，等也不会满足", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.work = WORK(WORKED(since_ "-01", "2025-11", OWN))), \
	EXAMPLE("不在相关职业之列的工作", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.work = WORK(WORKED(since_ "-01", PRESENT, OTHER))), \
	EXAMPLE("不在相关职业之列的工作，申请考虑，由审核员判断", condition_, "2026-11-22", KAOWU_REVIEW, NO_DAY, \
		.work = WORK(CONSIDER(since_ "-01", PRESENT, OTHER)))

/* ---- Work since a certificate of `level_` ---- */

#define EXAMPLES_AFTER_CERTIFICATE(condition_, level_, full_) \
	EXAMPLE("满年限的前一天", condition_, full_ "-04-29", KAOWU_NOT_MET, full_ "-04-30", \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2018-03", PRESENT, OWN))), \
	EXAMPLE("满年限的当天", condition_, full_ "-04-30", KAOWU_MET, full_ "-04-30", \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2018-03", PRESENT, OWN))), \
	EXAMPLE("相关职业的证书和工作", condition_, "2026-11-22", KAOWU_MET, full_ "-04-30", \
		.certificates = CERTIFICATE(RELATED, level_, "2020-05-01"), \
		.work = WORK(WORKED("2020-01", "2025-06", RELATED))), \
	EXAMPLE("取得证书之前的工作不计", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2008-03", "2020-04", OWN))), \
	EXAMPLE("重叠的工作只计一次", condition_, full_ "-04-29", KAOWU_NOT_MET, full_ "-04-30", \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2018-03", PRESENT, OWN), WORKED("2020-05", "2022-04", RELATED))), \
	EXAMPLE("中断的半年不计", condition_, full_ "-10-30", KAOWU_NOT_MET, full_ "-10-31", \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2018-03", "2021-06", OWN), WORKED("2022-01", PRESENT, RELATED))), \
	EXAMPLE("没有至今的工作，等也不会满足", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2020-05-01"), \
		.work = WORK(WORKED("2018-03", "2022-12", OWN))), \
	EXAMPLE("本职业的证书高一级，由审核员判断", condition_, "2026-11-22", KAOWU_REVIEW, NO_DAY, \
		.certificates = CERTIFICATE(OWN, (level_) - 1, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN))), \
	EXAMPLE("不在相关职业之列的证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OTHER, level_, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN))), \
	EXAMPLE("不在相关职业之列的工作", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OTHER))), \
	EXAMPLE("不在相关职业之列的工作，申请考虑，由审核员判断", condition_, "2026-11-22", KAOWU_REVIEW, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2010-05-01"), \
		.work = WORK(CONSIDER("2008-03", PRESENT, OTHER)))

/* Not below 五级. */
#define EXAMPLE_LOWER_CERTIFICATE(condition_, level_) \
	EXAMPLE("低一级的证书不够", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, (level_) + 1, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN)))

/* ---- One year of work since a title of `rank_` ---- */

#define EXAMPLES_AFTER_TITLE(condition_, rank_) \
	EXAMPLE("满一年的前一天", condition_, "2026-02-27", KAOWU_NOT_MET, "2026-02-28", \
		.titles = TITLE(rank_, "2025-03-01"), .work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("满一年的当天", condition_, "2026-02-28", KAOWU_MET, "2026-02-28", \
		.titles = TITLE(rank_, "2025-03-01"), .work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("相关职业的工作", condition_, "2026-11-22", KAOWU_MET, "2026-02-28", \
		.titles = TITLE(rank_, "2025-03-01"), .work = WORK(WORKED("2025-01", "2026-06", RELATED))), \
	EXAMPLE("取得职称之前的工作不计", condition_, "2026-11-22", KAOWU_NOT_MET, "2027-05-31", \
		.titles = TITLE(rank_, "2026-06-01"), .work = WORK(WORKED("2008-03", PRESENT, OWN))), \
	EXAMPLE("职称的专业没有对应关系", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.titles = KAOWU_ROWS(kaowu_held_title, {.rank = (rank_), .issued = "2010-05-01", .matching = false}), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN))), \
	EXAMPLE("不在相关职业之列的工作", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.titles = TITLE(rank_, "2010-05-01"), .work = WORK(WORKED("2008-03", PRESENT, OTHER)))

#define EXAMPLE_LOWER_TITLE(condition_, rank_) \
	EXAMPLE("低一级的职称不够", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.titles = TITLE(rank_, "2010-05-01"), .work = WORK(WORKED("2008-03", PRESENT, OWN)))
#define EXAMPLE_HIGHER_TITLE(condition_, rank_) \
	EXAMPLE("高一级的职称，由审核员判断", condition_, "2026-11-22", KAOWU_REVIEW, NO_DAY, \
		.titles = TITLE(rank_, "2010-05-01"), .work = WORK(WORKED("2008-03", PRESENT, OWN)))

/* ---- Two counts at once: five years since a title, and one since a certificate ---- */

#define EXAMPLES_AFTER_TITLE_AND_CERTIFICATE(condition_, rank_, level_) \
	EXAMPLE("取得职称后满五年的前一天", condition_, "2025-12-30", KAOWU_NOT_MET, "2025-12-31", \
		.titles = TITLE(rank_, "2021-01-01"), .certificates = CERTIFICATE(OWN, level_, "2024-06-01"), \
		.work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("取得职称后满五年的当天", condition_, "2025-12-31", KAOWU_MET, "2025-12-31", \
		.titles = TITLE(rank_, "2021-01-01"), .certificates = CERTIFICATE(RELATED, level_, "2024-06-01"), \
		.work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("取得证书后满一年的前一天", condition_, "2026-05-30", KAOWU_NOT_MET, "2026-05-31", \
		.titles = TITLE(rank_, "2020-01-01"), .certificates = CERTIFICATE(OWN, level_, "2025-06-01"), \
		.work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("取得证书后满一年的当天", condition_, "2026-05-31", KAOWU_MET, "2026-05-31", \
		.titles = TITLE(rank_, "2020-01-01"), .certificates = CERTIFICATE(OWN, level_, "2025-06-01"), \
		.work = WORK(WORKED("2020-01", PRESENT, OWN))), \
	EXAMPLE("不在相关职业之列的证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.titles = TITLE(rank_, "2010-05-01"), .certificates = CERTIFICATE(OTHER, level_, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN))), \
	EXAMPLE("没有职称", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2010-05-01"), \
		.work = WORK(WORKED("2008-03", PRESENT, OWN)))

/* ---- A diploma, of graduates and of students in their final year ---- */

/* `counts_`: KAOWU_MET with the days, or KAOWU_REVIEW with NO_DAY where the school must be an assessed one. */
#define EXAMPLES_DIPLOMA(condition_, diploma_, counts_, graduation_, today_) \
	EXAMPLE("已毕业", condition_, "2026-11-22", counts_, graduation_, .diplomas = DIPLOMA(diploma_, "2020-07-01")), \
	EXAMPLE("在读应届毕业生", condition_, "2026-11-22", counts_, today_, .diplomas = STUDENT(diploma_, true)), \
	EXAMPLE("在读，不是应届", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, .diplomas = STUDENT(diploma_, false)), \
	EXAMPLE("所学不是相关专业", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.diplomas = DIPLOMA_IN(diploma_, "2020-07-01", KAOWU_UNRELATED, MAJOR)), \
	EXAMPLE("所学不在列出的专业之内，由审核员判断", condition_, "2026-11-22", KAOWU_REVIEW, NO_DAY, \
		.diplomas = DIPLOMA_IN(diploma_, "2020-07-01", KAOWU_RELATED, "护理"))

#define EXAMPLE_OTHER_SCHOOL(condition_, diploma_) \
	EXAMPLE("不在所列学校之内的毕业证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.diplomas = DIPLOMA(diploma_, "2020-07-01"))

/* ---- A certificate of `level_` and a diploma, no years of work ---- */

#define EXAMPLES_CERTIFICATE_AND_DIPLOMA(condition_, level_, diploma_) \
	EXAMPLE("本职业的证书，已毕业", condition_, "2026-11-22", KAOWU_MET, "2021-01-01", \
		.certificates = CERTIFICATE(OWN, level_, "2021-01-01"), .diplomas = DIPLOMA(diploma_, "2020-07-01")), \
	EXAMPLE("相关职业的证书，应届毕业生", condition_, "2026-11-22", KAOWU_MET, "2026-11-22", \
		.certificates = CERTIFICATE(RELATED, level_, "2021-01-01"), .diplomas = STUDENT(diploma_, true)), \
	EXAMPLE("不在相关职业之列的证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OTHER, level_, "2021-01-01"), .diplomas = DIPLOMA(diploma_, "2020-07-01")), \
	EXAMPLE("没有证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, .diplomas = DIPLOMA(diploma_, "2020-07-01")), \
	EXAMPLE("没有毕业证书", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2021-01-01")), \
	EXAMPLE("在读，不是应届", condition_, "2026-11-22", KAOWU_NOT_MET, NO_DAY, \
		.certificates = CERTIFICATE(OWN, level_, "2021-01-01"), .diplomas = STUDENT(diploma_, false))

#endif
