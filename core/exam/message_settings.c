/*
 * Checking and reading `sms` of tenant.json.
 */
#include "message_settings.h"

#include <assert.h>
#include <string.h>

#include "base/embedded.h"
#include "base/limits.h"
#include "base/text.h"
#include "deployment.h"
#include "profile.h"
#include "secret.h"

#define AREA "sms."

/* The texts themselves: {"sms.approved": {"zh": "…{number}…"}}. */
static const json *texts_load(struct arena *arena)
{
	const struct embedded_file *file = embedded_find("messages/sms.json");
	struct error none = {.arena = arena};
	json *texts = NULL;

	assert(file);
	enum result rc = json_parse(
		arena, (const char *)file->content.data, file->content.size, &texts, &none);
	assert(rc == OK);
	return texts;
}

static void provider_check(struct arena *arena, const json *sms,
	const struct sms_provider *provider, struct error *error)
{
	bool section = text_equal(provider->name, "spool") || json_get(sms, provider->name);

	if (!section)
		fault_add(error, arena_printf(arena, "/sms/%s", provider->name),
			"sms_settings.no_section", "provider", provider->name, NULL);
	if (provider->templates && !json_get(sms, "sign"))
		fault_add(error, "/sms/sign", "sms_settings.no_sign", NULL);
}

/* Does the text of the event speak of {name}? */
static bool param_known(struct arena *arena, const json *text, const char *name)
{
	const char *zh = json_get_text(text, "zh");

	return strstr(zh, arena_printf(arena, "{%s}", name)) ||
	       strstr(zh, arena_printf(arena, "{%s:", name));
}

static void template_check(
	struct arena *arena, const json *text, const json *template, struct error *error)
{
	const char *event = json_name(template);
	size_t number = 0;

	json_each(param, json_get(template, "params"))
	{
		const char *name = json_get_text(param, "name");

		if (!param_known(arena, text, name))
			fault_add(error,
				arena_printf(
					arena, "/sms/templates/%s/params/%zu/name", event, number),
				"sms_settings.param_unknown", "event", event, "name", name, NULL);
		number++;
	}
}

static void templates_check(struct arena *arena, const json *sms, bool wanted, struct error *error)
{
	const json *texts = texts_load(arena);
	const json *templates = json_get(sms, "templates");

	json_each(template, templates)
	{
		const char *event = json_name(template);
		const json *text = json_get(texts, arena_printf(arena, AREA "%s", event));

		if (text)
			template_check(arena, text, template, error);
		else
			fault_add(error, arena_printf(arena, "/sms/templates/%s", event),
				"sms_settings.event_unknown", "event", event, NULL);
	}
	json_each(text, texts)
	{
		const char *event = json_name(text) + strlen(AREA);

		if (wanted && !json_get(templates, event))
			fault_add(error, arena_printf(arena, "/sms/templates/%s", event),
				"sms_settings.no_template", "event", event, NULL);
	}
}

void message_settings_check(struct arena *arena, const json *sms, struct error *error)
{
	const struct sms_provider *provider = sms_provider_find(json_get_text(sms, "provider"));

	if (!sms)
		return;
	assert(provider); /* the schema knows all of them */
	provider_check(arena, sms, provider, error);
	templates_check(arena, sms, provider->templates, error);
}

enum result message_settings_load(struct transaction *tx, const json **sms)
{
	const json *profile;
	enum result rc = profile_find(tx, &profile);

	if (rc)
		return rc;
	*sms = json_get(profile, "sms");
	return OK;
}

static int64_t budget(const json *sms, const char *name, int64_t usual)
{
	int64_t given = json_get_integer(json_get(sms, "budget"), name);

	return given > 0 ? given : usual;
}

struct message_budget message_budget_of(const json *sms)
{
	return (struct message_budget){budget(sms, "day", LIMIT_SMS_DAY_CENTRE),
		budget(sms, "codes", LIMIT_CODES_DAY_CENTRE),
		budget(sms, "number", LIMIT_SMS_DAY_NUMBER)};
}

enum result message_account_load(
	struct transaction *tx, const struct sms_provider **provider, struct sms_account *account)
{
	const json *sms;
	const char *secret = NULL;
	enum result rc = message_settings_load(tx, &sms);

	if (rc)
		return rc;
	*provider = sms_provider_find(json_get_text(sms, "provider"));
	assert(*provider);
	rc = (*provider)->secret ? secret_get(tx, (*provider)->secret, &secret) : OK;
	if (rc)
		return rc;
	*account = (struct sms_account){.settings = sms,
		.secret = secret,
		.folder = arena_printf(tx->arena, "%s/tenants/%s", tx->deployment->data_folder,
			tenant_slug(tx->tenant)),
		.now = tx->now};
	return OK;
}
