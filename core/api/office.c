/*
 * The office: cashier, registrar, administrator, auditor.
 */
#include "handlers.h"

#include "base/text.h"
#include "exam/application.h"
#include "exam/application_desk.h"
#include "exam/audit.h"
#include "exam/correction.h"
#include "exam/deadline.h"
#include "exam/delivery.h"
#include "exam/export.h"
#include "exam/overview.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/payment_bill.h"
#include "exam/payment_difference.h"
#include "exam/payment_refund.h"
#include "exam/payment_import.h"
#include "exam/plan.h"
#include "exam/reminder.h"
#include "exam/roster.h"
#include "exam/staff.h"
#include "exam/staffing.h"
#include "exam/ticket.h"
#include "exam/voiding.h"

enum result orders_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return payment_list(&request->tx, request_query(request, "state"),
		request_query(request, "search"), &page, &request->reply.body);
}

enum result confirmation_post(struct request *request)
{
	return payment_confirm_offline(&request->tx, request->parameters[0],
		json_get_text(request->body, "receipt_number"),
		json_get_integer(request->body, "amount_fen"), &request->reply.body);
}

enum result refunds_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return payment_refund_list(
		&request->tx, request_query(request, "state"), &page, &request->reply.body);
}

enum result refund_post(struct request *request)
{
	request->reply.status = 201;
	return payment_refund_ask(&request->tx, request->parameters[0],
		json_get_integer(request->body, "amount_fen"),
		json_get_text(request->body, "reason"), &request->reply.body);
}

enum result refund_decision_post(struct request *request)
{
	return payment_refund_decide(&request->tx, request->parameters[0],
		text_equal(json_get_text(request->body, "outcome"), "approved"),
		json_get_text(request->body, "note"), &request->reply.body);
}

enum result refund_withdrawal_post(struct request *request)
{
	return payment_refund_take_back(&request->tx, request->parameters[0],
		json_get_text(request->body, "reason"), &request->reply.body);
}

enum result refund_payout_post(struct request *request)
{
	return payment_refund_pay_out(&request->tx, request->parameters[0],
		json_get_text(request->body, "receipt_number"), &request->reply.body);
}

enum result bills_get(struct request *request)
{
	return request_list(request, payment_bill_list);
}

enum result bill_post(struct request *request)
{
	const char *day = request_query(request, "day");

	return payment_bill_match(
		&request->tx, day ? day : "", request->content, &request->reply.body);
}

enum result differences_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return difference_list(
		&request->tx, request_query(request, "state"), &page, &request->reply.body);
}

enum result difference_post(struct request *request)
{
	return difference_settle(&request->tx, request->parameters[0],
		json_get_text(request->body, "note"), &request->reply.body);
}

enum result payments_preview(struct request *request)
{
	return payment_import(
		&request->tx, json_get(request->body, "rows"), true, &request->reply.body);
}

enum result payments_post(struct request *request)
{
	return payment_import(
		&request->tx, json_get(request->body, "rows"), false, &request->reply.body);
}

enum result not_arrived_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return paper_not_arrived(&request->tx, request->parameters[0], &page, &request->reply.body);
}

enum result papers_by_number_get(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	return paper_desk_view(&request->tx, &application, &request->reply.body);
}

enum result receipt_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	rc = paper_receive(&request->tx, &application, request->body);
	if (rc)
		return rc;
	return paper_desk_view(&request->tx, &application, &request->reply.body);
}

enum result restore_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	rc = deadline_restore(&request->tx, &application, json_get_text(request->body, "reason"));
	if (rc)
		return rc;
	return paper_desk_view(&request->tx, &application, &request->reply.body);
}

enum result void_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	rc = application_void(&request->tx, &application, json_get_text(request->body, "reason"));
	if (rc)
		return rc;
	return paper_desk_view(&request->tx, &application, &request->reply.body);
}

enum result application_desk_get(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	return application_desk_view(&request->tx, &application, &request->reply.body);
}

enum result correction_get(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	if (rc)
		return rc;
	request->reply.version = application.version;
	return correction_view(&request->tx, &application, &request->reply.body);
}

enum result correction_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	rc = rc ? rc : application_expect_version(&request->tx, &application, request->if_match);
	return rc ? rc : application_correct(&request->tx, &application, request->body);
}

enum result reminder_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	return rc ? rc : reminder_send(&request->tx, &application, &request->reply.body);
}

enum result tickets_post(struct request *request)
{
	return ticket_open(&request->tx, request->parameters[0], &request->reply.body);
}

enum result overview_get(struct request *request)
{
	return overview_view(&request->tx, &request->reply.body);
}

enum result roster_get(struct request *request)
{
	static const char *const names[] = {"status", "plan", "search", "overdue", "pay_soon",
		"not_arrived", "cursor", "limit", NULL};

	return roster_list(&request->tx, request_filter(request, names), &request->reply.body);
}

enum result export_prepare(struct request *request)
{
	struct export *made = NEW(request->tx.arena, struct export);

	request->prepared = made;
	return export_make(&request->tx, request->body, made);
}

enum result export_post(struct request *request)
{
	const struct export *made = request->prepared;
	enum result rc = export_take(&request->tx, request->body, made);

	if (rc)
		return rc;
	request->reply.media_type =
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	request->reply.file_name = "applications.xlsx";
	request->reply.bytes = made->content;
	return OK;
}

enum result plans_get(struct request *request)
{
	return request_list(request, plan_list_all);
}

enum result staff_get(struct request *request)
{
	return request_list(request, staff_list);
}

static enum result invited(struct request *request, enum result rc)
{
	if (!rc)
		request->reply.status = 201;
	return rc;
}

enum result staff_post(struct request *request)
{
	return invited(request, staffing_create(&request->tx, request->body, &request->reply.body));
}

enum result staff_invitation_post(struct request *request)
{
	return invited(request,
		staffing_invite(&request->tx, request->parameters[0], &request->reply.body));
}

enum result staff_put(struct request *request)
{
	enum result rc = staffing_change(&request->tx, request->parameters[0], request->if_match,
		request->body, &request->reply.body);

	if (rc)
		return rc;
	request->reply.version = json_get_integer(request->reply.body, "version");
	return OK;
}

enum result staff_disable_post(struct request *request)
{
	return staffing_disable(&request->tx, request->parameters[0], &request->reply.body);
}

enum result messages_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return delivery_list(&request->tx, request_query(request, "state"),
		request_query(request, "search"), &page, &request->reply.body);
}

enum result message_resend(struct request *request)
{
	return delivery_resend(&request->tx, request->parameters[0]);
}

enum result audit_get(struct request *request)
{
	struct page page;
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return audit_list(
		&request->tx, request_query(request, "subject"), &page, &request->reply.body);
}
