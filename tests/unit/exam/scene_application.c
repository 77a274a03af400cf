/*
 * Applications in the scene: the candidate's steps, taken through the functions that the API calls.
 *
 * Only pictures are not looked at: a file with some bytes stands in for each.
 */
#include "scene.h"

#include <stdio.h>
#include <string.h>

#include "exam/material.h"
#include "exam/personal.h"
#include "exam/plan.h"
#include "exam/submission.h"
#include "exam/topics.h"

#include <cmocka.h>

/* Of nobody: region 110108, born on 1990-03-07; the check digit by GB 11643. */
const char *scene_resident_id(struct scene *scene, int order)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	char *number = arena_printf(scene->tx.arena, "11010819900307%03d.", order);
	int sum = 0;

	for (size_t i = 0; i < COUNT(weights); i++)
		sum += (number[i] - '0') * weights[i];
	number[17] = "10X98765432"[sum % 11];
	return number;
}

/* Reads it again, as the next request would. */
static void reload(struct scene *scene, struct application *application)
{
	assert_ok(scene, application_load(&scene->tx, application->id, application));
}

void scene_draft(struct scene *scene, const char *mobile, struct application *out)
{
	bool created;

	(void)scene_as_candidate(scene, mobile);
	assert_ok(scene, personal_consent(&scene->tx, "portrait", true, "我同意（示例）。"));
	assert_ok(scene, personal_consent(&scene->tx, "id_images", true, "我同意（示例）。"));
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, out, &created));
}

static json *details(struct scene *scene, int order)
{
	json *body = scene_json(scene,
		"{'name': '张三', 'id_type': '居民身份证', 'mobile': '13800000000', 'ethnicity': '汉族',"
		" 'education': '大学本科', 'province': '北京市', 'candidate_source': '私营企业',"
		" 'employer': '示例供应链有限公司', 'address': '北京市海淀区示例路1号'}");

	json_set_text(scene->tx.arena, body, "id_number", scene_resident_id(scene, order));
	return body;
}

void scene_upload(struct scene *scene, struct application *application, const char *material)
{
	struct material_upload upload = {.checks = json_new_array(scene->tx.arena)};
	struct files *files;
	json *view;

	assert_ok(scene, tenant_files(scene->tenant, application->plan_id, &files, &scene->error));
	assert_ok(scene, files_put(files, bytes_of(material, strlen(material)), "image/jpeg",
				 &upload.file, &scene->error));
	assert_ok(scene, material_attach(&scene->tx, application, material, &upload, &view));
	reload(scene, application);
}

void scene_fill(struct scene *scene, int order, struct application *application)
{
	struct transaction *tx = &scene->tx;
	struct plan plan;

	assert_ok(scene, application_put_details(tx, application, details(scene, order)));
	assert_ok(scene, application_put_identity(
				 tx, application, scene_json(scene, "{'identity': '职工'}")));
	assert_ok(scene, application_put_condition(
				 tx, application, scene_json(scene, "{'condition': '1-1'}")));
	assert_ok(scene,
		application_put_certificates(tx, application,
			scene_json(scene,
				"{'certificates': [{'occupation': '供应链管理师', 'level': 2,"
				" 'issued': '2020-05-01', 'number': 'S000011000001202000001'}]}")));
	assert_ok(scene,
		application_put_work(tx, application,
			scene_json(scene,
				"{'work': [{'from': '2020-06', 'to': null,"
				" 'employer': '示例供应链有限公司', 'occupation': '供应链管理师',"
				" 'relation': 'same', 'witness': '李四',"
				" 'witness_phone': '010-00000000'}]}")));
	assert_ok(scene, plan_load(tx, application->plan_id, &plan));
	json_each(material, application_materials_asked(tx, plan.manifest, "1-1"))
		scene_upload(scene, application, json_get_text(material, "id"));
	reload(scene, application);
}

void scene_submitted(struct scene *scene, const char *mobile, int order, struct application *out)
{
	scene_draft(scene, mobile, out);
	scene_fill(scene, order, out);
	assert_ok(scene, application_submit(&scene->tx, out));
	reload(scene, out);
}
