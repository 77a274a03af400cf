/*
 * The process that decodes a stranger's picture.
 *
 * It looks at one picture, says what it saw (picture_facts.h), and is thrown away: whatever the picture does to it,
 * it has nothing and reaches nothing. A decoder that gives up ends the process after the answer; memory is left to
 * its end.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <png.h>

#include "base/arena.h"
#include "base/limits.h"
#include "picture.h"
#include "picture_facts.h"
#include "picture_jpeg.h"
#include "picture_raster.h"
#include "worker/worker.h"

#define SCAN_QUALITY         85
#define PORTRAIT_QUALITY_MIN 1 /* of a picture that is poor already no better version is as small */
#define PORTRAIT_QUALITY_MAX 100

static struct picture_facts facts; /* of the picture before us */

static __attribute__((noreturn)) void give_up(enum picture_outcome outcome)
{
	facts.outcome = outcome;
	worker_child_send(bytes_of(&facts, sizeof(facts)));
	_exit(EXIT_SUCCESS);
}

/* By libpng's simplified interface, which reads every kind of PNG as eight bits a colour. What shines through
 * becomes white. */
static bool png_read(struct bytes content, struct raster *raster)
{
	static const png_color white = {255, 255, 255};
	png_image image = {.version = PNG_IMAGE_VERSION};
	if (!png_image_begin_read_from_memory(&image, content.data, content.size))
		give_up(OUTCOME_DAMAGED);

	*raster = (struct raster){.width = image.width, .height = image.height, .orientation = 1};
	facts.width = image.width;
	facts.height = image.height;
	facts.colour = image.format & PNG_FORMAT_FLAG_COLOR ? COLOUR_FULL : COLOUR_GREY;
	if ((uint64_t)image.width * image.height > LIMIT_PICTURE_PIXELS)
		give_up(OUTCOME_TOO_LARGE);

	image.format = PNG_FORMAT_RGB;
	image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
	raster->pixels = malloc(PNG_IMAGE_SIZE(image));
	if (!raster->pixels)
		give_up(OUTCOME_TOO_LARGE);
	if (!png_image_finish_read(&image, &white, raster->pixels, 0, NULL))
		give_up(OUTCOME_DAMAGED);
	return true;
}

static bool is_png(struct bytes content)
{
	return content.size >= 8 && png_sig_cmp(content.data, 0, 8) == 0;
}

static bool fits_portrait(size_t size)
{
	return size >= LIMIT_PORTRAIT_BYTES_MIN && size <= LIMIT_PORTRAIT_BYTES_MAX;
}

/* The best quality that stays within the bytes of a portrait, by bisection. */
static struct bytes write_portrait(const struct raster *raster)
{
	int low = PORTRAIT_QUALITY_MIN, high = PORTRAIT_QUALITY_MAX;
	struct bytes best = {NULL, 0};
	while (low <= high) {
		int quality = (low + high) / 2;
		struct bytes written = jpeg_write(raster, quality, give_up);
		if (written.size <= LIMIT_PORTRAIT_BYTES_MAX) {
			best = written;
			low = quality + 1;
		} else {
			high = quality - 1;
		}
	}
	return best;
}

/* Without new loss where that is possible; made anew where it must be turned, or its size without metadata is not
 * as it must be. */
static struct bytes portrait_to_keep(struct bytes content, const struct raster *raster)
{
	struct bytes copy = {NULL, 0};
	if (facts.width > PORTRAIT_WIDTH_MAX || facts.height > PORTRAIT_HEIGHT_MAX)
		return copy; /* will be refused; no work is wasted on it */
	if (raster->orientation == 1)
		copy = jpeg_copy(content, &facts.warnings, give_up);
	if (fits_portrait(copy.size))
		return copy;

	struct bytes anew = write_portrait(raster);
	return fits_portrait(anew.size) || copy.size == 0 ? anew : copy;
}

/* Nobody looks at a scan's pixels here: they are made only where they must be turned or are not JPEG yet. */
static struct bytes examine_scan(struct bytes content)
{
	struct raster raster = {0};
	bool png = is_png(content);
	if (!png && !jpeg_head(content, &facts, &raster, give_up))
		return bytes_of(NULL, 0);
	if (!png && raster.orientation == 1)
		return jpeg_copy(content, &facts.warnings, give_up);

	bool decoded =
		png ? png_read(content, &raster) : jpeg_read(content, &facts, &raster, give_up);
	if (!decoded || facts.warnings > 0)
		return bytes_of(NULL, 0);
	return jpeg_write(&raster, SCAN_QUALITY, give_up);
}

static struct bytes examine_portrait(struct bytes content)
{
	struct raster raster = {0};
	bool png = is_png(content);
	bool decoded =
		png ? png_read(content, &raster) : jpeg_read(content, &facts, &raster, give_up);
	if (decoded)
		facts.white_percent = raster_white_percent(&raster);
	if (!decoded || facts.warnings > 0 || png)
		return bytes_of(NULL, 0);
	return portrait_to_keep(content, &raster);
}

static struct bytes examine(enum picture_kind kind, struct bytes content)
{
	return kind == PICTURE_PORTRAIT ? examine_portrait(content) : examine_scan(content);
}

static void answer(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	if (request.size < 1)
		give_up(OUTCOME_DAMAGED);
	facts = (struct picture_facts){0};
	struct bytes stored = examine(
		(enum picture_kind)request.data[0], bytes_of(request.data + 1, request.size - 1));
	if (stored.size > LIMIT_WORKER_FRAME - sizeof(facts))
		give_up(OUTCOME_TOO_LARGE);

	uint8_t *all = arena_alloc(arena, sizeof(facts) + stored.size);
	memcpy(all, &facts, sizeof(facts));
	if (stored.size > 0)
		memcpy(all + sizeof(facts), stored.data, stored.size);
	*out = bytes_of(all, sizeof(facts) + stored.size);
}

int picture_worker_main(void)
{
	worker_child_enter(LIMIT_WORKER_MEMORY, NULL);
	worker_child_seal();
	worker_child_send(bytes_of("ready", 5));
	worker_child_serve(answer, NULL);
	return EXIT_SUCCESS;
}
