/*
 * Names of actors and roles, as they stand in audit rows, tenant.json and answers.
 */
#include "transaction.h"

#include <assert.h>

#include "base/text.h"

static const struct {
	enum role role;
	const char *name;
} role_names[] = {
	{ROLE_ADMIN, "admin"},
	{ROLE_REVIEWER, "reviewer"},
	{ROLE_CASHIER, "cashier"},
	{ROLE_REGISTRAR, "registrar"},
	{ROLE_AUDITOR, "auditor"},
};

static const char *const kind_names[] = {"nobody", "candidate", "staff", "system", "operator"};

const char *actor_kind_name(enum actor_kind kind)
{
	assert((size_t)kind < COUNT(kind_names));
	return kind_names[kind];
}

enum actor_kind actor_kind_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(kind_names); i++) {
		if (text_equal(kind_names[i], name))
			return (enum actor_kind)i;
	}
	return ACTOR_NOBODY;
}

const char *role_name(enum role role)
{
	for (size_t i = 0; i < COUNT(role_names); i++) {
		if (role_names[i].role == role)
			return role_names[i].name;
	}
	return NULL;
}

uint32_t role_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT(role_names); i++) {
		if (text_equal(role_names[i].name, name))
			return role_names[i].role;
	}
	return 0;
}

json *roles_json(struct arena *arena, uint32_t roles)
{
	json *names = json_new_array(arena);

	for (size_t i = 0; i < COUNT(role_names); i++) {
		if (roles & role_names[i].role)
			json_append(names, json_new_text(arena, role_names[i].name));
	}
	return names;
}

json *faults_json(struct arena *arena, enum language language, const struct error *error)
{
	json *faults = json_new_array(arena);

	for (const struct fault *fault = error->faults; fault; fault = fault->next) {
		json *entry = json_append(faults, json_new_object(arena));

		json_set_text(arena, entry, "pointer", fault->pointer);
		json_set_text(arena, entry, "code", fault->code);
		json_set_text(arena, entry, "detail",
			message_text(arena, language, fault->code, fault->params));
		json_set(arena, entry, "params", json_new_of_pairs(arena, fault->params));
	}
	return faults;
}
