/*
 * The subjects of the exam: two up to 三级, three from 二级 on, each out of 100 and passed from 60.
 *
 * The pass mark is the common text of the national standards. The minutes are the usual ones (see each plugin's
 * README: to be confirmed).
 */
#ifndef SUBJECTS_H
#define SUBJECTS_H

#include "kaowu_plugin.h"

/* Tables read as rows. */
/* clang-format off */

#define SUBJECTS_WORKER \
	{.id = "theory", .name = "理论知识考试", .minutes = 90, .full = 100, .pass = 60}, \
	{.id = "skill", .name = "操作技能考核", .minutes = 60, .full = 100, .pass = 60}
#define SUBJECTS_TECHNICIAN \
	{.id = "theory", .name = "理论知识考试", .minutes = 90, .full = 100, .pass = 60}, \
	{.id = "skill", .name = "操作技能考核", .minutes = 90, .full = 100, .pass = 60}, \
	{.id = "review", .name = "综合评审", .minutes = 30, .full = 100, .pass = 60}

#endif
