/*
 * What tenant.json says under `sms`: whether it fits together, and what a day may cost.
 *
 * The schema has seen to the form. Here is what it cannot see: that a provider has its own section, that every event
 * has a template, and that a template asks for nothing that the event's text does not know.
 */
#ifndef KAOWU_EXAM_MESSAGE_SETTINGS_H
#define KAOWU_EXAM_MESSAGE_SETTINGS_H

#include "outbound/sms.h"
#include "transaction.h"

/* Adds a fault for each place that is wrong; `sms` may be NULL. */
void message_settings_check(struct arena *arena, const json *sms, struct error *error);

/* `sms` as it was applied, or NULL; also before anything was applied. */
enum result message_settings_load(struct transaction *tx, const json **sms) MUST_CHECK;

struct message_budget {
	int64_t day, codes, number; /* messages a day */
};

struct message_budget message_budget_of(const json *sms);

/* Provider, settings and secret. NOT_FOUND ("secret.none") if the secret has not been set. */
enum result message_account_load(struct transaction *tx, const struct sms_provider **provider,
	struct sms_account *account) MUST_CHECK;

#endif
