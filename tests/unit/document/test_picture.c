/*
 * S7, S8: what a machine can tell of a picture is told, each thing with its value and limit, and what is kept is clean.
 *
 * The picture worker is this program itself: main() looks for "worker" first.
 */
#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/text.h"
#include "document/picture.h"
#include "worker/worker.h"
#include "picture_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h> /* last: it has a macro named fail */

static struct worker_pool *pool;
static struct arena *arena;
static struct error error;

static int open_pool(void **state)
{
	(void)state;
	pool = picture_pool_create("/proc/self/exe", 2);
	return 0;
}

static int close_pool(void **state)
{
	(void)state;
	worker_pool_destroy(pool);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	arena = arena_create(512u << 20);
	error = (struct error){.arena = arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct picture examine(enum picture_kind kind, struct bytes content)
{
	struct picture picture = {0};
	enum result rc = picture_examine(pool, arena, kind, content, &picture, &error);
	if (rc)
		print_message("%s %s\n", error.code, error.internal);
	assert_int_equal(rc, OK);
	assert_int_equal(picture.stored.size > 0, picture.acceptable);
	assert_int_equal(picture.media_type != NULL, picture.acceptable);
	return picture;
}

static struct picture examine_portrait(const struct sample *sample)
{
	return examine(PICTURE_PORTRAIT, jpeg_sample(arena, sample));
}

static json *find_check(const struct picture *picture, const char *name)
{
	json_each(check,
		picture->checks) if (text_equal(json_get_text(check, "check"), name)) return check;
	return NULL;
}

/* "bytes colour": the names of those that did not pass. */
static const char *failed_checks(const struct picture *picture)
{
	const char *names = "";
	json_each(check, picture->checks) if (!json_get_true(check, "passed")) names = arena_printf(
		arena, "%s%s%s", names, *names ? " " : "", json_get_text(check, "check"));
	return names;
}

static void assert_refused_for(struct picture picture, const char *names)
{
	assert_string_equal(failed_checks(&picture), names);
	assert_false(picture.acceptable);
}

static void assert_value(const struct picture *picture, const char *name, const char *value)
{
	json *found = json_get(find_check(picture, name), "value");
	assert_non_null(found);
	assert_string_equal(
		json_is_text(found) ? json_text(found) : json_print(arena, found), value);
}

static bool contains(struct bytes content, const char *text)
{
	return memmem(content.data, content.size, text, strlen(text)) != NULL;
}

static void assert_clean(struct bytes stored)
{
	static const char *const traces[] = {"Exif", "GPS", "secret", "garbage"};
	for (size_t i = 0; i < COUNT(traces); i++)
		if (contains(stored, traces[i]))
			fail_msg("stored with %s", traces[i]);
}

/* Portraits */

static void a_portrait_as_asked_for_passes_every_check(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	struct picture picture = examine_portrait(&sample);
	assert_string_equal(json_print(arena, picture.checks),
		arena_printf(arena,
			"[{\"check\":\"format\",\"passed\":true,\"value\":\"JPEG\",\"limit\":\"JPEG\","
			"\"text_code\":\"picture.format\"},"
			"{\"check\":\"bytes\",\"passed\":true,\"value\":%s,\"limit\":\"40000–81920\","
			"\"text_code\":\"picture.bytes\"},"
			"{\"check\":\"decode\",\"passed\":true,\"value\":0,\"limit\":\"0\","
			"\"text_code\":\"picture.decode\"},"
			"{\"check\":\"colour\",\"passed\":true,\"value\":\"colour\",\"limit\":\"colour\","
			"\"text_code\":\"picture.colour\"},"
			"{\"check\":\"size\",\"passed\":true,\"value\":\"295×413\","
			"\"limit\":\"295×413–1180×1652\",\"text_code\":\"picture.size\"},"
			"{\"check\":\"proportion\",\"passed\":true,\"value\":\"0.714\","
			"\"limit\":\"0.693–0.736\",\"text_code\":\"picture.proportion\"},"
			"{\"check\":\"background\",\"passed\":true,\"value\":100,\"limit\":\"≥85\","
			"\"text_code\":\"picture.background\"}]",
			json_print(arena, json_get(find_check(&picture, "bytes"), "value"))));
	assert_true(picture.acceptable);
	assert_string_equal(picture.media_type, "image/jpeg");
	assert_int_equal(picture.width, 295);
	assert_int_equal(picture.height, 413);
}

static struct picture assert_pixels_kept(struct bytes uploaded)
{
	struct picture picture = examine(PICTURE_PORTRAIT, uploaded);
	assert_string_equal(failed_checks(&picture), "");
	assert_in_range(picture.stored.size, LIMIT_PORTRAIT_BYTES_MIN, LIMIT_PORTRAIT_BYTES_MAX);

	uint32_t width, height;
	uint8_t *before = jpeg_pixels(arena, uploaded, &width, &height);
	uint8_t *after = jpeg_pixels(arena, picture.stored, &width, &height);
	assert_memory_equal(before, after, 3 * (size_t)width * height);
	return picture;
}

static void an_upright_portrait_keeps_its_very_pixels(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.metadata_bytes = 2000;
	sample.orientation = 1;
	assert_pixels_kept(jpeg_sample(arena, &sample));
}

static struct sample coded_portrait(bool progressive, bool apart, bool own_codes, unsigned rows)
{
	struct sample sample = portrait_sample();
	sample.progressive = progressive;
	sample.apart = apart;
	sample.own_codes = own_codes;
	sample.restart_rows = rows;
	return sample;
}

static void a_portrait_keeps_its_pixels_however_it_was_coded(void **state)
{
	(void)state;
	const struct sample samples[] = {
		coded_portrait(false, false, false, 0),
		coded_portrait(false, false, true, 0),
		coded_portrait(false, false, true, 3),
		coded_portrait(false, true, true, 0),
		coded_portrait(true, false, false, 0),
	};
	for (size_t i = 0; i < COUNT(samples); i++)
		assert_pixels_kept(jpeg_sample(arena, &samples[i]));
}

/* Of the codes that it came with those are kept that it can do with: the file does not grow, nor is it counted anew. */
static void a_portrait_in_one_scan_keeps_its_codes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct sample sample = coded_portrait(false, false, i % 2 == 1, i / 2 * 3);
		struct bytes uploaded = jpeg_sample(arena, &sample);
		assert_int_equal(assert_pixels_kept(uploaded).stored.size, uploaded.size);
	}
}

