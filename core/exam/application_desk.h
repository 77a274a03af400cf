/*
 * An application for whoever answers the telephone at its centre: how it stands and why, nothing of what was filled in.
 */
#ifndef KAOWU_EXAM_APPLICATION_DESK_H
#define KAOWU_EXAM_APPLICATION_DESK_H

#include "application.h"

/*
 * What its candidate reads of it (application_view()): {number, plan_id, plan_name, state, status, status_text,
 * next_action, submitted_at, due_at, decided_at, submit_until, decisions, timeline, payment, papers, void_reason,
 * cancelled_at, cancel_reason}; materials: [{id, name}], which the decisions speak of; candidate_name, id_masked,
 * mobile, masked too: null where nothing is filled in, or no longer there.
 */
enum result application_desk_view(
	struct transaction *tx, struct application *application, json **out) MUST_CHECK;

#endif
