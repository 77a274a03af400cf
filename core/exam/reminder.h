/*
 * Reminders: somebody at the centre has a candidate told by SMS what is still to be done, and until when.
 */
#ifndef KAOWU_EXAM_REMINDER_H
#define KAOWU_EXAM_REMINDER_H

#include "application.h"

/*
 * To pay, or to post the papers, whichever comes next: {number, status, text, until}, the text as it is sent. CONFLICT
 * ("reminder.nothing") where nothing waits for the candidate, ("reminder.refunded") to who had the money back,
 * ("reminder.posted") while the papers are on their way, ("reminder.late") where it is too late, and ("reminder.today")
 * to who has been reminded of the same today.
 */
enum result reminder_send(
	struct transaction *tx, const struct application *application, json **out) MUST_CHECK;

#endif