static void replace(struct bytes content, const char *from, const char *to, size_t size)
{
	uint8_t *found = memmem(content.data, content.size, from, size);
	assert_non_null(found);
	memcpy(found, to, size);
}

/* The end of a block is told by 0x00; readers take 0x10 for the same, and nobody writes it. In the standard's tables
 * for brightness and colour one takes the other's place here. */
static void a_portrait_without_a_code_that_it_needs_keeps_its_pixels(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	struct bytes uploaded = jpeg_sample(arena, &sample);
	replace(uploaded, "\1\2\3\0\4\x11\5", "\1\2\3\x10\4\x11\5", 7);
	replace(uploaded, "\0\1\2\3\x11\4\5", "\x10\1\2\3\x11\4\5", 7);
	assert_pixels_kept(uploaded);
}

static void metadata_is_not_kept(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.metadata_bytes = 3000;
	sample.orientation = 1;
	struct bytes uploaded = jpeg_sample(arena, &sample);
	assert_true(contains(uploaded, "Exif") && contains(uploaded, "GPS secret"));
	struct picture picture = examine(PICTURE_PORTRAIT, uploaded);
	assert_true(picture.acceptable);
	assert_clean(picture.stored);
}

static void a_portrait_that_was_mostly_metadata_is_made_anew_with_enough_bytes(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.quality = 80;
	sample.metadata_bytes = 40000;
	struct picture picture = examine_portrait(&sample);
	assert_string_equal(failed_checks(&picture), "");
	assert_in_range(picture.stored.size, LIMIT_PORTRAIT_BYTES_MIN, LIMIT_PORTRAIT_BYTES_MAX);
	assert_clean(picture.stored);
}

