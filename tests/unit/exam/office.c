/*
 * The office's steps, taken through the functions that the API calls.
 */
#include "office.h"

#include "base/text.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/review.h"
#include "exam/ticket.h"

#include <cmocka.h>

void office_reload(struct scene *scene, struct application *application)
{
	assert_ok(scene, application_load(&scene->tx, application->id, application));
}

void office_as_owner(struct scene *scene, const struct application *application)
{
	scene->tx.actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = application->account_id};
}

void office_claim(struct scene *scene, struct application *application)
{
	json *view;

	(void)scene_as_staff(scene, OFFICE_REVIEWER);
	assert_ok(scene, review_claim(&scene->tx, application, false, &view));
}

void office_judge(
	struct scene *scene, struct application *application, const char *item, const char *reason)
{
	json *body = scene_json(scene, "{'outcome': 'pass'}");
	json *view;

	if (!reason && text_starts(item, "related:"))
		json_set_text(scene->tx.arena, body, "note", OFFICE_ADMITS);
	if (reason) {
		body = scene_json(scene, "{'outcome': 'fail', 'reasons': [], 'note': '请更正'}");
		json_append(json_get(body, "reasons"), json_new_text(scene->tx.arena, reason));
	}
	assert_ok(scene, review_judge(&scene->tx, application, item, body, &view));
}

void office_judge_all(struct scene *scene, struct application *application, const char *failing)
{
	json *view;

	assert_ok(scene, review_view(&scene->tx, application, &view));
	json_each(item, json_get(view, "items"))
	{
		const char *name = json_get_text(item, "item");

		if (!json_get_true(item, "locked"))
			office_judge(scene, application, name,
				text_equal(name, failing) ? "OTHER" : NULL);
	}
}

json *office_decide(struct scene *scene, struct application *application, const char *outcome)
{
	json *body = json_new_object(scene->tx.arena);
	json *view = NULL;

	json_set_text(scene->tx.arena, body, "outcome", outcome);
	assert_ok(scene, review_decide(&scene->tx, application, body, &view));
	office_reload(scene, application);
	return view;
}

void office_approve(struct scene *scene, struct application *application)
{
	office_claim(scene, application);
	office_judge_all(scene, application, NULL);
	(void)office_decide(scene, application, "approved");
}

void office_reject(struct scene *scene, struct application *application, const char *failing)
{
	office_claim(scene, application);
	office_judge_all(scene, application, failing);
	(void)office_decide(scene, application, "rejected");
}

void office_take_fee(struct scene *scene, struct application *application)
{
	json *order;

	office_as_owner(scene, application);
	assert_ok(scene, payment_order_create(&scene->tx, application, "offline", &order));
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(
		scene, payment_confirm_offline(&scene->tx, json_get_text(order, "number"),
			       application->number, json_get_integer(order, "amount_fen"), &order));
	office_reload(scene, application);
}

void office_receive_papers(struct scene *scene, struct application *application)
{
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene,
		paper_receive(&scene->tx, application,
			scene_json(scene,
				"{'items': [{'material': 'application_form', 'copies': 2, 'outcome': 'pass'},"
				" {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}")));
	office_reload(scene, application);
}

void office_ticket(struct scene *scene, struct application *application)
{
	json *opened;

	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	office_take_fee(scene, application);
	office_receive_papers(scene, application);
	assert_ok(scene, ticket_open(&scene->tx, application->plan_id, &opened));
	office_reload(scene, application);
}
