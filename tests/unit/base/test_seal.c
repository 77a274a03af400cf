/*
 * What is sealed opens in its own place, whole, with its own key; and nowhere else.
 */
#include "scratch.h"

#include <openssl/evp.h>
#include <pthread.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/seal.h"

static const char place[] = "candidate.id_number:1";
static const char number[] = "110101199003070011";

/* Key `id` has `id` in all its bytes; the newest key is `newest`. */
static struct keyring keyring(struct scratch *scratch, uint32_t oldest, uint32_t newest)
{
	struct keyring keys = {.count = newest - oldest + 1};

	keys.keys = NEW_ARRAY(scratch->arena, struct seal_key, keys.count);
	for (size_t i = 0; i < keys.count; i++) {
		keys.keys[i].id = oldest + (uint32_t)i;
		memset(keys.keys[i].secret, (int)(oldest + i), SEAL_KEY_SIZE);
	}
	memset(keys.index_key, 0x77, SEAL_KEY_SIZE);
	return keys;
}

/* Opens to BROKEN, says why, and leaves the output alone. */
static void assert_closed(struct scratch *scratch, const struct keyring *keys, const char *context,
	struct bytes sealed, const char *code)
{
	struct error error = {.arena = scratch->arena};
	struct bytes plain = {.size = 12345};

	assert_int_equal(unseal(scratch->arena, keys, context, sealed, &plain, &error), BROKEN);
	assert_string_equal(error.code, code);
	assert_int_equal(plain.size, 12345);
}

static void assert_damaged(struct scratch *scratch, const struct keyring *keys, const char *context,
	struct bytes sealed)
{
	assert_closed(scratch, keys, context, sealed, "seal.damaged");
}

static void what_is_sealed_opens(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	const char *text;

	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);
	assert_int_equal(sealed.size, strlen(number) + SEAL_OVERHEAD);
	assert_int_equal(
		unseal_text(scratch->arena, &keys, place, sealed, &text, &scratch->error), OK);
	assert_string_equal(text, number);
}

static void nothing_and_zeros_can_be_sealed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct bytes plain, sealed;

	sealed = seal(scratch->arena, &keys, place, bytes_of(NULL, 0));
	assert_int_equal(sealed.size, SEAL_OVERHEAD);
	assert_int_equal(unseal(scratch->arena, &keys, place, sealed, &plain, &scratch->error), OK);
	assert_int_equal(plain.size, 0);

	sealed = seal(scratch->arena, &keys, "", bytes_of("\0a\0", 3));
	assert_int_equal(unseal(scratch->arena, &keys, "", sealed, &plain, &scratch->error), OK);
	assert_int_equal(plain.size, 3);
	assert_memory_equal(plain.data, "\0a\0", 3);
}

static void the_same_value_is_never_sealed_the_same(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct bytes first = seal_text(scratch->arena, &keys, place, number);
	struct bytes second = seal_text(scratch->arena, &keys, place, number);

	assert_memory_not_equal(first.data, second.data, first.size);
	assert_memory_not_equal(first.data + 17, second.data + 17, strlen(number));
}

/* The layout of seal.h, opened by OpenSSL alone. */
static void the_cipher_is_aes_256_gcm(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 0x01020304, 0x01020304);
	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);
	size_t size = strlen(number);
	uint8_t plain[64], tag[16];
	int length;

	assert_memory_equal(sealed.data, "\x01\x04\x03\x02\x01", 5);
	memcpy(tag, sealed.data + 17 + size, sizeof(tag));
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, keys.keys[0].secret, sealed.data + 5);
	EVP_DecryptUpdate(context, NULL, &length, (const uint8_t *)place, (int)strlen(place));
	EVP_DecryptUpdate(context, plain, &length, sealed.data + 17, (int)size);
	EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, sizeof(tag), tag);
	int fits = EVP_DecryptFinal_ex(context, plain + length, &length);
	EVP_CIPHER_CTX_free(context);

	assert_int_equal(fits, 1);
	assert_memory_equal(plain, number, size);
}