static void bytes_appended_to_a_portrait_are_not_kept(void **state)
{
	(void)state;
	static const char garbage[] = "PK\3\4 garbage that another program would open";
	struct sample sample = portrait_sample();
	struct bytes sound = jpeg_sample(arena, &sample);
	uint8_t *longer = arena_alloc(arena, sound.size + sizeof(garbage));
	memcpy(longer, sound.data, sound.size);
	memcpy(longer + sound.size, garbage, sizeof(garbage));
	struct picture picture =
		examine(PICTURE_PORTRAIT, bytes_of(longer, sound.size + sizeof(garbage)));
	assert_true(picture.acceptable);
	assert_clean(picture.stored);
}

static void a_progressive_portrait_is_accepted(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.progressive = true;
	struct picture picture = examine_portrait(&sample);
	assert_string_equal(failed_checks(&picture), "");
}

static void a_portrait_lying_on_its_side_is_kept_upright(void **state)
{
	(void)state;
	for (unsigned orientation = 2; orientation <= 8; orientation++) {
		struct sample sample = portrait_sample();
		sample.orientation = orientation;
		struct picture picture = examine_portrait(&sample);
		assert_string_equal(failed_checks(&picture), "");
		assert_value(&picture, "size", "295×413");
		assert_in_range(
			picture.stored.size, LIMIT_PORTRAIT_BYTES_MIN, LIMIT_PORTRAIT_BYTES_MAX);
		assert_clean(picture.stored);

		uint32_t width, height;
		jpeg_pixels(arena, picture.stored, &width, &height);
		assert_int_equal(width, 295);
		assert_int_equal(height, 413);
	}
}

/* As large as it may be, and so poor that it fits: made anew it must fit again. */
static void a_large_portrait_of_poor_quality_is_kept_upright(void **state)
{
	(void)state;
	for (unsigned orientation = 3; orientation <= 6; orientation += 3) {
		struct sample sample = portrait_sample();
		sample.width = PORTRAIT_WIDTH_MAX;
		sample.height = PORTRAIT_HEIGHT_MAX;
		sample.quality = 22;
		sample.orientation = orientation;
		struct picture picture = examine_portrait(&sample);
		assert_string_equal(failed_checks(&picture), "");
		assert_in_range(
			picture.stored.size, LIMIT_PORTRAIT_BYTES_MIN, LIMIT_PORTRAIT_BYTES_MAX);
	}
}

static void a_portrait_before_a_blue_wall_is_refused_for_that_alone(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	memcpy(sample.background, (uint8_t[]){67, 142, 219}, 3);
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "background");
	assert_value(&picture, "background", "0");
}

static void a_white_wall_need_not_be_pure_white_but_not_grey(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	memcpy(sample.background, (uint8_t[]){232, 228, 222}, 3);
	struct picture picture = examine_portrait(&sample);
	assert_true(picture.acceptable);

	memcpy(sample.background, (uint8_t[]){180, 180, 180}, 3);
	assert_refused_for(examine_portrait(&sample), "background");
}

static void a_stretched_portrait_is_refused_with_its_proportion(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.width = 330;
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "proportion");
	assert_value(&picture, "proportion", "0.799");
}

static void proportion_has_a_tolerance_of_three_in_a_hundred(void **state)
{
	(void)state;
	static const struct {
		uint32_t width, height;
		bool passes;
	} cases[] = {{300, 433, false}, {300, 432, true}, {304, 413, true}, {305, 413, false}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sample sample = portrait_sample();
		sample.width = cases[i].width;
		sample.height = cases[i].height;
		struct picture picture = examine_portrait(&sample);
		assert_int_equal(json_get_true(find_check(&picture, "proportion"), "passed"),
			cases[i].passes);
	}
}

static void a_portrait_too_small_or_too_large_in_pixels_is_refused(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.width = 294;
	sample.height = 412;
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "size");
	assert_value(&picture, "size", "294×412");

	sample.width = 1181;
	sample.height = 1653;
	sample.quality = 5;
	picture = examine_portrait(&sample);
	assert_false(json_get_true(find_check(&picture, "size"), "passed"));
}

