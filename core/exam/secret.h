/*
 * Keys that others have given the centre (its SMS provider's, its merchant account's): sealed with the tenant's own
 * key, never shown again, named in tenant.json nowhere.
 *
 * A name says whose key it is: "sms-tencent". What it holds is text, PEM for instance; its reader checks it.
 */
#ifndef KAOWU_EXAM_SECRET_H
#define KAOWU_EXAM_SECRET_H

#include "transaction.h"

/* Replaces what was there; messages that waited for it may go. INVALID ("secret.name", "secret.empty", "secret.long");
 * audited by name alone. */
enum result secret_set(struct transaction *tx, const char *name, const char *value) MUST_CHECK;
enum result secret_remove(struct transaction *tx, const char *name) MUST_CHECK;
/* NOT_FOUND ("secret.none", with the name) if it has not been set. The text lies in tx->arena. */
enum result secret_get(struct transaction *tx, const char *name, const char **value) MUST_CHECK;
/* [{name, changed_at}], by name. */
enum result secret_list(struct transaction *tx, json **out) MUST_CHECK;

#endif
