/*
 * Buffers that grow up to their maximum, and the two spellings of bytes (RFC 4648).
 */
#include "scratch.h"

#include "base/bytes.h"

#include <inttypes.h>

static void a_buffer_grows_and_stays_ended(void **state)
{
	struct scratch *scratch = *state;
	struct buffer buffer = buffer_in(scratch->arena, 100000);

	assert_null(buffer.data);
	for (int i = 0; i < 10000; i++) {
		buffer_text(&buffer, "ab");
		buffer_printf(&buffer, "%d", i % 10);
		buffer_append(&buffer, "c", 1);
		assert_int_equal(strlen(buffer.data), buffer.size);
	}
	assert_int_equal(buffer.size, 40000);
	assert_false(buffer.overflowed);
	assert_memory_equal(buffer_bytes(&buffer).data, "ab0cab1c", 8);
	assert_int_equal(buffer_bytes(&buffer).size, 40000);
}

static void a_buffer_ends_at_its_maximum(void **state)
{
	struct scratch *scratch = *state;
	struct buffer buffer = buffer_in(scratch->arena, 10);

	buffer_text(&buffer, "0123456789");
	assert_false(buffer.overflowed);
	buffer_text(&buffer, "");
	assert_false(buffer.overflowed);

	buffer_printf(&buffer, "%c", 'x');
	assert_true(buffer.overflowed);
	assert_string_equal(buffer.data, "0123456789");
}

static void once_overflowed_a_buffer_takes_no_more(void **state)
{
	struct scratch *scratch = *state;
	struct buffer buffer = buffer_in(scratch->arena, 4);

	buffer_text(&buffer, "ab");
	buffer_text(&buffer, "cde");
	buffer_text(&buffer, "f");
	assert_true(buffer.overflowed);
	assert_string_equal(buffer.data, "ab");
}

static void a_buffer_without_a_maximum_grows(void **state)
{
	struct scratch *scratch = *state;
	struct buffer buffer = buffer_in(scratch->arena, SIZE_MAX);

	for (int i = 0; i < 1000; i++)
		buffer_text(&buffer, "kaowu");
	assert_false(buffer.overflowed);
	assert_int_equal(strlen(buffer.data), 5000);
}

static void a_buffer_takes_zeros(void **state)
{
	struct scratch *scratch = *state;
	struct buffer buffer = buffer_in(scratch->arena, 100);

	buffer_append(&buffer, NULL, 0);
	buffer_append(&buffer, "a\0b", 3);
	assert_int_equal(buffer.size, 3);
	assert_memory_equal(buffer.data, "a\0b", 4);
}

static void integers_are_written_whole(void **state)
{
	static const int64_t numbers[] = {0, 7, -7, 10, 1234567890, INT64_MAX, INT64_MIN};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct buffer buffer = buffer_in(scratch->arena, 100);

		buffer_integer(&buffer, numbers[i]);
		assert_string_equal(
			buffer.data, arena_printf(scratch->arena, "%" PRId64, numbers[i]));
	}
}

static void hexadecimal_goes_both_ways(void **state)
{
	struct scratch *scratch = *state;
	uint8_t all[256], back[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	char *text = hex_encode(scratch->arena, all, sizeof(all));
	assert_memory_equal(text, "000102", 6);
	assert_string_equal(text + 506, "fdfeff");
	assert_int_equal(hex_decode(text, back, sizeof(back)), 0);
	assert_memory_equal(all, back, sizeof(all));
	assert_string_equal(hex_encode(scratch->arena, NULL, 0), "");
}

static void hexadecimal_has_one_spelling(void **state)
{
	static const char *const bad[] = {
		"", "0", "0001", "000", "0G", "AB", "0 ", " 0", "-1", "0x"};
	uint8_t out = 0x5a;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(hex_decode(bad[i], &out, 1), -1);
	assert_int_equal(out, 0x5a);
}

static void base64url_follows_the_vectors_of_rfc_4648(void **state)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
		{"\xfb\xef\xff", "--__"}};
	struct scratch *scratch = *state;
	struct bytes back;

	for (size_t i = 0; i < COUNT(vectors); i++) {
		size_t size = strlen(vectors[i][0]);

		assert_string_equal(
			base64url_encode(scratch->arena, vectors[i][0], size), vectors[i][1]);
		assert_int_equal(base64url_decode(scratch->arena, vectors[i][1], &back), 0);
		assert_int_equal(back.size, size);
		assert_memory_equal(back.data, vectors[i][0], size);
	}
}

static void base64url_has_one_spelling(void **state)
{
	/* Padding, the other alphabet, white space, one letter alone, and bits behind the last byte. */
	static const char *const bad[] = {"Zg==", "Zm8=", "++//", "Zm 9", "Zm9v\n", "Z", "Zm9vY",
		"Zh", "Zm9", "Zm9vYmF", "\xe8\x80\x83"};
	struct scratch *scratch = *state;
	struct bytes out = {0};

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(base64url_decode(scratch->arena, bad[i], &out), -1);
	assert_null(out.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(a_buffer_grows_and_stays_ended),
		with_scratch(a_buffer_ends_at_its_maximum),
		with_scratch(once_overflowed_a_buffer_takes_no_more),
		with_scratch(a_buffer_without_a_maximum_grows),
		with_scratch(a_buffer_takes_zeros),
		with_scratch(integers_are_written_whole),
		with_scratch(hexadecimal_goes_both_ways),
		with_scratch(hexadecimal_has_one_spelling),
		with_scratch(base64url_follows_the_vectors_of_rfc_4648),
		with_scratch(base64url_has_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
