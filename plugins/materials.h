/*
 * What candidates hand in: each material once, and what the conditions of a level ask for. Order and advice are those
 * of the centres' registration guide.
 */
#ifndef MATERIALS_H
#define MATERIALS_H

#include "kaowu_plugin.h"

/* Tables read as rows. */
/* clang-format off */

#define MATERIAL_SCAN(id_, name_, note_) \
	{.id = (id_), .name = (name_), .kind = KAOWU_SCAN, .required = true, .note = (note_)}
#define MATERIAL_ID_CARD(id_, name_) \
	{.id = (id_), .name = (name_), .kind = KAOWU_PHOTO, .required = true, \
	 .note = "原件拍照，四角完整，字迹清晰，无反光，在有效期内。"}

#define MATERIAL_PORTRAIT \
	{.id = "portrait", .name = "白底个人一寸照片", .kind = KAOWU_PORTRAIT, .required = true, \
	 .note = "JPG 格式，40–80 KB；不得翻拍身份证，不得过度美颜，比例不得失调。"}
#define MATERIAL_APPLICATION_FORM \
	{.id = "application_form", .name = "申报表", .kind = KAOWU_SCAN, .required = true, .handwritten = true, \
	 .paper_copies = 2, \
	 .note = "下载打印，由本人手写，一次填写，不可涂改；申报条件一栏完整抄写原文；拍照或扫描上传。审核通过后邮寄原件两份。"}
#define MATERIAL_WORK_PLEDGE \
	{.id = "work_pledge", .name = "工作经历承诺书", .kind = KAOWU_SCAN, .required = true, .handwritten = true, \
	 .paper_copies = 1, \
	 .note = "下载打印，由本人手写并签名，工作经历与申报表一致；拍照或扫描上传。审核通过后邮寄原件一份。"}
#define MATERIAL_CERTIFICATE(name_) \
	MATERIAL_SCAN("certificate", name_, "证书的信息页拍照或扫描，编号和发证日期清晰。")
#define MATERIAL_TITLE \
	MATERIAL_SCAN("title", "职称（专业技术人员职业资格）证书", "级别、专业和取得日期清晰。")
#define MATERIAL_DIPLOMA \
	MATERIAL_SCAN("diploma", "毕业证书或在校证明", \
		"毕业证书，或学信网《教育部学历证书电子注册备案表》；在读学生上传学校开具的在校证明，写明专业、班级和预计毕业日期。")
#define MATERIAL_WORK_PROOF \
	MATERIAL_SCAN("work_proof", "工作年限证明", "由工作单位开具并盖章，写明起止年月和所从事的职业；多个单位的合并为一个文件。")
#define MATERIAL_SOCIAL_INSURANCE \
	MATERIAL_SCAN("social_insurance", "社会保险缴费记录", "由社保经办机构出具，缴费单位和起止年月与工作经历一致。")

/* Asked for under every condition, before anything else: the rows, and their ids. */
#define BASIC_MATERIALS \
	MATERIAL_ID_CARD("id_card_front", "身份证人像面"), MATERIAL_ID_CARD("id_card_back", "身份证国徽面"), \
	MATERIAL_PORTRAIT, MATERIAL_APPLICATION_FORM
#define BASIC "id_card_front", "id_card_back", "portrait", "application_form"

/* Of all conditions of 2023 at a level. */
#define MATERIALS_LEVEL_5 BASIC_MATERIALS, MATERIAL_WORK_PROOF
#define MATERIALS_LEVEL_4 \
	BASIC_MATERIALS, MATERIAL_CERTIFICATE("五级/初级工证书"), MATERIAL_DIPLOMA, MATERIAL_WORK_PROOF
#define MATERIALS_LEVEL_3 \
	BASIC_MATERIALS, MATERIAL_CERTIFICATE("四级/中级工证书"), MATERIAL_TITLE, MATERIAL_DIPLOMA, \
	MATERIAL_WORK_PLEDGE, MATERIAL_SOCIAL_INSURANCE
#define MATERIALS_LEVEL_2 \
	BASIC_MATERIALS, MATERIAL_CERTIFICATE("三级/高级工证书"), MATERIAL_TITLE, MATERIAL_DIPLOMA, \
	MATERIAL_WORK_PLEDGE, MATERIAL_SOCIAL_INSURANCE
#define MATERIALS_LEVEL_1 \
	BASIC_MATERIALS, MATERIAL_CERTIFICATE("二级/技师证书"), MATERIAL_TITLE, MATERIAL_WORK_PLEDGE

#endif
