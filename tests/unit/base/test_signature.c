/*
 * Ed25519: the vectors of RFC 8032, keys as texts, and what is not signed.
 */
#include "scratch.h"

#include "base/bytes.h"
#include "base/signature.h"

static struct signature_pair pair_of(struct arena *arena, const char *seed_hex)
{
	struct signature_pair seed, pair;

	assert_int_equal(hex_decode(seed_hex, seed.seed, sizeof(seed.seed)), 0);
	assert_true(signature_pair_parse(signature_pair_text(arena, &seed), &pair));
	return pair;
}

/* RFC 8032, 7.1, tests 1 to 3. */
static void signatures_follow_their_vectors(void **state)
{
	static const char *const vectors[][4] = {
		{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
			"39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
		{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
			"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
			"3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
			"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
			"f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(vectors); i++) {
		uint8_t message[2], signature[SIGNATURE_SIZE];
		struct bytes run = {message, strlen(vectors[i][2]) / 2};
		struct signature_pair pair = pair_of(scratch->arena, vectors[i][0]);

		assert_string_equal(hex_encode(scratch->arena, pair.public_key, SIGNATURE_KEY_SIZE),
			vectors[i][1]);
		assert_int_equal(hex_decode(vectors[i][2], message, run.size), 0);
		signature_make(&pair, run, signature);
		assert_string_equal(
			hex_encode(scratch->arena, signature, SIGNATURE_SIZE), vectors[i][3]);
		assert_true(signature_good(pair.public_key, run, signature));
	}
}

static void another_message_key_or_signature_is_not_good(void **state)
{
	struct signature_pair pair, other;
	uint8_t signature[SIGNATURE_SIZE];
	struct bytes message = bytes_of("papers", 6);

	(void)state;
	signature_pair_create(&pair);
	signature_pair_create(&other);
	signature_make(&pair, message, signature);
	assert_true(signature_good(pair.public_key, message, signature));
	assert_false(signature_good(other.public_key, message, signature));
	assert_false(signature_good(pair.public_key, bytes_of("papers", 5), signature));
	for (size_t i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		assert_false(signature_good(pair.public_key, message, signature));
		signature[i] ^= 1;
	}
}

static void keys_travel_as_texts(void **state)
{
	struct scratch *scratch = *state;
	struct signature_pair pair, again;
	uint8_t key[SIGNATURE_KEY_SIZE];

	signature_pair_create(&pair);
	const char *text = signature_key_text(scratch->arena, pair.public_key);
	assert_int_equal(strlen(text), SIGNATURE_KEY_TEXT_SIZE);
	assert_true(signature_key_parse(text, key));
	assert_memory_equal(key, pair.public_key, sizeof(key));

	const char *secret = signature_pair_text(scratch->arena, &pair);
	assert_true(signature_pair_parse(arena_printf(scratch->arena, "%s\n", secret), &again));
	assert_memory_equal(&again, &pair, sizeof(pair));

	/* Neither is taken for the other. */
	assert_false(signature_key_parse(secret, key));
	assert_false(signature_pair_parse(text, &again));
	assert_false(signature_pair_parse("\xff\xfe", &again)); /* a file is of any bytes */
	assert_false(signature_key_parse(NULL, key));
	assert_false(signature_key_parse("kaowu-ed25519:", key));
	assert_false(signature_key_parse(arena_printf(scratch->arena, "%sA", text), key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(signatures_follow_their_vectors),
		with_scratch(another_message_key_or_signature_is_not_good),
		with_scratch(keys_travel_as_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
