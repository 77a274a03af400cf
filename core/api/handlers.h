/*
 * The handlers, by audience; routes.c is their only caller.
 */
#ifndef KAOWU_API_HANDLERS_H
#define KAOWU_API_HANDLERS_H

#include "exam/application.h"
#include "request.h"

/* public.c */
enum result public_profile(struct request *request);
enum result public_plans(struct request *request);
enum result public_plan(struct request *request);
enum result public_eligibility(struct request *request);
enum result public_reasons(struct request *request);
enum result public_ticket(struct request *request);

/* report.c: what providers report by themselves */
enum result sms_reports_post(struct request *request);
enum result wechat_notice_prepare(struct request *request);
enum result wechat_notice_post(struct request *request);

/* session.c */
enum result code_request(struct request *request);
enum result sign_up_prepare(struct request *request);
enum result invitation_prepare(struct request *request);
enum result sign_up(struct request *request);
enum result sign_in_prepare(struct request *request);
enum result staff_sign_in_prepare(struct request *request);
enum result operator_sign_in_prepare(struct request *request);
enum result sign_in(struct request *request);
enum result password_reset(struct request *request);
enum result invitation_accept(struct request *request);
enum result session_get(struct request *request);
enum result session_delete(struct request *request);

/* credentials.c */
enum result self_prepare(struct request *request);
enum result password_change_prepare(struct request *request);
enum result password_put(struct request *request);
enum result mobile_put(struct request *request);
enum result recovery_get(struct request *request);
enum result recovery_code_post(struct request *request);
enum result recovery_post(struct request *request);
enum result sessions_get(struct request *request);
enum result sessions_end_post(struct request *request);
enum result second_factor_get(struct request *request);
enum result second_factor_post(struct request *request);
enum result second_factor_confirm_post(struct request *request);
enum result second_factor_remove_post(struct request *request);
enum result second_factor_reset_post(struct request *request);

/* candidate.c */
enum result applications_get(struct request *request);
enum result application_post(struct request *request);
enum result application_get(struct request *request);
enum result details_put(struct request *request);
enum result identity_put(struct request *request);
enum result condition_put(struct request *request);
enum result certificates_put(struct request *request);
enum result work_put(struct request *request);
enum result fields_put(struct request *request);
enum result material_delete(struct request *request);
enum result preview_get(struct request *request);
enum result submit_post(struct request *request);
enum result withdraw_post(struct request *request);
enum result order_post(struct request *request);
enum result order_get(struct request *request);
enum result papers_get(struct request *request);
enum result papers_put(struct request *request);

/* personal.c */
enum result account_get(struct request *request);
enum result consent_put(struct request *request);
enum result erasure_put(struct request *request);
enum result erasure_delete(struct request *request);
enum result account_data_get(struct request *request);
enum result erasures_get(struct request *request);
enum result erasure_post(struct request *request);

/* file.c: what is uploaded, rendered, downloaded */
enum result material_prepare(struct request *request);
enum result material_put(struct request *request);
enum result material_get(struct request *request);
enum result review_material_get(struct request *request);
enum result templates_get(struct request *request);
enum result cover_get(struct request *request);
enum result ticket_get(struct request *request);
enum result ticket_book_post(struct request *request);
enum result ticket_book_get(struct request *request);
enum result ticket_book_part_get(struct request *request);
enum result document_finish(struct request *request);

/* reviewer.c */
/* Looking at what one judges is work, too, and keeps the lease. Nothing happens if the actor has none. */
void lease_work(struct request *request, const struct application *application);
enum result queue_get(struct request *request);
enum result case_get(struct request *request);
enum result lease_post(struct request *request);
enum result lease_delete(struct request *request);
enum result item_put(struct request *request);
enum result notice_get(struct request *request);
enum result decision_post(struct request *request);

/* office.c: cashier, registrar, administrator, auditor */
enum result orders_get(struct request *request);
enum result confirmation_post(struct request *request);
enum result refunds_get(struct request *request);
enum result refund_post(struct request *request);
enum result refund_decision_post(struct request *request);
enum result refund_withdrawal_post(struct request *request);
enum result refund_payout_post(struct request *request);
enum result bills_get(struct request *request);
enum result bill_post(struct request *request);
enum result differences_get(struct request *request);
enum result difference_post(struct request *request);
enum result payments_preview(struct request *request);
enum result payments_post(struct request *request);
enum result not_arrived_get(struct request *request);
enum result papers_by_number_get(struct request *request);
enum result receipt_post(struct request *request);
enum result restore_post(struct request *request);
enum result tickets_post(struct request *request);
enum result overview_get(struct request *request);
enum result roster_get(struct request *request);
enum result export_prepare(struct request *request);
enum result export_post(struct request *request);
enum result plans_get(struct request *request);
enum result staff_get(struct request *request);
enum result staff_post(struct request *request);
enum result staff_put(struct request *request);
enum result staff_disable_post(struct request *request);
enum result staff_invitation_post(struct request *request);
enum result reminder_post(struct request *request);
enum result void_post(struct request *request);
enum result application_desk_get(struct request *request);
enum result correction_get(struct request *request);
enum result correction_post(struct request *request);
enum result messages_get(struct request *request);
enum result message_resend(struct request *request);
enum result audit_get(struct request *request);

/* planning.c: what an administrator makes: plans, the centre itself */
enum result plan_desk_get(struct request *request);
enum result plan_post(struct request *request);
enum result plan_put(struct request *request);
enum result plan_clone_post(struct request *request);
enum result plan_publish_post(struct request *request);
enum result plan_close_post(struct request *request);
enum result plan_cancel_post(struct request *request);
enum result plan_cancellation_get(struct request *request);
enum result plan_preview_get(struct request *request);
enum result plugins_get(struct request *request);
enum result profile_desk_get(struct request *request);
enum result profile_put(struct request *request);

/* operations.c: the operator of the deployment */
enum result tenants_get(struct request *request);
enum result tenant_get(struct request *request);
enum result tenant_post(struct request *request);
enum result tenant_suspend_post(struct request *request);
enum result tenant_resume_post(struct request *request);
enum result operator_plugins_get(struct request *request);
enum result plugin_uses_get(struct request *request);
enum result plugin_prepare(struct request *request);
enum result plugin_post(struct request *request);
enum result plugin_disable_post(struct request *request);
enum result plugin_readmit_post(struct request *request);
enum result plugin_rollback_post(struct request *request);
enum result health_get(struct request *request);
enum result self_check_get(struct request *request);

/* demo.c */
enum result demo_pay_get(struct request *request);
enum result demo_pay_post(struct request *request);

#endif