static void a_value_copied_to_another_place_does_not_open(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);

	assert_damaged(scratch, &keys, "candidate.id_number:2", sealed);
	assert_damaged(scratch, &keys, "candidate.mobile:1", sealed);
	assert_damaged(scratch, &keys, "candidate.id_number:", sealed);
	assert_damaged(scratch, &keys, "", sealed);
}

static void every_changed_bit_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);
	uint8_t *bad = arena_copy(scratch->arena, sealed.data, sealed.size);

	for (size_t bit = 0; bit < sealed.size * 8; bit++) {
		bad[bit / 8] = (uint8_t)(bad[bit / 8] ^ 1u << bit % 8);
		/* Of the key's number, 1, those that make it another which the next keys may have. */
		bool key = bit >= 8 && bit < 12;
		assert_closed(scratch, &keys, place, bytes_of(bad, sealed.size),
			key ? "seal.key_unknown" : "seal.damaged");
		bad[bit / 8] = (uint8_t)(bad[bit / 8] ^ 1u << bit % 8);
	}
}

static void a_value_cut_short_does_not_open(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);

	for (size_t size = 0; size < sealed.size; size++)
		assert_damaged(scratch, &keys, place, bytes_of(sealed.data, size));
	assert_damaged(scratch, &keys, place, bytes_of(NULL, 0));
}

static void after_rotation_old_values_open_and_new_ones_take_the_new_key(void **state)
{
	struct scratch *scratch = *state;
	struct keyring before = keyring(scratch, 1, 1), after = keyring(scratch, 1, 2);
	struct keyring later = keyring(scratch, 2, 3);
	const char *text;

	struct bytes old = seal_text(scratch->arena, &before, place, number);
	assert_int_equal(
		unseal_text(scratch->arena, &after, place, old, &text, &scratch->error), OK);
	assert_string_equal(text, number);

	struct bytes new = seal_text(scratch->arena, &after, place, number);
	assert_int_equal(new.data[1], 2);
	assert_int_equal(
		unseal_text(scratch->arena, &later, place, new, &text, &scratch->error), OK);
	assert_string_equal(text, number);
	assert_closed(scratch, &before, place, new, "seal.key_unknown"); /* not yet */
	assert_closed(scratch, &later, place, old, "seal.key_unknown");  /* retired */
}

static void a_key_with_the_right_name_and_wrong_secret_opens_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1), others = keyring(scratch, 1, 1);
	struct bytes sealed = seal_text(scratch->arena, &keys, place, number);

	others.keys[0].secret[31] ^= 1;
	assert_damaged(scratch, &others, place, sealed);
}

static void a_blind_index_is_keyed_and_bound_to_its_field(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1), rotated = keyring(scratch, 1, 2);
	uint8_t digest[SHA256_SIZE];
	char *index = blind_index(scratch->arena, &keys, "mobile", "13800000000");

	hmac_sha256(bytes_of(keys.index_key, SEAL_KEY_SIZE),
		bytes_of("mobile\0"
			 "13800000000",
			18),
		digest);
	assert_string_equal(index, hex_encode(scratch->arena, digest, sizeof(digest)));
	assert_string_equal(index, blind_index(scratch->arena, &rotated, "mobile", "13800000000"));
	assert_string_not_equal(index, blind_index(scratch->arena, &keys, "mobil", "e13800000000"));
	assert_string_not_equal(index, blind_index(scratch->arena, &keys, "mobile", "13800000001"));
	keys.index_key[0] ^= 1;
	assert_string_not_equal(index, blind_index(scratch->arena, &keys, "mobile", "13800000000"));
}

#define CHUNKS     3
#define CHUNK_SIZE 100

