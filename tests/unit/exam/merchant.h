/*
 * A scene whose plan is paid by WeChat Pay, and the provider: it answers what it is told to, and signs it.
 */
#ifndef KAOWU_TEST_MERCHANT_H
#define KAOWU_TEST_MERCHANT_H

#include "office.h"

#include "exam/errand.h"

#define MERCHANT_FEE         68000
#define MERCHANT_REASON      "考生申请退考"
#define MERCHANT_UNREACHABLE 0 /* in the place of a status */

int merchant_build(void **state);
int merchant_remove(void **state);
int merchant_begin(void **state);

#define AT_THE_PROVIDER(test) cmocka_unit_test_setup_teardown(test, merchant_begin, scene_end)

/* The account that is configured. */
json *merchant_account(struct scene *scene);

/* An order of this candidate; the first one's application is made and approved before. */
json *merchant_order(struct scene *scene, struct application *application);
json *merchant_first_order(struct scene *scene, struct application *application);
/* By which the cashier's list has it, too. */
const char *merchant_order_state(
	struct scene *scene, const struct application *application, const json *order);

/* In bodies single quotes may stand for double ones. */
struct https_answer merchant_answer(struct scene *scene, int status, const char *body);

/* The one question that is due; an answer to it; both. */
struct errands merchant_asked(struct scene *scene);
void merchant_answered(struct scene *scene, struct errands *errands, int status, const char *body);
void merchant_visited(struct scene *scene, int status, const char *body);

/* What is to be asked next, when, and what is wrong: "query later payment.provider_silent"; "nothing". */
const char *merchant_next(struct scene *scene);

/* What a query of an order is answered when it was paid, transaction 4200000001; and that answer. */
json *merchant_payment(struct scene *scene, const json *order);
void merchant_pay(struct scene *scene, const json *order);

/* Asked for by the cashier; decided on by the administrator. Both as they then are. */
json *merchant_refund(struct scene *scene, const json *order, int64_t amount_fen);
json *merchant_decided(struct scene *scene, const json *refund, bool approve);
const char *merchant_refund_state(struct scene *scene, const json *refund);

#endif
