/*
 * The layout layer: text stays in its box, what is drawn is where it was put, and codes read back.
 */
#include "paper.h"

#include "document/code.h"
#include "document/page.h"
#include "document/photo.h"

static struct error none;

static struct page *begin(unsigned pages)
{
	const struct page_about about = {
		.title = "页面", .author = "示例中心", .made_at = PAPER_AT, .pages = pages};
	struct page *page = page_open(arena, &about);

	page_begin(page);
	return page;
}

static struct bytes end(struct page *page)
{
	struct error error = {.arena = arena};
	struct bytes pdf;

	assert_int_equal(page_finish(page, &pdf, &error), OK);
	page_close(&page);
	return pdf;
}

/* Every word above the page's foot stands in the box, and none is lost (the texts have no spaces). */
static void assert_stays_in(struct box box, struct style style, const char *text)
{
	struct page *page = begin(1);
	const char *at;
	struct word word;
	struct buffer found = buffer_in(arena, 65536);
	struct bytes pdf;

	page_text(page, box, style, text);
	pdf = end(page);
	at = paper_tool(pdf, "pdftotext -bbox", "-");
	while (paper_next_word(&at, &word)) {
		if (word.top > PAGE_FOOT)
			continue;
		buffer_text(&found, word.text);
		if (word.left < box.x - 0.3 || word.right > box.x + box.width + 0.3 ||
			word.top < box.y - 0.5 || word.bottom > box.y + box.height + 0.5)
			fail_msg("%s at %.1f,%.1f to %.1f,%.1f", word.text, word.left, word.top,
				word.right, word.bottom);
	}
	assert_string_equal(found.data, text);
}

static void text_of_any_length_stays_in_its_box(void **state)
{
	static const struct box boxes[] = {{30, 40, 20, 9}, {30, 40, 60, 9}, {30, 40, 120, 30}};
	static const char *const parts[] = {
		"示例", "供应链管理师一级/高级技师", "Wolfeschlegelsteinhausen", "阿卜杜·买买提"};

	(void)state;
	for (size_t i = 0; i < COUNT(boxes); i++)
		for (size_t j = 0; j < COUNT(parts); j++) {
			struct buffer text = buffer_in(arena, 8192);

			for (unsigned length = 1; length <= 16; length *= 2) {
				for (unsigned k = 0; k < length; k++)
					buffer_text(&text, parts[j]);
				assert_stays_in(boxes[i], (struct style){.size = 12}, text.data);
			}
		}
}

static void text_that_fits_keeps_its_size_and_longer_text_shrinks(void **state)
{
	const struct style style = {.size = 12, .leading = 1.0};
	const struct box box = {30, 40, 60, 9};
	struct page *page = begin(1);
	double line = 12 * 25.4 / 72;

	(void)state;
	assert_float_equal(page_text(page, box, style, "示例"), line, 0.01);
	assert_true(
		page_text(page, box, style,
			"示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例") <
		2 * line);
	assert_float_equal(page_text(page, box, style, NULL), 0, 0.001);
	assert_float_equal(page_text(page, box, style, " "), 0, 0.001);
	end(page);
}

/* Of the words on the page, where does the one that begins with `text` stand? */
static struct word find(struct bytes pdf, const char *text)
{
	const char *at = paper_tool(pdf, "pdftotext -bbox", "-");
	struct word word;

	while (paper_next_word(&at, &word))
		if (strncmp(word.text, text, strlen(text)) == 0)
			return word;
	fail_msg("not found: %s", text);
	return word;
}

static void a_rare_character_does_not_push_its_row_apart(void **state)
{
	const struct style style = {.size = 12, .top = true};
	struct page *page = begin(1);
	double common = page_text(page, (struct box){30, 40, 60, 20}, style, "张三\n李四");
	double rare = page_text(page, (struct box){30, 70, 60, 20}, style, "张䶮\n李四");
	struct bytes pdf = end(page);

	(void)state;
	assert_float_equal(common, rare, 0.3); /* the two faces share a baseline, not a middle */
	assert_true(find(pdf, "䶮").bottom < 78);
}

