/*
 * The server's side of a picture: one question to the sandbox, and the verdict on what comes back (picture.h).
 *
 * The hard thing is whom to believe: the facts come from a process that has just read a stranger's file. A lie can
 * only spoil the liar's own picture; ranges are checked so that it spoils nothing else. The rules themselves stand
 * here, outside.
 */
#include "picture.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "picture_facts.h"
#include "worker/worker.h"

enum format { FORMAT_JPEG, FORMAT_PNG, FORMAT_HEIC, FORMAT_PDF, FORMAT_UNKNOWN };

static const char *const format_names[] = {"JPEG", "PNG", "HEIC", "PDF", "unknown"};
static const char *const colour_names[] = {"colour", "grey", "CMYK"};

/* What is being put together. */
struct examination {
	struct arena *arena;
	enum picture_kind kind;
	struct bytes content;
	enum format format;
	struct picture_facts facts;
	struct picture picture;
};

static bool starts_with(struct bytes content, size_t at, const char *mark, size_t size)
{
	return content.size >= at + size && memcmp(content.data + at, mark, size) == 0;
}

/* An ISO base media file names its brand after "ftyp"; these are the still pictures of telephones. */
static bool is_heic(struct bytes content)
{
	static const char brands[][5] = {
		"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"};
	if (!starts_with(content, 4, "ftyp", 4))
		return false;
	for (size_t i = 0; i < COUNT(brands); i++)
		if (starts_with(content, 8, brands[i], 4))
			return true;
	return false;
}

/* For the right words only: what the file really is, decoding shows. */
static enum format format_of(struct bytes content)
{
	if (starts_with(content, 0, "\xff\xd8\xff", 3))
		return FORMAT_JPEG;
	if (starts_with(content, 0, "\x89PNG\r\n\x1a\n", 8))
		return FORMAT_PNG;
	if (starts_with(content, 0, "%PDF-", 5))
		return FORMAT_PDF;
	return is_heic(content) ? FORMAT_HEIC : FORMAT_UNKNOWN;
}

static void note(struct examination *about, const char *check, bool passed, json *value,
	const char *limit, const char *text_code)
{
	json *row = json_new_object(about->arena);
	json_set_text(about->arena, row, "check", check);
	json_set_boolean(about->arena, row, "passed", passed);
	json_set(about->arena, row, "value", value);
	json_set_text(about->arena, row, "limit", limit);
	json_set_text(about->arena, row, "text_code", text_code);
	json_append(about->picture.checks, row);
	about->picture.acceptable = about->picture.acceptable && passed;
}

static bool is_portrait(const struct examination *about)
{
	return about->kind == PICTURE_PORTRAIT;
}

static json *number(const struct examination *about, int64_t value)
{
	return json_new_integer(about->arena, value);
}

static json *text(const struct examination *about, const char *value)
{
	return json_new_text(about->arena, value);
}

static bool check_format(struct examination *about)
{
	bool decodable = about->format == FORMAT_JPEG || about->format == FORMAT_PNG;
	bool passed = about->format == FORMAT_JPEG || (decodable && !is_portrait(about));
	const char *code = is_portrait(about) ? "picture.format" : "picture.format_scan";
	if (about->format == FORMAT_HEIC)
		code = "picture.heic";
	if (about->format == FORMAT_PDF)
		code = "picture.pdf";
	note(about, "format", passed, text(about, format_names[about->format]),
		is_portrait(about) ? "JPEG" : "JPEG, PNG", code);
	return decodable;
}

static bool check_bytes(struct examination *about)
{
	uint32_t least = is_portrait(about) ? LIMIT_PORTRAIT_BYTES_MIN : 1;
	uint32_t most = is_portrait(about) ? LIMIT_PORTRAIT_BYTES_MAX : LIMIT_SCAN_BYTES;
	size_t size = about->content.size;
	note(about, "bytes", size >= least && size <= most, number(about, (int64_t)size),
		arena_printf(about->arena, "%u–%u", least, most),
		is_portrait(about) ? "picture.bytes" : "picture.bytes_scan");
	return size > 0 && size <= LIMIT_SCAN_BYTES;
}

