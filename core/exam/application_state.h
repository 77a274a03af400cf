/*
 * The states of an application, and the one function that changes them (one table, one move).
 *
 * Payment and paper are facts of their own (payment.h, paper.h); what a person is shown ("待缴费", "待收件") is derived
 * from state and facts in application.h.
 */
#ifndef KAOWU_EXAM_APPLICATION_STATE_H
#define KAOWU_EXAM_APPLICATION_STATE_H

#include "base/machine.h"
#include "transaction.h"

enum application_state {
	APPLICATION_DRAFT,     /* 未提交 */
	APPLICATION_REVIEWING, /* 审核中 */
	APPLICATION_REJECTED,  /* 审核不通过 */
	APPLICATION_APPROVED,  /* 审核通过 */
	APPLICATION_TICKETED,  /* 可打印准考证 */
	APPLICATION_WITHDRAWN, /* 已撤回 */
	APPLICATION_EXPIRED,   /* 已过期: not submitted, corrected or paid in time */
	APPLICATION_FORFEITED, /* 视为放弃: papers not posted in time */
	APPLICATION_VOIDED,    /* 已作废: found untrue */
	APPLICATION_CANCELLED, /* 计划已取消: ended with its plan */
	APPLICATION_STATE_COUNT
};

enum application_event {
	EVENT_SUBMIT,   /* candidate: draft or rejected to reviewing */
	EVENT_EDIT,     /* candidate: stays reviewing, new revision */
	EVENT_WITHDRAW, /* candidate */
	EVENT_REOPEN,   /* candidate: withdrawn or expired back to draft, while the plan is open */
	EVENT_APPROVE,  /* reviewer */
	EVENT_REJECT,   /* reviewer */
	EVENT_EXPIRE,   /* system, at a deadline */
	EVENT_FORFEIT,  /* system, at the papers' deadline */
	EVENT_RESTORE,  /* staff with a reason: forfeited, expired or withdrawn back to approved */
	EVENT_TICKET,   /* system, when staff open the tickets */
	EVENT_VOID,     /* staff with a reason */
	EVENT_CORRECT,  /* staff with a reason: stays approved or ticketed, new revision */
	EVENT_CANCEL,   /* system, once staff have cancelled the plan */
	APPLICATION_EVENT_COUNT
};

extern const struct machine application_machine;

/*
 * In queries: an application that stands, handed in and neither ended nor given up. It holds a place of its plan
 * (plan_count.h), and its person. The unique index application_person has the same words.
 */
#define APPLICATION_STANDS_SQL                                                                     \
	"(state = 'reviewing' OR state = 'rejected' OR state = 'approved' OR state = 'ticketed')"

/* In queries over application a: has it not ended? */
#define APPLICATION_LIVES_SQL                                                                      \
	"(a.state = 'draft' OR a.state = 'reviewing' OR a.state = 'rejected'"                      \
	" OR a.state = 'approved' OR a.state = 'ticketed')"

struct application;

/* CONFLICT ("application.state") if the event is not possible now, whoever wants it. */
enum result application_expect_event(struct transaction *tx, const struct application *application,
	enum application_event event) MUST_CHECK;

/*
 * Moves the application: checks the table and who may, writes state and version (+1), and the audit row
 * "application.<event>" with {from, to, revision} and the members of `detail`. CONFLICT ("application.state") if
 * the event is not possible now, FORBIDDEN if not for this actor. The caller writes its notice in the same transaction.
 *
 * What has not ended is cancelled from the moment on at which its plan is (application.h), so that nothing is possible
 * any more; EVENT_CANCEL writes it down, from the state that the row still has.
 */
enum result application_move(struct transaction *tx, struct application *application,
	enum application_event event, const json *detail) MUST_CHECK;

#endif
