/*
 * The application conditions (申报条件) of the generation of 2023, which all occupations have in common, by level: text
 * to the letter, requirement, and the materials that show it. Any one of a level admits.
 *
 * Source: the rules for writing national occupational standards, edition of 2023 (国家职业标准编制技术规程（2023年版）).
 */
#ifndef CONDITIONS_2023_H
#define CONDITIONS_2023_H

#include "materials.h"

/* Tables read as rows. */
/* clang-format off */

#define CONDITION_SET_2023 "gc2023"
#define SOURCE_2023        "国家职业标准编制技术规程（2023年版）申报条件"

/* Behind the materials, every requirement. */
#define CONDITION_2023(id_, text_, materials_, ...) \
	{.id = (id_), .text = (text_), .source = SOURCE_2023 id_, .materials = materials_, \
	 .requirements = KAOWU_ROWS(kaowu_requirement, __VA_ARGS__)}

/* 高等职业学校、专科及以上普通高等学校 */
#define COLLEGES (KAOWU_HIGHER_VOCATIONAL | KAOWU_UNIVERSITY)
/* 技工院校高级工班及以上; 高级技工学校、技师学院 */
#define ADVANCED_SCHOOLS (KAOWU_ADVANCED_CLASS | KAOWU_TECHNICIAN_COLLEGE)

#define CONDITIONS_2023_LEVEL_5 \
	CONDITION_2023("5-1", "年满16周岁，拟从事本职业或相关职业工作。", \
		KAOWU_TEXTS(BASIC), \
		KAOWU_NEEDS_AGE(16)), \
	CONDITION_2023("5-2", "年满16周岁，从事本职业或相关职业工作。", \
		KAOWU_TEXTS(BASIC, "work_proof"), \
		KAOWU_NEEDS_AGE(16), \
		KAOWU_NEEDS_WORK(0, KAOWU_RELATED, KAOWU_SINCE_START))

#define CONDITIONS_2023_LEVEL_4 \
	CONDITION_2023("4-1", "累计从事本职业或相关职业工作满5年。", \
		KAOWU_TEXTS(BASIC, "work_proof"), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_START)), \
	CONDITION_2023("4-2", \
		"取得本职业或相关职业五级/初级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满3年。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_proof"), \
		KAOWU_NEEDS_CERTIFICATE(5, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(3, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("4-3", \
		"取得本专业或相关专业的技工院校或中等及以上职业院校、专科及以上普通高等学校毕业证书（含在读应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "diploma"), \
		KAOWU_NEEDS_DIPLOMA( \
			KAOWU_SECONDARY_VOCATIONAL | KAOWU_SKILLED_SCHOOL | ADVANCED_SCHOOLS | COLLEGES, \
			KAOWU_RELATED, KAOWU_FINAL_YEAR))

#define CONDITIONS_2023_LEVEL_3 \
	CONDITION_2023("3-1", "累计从事本职业或相关职业工作满10年。", \
		KAOWU_TEXTS(BASIC, "work_pledge", "social_insurance"), \
		KAOWU_NEEDS_WORK(10, KAOWU_RELATED, KAOWU_SINCE_START)), \
	CONDITION_2023("3-2", \
		"取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满4年。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("3-3", \
		"取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。", \
		KAOWU_TEXTS(BASIC, "title", "work_pledge"), \
		KAOWU_NEEDS_TITLE(KAOWU_JUNIOR), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_TITLE)), \
	CONDITION_2023("3-4", \
		"取得本专业或相关专业的技工院校高级工班及以上毕业证书（含在读应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "diploma"), \
		KAOWU_NEEDS_DIPLOMA(ADVANCED_SCHOOLS, KAOWU_RELATED, KAOWU_FINAL_YEAR)), \
	CONDITION_2023("3-5", \
		"取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书，并取得高等职业学校、专科及以上普通高等学校本专业或相关专业毕业证书（含在读应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "certificate", "diploma"), \
		KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED), \
		KAOWU_NEEDS_DIPLOMA(COLLEGES, KAOWU_RELATED, KAOWU_FINAL_YEAR)), \
	CONDITION_2023("3-6", \
		"取得经评估论证的高等职业学校、专科及以上普通高等学校本专业或相关专业的毕业证书（含在读应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "diploma"), \
		KAOWU_NEEDS_ASSESSED_DIPLOMA(COLLEGES, KAOWU_RELATED, KAOWU_FINAL_YEAR))

#define CONDITIONS_2023_LEVEL_2 \
	CONDITION_2023("2-1", \
		"取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge", "social_insurance"), \
		KAOWU_NEEDS_CERTIFICATE(3, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("2-2", \
		"取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满5年，并在取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年。", \
		KAOWU_TEXTS(BASIC, "title", "certificate", "work_pledge"), \
		KAOWU_NEEDS_TITLE(KAOWU_JUNIOR), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_TITLE), \
		KAOWU_NEEDS_CERTIFICATE(3, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("2-3", \
		"取得符合专业对应关系的中级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。", \
		KAOWU_TEXTS(BASIC, "title", "work_pledge"), \
		KAOWU_NEEDS_TITLE(KAOWU_INTERMEDIATE), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_TITLE)), \
	CONDITION_2023("2-4", \
		"取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书的高级技工学校、技师学院毕业生，累计从事本职业或相关职业工作满2年。", \
		KAOWU_TEXTS(BASIC, "certificate", "diploma", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(3, KAOWU_RELATED), \
		KAOWU_NEEDS_DIPLOMA(ADVANCED_SCHOOLS, KAOWU_UNRELATED, KAOWU_GRADUATES), \
		KAOWU_NEEDS_WORK(2, KAOWU_RELATED, KAOWU_SINCE_START)), \
	CONDITION_2023("2-5", \
		"取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书满2年的技师学院预备技师班、技师班学生。", \
		KAOWU_TEXTS(BASIC, "certificate", "diploma"), \
		KAOWU_NEEDS_CERTIFICATE_HELD(3, KAOWU_RELATED, 2), \
		KAOWU_NEEDS_DIPLOMA(KAOWU_TECHNICIAN_COLLEGE, KAOWU_UNRELATED, KAOWU_STUDENTS))

#define CONDITIONS_2023_LEVEL_1 \
	CONDITION_2023("1-1", \
		"取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("1-2", \
		"取得符合专业对应关系的中级职称后，累计从事本职业或相关职业工作满5年，并在取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年。", \
		KAOWU_TEXTS(BASIC, "title", "certificate", "work_pledge"), \
		KAOWU_NEEDS_TITLE(KAOWU_INTERMEDIATE), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_TITLE), \
		KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2023("1-3", \
		"取得符合专业对应关系的高级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。", \
		KAOWU_TEXTS(BASIC, "title", "work_pledge"), \
		KAOWU_NEEDS_TITLE(KAOWU_SENIOR), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_TITLE))

#endif