static void check_pixels(struct examination *about)
{
	int64_t pixels = (int64_t)about->facts.width * about->facts.height;
	/* Not more pixels than there may be, and yet more bytes, in memory or as it would be kept, than have room. */
	bool heavy = pixels <= LIMIT_PICTURE_PIXELS;
	note(about, "pixels", about->facts.outcome != OUTCOME_TOO_LARGE, number(about, pixels),
		arena_printf(about->arena, "≤%u", LIMIT_PICTURE_PIXELS),
		heavy ? "picture.heavy" : "picture.pixels");
}

/* How often the decoder complained; giving up counts as well. */
static void check_decoding(struct examination *about)
{
	int64_t complaints = about->facts.warnings + (about->facts.outcome == OUTCOME_DAMAGED);
	note(about, "decode", complaints == 0, number(about, complaints), "0", "picture.decode");
}

static void check_colour(struct examination *about)
{
	uint32_t colour = about->facts.colour;
	bool passed = colour == COLOUR_FULL || (colour == COLOUR_GREY && !is_portrait(about));
	note(about, "colour", passed, text(about, colour_names[colour]),
		is_portrait(about) ? "colour" : "colour, grey",
		is_portrait(about) ? "picture.colour" : "picture.colour_scan");
}

static void check_portrait_size(struct examination *about)
{
	uint32_t width = about->facts.width, height = about->facts.height;
	note(about, "size",
		width >= PORTRAIT_WIDTH && width <= PORTRAIT_WIDTH_MAX &&
			height >= PORTRAIT_HEIGHT && height <= PORTRAIT_HEIGHT_MAX,
		text(about, arena_printf(about->arena, "%u×%u", width, height)),
		arena_printf(about->arena, "%u×%u–%u×%u", PORTRAIT_WIDTH, PORTRAIT_HEIGHT,
			PORTRAIT_WIDTH_MAX, PORTRAIT_HEIGHT_MAX),
		"picture.size");
}

static void check_scan_size(struct examination *about)
{
	uint32_t width = about->facts.width, height = about->facts.height;
	uint32_t side = width < height ? width : height;
	note(about, "size", side >= SCAN_SIDE_MIN, number(about, side),
		arena_printf(about->arena, "≥%u", SCAN_SIDE_MIN), "picture.size_scan");
}

static const char *per_mille(struct arena *arena, uint32_t value)
{
	return arena_printf(arena, "%u.%03u", value / 1000, value % 1000);
}

static void check_proportion(struct examination *about)
{
	uint32_t proportion = 1000 * about->facts.width / about->facts.height;
	note(about, "proportion",
		proportion >= PORTRAIT_PROPORTION_MIN && proportion <= PORTRAIT_PROPORTION_MAX,
		text(about, per_mille(about->arena, proportion)),
		arena_printf(about->arena, "%s–%s",
			per_mille(about->arena, PORTRAIT_PROPORTION_MIN),
			per_mille(about->arena, PORTRAIT_PROPORTION_MAX)),
		"picture.proportion");
}

static void check_background(struct examination *about)
{
	uint32_t white = about->facts.white_percent;
	note(about, "background", white >= PORTRAIT_WHITE_PERCENT_MIN, number(about, white),
		arena_printf(about->arena, "≥%u", PORTRAIT_WHITE_PERCENT_MIN),
		"picture.background");
}

/* All that can be told from the facts is told at once. */
static void check_facts(struct examination *about)
{
	bool measured = about->facts.width > 0;
	if (about->facts.outcome == OUTCOME_TOO_LARGE || (measured && !is_portrait(about)))
		check_pixels(about);
	if (about->facts.outcome == OUTCOME_DECODED || about->facts.outcome == OUTCOME_DAMAGED)
		check_decoding(about);
	if (!measured)
		return;

	check_colour(about);
	if (!is_portrait(about)) {
		check_scan_size(about);
		return;
	}
	check_portrait_size(about);
	check_proportion(about);
	if (about->facts.outcome == OUTCOME_DECODED)
		check_background(about);
}

