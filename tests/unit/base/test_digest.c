/*
 * The published vectors of SHA-256 (FIPS 180), HMAC (RFC 4231) and HKDF (RFC 5869).
 */
#include "scratch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/digest.h"

static const char sha_of_nothing[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char sha_of_million[] =
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static struct bytes text(const char *text)
{
	return bytes_of(text, strlen(text));
}

static void sha256_follows_its_vectors(void **state)
{
	static const char *const vectors[][2] = {
		{"", sha_of_nothing},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	char hex[SHA256_HEX_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		sha256_hex(text(vectors[i][0]), hex);
		assert_string_equal(hex, vectors[i][1]);
	}
	sha256_hex(bytes_of(NULL, 0), hex);
	assert_string_equal(hex, sha_of_nothing);
}

static void a_stream_gives_what_the_whole_gives(void **state)
{
	struct scratch *scratch = *state;
	struct sha256_stream *stream = sha256_begin();
	uint8_t digest[SHA256_SIZE];
	char many[1000];

	memset(many, 'a', sizeof(many));
	sha256_more(stream, bytes_of(NULL, 0));
	for (int i = 0; i < 1000; i++)
		sha256_more(stream, bytes_of(many, sizeof(many)));
	sha256_end(stream, digest);
	assert_string_equal(hex_encode(scratch->arena, digest, sizeof(digest)), sha_of_million);
}

static void a_file_is_digested_from_the_disk(void **state)
{
	char path[] = "/tmp/kaowu-digest-XXXXXX", hex[SHA256_HEX_SIZE] = "untouched", many[1000];
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	memset(many, 'a', sizeof(many));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(file, many, sizeof(many)), sizeof(many));
	close(file);
	assert_int_equal(sha256_file(path, hex), 0);
	unlink(path);
	assert_string_equal(hex, sha_of_million);
}

static void a_file_that_cannot_be_read_has_no_digest(void **state)
{
	char hex[SHA256_HEX_SIZE] = "untouched";

	(void)state;
	assert_int_equal(sha256_file("/nonexistent/file", hex), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(sha256_file("/tmp", hex), -1);
	assert_int_equal(errno, EISDIR);
	assert_string_equal(hex, "untouched");
}

static struct bytes run(struct scratch *scratch, int from, size_t count, int step)
{
	uint8_t *data = arena_alloc(scratch->arena, count + 1);

	for (size_t i = 0; i < count; i++)
		data[i] = (uint8_t)(from + (int)i * step);
	return bytes_of(data, count);
}

static void assert_hmac(
	struct scratch *scratch, struct bytes key, struct bytes data, const char *hex)
{
	uint8_t digest[SHA256_SIZE];

	hmac_sha256(key, data, digest);
	assert_string_equal(hex_encode(scratch->arena, digest, sizeof(digest)), hex);
}

static void hmac_follows_rfc_4231(void **state)
{
	struct scratch *scratch = *state;

	assert_hmac(scratch, run(scratch, 0x0b, 20, 0), text("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_hmac(scratch, text("Jefe"), text("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_hmac(scratch, run(scratch, 0xaa, 20, 0), run(scratch, 0xdd, 50, 0),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	assert_hmac(scratch, run(scratch, 1, 25, 1), run(scratch, 0xcd, 50, 0),
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	assert_hmac(scratch, run(scratch, 0xaa, 131, 0),
		text("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_hmac(scratch, bytes_of(NULL, 0), bytes_of(NULL, 0),
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void assert_hkdf(struct scratch *scratch, struct bytes key, struct bytes salt,
	const char *info, const char *hex)
{
	size_t size = strlen(hex) / 2;
	uint8_t *out = arena_alloc(scratch->arena, size);

	hkdf_sha256(key, salt, info, out, size);
	assert_string_equal(hex_encode(scratch->arena, out, size), hex);
}

static void hkdf_follows_rfc_5869(void **state)
{
	struct scratch *scratch = *state;

	assert_hkdf(scratch, run(scratch, 0x0b, 22, 0), run(scratch, 0, 13, 1),
		(const char *)run(scratch, 0xf0, 10, 1).data,
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	assert_hkdf(scratch, run(scratch, 0, 80, 1), run(scratch, 0x60, 80, 1),
		(const char *)run(scratch, 0xb0, 80, 1).data,
		"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
		"41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
	assert_hkdf(scratch, run(scratch, 0x0b, 22, 0), bytes_of(NULL, 0), "",
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void comparing_looks_at_every_byte(void **state)
{
	uint8_t left[32] = {0}, right[32] = {0};

	(void)state;
	assert_true(equal_in_constant_time(left, right, sizeof(left)));
	for (size_t i = 0; i < sizeof(left); i++) {
		right[i] = 1;
		assert_false(equal_in_constant_time(left, right, sizeof(left)));
		right[i] = 0;
	}
	assert_true(equal_in_constant_time(left, right, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(sha256_follows_its_vectors),
		with_scratch(a_stream_gives_what_the_whole_gives),
		with_scratch(a_file_is_digested_from_the_disk),
		with_scratch(a_file_that_cannot_be_read_has_no_digest),
		with_scratch(hmac_follows_rfc_4231),
		with_scratch(hkdf_follows_rfc_5869),
		with_scratch(comparing_looks_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
