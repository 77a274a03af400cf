/*
 * What all providers share: finding one, filling a template, judging an answer.
 */
#include "sms.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define WORD_LONGEST 128 /* bytes of a provider's code or number */

static const struct sms_provider *const providers[] = {
	&sms_spool, &sms_tencent, &sms_aliyun, &sms_webhook};

const struct sms_provider *sms_provider_find(const char *name)
{
	if (!name)
		return &sms_spool;
	for (size_t i = 0; i < COUNT(providers); i++) {
		if (text_equal(providers[i]->name, name))
			return providers[i];
	}
	return NULL;
}

const char *sms_fate_name(enum sms_fate fate)
{
	static const char *const names[] = {
		[SMS_SENT] = "sent",
		[SMS_RETRY] = "retry",
		[SMS_LIMIT] = "limit",
		[SMS_LOST] = "lost",
		[SMS_STOP] = "stop",
		[SMS_ALARM] = "alarm",
	};

	return names[fate];
}

/* They are kept with the message: what is too long for a code makes the answer unreadable, for a number it is none. */
static struct sms_outcome in_words(struct sms_outcome outcome, int status)
{
	if (outcome.provider_code && strlen(outcome.provider_code) > WORD_LONGEST)
		return sms_unreadable(status);
	if (outcome.reference && strlen(outcome.reference) > WORD_LONGEST)
		outcome.reference = NULL;
	return outcome;
}

struct sms_outcome sms_judge(
	const struct sms_provider *provider, struct arena *arena, const struct https_answer *answer)
{
	struct error none = {.arena = arena};
	json *body = NULL;

	if (answer->outcome == HTTPS_UNREACHABLE)
		return (struct sms_outcome){SMS_RETRY, true, "provider.unreachable", NULL, NULL};
	if (answer->outcome == HTTPS_LOST)
		return (struct sms_outcome){SMS_LOST, true, "provider.lost", NULL, NULL};
	/* 503 says that it was not taken. Whoever breaks down otherwise may have had it, or somebody behind him. */
	if (answer->status == 503)
		return (struct sms_outcome){SMS_RETRY, true, "provider.trouble", NULL, NULL};
	if (answer->status >= 500)
		return (struct sms_outcome){SMS_LOST, true, "provider.lost", NULL, NULL};
	if (json_parse(arena, (const char *)answer->body.data, answer->body.size, &body, &none))
		body = NULL;
	return in_words(provider->judge(arena, answer->status, body), answer->status);
}

struct sms_outcome sms_unreadable(int status)
{
	/* Whoever answers like this has not let it through to the provider. */
	if (status >= 300)
		return (struct sms_outcome){SMS_RETRY, true, "provider.trouble", NULL, NULL};
	return (struct sms_outcome){SMS_LOST, true, "provider.garbled", NULL, NULL};
}

struct sms_outcome sms_code_read(
	const struct sms_code *codes, size_t count, const char *provider_code)
{
	for (size_t i = 0; i < count; i++) {
		if (text_starts(provider_code, codes[i].beginning))
			return (struct sms_outcome){
				codes[i].fate, codes[i].outage, codes[i].code, provider_code, NULL};
	}
	return (struct sms_outcome){SMS_RETRY, false, "provider.refused", provider_code, NULL};
}

const char *sms_endpoint(const struct sms_account *account, const char *usual)
{
	const char *endpoint = json_get_text(account->settings, "endpoint");

	return endpoint ? endpoint : usual;
}

const char *https_host(const char *endpoint)
{
	return endpoint + strlen("https://");
}

/* ---- Templates ---- */

/* The first `most` code points, the last of them a mark that something is missing. */
static const char *shortened(struct arena *arena, const char *text, size_t most)
{
	const char *end = text;

	for (size_t i = 0; i + 1 < most; i++)
		(void)text_next(&end);
	return arena_printf(arena, "%.*s…", (int)(end - text), text);
}

/* A number or an amount means something else when it is cut; words only say less. */
static bool may_be_cut(const char *text)
{
	return text[strspn(text, "0123456789.-")] != '\0';
}

/* NULL: it does not fit. */
static const char *value_of(struct arena *arena, const json *param, const char *text)
{
	int64_t most = json_get_integer(param, "most");

	if (most == 0 || text_length(text) <= (size_t)most)
		return text;
	return may_be_cut(text) ? shortened(arena, text, (size_t)most) : NULL;
}

bool sms_template_fill(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct sms_filled *out, struct sms_outcome *outcome)
{
	const json *template = json_get(json_get(account->settings, "templates"), message->event);
	const json *params = json_get(template, "params");
	const char **names = NEW_ARRAY(arena, const char *, json_count(params) + 1);
	const char **values = NEW_ARRAY(arena, const char *, json_count(params) + 1);
	size_t count = 0;

	if (!template) {
		*outcome =
			(struct sms_outcome){SMS_ALARM, false, "provider.no_template", NULL, NULL};
		return false;
	}
	json_each(param, params)
	{
		const char *name = json_get_text(param, "name"), *as = json_get_text(param, "as");
		const char *text = json_get_text(message->params, name);

		names[count] = as ? as : name;
		values[count] = value_of(arena, param, text ? text : "");
		if (!values[count++]) {
			*outcome = (struct sms_outcome){
				SMS_STOP, false, "provider.param_long", NULL, NULL};
			return false;
		}
	}
	*out = (struct sms_filled){json_get_text(template, "id"), count, names, values};
	return true;
}
