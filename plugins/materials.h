/*
 * The materials that the centres' registration guide asks for, in its order and with its advice.
 */
#ifndef MATERIALS_H
#define MATERIALS_H

#include "kaowu_plugin.h"

/* Tables read as rows. */
/* clang-format off */

#define MATERIAL_ID_CARD_FRONT                                                                                          \
	{.id = "id_card_front", .name = "身份证人像面", .kind = KAOWU_PHOTO, .required = true,                            \
	 .note = "原件拍照，四角完整，字迹清晰，无反光，在有效期内。"}
#define MATERIAL_ID_CARD_BACK                                                                                           \
	{.id = "id_card_back", .name = "身份证国徽面", .kind = KAOWU_PHOTO, .required = true,                             \
	 .note = "原件拍照，四角完整，字迹清晰，无反光，在有效期内。"}
#define MATERIAL_PORTRAIT                                                                                               \
	{.id = "portrait", .name = "白底个人一寸照片", .kind = KAOWU_PORTRAIT, .required = true,                           \
	 .note = "JPG 格式，40–80 KB；不得翻拍身份证，不得过度美颜，比例不得失调。"}
#define MATERIAL_APPLICATION_FORM                                                                                       \
	{.id = "application_form", .name = "申报表", .kind = KAOWU_SCAN, .required = true, .handwritten = true,            \
	 .paper_copies = 2,                                                                                             \
	 .note = "下载打印，由本人手写，一次填写，不可涂改；申报条件一栏完整抄写原文；拍照或扫描上传。审核通过后邮寄原件两份。"}
#define MATERIAL_CERTIFICATE(name_)                                                                                     \
	{.id = "certificate", .name = (name_), .kind = KAOWU_SCAN, .required = true,                                    \
	 .note = "证书的信息页拍照或扫描，编号和发证日期清晰。"}
#define MATERIAL_WORK_PLEDGE                                                                                            \
	{.id = "work_pledge", .name = "工作经历承诺书", .kind = KAOWU_SCAN, .required = true, .handwritten = true,         \
	 .paper_copies = 1,                                                                                             \
	 .note = "下载打印，由本人手写并签名，工作经历与申报表一致；拍照或扫描上传。审核通过后邮寄原件一份。"}

/* For a condition that asks for the certificate of the level below: what is asked for, in order, and what it is. */
#define GUIDE_MATERIAL_IDS                                                                                              \
	"id_card_front", "id_card_back", "portrait", "application_form", "certificate", "work_pledge"
#define GUIDE_MATERIALS(certificate_)                                                                                   \
	MATERIAL_ID_CARD_FRONT, MATERIAL_ID_CARD_BACK, MATERIAL_PORTRAIT, MATERIAL_APPLICATION_FORM,                    \
		MATERIAL_CERTIFICATE(certificate_), MATERIAL_WORK_PLEDGE

#endif
