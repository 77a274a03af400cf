/*
 * The table trusted_key (trust.h).
 */
#include "trust.h"

#include "base/clock.h"
#include "base/signature.h"
#include "catalogue_inside.h"

enum result trust_add(
	struct catalogue *catalogue, const char *key, const char *name, struct error *error)
{
	uint8_t read[SIGNATURE_KEY_SIZE];
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);

	if (!signature_key_parse(key, read))
		return fail(error, INVALID, "kit.not_a_key", NULL);
	return store_run(catalogue_store(held),
		"INSERT INTO trusted_key (key, name, trusted_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (key) DO UPDATE SET name = ?2",
		BIND(TEXT(key), TEXT(name), INTEGER(clock_now_ms())), error);
}

enum result trust_remove(struct catalogue *catalogue, const char *key, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	enum result rc = store_run(catalogue_store(held), "DELETE FROM trusted_key WHERE key = ?1",
		BIND(TEXT(key)), error);

	if (!rc && store_changes(catalogue_store(held)) == 0)
		return fail(error, NOT_FOUND, "kit.key_unknown", NULL);
	return rc;
}

enum result trust_list(
	struct catalogue *catalogue, struct arena *arena, json **out, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);

	return store_array(catalogue_store(held), arena,
		"SELECT key, name, trusted_at AS \"trusted_at@\" FROM trusted_key ORDER BY trusted_at, key",
		BIND_NONE, out, error);
}

enum result trust_expect(struct catalogue *catalogue, const char *key, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	bool known;

	if (!key)
		return fail(error, FORBIDDEN, "kit.unsigned", NULL);
	enum result rc = store_has(catalogue_store(held),
		"SELECT 1 FROM trusted_key WHERE key = ?1", BIND(TEXT(key)), &known, error);
	if (!rc && !known)
		return fail(error, FORBIDDEN, "kit.untrusted", "key", key, NULL);
	return rc;
}
