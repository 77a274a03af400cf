/*
 * The route table.
 */
#include "handlers.h"
#include "route.h"

#include "base/arena.h"

#define READ  .lane = LANE_READ
#define WRITE .lane = LANE_WRITE

/* clang-format off */
const struct route routes[] = {
	/* Everybody */
	{ .method = "GET", .path = "/profile", .audience = ANYBODY, READ, .flags = ROUTE_CACHED, .handler = public_profile,
	  .summary = "the centre: name, mailing address, contact, district rules" },
	{ .method = "GET", .path = "/plans", .audience = ANYBODY, READ, .flags = ROUTE_CACHED, .handler = public_plans,
	  .summary = "published plans, by occupation and level" },
	{ .method = "GET", .path = "/plans/{id}", .audience = ANYBODY, READ, .flags = ROUTE_CACHED, .handler = public_plan,
	  .summary = "one plan with its conditions, materials and exam" },
	{ .method = "GET", .path = "/reasons", .audience = ANYBODY, READ, .flags = ROUTE_CACHED, .handler = public_reasons,
	  .summary = "reason codes of reviewers" },
	{ .method = "POST", .path = "/eligibility", .audience = ANYBODY, READ, .body = "Eligibility", .handler = public_eligibility,
	  .summary = "can I apply? a verdict with its trace, before signing in" },
	{ .method = "POST", .path = "/codes", .audience = ANYBODY, WRITE, .body = "Code", .handler = code_request,
	  .summary = "send an SMS code" },
	{ .method = "POST", .path = "/accounts", .audience = ANYBODY, WRITE, .body = "SignUp", .prepare = sign_up_prepare, .handler = sign_up,
	  .summary = "sign up with mobile number, code and password" },
	{ .method = "POST", .path = "/sessions", .audience = ANYBODY, WRITE, .body = "SignIn", .prepare = sign_in_prepare, .handler = sign_in,
	  .summary = "sign in as a candidate" },
	{ .method = "POST", .path = "/passwords", .audience = ANYBODY, WRITE, .body = "Reset", .prepare = sign_up_prepare, .handler = password_reset,
	  .summary = "a new password by SMS code" },
	{ .method = "POST", .path = "/staff/sessions", .audience = ANYBODY, WRITE, .body = "StaffSignIn", .prepare = staff_sign_in_prepare, .handler = sign_in,
	  .summary = "sign in as staff" },
	{ .method = "POST", .path = "/staff/passwords", .audience = ANYBODY, WRITE, .body = "Invitation", .prepare = sign_up_prepare, .handler = invitation_accept,
	  .summary = "accept an invitation: set the first password" },
	{ .method = "POST", .path = "/reports/sms/{token}", .audience = ANYBODY, WRITE, .body = "SmsReports", .handler = sms_reports_post,
	  .summary = "delivery reports from the SMS provider" },
	{ .method = "GET", .path = "/session", .audience = ANYBODY, READ, .handler = session_get,
	  .summary = "who is signed in" },
	{ .method = "DELETE", .path = "/session", .audience = ANYBODY, WRITE, .handler = session_delete,
	  .summary = "sign out" },

	/* Candidates */
	{ .method = "GET", .path = "/applications", .audience = CANDIDATE, READ, .handler = applications_get,
	  .summary = "one's own applications" },
	{ .method = "POST", .path = "/applications", .audience = CANDIDATE, WRITE, .flags = ROUTE_IDEMPOTENT, .body = "ApplicationCreate", .handler = application_post,
	  .summary = "apply: makes the draft, or gives the one that is there" },
	{ .method = "GET", .path = "/applications/{id}", .audience = CANDIDATE, READ, .handler = application_get,
	  .summary = "one application: form, materials, status, what comes next" },
	{ .method = "PUT", .path = "/applications/{id}/details", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Details", .handler = details_put, .show = application_get,
	  .summary = "personal details" },
	{ .method = "PUT", .path = "/applications/{id}/identity", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Identity", .handler = identity_put, .show = application_get,
	  .summary = "identity of the applicant" },
	{ .method = "PUT", .path = "/applications/{id}/condition", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Condition", .handler = condition_put, .show = application_get,
	  .summary = "the condition applied under" },
	{ .method = "PUT", .path = "/applications/{id}/certificates", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Certificates", .handler = certificates_put, .show = application_get,
	  .summary = "certificates, titles, diplomas" },
	{ .method = "PUT", .path = "/applications/{id}/work", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Work", .handler = work_put, .show = application_get,
	  .summary = "work history" },
	{ .method = "PUT", .path = "/applications/{id}/fields", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .body = "Fields", .handler = fields_put, .show = application_get,
	  .summary = "the plugin's own fields" },
	{ .method = "PUT", .path = "/applications/{id}/materials/{material}", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED | ROUTE_UPLOAD,
	  .prepare = material_prepare, .handler = material_put,
	  .summary = "upload a material; the body is the file" },
	{ .method = "GET", .path = "/applications/{id}/materials/{material}", .audience = CANDIDATE, .lane = LANE_HEAVY, .flags = ROUTE_FILE, .handler = material_get,
	  .summary = "an uploaded material" },
	{ .method = "GET", .path = "/applications/{id}/preview", .audience = CANDIDATE, READ, .handler = preview_get,
	  .summary = "the verdict as it stands, and what is missing" },
	{ .method = "GET", .path = "/applications/{id}/templates", .audience = CANDIDATE, READ, .flags = ROUTE_FILE, .handler = templates_get, .finish = document_finish,
	  .summary = "the paper forms as one ZIP" },
	{ .method = "POST", .path = "/applications/{id}/submit", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .handler = submit_post, .show = application_get,
	  .summary = "hand in" },
	{ .method = "POST", .path = "/applications/{id}/withdraw", .audience = CANDIDATE, WRITE, .flags = ROUTE_VERSIONED, .handler = withdraw_post, .show = application_get,
	  .summary = "withdraw" },
	{ .method = "POST", .path = "/applications/{id}/orders", .audience = CANDIDATE, WRITE, .flags = ROUTE_IDEMPOTENT, .body = "Order", .handler = order_post,
	  .summary = "an order to pay" },
	{ .method = "GET", .path = "/applications/{id}/orders/{order}", .audience = CANDIDATE, READ, .handler = order_get,
	  .summary = "an order and what happened to it" },
	{ .method = "GET", .path = "/applications/{id}/papers", .audience = CANDIDATE, READ, .handler = papers_get,
	  .summary = "where to post the papers, and what arrived" },
	{ .method = "PUT", .path = "/applications/{id}/papers", .audience = CANDIDATE, WRITE, .body = "Courier", .handler = papers_put, .show = papers_get,
	  .summary = "courier and number of the parcel" },
	{ .method = "GET", .path = "/applications/{id}/cover", .audience = CANDIDATE, READ, .flags = ROUTE_FILE, .handler = cover_get, .finish = document_finish,
	  .summary = "the parcel's cover sheet as PDF" },
	{ .method = "GET", .path = "/applications/{id}/ticket", .audience = CANDIDATE, .lane = LANE_HEAVY, .flags = ROUTE_FILE, .handler = ticket_get, .finish = document_finish,
	  .summary = "the admission ticket as PDF" },

	/* Reviewers */
	{ .method = "GET", .path = "/review/applications", .audience = STAFF, .roles = ROLE_REVIEWER, READ, .handler = queue_get,
	  .summary = "the queue, by due time" },
	{ .method = "GET", .path = "/review/applications/{id}", .audience = STAFF, .roles = ROLE_REVIEWER, READ, .handler = case_get,
	  .summary = "one case: facts, trace, items, materials, what changed" },
	{ .method = "POST", .path = "/review/applications/{id}/lease", .audience = STAFF, .roles = ROLE_REVIEWER, WRITE, .body = "Lease", .handler = lease_post,
	  .summary = "claim for fifteen minutes, or take over" },
	{ .method = "DELETE", .path = "/review/applications/{id}/lease", .audience = STAFF, .roles = ROLE_REVIEWER, WRITE, .handler = lease_delete,
	  .summary = "release" },
	{ .method = "PUT", .path = "/review/applications/{id}/items/{item}", .audience = STAFF, .roles = ROLE_REVIEWER, WRITE, .body = "Judgement", .handler = item_put,
	  .summary = "judge one item" },
	{ .method = "GET", .path = "/review/applications/{id}/materials/{material}", .audience = STAFF, .roles = ROLE_REVIEWER, .lane = LANE_HEAVY, .flags = ROUTE_FILE, .handler = material_get,
	  .summary = "a material, as it is or as a revision had it" },
	{ .method = "GET", .path = "/review/applications/{id}/notice", .audience = STAFF, .roles = ROLE_REVIEWER, READ, .handler = notice_get,
	  .summary = "the SMS that a decision would send" },
	{ .method = "POST", .path = "/review/applications/{id}/decision", .audience = STAFF, .roles = ROLE_REVIEWER, WRITE, .flags = ROUTE_VERSIONED, .body = "Decision", .handler = decision_post,
	  .summary = "approve or reject" },

	/* Cashiers */
	{ .method = "GET", .path = "/cashier/orders", .audience = STAFF, .roles = ROLE_CASHIER, READ, .handler = orders_get,
	  .summary = "orders and their events" },
	{ .method = "POST", .path = "/cashier/orders/{number}/confirmation", .audience = STAFF, .roles = ROLE_CASHIER, WRITE, .body = "Confirmation", .handler = confirmation_post,
	  .summary = "confirm an offline payment by its receipt" },

	/* Registrars */
	{ .method = "GET", .path = "/registrar/plans/{id}/not-arrived", .audience = STAFF, .roles = ROLE_REGISTRAR, READ, .handler = not_arrived_get,
	  .summary = "whose papers have not arrived" },
	{ .method = "GET", .path = "/registrar/applications/{number}", .audience = STAFF, .roles = ROLE_REGISTRAR, READ, .handler = papers_by_number_get,
	  .summary = "an application by the number on its cover sheet" },
	{ .method = "POST", .path = "/registrar/applications/{number}/receipt", .audience = STAFF, .roles = ROLE_REGISTRAR, WRITE, .body = "Receipt", .handler = receipt_post,
	  .summary = "papers received, each checked" },
	{ .method = "POST", .path = "/registrar/applications/{number}/restore", .audience = STAFF, .roles = ROLE_REGISTRAR, WRITE, .body = "Reason", .handler = restore_post,
	  .summary = "restore a forfeited or expired application, with a reason" },
	{ .method = "POST", .path = "/registrar/plans/{id}/tickets", .audience = STAFF, .roles = ROLE_REGISTRAR, WRITE, .handler = tickets_post,
	  .summary = "open the tickets: seats and numbers" },

	/* Administrators and auditors */
	{ .method = "GET", .path = "/admin/plans", .audience = STAFF, .roles = ROLE_ADMIN, READ, .handler = plans_get,
	  .summary = "all plans, drafts as well" },
	{ .method = "GET", .path = "/admin/staff", .audience = STAFF, .roles = ROLE_ADMIN, READ, .handler = staff_get,
	  .summary = "staff and their roles" },
	{ .method = "POST", .path = "/admin/applications/{number}/void", .audience = STAFF, .roles = ROLE_ADMIN, WRITE, .body = "Reason", .handler = void_post,
	  .summary = "void an application that was found untrue, with a reason: there is no way back" },
	{ .method = "GET", .path = "/admin/messages", .audience = STAFF, .roles = ROLE_ADMIN, READ, .handler = messages_get,
	  .summary = "the SMS outbox" },
	{ .method = "POST", .path = "/admin/messages/{id}/resend", .audience = STAFF, .roles = ROLE_ADMIN, WRITE, .handler = message_resend,
	  .summary = "send a dead message again" },
	{ .method = "GET", .path = "/audit", .audience = STAFF, .roles = ROLE_AUDITOR, READ, .handler = audit_get,
	  .summary = "the audit log, newest first" },

	/* The demo's payment page */
	{ .method = "GET", .path = "/demo/pay/{code}", .audience = ANYBODY, READ, .flags = ROUTE_DEMO | ROUTE_HTML, .handler = demo_pay_get,
	  .summary = "a page that plays the payer's phone" },
	{ .method = "POST", .path = "/demo/pay/{code}", .audience = ANYBODY, WRITE, .flags = ROUTE_DEMO | ROUTE_HTML, .handler = demo_pay_post,
	  .summary = "pays the simulated order" },
};
/* clang-format on */

const size_t route_count = COUNT(routes);