static bool facts_possible(const struct picture_facts *facts)
{
	bool sides = facts->width <= 1000000 && facts->height <= 1000000 &&
		     (facts->width > 0) == (facts->height > 0);
	bool decoded = facts->outcome == OUTCOME_DECODED;
	return facts->outcome <= OUTCOME_COLOUR && facts->colour <= COLOUR_PRINT && sides &&
	       facts->white_percent <= 100 &&
	       (!decoded || (facts->width > 0 && (uint64_t)facts->width * facts->height <=
							 LIMIT_PICTURE_PIXELS));
}

static bool is_whole_jpeg(struct bytes stored)
{
	return starts_with(stored, 0, "\xff\xd8\xff", 3) &&
	       memcmp(stored.data + stored.size - 2, "\xff\xd9", 2) == 0;
}

static enum result read_answer(struct examination *about, struct bytes answer, struct error *error)
{
	struct picture_facts facts;
	if (answer.size < sizeof(facts))
		return trouble(error, BROKEN, "picture.answer", "%zu bytes", answer.size);
	memcpy(&facts, answer.data, sizeof(facts));
	if (!facts_possible(&facts))
		return trouble(error, BROKEN, "picture.answer", "outcome %u, %u by %u, colour %u",
			facts.outcome, facts.width, facts.height, facts.colour);

	about->facts = facts;
	about->picture.width = facts.width;
	about->picture.height = facts.height;
	about->picture.stored = bytes_of(answer.data + sizeof(facts), answer.size - sizeof(facts));
	return OK;
}

/* The decoder's death is the picture's fault; a missed deadline may be the server's. */
static enum result judge_failure(
	struct examination *about, enum result rc, struct error *failure, struct error *error)
{
	if (text_equal(failure->code, "worker.crashed") ||
		text_equal(failure->code, "worker.frame")) {
		about->facts.outcome = OUTCOME_DAMAGED;
		return OK;
	}
	if (text_equal(failure->code, "worker.deadline"))
		return trouble(error, BUSY, "picture.deadline", "%s", failure->internal);
	if (!error->code)
		*error = *failure;
	return rc;
}

static enum result ask_worker(
	struct examination *about, struct worker_pool *pool, struct error *error)
{
	uint8_t *request = arena_alloc(about->arena, 1 + about->content.size);
	request[0] = (uint8_t)about->kind;
	memcpy(request + 1, about->content.data, about->content.size);

	struct error failure = {.arena = error->arena};
	struct bytes answer;
	enum result rc =
		worker_pool_call(pool, about->arena, bytes_of(request, 1 + about->content.size),
			LIMIT_WORKER_CALL_TIME, &answer, &failure);
	if (rc)
		return judge_failure(about, rc, &failure, error);
	return read_answer(about, answer, error);
}

enum result picture_examine(struct worker_pool *pool, struct arena *arena, enum picture_kind kind,
	struct bytes content, struct picture *out, struct error *error)
{
	struct examination about = {.arena = arena,
		.kind = kind,
		.content = content,
		.format = format_of(content),
		.picture = {.acceptable = true, .checks = json_new_array(arena)}};
	bool decodable = check_format(&about);
	bool affordable = check_bytes(&about);
	if (decodable && affordable) {
		enum result rc = ask_worker(&about, pool, error);
		if (rc)
			return rc;
		check_facts(&about);
	}

	if (about.picture.acceptable && !is_whole_jpeg(about.picture.stored))
		return trouble(error, BROKEN, "picture.answer", "no version to keep");
	if (about.picture.acceptable)
		about.picture.media_type = "image/jpeg";
	else
		about.picture.stored = bytes_of(NULL, 0);
	*out = about.picture;
	return OK;
}

static const char *shown(struct arena *arena, const json *value)
{
	return json_is_text(value) ? json_text(value) : json_print(arena, value);
}

void picture_faults(struct arena *arena, const struct picture *picture, const char *pointer,
	struct error *error)
{
	json_each(check, picture->checks) if (!json_get_true(check, "passed"))
		fault_add(error, pointer, json_get_text(check, "text_code"), "value",
			shown(arena, json_get(check, "value")), "limit",
			json_get_text(check, "limit"), NULL);
}

struct worker_pool *picture_pool_create(const char *executable, unsigned count)
{
	const struct worker_settings settings = {
		.executable = executable,
		.kind = "picture",
		.start_time_ms = LIMIT_WORKER_START_TIME,
		.calls = 1,
	};
	return worker_pool_create(&settings, count);
}