static void the_bytes_of_a_portrait_are_those_of_the_file(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.quality = 60;
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "bytes");

	sample.quality = 100;
	assert_refused_for(examine_portrait(&sample), "bytes");
}

static void a_cut_off_portrait_is_refused(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	struct bytes whole = jpeg_sample(arena, &sample);
	for (size_t missing = 1; missing < 2000; missing = 3 * missing) {
		struct picture picture =
			examine(PICTURE_PORTRAIT, bytes_of(whole.data, whole.size - missing));
		assert_refused_for(picture, "decode");
		assert_true(json_get_integer(find_check(&picture, "decode"), "value") > 0);
	}
}

static void a_grey_portrait_is_refused(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.space = JCS_GRAYSCALE;
	sample.quality = 99;
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "colour");
	assert_value(&picture, "colour", "grey");
}

static void a_portrait_in_colours_for_printing_is_refused(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.space = JCS_CMYK;
	sample.quality = 55;
	struct picture picture = examine_portrait(&sample);
	assert_refused_for(picture, "colour");
	assert_value(&picture, "colour", "CMYK");
	assert_null(find_check(&picture, "background"));
}

static void a_portrait_as_png_is_refused_however_it_is_named(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.quarters = true; /* few bytes */
	struct picture picture =
		examine(PICTURE_PORTRAIT, png_sample(arena, &sample, PNG_FORMAT_RGB));
	assert_refused_for(picture, "format bytes background");
	assert_value(&picture, "format", "PNG");
	assert_value(&picture, "size", "295×413");
}

/* Scans */

static void a_scan_is_kept_without_metadata(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	sample.metadata_bytes = 500;
	sample.orientation = 1;
	struct picture picture = examine(PICTURE_SCAN, jpeg_sample(arena, &sample));
	assert_string_equal(failed_checks(&picture), "");
	assert_value(&picture, "pixels", "880000");
	assert_value(&picture, "size", "800");
	assert_clean(picture.stored);
}

static bool near(const uint8_t *pixel, int red, int green, int blue)
{
	return abs(pixel[0] - red) < 24 && abs(pixel[1] - green) < 24 && abs(pixel[2] - blue) < 24;
}

static void assert_quarters(struct bytes stored)
{
	uint32_t width, height;
	uint8_t *pixels = jpeg_pixels(arena, stored, &width, &height);
	size_t left = width / 4, right = width * 3 / 4;
	size_t upper = (size_t)width * (height / 4), lower = (size_t)width * (height * 3 / 4);
	assert_true(near(pixels + 3 * (upper + left), 220, 30, 30));
	assert_true(near(pixels + 3 * (upper + right), 30, 200, 30));
	assert_true(near(pixels + 3 * (lower + left), 30, 30, 220));
	assert_true(near(pixels + 3 * (lower + right), 128, 128, 128));
}

static void a_scan_is_kept_upright_however_the_camera_was_held(void **state)
{
	(void)state;
	for (unsigned orientation = 1; orientation <= 8; orientation++) {
		struct sample sample = scan_sample();
		sample.orientation = orientation;
		sample.quarters = true;
		struct picture picture = examine(PICTURE_SCAN, jpeg_sample(arena, &sample));
		assert_string_equal(failed_checks(&picture), "");
		assert_int_equal(picture.width, 800);
		assert_int_equal(picture.height, 1100);
		assert_quarters(picture.stored);
		assert_clean(picture.stored);
	}
}

static void a_scan_may_be_png_and_becomes_jpeg(void **state)
{
	(void)state;
	static const unsigned formats[] = {PNG_FORMAT_RGB, PNG_FORMAT_LINEAR_RGB};
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct sample sample = scan_sample();
		sample.quarters = true;
		struct picture picture =
			examine(PICTURE_SCAN, png_sample(arena, &sample, formats[i]));
		assert_string_equal(failed_checks(&picture), "");
		assert_value(&picture, "format", "PNG");
		assert_string_equal(picture.media_type, "image/jpeg");
		if (formats[i] == PNG_FORMAT_RGB)
			assert_quarters(picture.stored);
	}
}

