/*
 * S8 from the other side: files made to hurt a decoder, and a picture worker that lies. The server never believes,
 * never waits long, and never accepts a file that libjpeg has a complaint about.
 *
 * The workers are this program itself: main() looks for "worker" first.
 */
#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "document/picture.h"
#include "document/picture_facts.h"
#include "worker/sanitized.h"
#include "worker/worker.h"
#include "picture_samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h> /* last: it has a macro named fail */

#include <sys/wait.h>
#include <unistd.h>

#define MUTATIONS                                                                                  \
	(KAOWU_SANITIZED ? 150 : 2000) /* each starts two processes: slow with a sanitizer */

/* A worker that has fallen to a picture: its kind names the lie. */

static void answer_lie(const char *kind, struct picture_facts *facts)
{
	if (text_equal(kind, "no_outcome"))
		facts->outcome = 9;
	if (text_equal(kind, "no_colour"))
		facts->colour = 9;
	if (text_equal(kind, "no_size"))
		facts->width = 0;
	if (text_equal(kind, "huge_size"))
		facts->width = facts->height = UINT32_MAX;
	if (text_equal(kind, "too_many_pixels"))
		facts->width = facts->height = 60000;
	if (text_equal(kind, "too_heavy"))
		facts->outcome = OUTCOME_TOO_LARGE;
	if (text_equal(kind, "no_percentage"))
		facts->white_percent = 101;
}

static void lie(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)request;
	const char *kind = context;
	const struct sample sample = portrait_sample();
	struct bytes stored = jpeg_sample(arena, &sample);
	if (text_equal(kind, "crashes"))
		_exit(3);
	if (text_equal(kind, "page_to_keep"))
		stored = bytes_of("<script>alert(1)</script>", 25);
	if (text_equal(kind, "nothing_to_keep") || text_equal(kind, "too_heavy"))
		stored.size = 0;

	struct picture_facts facts = {.width = 295, .height = 413, .white_percent = 100};
	answer_lie(kind, &facts);
	uint8_t *all = arena_alloc(arena, sizeof(facts) + stored.size);
	memcpy(all, &facts, sizeof(facts));
	if (stored.size > 0)
		memcpy(all + sizeof(facts), stored.data, stored.size);
	*out = bytes_of(all, sizeof(facts) + stored.size);
	if (text_equal(kind, "half_the_facts"))
		out->size = sizeof(facts) / 2;
}

/* A judge: does libjpeg decode it without complaint? In a process for each file, which a complaint ends. */
static void complain(j_common_ptr reader)
{
	(void)reader;
	_exit(1);
}

static void complain_of(j_common_ptr reader, int level)
{
	if (level < 0)
		complain(reader);
}

static void decode(struct bytes jpeg)
{
	struct jpeg_decompress_struct reader;
	struct jpeg_error_mgr errors;
	reader.err = jpeg_std_error(&errors);
	errors.error_exit = complain;
	errors.emit_message = complain_of;
	jpeg_create_decompress(&reader);
	jpeg_mem_src(&reader, jpeg.data, jpeg.size);
	jpeg_read_header(&reader, TRUE);
	if ((uint64_t)reader.image_width * reader.image_height > LIMIT_PICTURE_PIXELS)
		complain(NULL);
	jpeg_start_decompress(&reader);
	uint8_t *row = malloc(4 * (size_t)reader.output_width);
	while (reader.output_scanline < reader.output_height)
		jpeg_read_scanlines(&reader, &row, 1);
	jpeg_finish_decompress(&reader);
	_exit(0);
}

static void judge(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	int status = 0;
	pid_t process = fork();
	if (process == 0)
		decode(request);
	bool sound = waitpid(process, &status, 0) == process && WIFEXITED(status) &&
		     WEXITSTATUS(status) == 0;
	*out = bytes_of(arena_text(arena, sound ? "sound" : "complaint"), 5);
}