/* A file of three chunks, sealed. */
struct sealed_file {
	struct file_seal seal;
	uint8_t plain[CHUNKS][CHUNK_SIZE], chunks[CHUNKS][CHUNK_SIZE + SEAL_CHUNK_EXTRA];
};

static struct sealed_file *sealed_file(struct scratch *scratch, const struct keyring *keys)
{
	struct sealed_file *file = NEW(scratch->arena, struct sealed_file);

	file_seal_begin(keys, &file->seal);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		memset(file->plain[i], 'a' + (int)i, CHUNK_SIZE);
		file_seal_chunk(&file->seal, i, i == CHUNKS - 1,
			bytes_of(file->plain[i], CHUNK_SIZE), file->chunks[i]);
	}
	return file;
}

/* Opens what stands at `chunk` as number `as` of the file. */
static enum result open_chunk(struct scratch *scratch, const struct sealed_file *file,
	const uint8_t *chunk, uint32_t as, int last, uint8_t out[CHUNK_SIZE])
{
	struct error error = {.arena = scratch->arena};
	enum result rc = file_unseal_chunk(
		&file->seal, as, last, bytes_of(chunk, CHUNK_SIZE + SEAL_CHUNK_EXTRA), out, &error);

	if (rc)
		assert_string_equal(error.code, "seal.damaged");
	return rc;
}

static void a_file_opens_chunk_by_chunk(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE];

	for (uint32_t i = 0; i < CHUNKS; i++) {
		assert_int_equal(
			open_chunk(scratch, file, file->chunks[i], i, i == CHUNKS - 1, out), OK);
		assert_memory_equal(out, file->plain[i], CHUNK_SIZE);
	}
}

static void a_dropped_chunk_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE];

	/* The middle one is gone: the last one comes second. */
	assert_int_equal(open_chunk(scratch, file, file->chunks[2], 1, 1, out), BROKEN);
	/* The last one is gone: the middle one comes last. */
	assert_int_equal(open_chunk(scratch, file, file->chunks[1], 1, 1, out), BROKEN);
}

static void a_moved_chunk_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	struct sealed_file *other = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE];

	assert_int_equal(open_chunk(scratch, file, file->chunks[1], 0, 0, out), BROKEN);
	assert_int_equal(open_chunk(scratch, file, file->chunks[0], 1, 0, out), BROKEN);
	assert_int_equal(open_chunk(scratch, file, other->chunks[0], 0, 0, out), BROKEN);
}

static void an_appended_chunk_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE];

	assert_int_equal(open_chunk(scratch, file, file->chunks[2], 2, 0, out), BROKEN);
	assert_int_equal(open_chunk(scratch, file, file->chunks[2], 3, 1, out), BROKEN);
}

static void a_cut_chunk_is_noticed(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE];

	for (size_t size = 0; size < sizeof(file->chunks[2]); size++) {
		struct error error = {.arena = scratch->arena};

		assert_int_equal(file_unseal_chunk(&file->seal, 2, 1,
					 bytes_of(file->chunks[2], size), out, &error),
			BROKEN);
	}
}

static void nothing_is_left_of_a_chunk_that_does_not_open(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct sealed_file *file = sealed_file(scratch, &keys);
	uint8_t out[CHUNK_SIZE], nothing[CHUNK_SIZE] = {0};

	memset(out, 0, sizeof(out));
	file->chunks[0][CHUNK_SIZE] ^= 1; /* the tag: the text itself would be right */
	assert_int_equal(open_chunk(scratch, file, file->chunks[0], 0, 0, out), BROKEN);
	assert_memory_equal(out, nothing, sizeof(out));
}

static void an_empty_file_is_one_empty_chunk(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct file_seal file;
	uint8_t sealed[SEAL_CHUNK_EXTRA], out[1];

	file_seal_begin(&keys, &file);
	file_seal_chunk(&file, 0, 1, bytes_of(NULL, 0), sealed);
	assert_int_equal(file_unseal_chunk(&file, 0, 1, bytes_of(sealed, sizeof(sealed)), out,
				 &scratch->error),
		OK);
	assert_int_equal(file_unseal_chunk(&file, 0, 0, bytes_of(sealed, sizeof(sealed)), out,
				 &scratch->error),
		BROKEN);
}