static void what_shines_through_a_png_is_white_paper(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	struct picture picture = examine(PICTURE_SCAN, png_sample(arena, &sample, PNG_FORMAT_RGBA));
	assert_true(picture.acceptable);
	uint32_t width, height;
	assert_true(near(jpeg_pixels(arena, picture.stored, &width, &height), 255, 255, 255));
}

static void a_scan_may_be_grey_but_not_in_colours_for_printing(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	sample.space = JCS_GRAYSCALE;
	struct picture picture = examine(PICTURE_SCAN, jpeg_sample(arena, &sample));
	assert_string_equal(failed_checks(&picture), "");

	sample.space = JCS_CMYK;
	assert_refused_for(examine(PICTURE_SCAN, jpeg_sample(arena, &sample)), "colour");
}

static void a_scan_too_small_to_read_is_refused(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	sample.width = 599;
	struct picture picture = examine(PICTURE_SCAN, jpeg_sample(arena, &sample));
	assert_refused_for(picture, "size");
	assert_value(&picture, "size", "599");
}

static void a_damaged_scan_is_refused(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	struct bytes jpeg = jpeg_sample(arena, &sample);
	assert_refused_for(examine(PICTURE_SCAN, bytes_of(jpeg.data, jpeg.size / 2)), "decode");
	struct bytes png = png_sample(arena, &sample, PNG_FORMAT_RGB);
	assert_refused_for(examine(PICTURE_SCAN, bytes_of(png.data, png.size / 2)), "decode");
}

/* Other files */

static void assert_format_refused(struct bytes content, const char *format, const char *code)
{
	uint64_t calls = worker_pool_counts(pool).calls;
	struct picture picture = examine(PICTURE_SCAN, content);
	json *check = find_check(&picture, "format");
	assert_false(picture.acceptable);
	assert_false(json_get_true(check, "passed"));
	assert_string_equal(json_get_text(check, "value"), format);
	assert_string_equal(json_get_text(check, "text_code"), code);
	assert_int_equal(worker_pool_counts(pool).calls, calls); /* nobody was bothered */
}

static void files_that_are_no_pictures_are_told_by_their_kind(void **state)
{
	(void)state;
	assert_format_refused(bytes_of("\0\0\0\030ftypheic\0\0\0\0", 16), "HEIC", "picture.heic");
	assert_format_refused(bytes_of("\0\0\0\030ftypmif1\0\0\0\0", 16), "HEIC", "picture.heic");
	assert_format_refused(bytes_of("%PDF-1.7\n", 9), "PDF", "picture.pdf");
	assert_format_refused(bytes_of("RIFF1234WEBPVP8 ", 16), "unknown", "picture.format_scan");
	assert_format_refused(bytes_of("\xff\xd8", 2), "unknown", "picture.format_scan");
	assert_format_refused(bytes_of(NULL, 0), "unknown", "picture.format_scan");
}

static void a_scan_above_ten_megabytes_is_not_decoded(void **state)
{
	(void)state;
	uint8_t *content = arena_alloc(arena, LIMIT_SCAN_BYTES + 1);
	memcpy(content, "\xff\xd8\xff", 3);
	uint64_t calls = worker_pool_counts(pool).calls;
	assert_refused_for(examine(PICTURE_SCAN, bytes_of(content, LIMIT_SCAN_BYTES + 1)), "bytes");
	assert_int_equal(worker_pool_counts(pool).calls, calls);
}

/* Telling */

static void every_failed_check_becomes_a_fault_with_value_and_limit(void **state)
{
	(void)state;
	struct sample sample = portrait_sample();
	sample.width = 330;
	sample.quality = 60;
	struct picture picture = examine_portrait(&sample);
	picture_faults(arena, &picture, "/portrait", &error);
	struct fault *bytes = error.faults, *proportion = bytes->next;
	assert_string_equal(bytes->code, "picture.bytes");
	assert_string_equal(bytes->pointer, "/portrait");
	assert_string_equal(bytes->params[2], "limit");
	assert_string_equal(bytes->params[3], "40000–81920");
	assert_string_equal(proportion->code, "picture.proportion");
	assert_string_equal(proportion->params[0], "value");
	assert_string_equal(proportion->params[1], "0.799");
	assert_null(proportion->next);
}

