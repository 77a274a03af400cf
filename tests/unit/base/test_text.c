/*
 * UTF-8 to the letter of RFC 3629, and the tidying of what people type or paste.
 */
#include "scratch.h"

#include "base/text.h"

static bool valid(const char *text)
{
	return text_is_utf8(text, strlen(text));
}

static void well_formed_text_is_taken(void **state)
{
	/* The first and the last code point of each length, and both neighbours of the surrogates. */
	static const char *const good[] = {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf", "考务", "𠮷野", "\xef\xbb\xbf"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(valid(good[i]));
	assert_true(text_is_utf8("a\0b", 3));
}

static void ill_formed_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xfe", "\xff",                 /* no lead byte */
		"\xc0\x80", "\xc0\xaf", "\xc1\xbf",             /* overlong, two bytes */
		"\xe0\x80\x80", "\xe0\x80\xaf", "\xe0\x9f\xbf", /* overlong, three */
		"\xf0\x80\x80\x80", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf",     /* overlong, four */
		"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xbf\xbf", /* surrogates */
		"\xed\xa0\x80\xed\xb0\x80",                                     /* a pair of them */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", /* past U+10FFFF */
		"\xc2", "\xe8\x80", "\xf0\x9f\x98", "a\xe8",                    /* cut off */
		"\xe8\x80"
		"a",
		"\xc2"
		"a",
		"\xf0\x9f\x98"
		"a",                /* interrupted */
		"\xe8\x80\x83\x83", /* one too many */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(valid(bad[i]));
	assert_false(text_is_utf8("考", 2)); /* cut by its size */
}

static void every_code_point_is_read_back(void **state)
{
	(void)state;
	for (int32_t point = 1; point <= 0x10ffff; point++) {
		char text[5] = {0};
		const char *at = text;

		if (point < 0x80) {
			text[0] = (char)point;
		} else if (point < 0x800) {
			text[0] = (char)(0xc0 | point >> 6);
			text[1] = (char)(0x80 | (point & 63));
		} else if (point < 0x10000) {
			text[0] = (char)(0xe0 | point >> 12);
			text[1] = (char)(0x80 | (point >> 6 & 63));
			text[2] = (char)(0x80 | (point & 63));
		} else {
			text[0] = (char)(0xf0 | point >> 18);
			text[1] = (char)(0x80 | (point >> 12 & 63));
			text[2] = (char)(0x80 | (point >> 6 & 63));
			text[3] = (char)(0x80 | (point & 63));
		}
		bool surrogate = point >= 0xd800 && point <= 0xdfff;
		if (valid(text) == surrogate)
			fail_msg("U+%04X", (unsigned)point);
		if (!surrogate && (text_next(&at) != point || *at || text_next(&at) != -1))
			fail_msg("U+%04X is read back wrong", (unsigned)point);
	}
}

static void length_counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(text_length(""), 0);
	assert_int_equal(text_length("abc"), 3);
	assert_int_equal(text_length("考务 kaowu"), 8);
	assert_int_equal(text_length("𠮷é"), 2);
	assert_int_equal(text_unit("考务", 6), 3);
	assert_int_equal(text_unit("\xe8\x80", 2), 0);
	assert_int_equal(text_unit("", 0), 0);
}

static void null_equals_only_null(void **state)
{
	(void)state;
	assert_true(text_equal(NULL, NULL));
	assert_false(text_equal(NULL, ""));
	assert_false(text_equal("", NULL));
	assert_true(text_equal("a", "a"));
	assert_false(text_equal("a", "A"));
	assert_true(text_starts("messages/a.json", "messages/"));
	assert_true(text_starts("a", ""));
	assert_false(text_starts("mess", "messages/"));
}

static void what_a_terminal_would_act_on_is_found(void **state)
{
	(void)state;
	assert_false(text_has_control(""));
	assert_false(text_has_control("张三 ~ \u00a0\u00e9\U0001f600"));
	assert_true(text_has_control("a\033[2J"));
	assert_true(text_has_control("\n"));
	assert_true(text_has_control("a\177"));
	assert_true(text_has_control("a\xc2\x80"));
	assert_true(text_has_control("\xc2\x9b"
				     "2J"));
}

