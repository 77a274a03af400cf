/*
 * A tenant's keyring as it stands in control.db: packed into bytes and sealed by the master key for this one tenant.
 *
 * Packed: format (1 byte), the index key (32), then for each key, oldest first, its id (4, big-endian) and its secret
 * (32).
 */
#include "inside.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "base/digest.h"
#include "base/id.h"

#define FORMAT      1
#define HEAD_SIZE   (1 + SEAL_KEY_SIZE)
#define PACKED_SIZE (4 + SEAL_KEY_SIZE)

void keys_create(struct arena *arena, struct keyring *out)
{
	static const struct keyring none;
	struct keyring keys;

	keys_rotate(arena, &none, &keys);
	random_bytes(keys.index_key, sizeof keys.index_key);
	*out = keys;
}

void keys_rotate(struct arena *arena, const struct keyring *old, struct keyring *out)
{
	struct keyring keys = *old;
	uint32_t id = old->count ? old->keys[old->count - 1].id + 1 : 1;

	keys.keys = NEW_ARRAY(arena, struct seal_key, old->count + 1);
	for (size_t i = 0; i < old->count; i++)
		keys.keys[i] = old->keys[i];
	keys.keys[keys.count].id = id;
	random_bytes(keys.keys[keys.count].secret, SEAL_KEY_SIZE);
	keys.count++;
	*out = keys;
}

void keys_control(struct arena *arena, const struct keyring *master, struct keyring *out)
{
	struct bytes secret = bytes_of(master->keys[0].secret, SEAL_KEY_SIZE), salt = {NULL, 0};
	struct keyring keys = {.keys = NEW(arena, struct seal_key), .count = 1};

	keys.keys[0].id = 1;
	hkdf_sha256(secret, salt, "kaowu control seal", keys.keys[0].secret, SEAL_KEY_SIZE);
	hkdf_sha256(secret, salt, "kaowu control index", keys.index_key, SEAL_KEY_SIZE);
	*out = keys;
}

static const char *keys_context(struct arena *arena, const char *slug)
{
	return arena_printf(arena, "tenant.keys:%s", slug);
}

struct bytes keys_wrap(struct arena *arena, const struct keyring *master, const char *slug,
	const struct keyring *keys)
{
	size_t size = HEAD_SIZE + keys->count * PACKED_SIZE;
	uint8_t *packed = arena_alloc(arena, size);
	uint8_t *at = packed + HEAD_SIZE;

	packed[0] = FORMAT;
	memcpy(packed + 1, keys->index_key, SEAL_KEY_SIZE);
	for (size_t i = 0; i < keys->count; i++, at += PACKED_SIZE) {
		uint32_t id = htobe32(keys->keys[i].id);

		memcpy(at, &id, sizeof id);
		memcpy(at + sizeof id, keys->keys[i].secret, SEAL_KEY_SIZE);
	}

	struct bytes wrapped =
		seal(arena, master, keys_context(arena, slug), bytes_of(packed, size));
	explicit_bzero(packed, size);
	return wrapped;
}

static bool packed_well(struct bytes packed)
{
	return packed.size >= HEAD_SIZE + PACKED_SIZE && packed.data[0] == FORMAT &&
	       (packed.size - HEAD_SIZE) % PACKED_SIZE == 0;
}

enum result keys_unwrap(struct arena *arena, const struct keyring *master, const char *slug,
	struct bytes wrapped, struct keyring *out, struct error *error)
{
	struct bytes packed;
	struct keyring keys = {0};
	struct error cause = {.arena = error->arena};

	if (unseal(arena, master, keys_context(arena, slug), wrapped, &packed, &cause) ||
		!packed_well(packed))
		return fail(error, BROKEN, "tenant.keys_damaged", "slug", slug, NULL);

	const uint8_t *at = packed.data + HEAD_SIZE;
	keys.count = (packed.size - HEAD_SIZE) / PACKED_SIZE;
	keys.keys = NEW_ARRAY(arena, struct seal_key, keys.count);
	memcpy(keys.index_key, packed.data + 1, SEAL_KEY_SIZE);
	for (size_t i = 0; i < keys.count; i++, at += PACKED_SIZE) {
		uint32_t id;

		memcpy(&id, at, sizeof id);
		keys.keys[i].id = be32toh(id);
		memcpy(keys.keys[i].secret, at + sizeof id, SEAL_KEY_SIZE);
	}
	*out = keys;
	return OK;
}