static void a_name_is_not_broken_before_its_middle_dot(void **state)
{
	struct page *page = begin(1);
	struct bytes pdf;
	const char *lines;

	(void)state;
	/* At 12 points six characters fill a line: the dot would begin the second. */
	page_text(page, (struct box){30, 40, 26, 30}, (struct style){.size = 12},
		"阿卜杜热合曼·示例");
	pdf = end(page);
	lines = paper_tool(pdf, "pdftotext -raw", "-");
	assert_null(strstr(lines, "\n·"));
	assert_non_null(strstr(lines, "阿卜杜热合\n曼·示例"));
}

static void squares_hold_one_character_each(void **state)
{
	struct page *page = begin(1);
	struct bytes pdf;

	(void)state;
	page_squares(page, (struct box){30, 40, 90, 9}, 3, INK_BLACK, "甲乙");
	pdf = end(page);
	assert_true(find(pdf, "甲").left > 30 && find(pdf, "甲").right < 60);
	assert_true(find(pdf, "乙").left > 60 && find(pdf, "乙").right < 90);
}

static void every_page_tells_its_number_and_the_document_its_date(void **state)
{
	struct page *page = begin(2);
	struct bytes pdf;
	const char *about;

	(void)state;
	page_begin(page);
	pdf = end(page);
	assert_says(pdf, "第1页共2页", "第2页共2页");
	about = paper_tool(pdf, "TZ=UTC pdfinfo", "");
	assert_non_null(strstr(about, "Title:           页面\n"));
	assert_non_null(strstr(about, "Author:          示例中心\n"));
	assert_non_null(strstr(about, "CreationDate:    Sun Nov 22 01:00:00 2026"));
	assert_non_null(strstr(about, "(A4)"));
	assert_fonts_embedded(pdf);
}

static void moments_are_written_as_paper_says_them(void **state)
{
	(void)state;
	assert_string_equal(page_day(arena, PAPER_AT), "2026年11月22日");
	assert_string_equal(page_clock(arena, PAPER_AT), "09:00");
	assert_string_equal(page_weekday(PAPER_AT), "星期日");
	assert_string_equal(page_clock(arena, PAPER_AT + 15 * HOUR_MS - 1), "23:59");
}

static void barcodes_read_back(void **state)
{
	static const char *const texts[] = {"1", "12", "123", "1234", "12345", "123456789", "A",
		"AB-12", "SJS-2026-000123-7", "HD20260000018", "X123456Y1", "12AB3456", "A1234567",
		" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "abcdefghijklmnopqrstuvwxyz",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789012345678901234567890123456789"};
	struct error error = {.arena = arena};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct page *page = begin(1);
		const char *read;

		assert_int_equal(
			code_draw_128(page, (struct box){20, 40, 170, 20}, texts[i], &error), OK);
		read = paper_scan(end(page));
		if (strcmp(read, arena_printf(arena, "CODE-128:%s\n", texts[i])) != 0)
			fail_msg("%s was read as %s", texts[i], read);
	}
}

/* Every value of sets B and C stands in some barcode, so that each row of the table is held to another decoder. */
static void every_pair_of_digits_reads_back(void **state)
{
	struct error error = {.arena = arena};

	(void)state;
	for (int start = 0; start < 100; start += 10) {
		struct buffer text = buffer_in(arena, 64);
		struct page *page = begin(1);

		for (int pair = start; pair < start + 10; pair++)
			buffer_printf(&text, "%02d", pair);
		assert_int_equal(
			code_draw_128(page, (struct box){20, 40, 120, 20}, text.data, &error), OK);
		assert_string_equal(
			paper_scan(end(page)), arena_printf(arena, "CODE-128:%s\n", text.data));
	}
}

static void what_a_barcode_cannot_say_is_trouble(void **state)
{
	static const char *const texts[] = {
		"", "申报", "a\tb", "01234567890123456789012345678901234567890"};
	struct page *page = begin(1);

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct error error = {.arena = arena};

		assert_int_equal(
			code_draw_128(page, (struct box){20, 40, 170, 20}, texts[i], &error),
			BROKEN);
		assert_string_equal(error.code, "document.code");
	}
	end(page);
}

