/*
 * Turning pictures upright, and looking at their border (picture_raster.h).
 */
#include "picture_raster.h"

#include <stdbool.h>
#include <string.h>

#define ORIENTATION_TAG  0x0112
#define TYPE_SHORT       3
#define TIFF_HEADER_SIZE 8
#define TIFF_ENTRY_SIZE  12

/* The border of a portrait: its top, and its sides as far down as no shoulder reaches. */
#define TOP_PERCENT        5
#define SIDE_PERCENT       6
#define SIDE_DEPTH_PERCENT 40

/* White under any lamp: bright, and hardly tinted. */
#define WHITE_LEVEL 210
#define WHITE_TINT  32

struct tiff {
	struct bytes data;
	bool big_endian;
};

/* 0 beyond the end. */
static uint32_t tiff_number(const struct tiff *tiff, size_t at, unsigned size)
{
	if (at + size > tiff->data.size)
		return 0;

	uint32_t number = 0;
	for (unsigned i = 0; i < size; i++)
		number = number << 8 | tiff->data.data[at + (tiff->big_endian ? i : size - 1 - i)];
	return number;
}

static unsigned tiff_orientation(const struct tiff *tiff)
{
	size_t folder = tiff_number(tiff, 4, 4);
	uint32_t count = tiff_number(tiff, folder, 2);
	for (uint32_t i = 0; i < count; i++) {
		size_t entry = folder + 2 + (size_t)i * TIFF_ENTRY_SIZE;
		if (tiff_number(tiff, entry, 2) == ORIENTATION_TAG &&
			tiff_number(tiff, entry + 2, 2) == TYPE_SHORT)
			return tiff_number(tiff, entry + 8, 2);
	}
	return 1;
}

unsigned exif_orientation(struct bytes block)
{
	static const char mark[6] = "Exif\0";
	if (block.size < sizeof(mark) + TIFF_HEADER_SIZE)
		return 1;
	if (memcmp(block.data, mark, sizeof(mark)) != 0)
		return 1;

	const struct tiff tiff = {
		.data = bytes_of(block.data + sizeof(mark), block.size - sizeof(mark)),
		.big_endian = block.data[sizeof(mark)] == 'M',
	};
	unsigned orientation = tiff_orientation(&tiff);
	return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

static bool lies_on_its_side(const struct raster *raster)
{
	return raster->orientation >= 5;
}

uint32_t raster_width(const struct raster *raster)
{
	return lies_on_its_side(raster) ? raster->height : raster->width;
}

uint32_t raster_height(const struct raster *raster)
{
	return lies_on_its_side(raster) ? raster->width : raster->height;
}

/* Exif names the eight ways by where the first row and column are seen; they are a swap and two mirrors. */
static const uint8_t *upright_pixel(const struct raster *raster, uint32_t x, uint32_t y)
{
	static const bool mirror_x[9] = {[2] = true, [3] = true, [7] = true, [8] = true};
	static const bool mirror_y[9] = {[3] = true, [4] = true, [6] = true, [7] = true};
	uint32_t stored_x = lies_on_its_side(raster) ? y : x;
	uint32_t stored_y = lies_on_its_side(raster) ? x : y;
	if (mirror_x[raster->orientation])
		stored_x = raster->width - 1 - stored_x;
	if (mirror_y[raster->orientation])
		stored_y = raster->height - 1 - stored_y;
	return raster->pixels + 3 * ((size_t)stored_y * raster->width + stored_x);
}

void raster_row(const struct raster *raster, uint32_t y, uint8_t *out)
{
	uint32_t width = raster_width(raster);
	for (uint32_t x = 0; x < width; x++)
		memcpy(out + 3 * (size_t)x, upright_pixel(raster, x, y), 3);
}

static bool white(const uint8_t *pixel)
{
	uint8_t least = pixel[0], most = pixel[0];
	for (int i = 1; i < 3; i++) {
		least = pixel[i] < least ? pixel[i] : least;
		most = pixel[i] > most ? pixel[i] : most;
	}
	return least >= WHITE_LEVEL && most - least <= WHITE_TINT;
}

uint32_t raster_white_percent(const struct raster *raster)
{
	uint32_t width = raster_width(raster), height = raster_height(raster);
	uint32_t top = height * TOP_PERCENT / 100 + 1;
	uint32_t depth = height * SIDE_DEPTH_PERCENT / 100 + 1;
	uint32_t side = width * SIDE_PERCENT / 100 + 1;
	uint64_t all = 0, white_ones = 0;

	for (uint32_t y = 0; y < depth; y++)
		for (uint32_t x = 0; x < width; x++) {
			if (y >= top && x >= side && x + side < width)
				continue;
			all++;
			white_ones += white(upright_pixel(raster, x, y));
		}
	return (uint32_t)(white_ones * 100 / all);
}