static void a_file_is_resumed_with_the_key_it_began_with(void **state)
{
	struct scratch *scratch = *state;
	struct keyring before = keyring(scratch, 1, 1), after = keyring(scratch, 1, 2);
	struct keyring later = keyring(scratch, 2, 2);
	struct sealed_file *file = sealed_file(scratch, &before);
	struct file_seal resumed, none = {.key_id = 99};

	assert_int_equal(file->seal.key_id, 1);
	assert_int_equal(
		file_seal_resume(&after, 1, file->seal.salt, &resumed, &scratch->error), OK);
	assert_memory_equal(resumed.key, file->seal.key, SEAL_KEY_SIZE);
	assert_memory_equal(resumed.salt, file->seal.salt, SEAL_SALT_SIZE);

	assert_int_equal(
		file_seal_resume(&later, 1, file->seal.salt, &none, &scratch->error), BROKEN);
	assert_int_equal(none.key_id, 99);
}

static void every_file_has_a_key_of_its_own(void **state)
{
	struct scratch *scratch = *state;
	struct keyring keys = keyring(scratch, 1, 1);
	struct file_seal first, second;

	file_seal_begin(&keys, &first);
	file_seal_begin(&keys, &second);
	assert_memory_not_equal(first.salt, second.salt, SEAL_SALT_SIZE);
	assert_memory_not_equal(first.key, second.key, SEAL_KEY_SIZE);
	assert_memory_not_equal(first.key, keys.keys[0].secret, SEAL_KEY_SIZE);
}

static const struct keyring *shared_keys;

/* NULL if all went well. */
static void *seal_and_open(void *unused)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	const char *text;

	(void)unused;
	for (int i = 0; i < 500; i++) {
		struct bytes sealed = seal_text(arena, shared_keys, place, number);

		if (unseal_text(arena, shared_keys, place, sealed, &text, &error) ||
			strcmp(text, number) != 0)
			return &shared_keys;
	}
	return NULL;
}

static void threads_share_a_keyring(void **state)
{
	struct keyring keys = keyring(*state, 1, 1);
	pthread_t threads[4];
	void *went_wrong;

	shared_keys = &keys;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, seal_and_open, NULL), 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], &went_wrong);
		assert_null(went_wrong);
	}
	shared_keys = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(what_is_sealed_opens),
		with_scratch(nothing_and_zeros_can_be_sealed),
		with_scratch(the_same_value_is_never_sealed_the_same),
		with_scratch(the_cipher_is_aes_256_gcm),
		with_scratch(a_value_copied_to_another_place_does_not_open),
		with_scratch(every_changed_bit_is_noticed),
		with_scratch(a_value_cut_short_does_not_open),
		with_scratch(after_rotation_old_values_open_and_new_ones_take_the_new_key),
		with_scratch(a_key_with_the_right_name_and_wrong_secret_opens_nothing),
		with_scratch(a_blind_index_is_keyed_and_bound_to_its_field),
		with_scratch(a_file_opens_chunk_by_chunk),
		with_scratch(a_dropped_chunk_is_noticed),
		with_scratch(a_moved_chunk_is_noticed),
		with_scratch(an_appended_chunk_is_noticed),
		with_scratch(a_cut_chunk_is_noticed),
		with_scratch(nothing_is_left_of_a_chunk_that_does_not_open),
		with_scratch(an_empty_file_is_one_empty_chunk),
		with_scratch(a_file_is_resumed_with_the_key_it_began_with),
		with_scratch(every_file_has_a_key_of_its_own),
		with_scratch(threads_share_a_keyring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