static int be_a_child(char *kind)
{
	if (text_equal(kind, "picture"))
		return picture_worker_main();
	if (text_equal(kind, "leaves"))
		return 1;
	worker_child_send(bytes_of("ready", 5));
	worker_child_serve(text_equal(kind, "judge") ? judge : lie, kind);
	return 0;
}

static struct worker_pool *pool;
static struct arena *arena;
static struct error error;

static int begin(void **state)
{
	(void)state;
	pool = picture_pool_create("/proc/self/exe", 2);
	arena = arena_create(512u << 20);
	error = (struct error){.arena = arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	worker_pool_destroy(pool);
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
	return picture;
}

static void assert_refused_for(struct picture picture, const char *name)
{
	assert_false(picture.acceptable);
	assert_int_equal(picture.stored.size, 0);
	json_each(check, picture.checks) if (text_equal(json_get_text(check, "check"), name))
	{
		assert_false(json_get_true(check, "passed"));
		return;
	}
	fail_msg("no check %s: %s", name, json_print(arena, picture.checks));
}

/* Files made to hurt */

/* Width and height of the first frame header. */
static struct bytes with_jpeg_size(struct bytes jpeg, unsigned width, unsigned height)
{
	uint8_t *copy = arena_copy(arena, jpeg.data, jpeg.size);
	uint8_t *frame = memmem(copy, jpeg.size, "\xff\xc0", 2);
	assert_non_null(frame);
	frame[5] = (uint8_t)(height >> 8);
	frame[6] = (uint8_t)height;
	frame[7] = (uint8_t)(width >> 8);
	frame[8] = (uint8_t)width;
	return bytes_of(copy, jpeg.size);
}

/* Up to where the pixels begin. */
static struct bytes without_pixels(struct bytes jpeg)
{
	const uint8_t *scan = memmem(jpeg.data, jpeg.size, "\xff\xda", 2);
	assert_non_null(scan);
	return bytes_of(jpeg.data, (size_t)(scan - jpeg.data) + 2u + 256u * scan[2] + scan[3]);
}

static void a_jpeg_that_claims_to_be_enormous_is_not_decoded(void **state)
{
	(void)state;
	const struct sample sample = scan_sample();
	struct bytes bomb = with_jpeg_size(jpeg_sample(arena, &sample), 65500, 65500);
	struct picture picture = examine(PICTURE_SCAN, bomb);
	assert_refused_for(picture, "pixels");
	assert_int_equal(picture.width, 65500);
	assert_refused_for(examine(PICTURE_PORTRAIT, bomb), "pixels");
}

/* Whoever decoded it would miss the pixels: it is refused for their number, and for nothing that they say. */
static void a_jpeg_of_sixty_megapixels_is_refused_by_its_header(void **state)
{
	(void)state;
	const struct sample sample = scan_sample();
	struct bytes sound = jpeg_sample(arena, &sample);
	assert_refused_for(examine(PICTURE_SCAN, without_pixels(sound)), "decode");

	struct picture picture =
		examine(PICTURE_SCAN, without_pixels(with_jpeg_size(sound, 10000, 6000)));
	assert_refused_for(picture, "pixels");
	json_each(check, picture.checks)
	{
		bool pixels = text_equal(json_get_text(check, "check"), "pixels");
		assert_int_equal(json_get_true(check, "passed"), !pixels);
		if (!pixels)
			continue;
		assert_int_equal(json_get_integer(check, "value"), 60000000);
		assert_string_equal(json_get_text(check, "limit"), "≤50000000");
		assert_string_equal(json_get_text(check, "text_code"), "picture.pixels");
	}
}

static uint32_t png_checksum(const uint8_t *data, size_t size)
{
	uint32_t sum = UINT32_MAX;
	for (size_t i = 0; i < size; i++) {
		sum ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? UINT32_C(0xEDB88320) : 0);
	}
	return ~sum;
}

