/*
 * What the office does with an application, for tests that begin behind it: approve, take the fee, receive
 * the papers, seat.
 *
 * Each leaves the staff member acting who did it, and `application` as it stands in the database.
 */
#ifndef KAOWU_TEST_OFFICE_H
#define KAOWU_TEST_OFFICE_H

#include "scene.h"

#define OFFICE_REVIEWER  "reviewer1"
#define OFFICE_CASHIER   "cashier"
#define OFFICE_REGISTRAR "registrar"
#define OFFICE_ADMITS    "工作内容与本职业相近" /* why a row that is not listed passes */

void office_reload(struct scene *scene, struct application *application);
/* The lease, as reviewer1. */
void office_claim(struct scene *scene, struct application *application);
/* One judgement; `reason` NULL is a pass. */
void office_judge(
	struct scene *scene, struct application *application, const char *item, const char *reason);
/* Every item that is not locked: `failing` (or none, NULL) for OTHER, the rest passed. */
void office_judge_all(struct scene *scene, struct application *application, const char *failing);
json *office_decide(struct scene *scene, struct application *application, const char *outcome);

/* Claimed, judged, approved. */
void office_approve(struct scene *scene, struct application *application);
void office_reject(struct scene *scene, struct application *application, const char *failing);
/* An offline order of the candidate, confirmed by the cashier. */
void office_take_fee(struct scene *scene, struct application *application);
void office_receive_papers(struct scene *scene, struct application *application);
/* From nothing to a seat: the first application of SCENE_MOBILE. */
void office_ticket(struct scene *scene, struct application *application);

/* Who the candidate of an application is acts from now on. */
void office_as_owner(struct scene *scene, const struct application *application);

#endif
