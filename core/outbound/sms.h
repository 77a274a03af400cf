/*
 * SMS providers: one interface, so that the centre's settings choose among them.
 *
 * A provider that is reached by HTTPS builds a request and judges the answer: data only, on a worker thread; somebody
 * else carries it. The spool, which is reached by a file, sends by itself. What a provider says about a message is one
 * of a few fates; the words of its own code travel with it, the words of its own text do not: they may name people.
 */
#ifndef KAOWU_OUTBOUND_SMS_H
#define KAOWU_OUTBOUND_SMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "https.h"

/* `key` is the outbox row's id: a provider that knows idempotency gets it, so that a message sent twice is seen
 * once; the others give it back in their delivery reports. */
struct sms_message {
	const char *mobile; /* 11 digits */
	const char *event;  /* "approved": names the template */
	const char *text;   /* the whole text with its sign */
	const json *params; /* {name: text}: what the template is filled with */
	const char *key;
};

/* How a centre reaches its provider. */
struct sms_account {
	const json *settings; /* `sms` of tenant.json (schemas/tenant.schema.json); NULL: none */
	const char *secret;   /* NULL where the provider needs none */
	const char *folder;   /* of the tenant: DATA/tenants/<slug> */
	int64_t now;          /* of the signature */
};

enum sms_fate {
	SMS_SENT,  /* taken */
	SMS_RETRY, /* not taken; later it may be */
	SMS_LIMIT, /* its number has had its share of the minute, the hour or the day */
	SMS_LOST,  /* nobody knows: it may have been taken */
	SMS_STOP,  /* never will be taken */
	SMS_ALARM, /* will not be taken before somebody sets something right */
};

struct sms_outcome {
	enum sms_fate fate;
	bool outage;               /* it is not this message's fault: others would fare no better */
	const char *code;          /* of a message for people; NULL when sent */
	const char *provider_code; /* "isv.AMOUNT_NOT_ENOUGH"; NULL where there is none */
	const char *reference;     /* the provider's number for the message; NULL if it gave none */
};

/* What a delivery report says of one message. */
struct sms_report {
	const char *key, *reference; /* one of them at least */
	const char *mobile;          /* that it went to; NULL where a report does not tell */
	const char *provider_code;
	bool delivered;
};

struct sms_provider {
	const char *name;
	const char *secret; /* the name of the secret that it needs; NULL: none */
	bool templates;     /* a text goes as a template of its event */
	bool idempotent;    /* sees by the key that a message is the same again */

	/* All that are out at once. Blocking; heavy lane. NULL: it has `request` and `judge` instead. */
	void (*send)(const struct sms_account *account, struct arena *arena,
		const struct sms_message messages[], size_t count, struct sms_outcome outcomes[]);
	/* False: it cannot be sent, and `outcome` says why. */
	bool (*request)(const struct sms_account *account, struct arena *arena,
		const struct sms_message *message, struct https_request *request,
		struct sms_outcome *outcome);
	/* Of an answer below 500; `body` is NULL if it is not JSON. */
	struct sms_outcome (*judge)(struct arena *arena, int status, const json *body);
	/* One entry of a delivery report; false: it is none. NULL: the provider has no reports. */
	bool (*report)(const json *entry, struct sms_report *out);
};

extern const struct sms_provider sms_spool, sms_tencent, sms_aliyun, sms_webhook;

/* NULL if there is none of that name; of NULL, the spool. */
const struct sms_provider *sms_provider_find(const char *name);

/* What came of a request, whatever came. */
struct sms_outcome sms_judge(const struct sms_provider *provider, struct arena *arena,
	const struct https_answer *answer);

/* "SMS_RETRY" is "retry", for the log. */
const char *sms_fate_name(enum sms_fate fate);

/* ---- For providers ---- */

/* What a provider's code means, by its beginning; the first row that fits. */
struct sms_code {
	const char *beginning;
	enum sms_fate fate;
	bool outage;
	const char *code;
};

/* No code where there should be one. */
struct sms_outcome sms_unreadable(int status);

struct sms_outcome sms_code_read(
	const struct sms_code *codes, size_t count, const char *provider_code);

/* The template of an event, filled: values in the template's order, each within its limit. */
struct sms_filled {
	const char *id;
	size_t count;
	const char *const *names; /* as the template calls them */
	const char *const *values;
};

bool sms_template_fill(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct sms_filled *out, struct sms_outcome *outcome);

/* "https://sms.tencentcloudapi.com", or what the settings name in its place. */
const char *sms_endpoint(const struct sms_account *account, const char *usual);
/* "sms.tencentcloudapi.com": what the Host header will say. */
const char *https_host(const char *endpoint);

#endif
