/*
 * Whose plugins a deployment takes: the public keys that its operator trusts, in control.db.
 *
 * A key that is trusted no more stops further installations; what was installed with its signature stays, and counts
 * as unsigned from then on.
 */
#ifndef KAOWU_PLUGIN_TRUST_H
#define KAOWU_PLUGIN_TRUST_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "catalogue.h"

/* `key` is a public key's text (base/signature.h), else INVALID ("kit.not_a_key"). A second time renames it. */
enum result trust_add(struct catalogue *catalogue, const char *key, const char *name,
	struct error *error) MUST_CHECK;
/* NOT_FOUND ("kit.key_unknown"). */
enum result trust_remove(
	struct catalogue *catalogue, const char *key, struct error *error) MUST_CHECK;
/* Array of {key, name, trusted_at}, the oldest first. */
enum result trust_list(struct catalogue *catalogue, struct arena *arena, json **out,
	struct error *error) MUST_CHECK;
/* FORBIDDEN unless a package signed by `key` (NULL: by nobody) may be installed: "kit.unsigned", "kit.untrusted". */
enum result trust_expect(
	struct catalogue *catalogue, const char *key, struct error *error) MUST_CHECK;

#endif