static void assert_told(enum picture_kind kind, struct bytes content)
{
	struct picture picture = examine(kind, content);
	error = (struct error){.arena = arena};
	picture_faults(arena, &picture, "", &error);
	assert_non_null(error.faults);
	for (struct fault *fault = error.faults; fault; fault = fault->next)
		for (enum language language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
			const char *text =
				message_text(arena, language, fault->code, fault->params);
			assert_string_not_equal(text, fault->code);
			assert_null(strchr(text, '{'));
		}
}

static void every_refusal_has_words_in_both_languages(void **state)
{
	(void)state;
	assert_int_equal(messages_load(&error), OK);
	struct sample sample = portrait_sample();
	sample.width = 100;
	memcpy(sample.background, (uint8_t[]){0, 0, 200}, 3);
	assert_told(PICTURE_PORTRAIT, jpeg_sample(arena, &sample));
	assert_told(PICTURE_PORTRAIT, png_sample(arena, &sample, PNG_FORMAT_RGB));
	assert_told(PICTURE_SCAN, png_sample(arena, &sample, PNG_FORMAT_RGB));
	sample.space = JCS_CMYK;
	assert_told(PICTURE_PORTRAIT, jpeg_sample(arena, &sample));
	assert_told(PICTURE_SCAN, jpeg_sample(arena, &sample));
	assert_told(PICTURE_SCAN, bytes_of("%PDF-1.7", 8));
	assert_told(PICTURE_SCAN, bytes_of("\0\0\0\030ftypheic", 12));
	assert_told(PICTURE_PORTRAIT, bytes_of("\xff\xd8\xff", 3));
	assert_told(PICTURE_SCAN, bytes_of(NULL, 0));
}

int main(int count, char **arguments)
{
	if (count >= 3 && text_equal(arguments[1], "worker"))
		return picture_worker_main();

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_portrait_as_asked_for_passes_every_check),
		TEST(an_upright_portrait_keeps_its_very_pixels),
		TEST(a_portrait_keeps_its_pixels_however_it_was_coded),
		TEST(a_portrait_in_one_scan_keeps_its_codes),
		TEST(a_portrait_without_a_code_that_it_needs_keeps_its_pixels),
		TEST(metadata_is_not_kept),
		TEST(a_portrait_that_was_mostly_metadata_is_made_anew_with_enough_bytes),
		TEST(bytes_appended_to_a_portrait_are_not_kept),
		TEST(a_progressive_portrait_is_accepted),
		TEST(a_portrait_lying_on_its_side_is_kept_upright),
		TEST(a_large_portrait_of_poor_quality_is_kept_upright),
		TEST(a_portrait_before_a_blue_wall_is_refused_for_that_alone),
		TEST(a_white_wall_need_not_be_pure_white_but_not_grey),
		TEST(a_stretched_portrait_is_refused_with_its_proportion),
		TEST(proportion_has_a_tolerance_of_three_in_a_hundred),
		TEST(a_portrait_too_small_or_too_large_in_pixels_is_refused),
		TEST(the_bytes_of_a_portrait_are_those_of_the_file),
		TEST(a_cut_off_portrait_is_refused),
		TEST(a_grey_portrait_is_refused),
		TEST(a_portrait_in_colours_for_printing_is_refused),
		TEST(a_portrait_as_png_is_refused_however_it_is_named),
		TEST(a_scan_is_kept_without_metadata),
		TEST(a_scan_is_kept_upright_however_the_camera_was_held),
		TEST(a_scan_may_be_png_and_becomes_jpeg),
		TEST(what_shines_through_a_png_is_white_paper),
		TEST(a_scan_may_be_grey_but_not_in_colours_for_printing),
		TEST(a_scan_too_small_to_read_is_refused),
		TEST(a_damaged_scan_is_refused),
		TEST(files_that_are_no_pictures_are_told_by_their_kind),
		TEST(a_scan_above_ten_megabytes_is_not_decoded),
		TEST(every_failed_check_becomes_a_fault_with_value_and_limit),
		TEST(every_refusal_has_words_in_both_languages),
	};
	return cmocka_run_group_tests(tests, open_pool, close_pool);
}