static void what_cannot_be_seen_is_blank(void **state)
{
	(void)state;
	assert_true(text_blank(NULL));
	assert_true(text_blank(""));
	assert_true(text_blank(" \t\r\n\v\f"));
	assert_true(text_blank("\u3000\u00a0\u200b\ufeff\u202d\u202c\u2003"));
	assert_false(text_blank(" \u3000."));
}

static void typing_is_made_half_width_and_trimmed(void **state)
{
	struct scratch *scratch = *state;
	struct arena *arena = scratch->arena;

	assert_string_equal(
		text_normalise(arena, "\u3000ＡＢＣ\u3000ｘｙｚ０９！～　"), "ABC xyz09!~");
	assert_string_equal(text_normalise(arena, "  张 三  "), "张 三");
	assert_string_equal(text_normalise(arena, "\ufeff李四\u200b\n"), "李四");
	assert_string_equal(text_normalise(arena, "，。（）"), ",。()");
	assert_string_equal(text_normalise(arena, " \u3000 "), "");
	assert_string_equal(text_normalise(arena, "𠮷"), "𠮷");
	assert_string_equal(text_normalise(arena, "·Ａ·"), "·A·");
	assert_null(text_normalise(arena, NULL));
	assert_string_equal(text_normalise_prose(arena, " ２０２７年（第Ａ批），见“说明”。\u3000"),
		"2027年（第A批），见“说明”。");
}

static void the_neighbours_of_full_width_forms_stay(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(
		text_normalise(scratch->arena, "\uff00\uff01\uff5e\uff5f"), "\uff00!~\uff5f");
}

static void numbers_lose_their_separators(void **state)
{
	struct scratch *scratch = *state;
	struct arena *arena = scratch->arena;

	assert_string_equal(text_compact(arena, " 138-0000 0000 "), "13800000000");
	assert_string_equal(text_compact(arena, "１１０１０１－１９９００３０７\u3000００１ｘ"),
		"11010119900307001x");
	assert_string_equal(text_compact(arena, "\u202d13800000000\u202c"), "13800000000");
	assert_string_equal(text_compact(arena, "-"), "");
	assert_null(text_compact(arena, NULL));
}

static void a_mask_hides_what_is_between(void **state)
{
	struct scratch *scratch = *state;
	struct arena *arena = scratch->arena;

	assert_string_equal(text_mask(arena, "110108199003071238", 6, 4), "110108********1238");
	assert_string_equal(text_mask(arena, "张小三", 1, 1), "张*三");
	assert_string_equal(text_mask(arena, "张三", 1, 0), "张*");
	assert_string_equal(text_mask(arena, "𠮷野家", 0, 1), "**家");
	assert_string_equal(text_mask(arena, "", 1, 1), "");
}

static void a_text_too_short_to_mask_is_hidden_whole(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(text_mask(scratch->arena, "张三", 1, 1), "**");
	assert_string_equal(text_mask(scratch->arena, "1234", 6, 4), "****");
}

/* Of the vectors that its authors publish. */
static void a_hash_is_fnv_1a(void **state)
{
	(void)state;
	assert_int_equal(text_hash(""), 0x811c9dc5);
	assert_int_equal(text_hash("a"), 0xe40c292c);
	assert_int_equal(text_hash("foobar"), 0xbf9cf968);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(well_formed_text_is_taken),
		with_scratch(ill_formed_text_is_refused),
		with_scratch(every_code_point_is_read_back),
		with_scratch(length_counts_code_points),
		with_scratch(null_equals_only_null),
		with_scratch(what_a_terminal_would_act_on_is_found),
		with_scratch(what_cannot_be_seen_is_blank),
		with_scratch(typing_is_made_half_width_and_trimmed),
		with_scratch(the_neighbours_of_full_width_forms_stay),
		with_scratch(numbers_lose_their_separators),
		with_scratch(a_mask_hides_what_is_between),
		with_scratch(a_text_too_short_to_mask_is_hidden_whole),
		cmocka_unit_test(a_hash_is_fnv_1a),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
