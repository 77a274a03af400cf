/*
 * The application conditions (申报条件) of the generation before that of 2023, by level, for the occupations whose
 * standard of that time is known: text, requirement, and the materials that show it.
 *
 * Each occupation carried them in its own standard, which its plugin names as SOURCE_2018. Their ids begin with 2018,
 * because one plugin holds both generations and a plan follows one.
 */
#ifndef CONDITIONS_2018_H
#define CONDITIONS_2018_H

#include "conditions_2023.h"

/* Tables read as rows. */
/* clang-format off */

#define CONDITION_SET_2018 "gc2018"

#define CONDITION_2018(id_, text_, materials_, ...) \
	{.id = "2018-" id_, .set = CONDITION_SET_2018, .text = (text_), .source = SOURCE_2018 id_, \
	 .materials = materials_, .requirements = KAOWU_ROWS(kaowu_requirement, __VA_ARGS__)}

/* What only these ask for. */
#define MATERIAL_APPRENTICESHIP \
	MATERIAL_SCAN("apprenticeship", "学徒期满证明", "由带徒单位开具并盖章，写明职业和起止日期。")
#define MATERIAL_COURSE \
	MATERIAL_SCAN("course", "培训结业证书", "写明培训的职业、等级、学时和结业日期。")
#define MATERIAL_CERTIFICATE_OR_PREPARATORY \
	MATERIAL_SCAN("qualification", "三级/高级工证书或预备技师证书", "证书的信息页拍照或扫描，编号和发证日期清晰。")

#define CONDITIONS_2018_LEVEL_5 \
	CONDITION_2018("5-1", "累计从事本职业或相关职业工作1年（含）以上。", \
		KAOWU_TEXTS(BASIC, "work_proof"), \
		KAOWU_NEEDS_WORK(1, KAOWU_RELATED, KAOWU_SINCE_START)), \
	CONDITION_2018("5-2", "本职业或相关职业学徒期满。", \
		KAOWU_TEXTS(BASIC, "apprenticeship"), \
		KAOWU_NEEDS_TRAINING(KAOWU_APPRENTICESHIP, KAOWU_RELATED))

#define CONDITIONS_2018_LEVEL_4 \
	CONDITION_2018("4-1", \
		"取得本职业或相关职业五级/初级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_proof"), \
		KAOWU_NEEDS_CERTIFICATE(5, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2018("4-2", "累计从事本职业或相关职业工作6年（含）以上。", \
		KAOWU_TEXTS(BASIC, "work_proof"), \
		KAOWU_NEEDS_WORK(6, KAOWU_RELATED, KAOWU_SINCE_START)), \
	CONDITION_2018("4-3", \
		"取得技工学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）；或取得经评估论证、以中级技能为培养目标的中等及以上职业学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "diploma"), \
		KAOWU_ANY_OF( \
			KAOWU_NEEDS_DIPLOMA(KAOWU_SKILLED_SCHOOL, KAOWU_RELATED, KAOWU_FINAL_YEAR), \
			KAOWU_NEEDS_ASSESSED_DIPLOMA( \
				KAOWU_SECONDARY_VOCATIONAL | ADVANCED_SCHOOLS | KAOWU_HIGHER_VOCATIONAL, \
				KAOWU_RELATED, KAOWU_FINAL_YEAR)))

#define CONDITIONS_2018_LEVEL_3 \
	CONDITION_2018("3-1", \
		"取得本职业或相关职业四级/中级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作5年（含）以上。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(5, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2018("3-2", \
		"取得本职业或相关职业四级/中级工职业资格证书（技能等级证书），并具有高级技工学校、技师学院毕业证书（含尚未取得毕业证书的在校应届毕业生）；或取得本职业或相关职业四级/中级工职业资格证书（技能等级证书），并具有经评估论证、以高级技能为培养目标的高等职业学校本专业或相关专业毕业证书（含尚未取得毕业证书的在校应届毕业生）。", \
		KAOWU_TEXTS(BASIC, "certificate", "diploma"), \
		KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED), \
		KAOWU_ANY_OF( \
			KAOWU_NEEDS_DIPLOMA(ADVANCED_SCHOOLS, KAOWU_UNRELATED, KAOWU_FINAL_YEAR), \
			KAOWU_NEEDS_ASSESSED_DIPLOMA(KAOWU_HIGHER_VOCATIONAL, KAOWU_RELATED, KAOWU_FINAL_YEAR))), \
	CONDITION_2018("3-3", \
		"具有大专及以上本专业或相关专业毕业证书，并取得本职业或相关职业四级/中级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作2年（含）以上。", \
		KAOWU_TEXTS(BASIC, "certificate", "diploma", "work_pledge"), \
		KAOWU_NEEDS_DIPLOMA(COLLEGES, KAOWU_RELATED, KAOWU_GRADUATES), \
		KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(2, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE))

#define CONDITIONS_2018_LEVEL_2 \
	CONDITION_2018("2-1", \
		"取得本职业或相关职业三级/高级工职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(3, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)), \
	CONDITION_2018("2-2", \
		"取得本职业或相关职业三级/高级工职业资格证书（技能等级证书）的高级技工学校、技师学院毕业生，累计从事本职业或相关职业工作3年（含）以上；或取得本职业或相关职业预备技师证书的技师学院毕业生，累计从事本职业或相关职业工作2年（含）以上。", \
		KAOWU_TEXTS(BASIC, "qualification", "diploma", "work_pledge"), \
		KAOWU_ANY_OF( \
			KAOWU_ALL_OF( \
				KAOWU_NEEDS_CERTIFICATE(3, KAOWU_RELATED), \
				KAOWU_NEEDS_DIPLOMA(ADVANCED_SCHOOLS, KAOWU_UNRELATED, KAOWU_GRADUATES), \
				KAOWU_NEEDS_WORK(3, KAOWU_RELATED, KAOWU_SINCE_START)), \
			KAOWU_ALL_OF( \
				KAOWU_NEEDS_TRAINING(KAOWU_PREPARATORY_TECHNICIAN, KAOWU_RELATED), \
				KAOWU_NEEDS_DIPLOMA(KAOWU_TECHNICIAN_COLLEGE, KAOWU_UNRELATED, KAOWU_GRADUATES), \
				KAOWU_NEEDS_WORK(2, KAOWU_RELATED, KAOWU_SINCE_START))))

/* The one condition that all standards of that time have for 一级; its number in them differs. */
#define CONDITION_2018_FOUR_YEARS(id_) \
	CONDITION_2018(id_, \
		"取得本职业或相关职业二级/技师职业资格证书（技能等级证书）后，累计从事本职业或相关职业工作4年（含）以上。", \
		KAOWU_TEXTS(BASIC, "certificate", "work_pledge"), \
		KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED), \
		KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE))

#endif