static void qr_codes_read_back_chinese_too(void **state)
{
	static const char *const texts[] = {"1",
		"https://haidian.example/tickets/261100030100107.9f86d081884c7d65",
		"weixin://wxpay/bizpayurl?pr=PLACEHOLDER", "准考证"};
	struct error error = {.arena = arena};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct page *page = begin(1);

		assert_int_equal(
			code_draw_qr(page, (struct box){20, 40, 34, 34}, texts[i], &error), OK);
		assert_string_equal(
			paper_scan(end(page)), arena_printf(arena, "QR-Code:%s\n", texts[i]));
	}
}

static void a_qr_code_that_would_not_hold_its_text_is_trouble(void **state)
{
	struct error error = {.arena = arena};
	char *text = arena_alloc(arena, 5000);
	struct page *page = begin(1);

	(void)state;
	memset(text, 'a', 4999);
	assert_int_equal(code_draw_qr(page, (struct box){20, 40, 34, 34}, text, &error), BROKEN);
	assert_string_equal(error.code, "document.code");
	end(page);
}

static void the_size_of_a_photograph_is_read_from_its_frame(void **state)
{
	/* Start, a comment of two bytes, a fill byte, a progressive frame of 413 by 295 in three colours. */
	static const uint8_t jpeg[] = {0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 'h', 'i', 0xFF, 0xFF, 0xC2, 0,
		17, 8, 0x01, 0x9D, 0x01, 0x27, 3};
	struct error error = {.arena = arena};
	struct photo_size size;

	(void)state;
	assert_int_equal(photo_measure(bytes_of(jpeg, sizeof jpeg), &size, &error), OK);
	assert_int_equal(size.width, 295);
	assert_int_equal(size.height, 413);
}

static void what_is_no_fitting_photograph_is_refused(void **state)
{
	static const uint8_t whole[] = {0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 1, 0, 1, 0, 3, 1};
	static const struct {
		size_t at;
		uint8_t value;
	} faults[] = {{0, 0}, {1, 0xD9}, {2, 0}, {3, 0xC3}, {3, 0xDA}, {3, 0xFE}, {5, 7}, {6, 12},
		{7, 0x11}, {11, 4}, {11, 2}};
	struct error error = {.arena = arena};
	struct photo_size size;

	(void)state;
	assert_int_equal(photo_measure(bytes_of(whole, sizeof whole), &size, &error), OK);
	for (size_t length = 0; length < 12; length++)
		assert_int_equal(photo_measure(bytes_of(arena_copy(arena, whole, length), length),
					 &size, &error),
			INVALID);
	for (size_t i = 0; i < COUNT(faults); i++) {
		uint8_t *broken = arena_copy(arena, whole, sizeof whole);

		broken[faults[i].at] = faults[i].value;
		assert_int_equal(
			photo_measure(bytes_of(broken, sizeof whole), &size, &none), INVALID);
	}
	assert_string_equal(error.code, "document.photo");
}

static int setup(void **state)
{
	int rc = paper_setup(state);

	none.arena = arena;
	return rc;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_length_stays_in_its_box),
		cmocka_unit_test(text_that_fits_keeps_its_size_and_longer_text_shrinks),
		cmocka_unit_test(a_rare_character_does_not_push_its_row_apart),
		cmocka_unit_test(a_name_is_not_broken_before_its_middle_dot),
		cmocka_unit_test(squares_hold_one_character_each),
		cmocka_unit_test(every_page_tells_its_number_and_the_document_its_date),
		cmocka_unit_test(moments_are_written_as_paper_says_them),
		cmocka_unit_test(barcodes_read_back),
		cmocka_unit_test(every_pair_of_digits_reads_back),
		cmocka_unit_test(what_a_barcode_cannot_say_is_trouble),
		cmocka_unit_test(qr_codes_read_back_chinese_too),
		cmocka_unit_test(a_qr_code_that_would_not_hold_its_text_is_trouble),
		cmocka_unit_test(the_size_of_a_photograph_is_read_from_its_frame),
		cmocka_unit_test(what_is_no_fitting_photograph_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, paper_teardown);
}
