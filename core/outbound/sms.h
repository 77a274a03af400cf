/*
 * SMS providers: one interface, so that a real one takes the spool's place by a setting.
 */
#ifndef KAOWU_OUTBOUND_SMS_H
#define KAOWU_OUTBOUND_SMS_H

#include "base/json.h"
#include "base/result.h"

struct arena;

/* `key` is the outbox row's id: a provider that knows idempotency gets it, so that a message sent twice is seen
 * once. */
struct sms_message {
	const char *mobile; /* 11 digits */
	const char *event;  /* "approved": names the template */
	const char *text;   /* the whole text with its sign */
	const json *params; /* {name: text}: what the template is filled with */
	const char *key;
};

struct sms_provider {
	const char *name;
	/*
	 * OK: taken. BUSY: try again later. INVALID: never will be. The error's code is a message's: the
	 * administrator is shown its text; the log gets the internal one. Blocking; heavy lane; no transaction is open.
	 */
	enum result (*send)(const char *tenant_folder, struct arena *arena,
		const struct sms_message *message, struct error *error);
};

#endif
