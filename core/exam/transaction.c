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

const char *actor_kind_name(enum actor_kind kind)
{
	static const char *const names[] = {"nobody", "candidate", "staff", "system", "operator"};

	assert((size_t)kind < COUNT(names));
	return names[kind];
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
			json_append(arena, names, json_new_text(arena, role_names[i].name));
	}
	return names;
}