static void put_big_endian(uint8_t *at, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void a_png_that_claims_to_be_enormous_is_not_decoded(void **state)
{
	(void)state;
	static const uint32_t sides[] = {8000, 65500, 999999, 0x7fffffff};
	const struct sample sample = scan_sample();
	struct bytes sound = png_sample(arena, &sample, PNG_FORMAT_RGB);
	for (size_t i = 0; i < COUNT(sides); i++) {
		uint8_t *bomb = arena_copy(arena, sound.data, sound.size);
		put_big_endian(bomb + 16, sides[i]); /* IHDR: width, height */
		put_big_endian(bomb + 20, sides[i]);
		put_big_endian(bomb + 29, png_checksum(bomb + 12, 17));
		assert_refused_for(examine(PICTURE_SCAN, bytes_of(bomb, sound.size)),
			sides[i] < 1000000 ? "pixels" : "decode");
	}
}

static void progressive_scans_are_limited(void **state)
{
	(void)state;
	struct sample sample = scan_sample();
	sample.quarters = true;
	sample.progressive = true;
	sample.scans = LIMIT_PROGRESSIVE_SCANS;
	assert_true(examine(PICTURE_SCAN, jpeg_sample(arena, &sample)).acceptable);

	sample.scans = 190;
	assert_refused_for(examine(PICTURE_SCAN, jpeg_sample(arena, &sample)), "decode");
}

static bool libjpeg_complains(struct worker *judge_of_all, struct bytes jpeg)
{
	struct bytes answer;
	assert_int_equal(worker_call(judge_of_all, arena, jpeg, 5000, &answer, &error), OK);
	return answer.size != 5 || memcmp(answer.data, "sound", 5) != 0;
}

/* One to four bytes changed; every eighth time a piece cut out as well. */
static struct bytes mutate(struct bytes sound, uint32_t *seed)
{
	uint8_t *copy = arena_copy(arena, sound.data, sound.size);
	size_t size = sound.size;
	uint32_t changes = 1 + sample_noise(seed) % 4;
	for (uint32_t i = 0; i < changes; i++) {
		size_t at =
			(sample_noise(seed) << 16 | sample_noise(seed) << 8 | sample_noise(seed)) %
			size;
		if (sample_noise(seed) % 2)
			at %= 1024; /* the headers are worth more */
		copy[at] = (uint8_t)sample_noise(seed);
	}
	if (sample_noise(seed) % 8 == 0) {
		size_t from = sample_noise(seed) * 100u, length = 1 + sample_noise(seed);
		memmove(copy + from, copy + from + length, size - from - length);
		size -= length;
	}
	return bytes_of(copy, size);
}

static void no_mutation_that_libjpeg_complains_about_is_accepted(void **state)
{
	(void)state;
	const struct worker_settings settings = {
		.executable = "/proc/self/exe", .kind = "judge", .start_time_ms = 5000};
	struct worker *judge_of_all;
	assert_int_equal(worker_start(&settings, &judge_of_all, &error), OK);

	struct arena *kept = arena_create(16u << 20);
	struct sample sample = portrait_sample();
	sample.orientation = 1;
	struct bytes baseline = jpeg_sample(kept, &sample);
	sample.progressive = true;
	struct bytes progressive = jpeg_sample(kept, &sample);

	unsigned accepted = 0, complaints = 0;
	uint32_t seed = 20261122;
	for (int i = 0; i < MUTATIONS; i++) {
		arena_reset(arena);
		struct bytes mutated = mutate(i % 4 ? baseline : progressive, &seed);
		struct picture picture = examine(PICTURE_PORTRAIT, mutated);
		bool complains = libjpeg_complains(judge_of_all, mutated);
		complaints += complains;
		accepted += picture.acceptable;
		assert_false(complains && picture.acceptable);
		assert_false(picture.acceptable && libjpeg_complains(judge_of_all, picture.stored));
	}
	struct worker_pool_counts counts = worker_pool_counts(pool);
	print_message("%d mutations: libjpeg complains of %u, %u accepted, %u calls failed\n",
		MUTATIONS, complaints, accepted, (unsigned)counts.failed_calls);
	assert_true(complaints > MUTATIONS / 4);
	assert_true(accepted > 0);
	assert_int_equal(counts.failed_calls, 0);
	assert_int_equal(counts.failed_starts, 0);
	worker_stop(judge_of_all);
	arena_destroy(kept);
}

static void random_bytes_behind_the_right_first_ones_are_refused(void **state)
{
	(void)state;
	uint32_t seed = 1;
	for (int i = 0; i < 30; i++) {
		uint8_t *content = arena_alloc(arena, 50000);
		for (size_t at = 0; at < 50000; at++)
			content[at] = (uint8_t)sample_noise(&seed);
		memcpy(content, i % 2 ? "\xff\xd8\xff\xe0" : "\x89PNG\r\n\x1a\n", i % 2 ? 4 : 8);
		assert_refused_for(examine(PICTURE_SCAN, bytes_of(content, 50000)), "decode");
	}
}

/* A worker that lies */

static enum result examine_by(const char *kind, struct picture *out)
{
	const struct worker_settings settings = {
		.executable = "/proc/self/exe", .kind = kind, .start_time_ms = 5000, .calls = 1};
	const struct sample sample = portrait_sample();
	struct worker_pool *liars = worker_pool_create(&settings, 1);
	error = (struct error){.arena = arena};
	enum result rc = picture_examine(
		liars, arena, PICTURE_PORTRAIT, jpeg_sample(arena, &sample), out, &error);
	worker_pool_destroy(liars);
	return rc;
}

static void an_honest_answer_of_the_liar_is_believed(void **state)
{
	(void)state;
	struct picture picture;
	assert_int_equal(examine_by("honest", &picture), OK);
	assert_true(picture.acceptable);
}

static void impossible_answers_are_trouble_and_accept_nothing(void **state)
{
	(void)state;
	static const char *const lies[] = {"no_outcome", "no_colour", "no_size", "huge_size",
		"too_many_pixels", "no_percentage", "half_the_facts", "page_to_keep",
		"nothing_to_keep"};
	for (size_t i = 0; i < COUNT(lies); i++) {
		struct picture picture = {.width = 7};
		assert_int_equal(examine_by(lies[i], &picture), BROKEN);
		assert_string_equal(error.code, "picture.answer");
		assert_int_equal(picture.width, 7); /* untouched */
	}
}

static void a_picture_that_kills_its_worker_counts_as_damaged(void **state)
{
	(void)state;
	struct picture picture;
	assert_int_equal(examine_by("crashes", &picture), OK);
	assert_refused_for(picture, "decode");
	assert_null(error.code);
}

static void a_picture_of_few_pixels_that_is_too_large_is_not_refused_for_its_pixels(void **state)
{
	(void)state;
	struct picture picture;
	assert_int_equal(examine_by("too_heavy", &picture), OK);
	assert_refused_for(picture, "pixels");
	assert_string_equal(
		json_get_text(json_find(picture.checks, "check", "pixels"), "text_code"),
		"picture.heavy");
}

static void a_worker_that_does_not_start_is_the_server_s_trouble(void **state)
{
	(void)state;
	struct picture picture;
	assert_int_equal(examine_by("leaves", &picture), BROKEN);
	assert_string_equal(error.code, "worker.start");
}

int main(int count, char **arguments)
{
	if (count >= 3 && text_equal(arguments[1], "worker"))
		return be_a_child(arguments[2]);

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_jpeg_that_claims_to_be_enormous_is_not_decoded),
		TEST(a_jpeg_of_sixty_megapixels_is_refused_by_its_header),
		TEST(a_png_that_claims_to_be_enormous_is_not_decoded),
		TEST(progressive_scans_are_limited),
		TEST(no_mutation_that_libjpeg_complains_about_is_accepted),
		TEST(random_bytes_behind_the_right_first_ones_are_refused),
		TEST(an_honest_answer_of_the_liar_is_believed),
		TEST(impossible_answers_are_trouble_and_accept_nothing),
		TEST(a_picture_that_kills_its_worker_counts_as_damaged),
		TEST(a_picture_of_few_pixels_that_is_too_large_is_not_refused_for_its_pixels),
		TEST(a_worker_that_does_not_start_is_the_server_s_trouble),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
