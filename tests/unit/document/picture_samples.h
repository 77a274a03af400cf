/*
 * Pictures drawn for the tests, so that no photograph of anybody has to lie in the repository.
 *
 * A sample is described by a struct and written by libjpeg or libpng. The "person" is coloured noise, which also
 * gives the file its bytes.
 */
#ifndef KAOWU_TESTS_PICTURE_SAMPLES_H
#define KAOWU_TESTS_PICTURE_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/arena.h"
#include "base/bytes.h"

struct sample {
	uint32_t width, height; /* as a person sees it */
	uint8_t background[3];
	int quality;
	J_COLOR_SPACE space; /* JCS_YCbCr if it is JCS_UNKNOWN */
	bool progressive;
	unsigned scans; /* of a progressive picture, one coefficient each; 0: the usual ones */
	bool apart;     /* a scan for each component */
	bool own_codes; /* those that are best for it, not the standard's */
	unsigned restart_rows;
	unsigned orientation;  /* stored that way, with an Exif block that says so; 0: none */
	size_t metadata_bytes; /* of a comment */
	bool quarters;         /* red, green, blue and grey instead of a person */
};

static inline struct sample portrait_sample(void)
{
	return (struct sample){
		.width = 295, .height = 413, .background = {250, 250, 250}, .quality = 95};
}

static inline struct sample scan_sample(void)
{
	return (struct sample){
		.width = 800, .height = 1100, .background = {240, 238, 230}, .quality = 80};
}

/* The same in every run. */
static inline uint32_t sample_noise(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 24;
}

static inline void draw_quarter(const struct sample *sample, uint32_t x, uint32_t y, uint8_t *pixel)
{
	static const uint8_t colours[4][3] = {
		{220, 30, 30}, {30, 200, 30}, {30, 30, 220}, {128, 128, 128}};
	unsigned quarter = (y * 2 >= sample->height ? 2u : 0u) + (x * 2 >= sample->width ? 1u : 0u);
	memcpy(pixel, colours[quarter], 3);
}

/* Head and shoulders stand in the middle, from a tenth of the height down to the lower edge. */
static inline void draw_pixel(
	const struct sample *sample, uint32_t x, uint32_t y, uint32_t *seed, uint8_t *pixel)
{
	uint32_t margin = y * 2 < sample->height ? sample->width / 4 : sample->width / 12;
	bool person = y * 10 >= sample->height && x >= margin && x + margin < sample->width;
	memcpy(pixel, sample->background, 3);
	if (sample->quarters)
		draw_quarter(sample, x, y, pixel);
	else if (person)
		for (int i = 0; i < 3; i++)
			pixel[i] = (uint8_t)(150 - 40 * i + (int)sample_noise(seed) % 64);
}

/* Where on the seen picture a stored row or column lies that is counted from this edge. */
static inline void place_from(
	const struct sample *sample, char edge, uint32_t count, uint32_t *x, uint32_t *y)
{
	if (edge == 'T')
		*y = count;
	if (edge == 'B')
		*y = sample->height - 1 - count;
	if (edge == 'L')
		*x = count;
	if (edge == 'R')
		*x = sample->width - 1 - count;
}

static inline bool lies_on_its_side(const struct sample *sample)
{
	return sample->orientation >= 5;
}

static inline uint32_t stored_width(const struct sample *sample)
{
	return lies_on_its_side(sample) ? sample->height : sample->width;
}

static inline uint32_t stored_height(const struct sample *sample)
{
	return lies_on_its_side(sample) ? sample->width : sample->height;
}

/* The pixels in the order in which they are stored. */
static inline uint8_t *draw(struct arena *arena, const struct sample *sample)
{
	/* Exif 2.3: on which side row 0 is seen, and on which side column 0. */
	static const char edges[9][3] = {"TL", "TL", "TR", "BR", "BL", "LT", "RT", "RB", "LB"};
	const char *from = edges[sample->orientation];
	size_t count = (size_t)sample->width * sample->height;
	uint8_t *pixels = arena_alloc(arena, 3 * count);
	uint32_t seed = 7, x = 0, y = 0;
	for (uint32_t row = 0; row < stored_height(sample); row++)
		for (uint32_t column = 0; column < stored_width(sample); column++) {
			place_from(sample, from[0], row, &x, &y);
			place_from(sample, from[1], column, &x, &y);
			draw_pixel(sample, x, y, &seed, pixels);
			pixels += 3;
		}
	return pixels - 3 * count;
}

/* Big-endian TIFF with two entries: the orientation, and a text where a telephone would name the place. */
static inline void write_exif(struct jpeg_compress_struct *writer, unsigned orientation)
{
	uint8_t block[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x0E,
		0, 2, 0, 0, 0, 10, 0, 0, 0, 38, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		0, 'G', 'P', 'S', ' ', 's', 'e', 'c', 'r', 'e', 't'};
	block[37] = (uint8_t)orientation;
	jpeg_write_marker(writer, JPEG_APP0 + 1, block, sizeof(block));
}

static inline void write_comment(struct jpeg_compress_struct *writer, size_t size)
{
	uint8_t block[60000];
	memset(block, 'c', sizeof(block));
	memcpy(block, "secret comment", 14);
	jpeg_write_marker(writer, JPEG_COM, block, (unsigned)size);
}

/* First the constant term of all three, then one coefficient after the other of each. */
static inline void plan_scans(
	struct arena *arena, struct jpeg_compress_struct *writer, unsigned scans)
{
	jpeg_scan_info *plan = NEW_ARRAY(arena, jpeg_scan_info, scans);
	plan[0] = (jpeg_scan_info){3, {0, 1, 2, 0}, 0, 0, 0, 0};
	for (unsigned i = 1; i < scans; i++)
		plan[i] = (jpeg_scan_info){1, {(int)((i - 1) / 63), 0, 0, 0},
			(int)((i - 1) % 63) + 1, (int)((i - 1) % 63) + 1, 0, 0};
	writer->scan_info = plan;
	writer->num_scans = (int)scans;
}

static inline void plan_components(struct arena *arena, struct jpeg_compress_struct *writer)
{
	jpeg_scan_info *plan = NEW_ARRAY(arena, jpeg_scan_info, (size_t)writer->num_components);
	for (int i = 0; i < writer->num_components; i++)
		plan[i] = (jpeg_scan_info){1, {i, 0, 0, 0}, 0, 63, 0, 0};
	writer->scan_info = plan;
	writer->num_scans = writer->num_components;
}

static inline void write_rows(struct jpeg_compress_struct *writer, uint8_t *pixels)
{
	int components = writer->input_components;
	uint8_t *row = malloc((size_t)writer->image_width * (size_t)components);
	while (writer->next_scanline < writer->image_height) {
		for (uint32_t x = 0; x < writer->image_width; x++) {
			const uint8_t *pixel =
				pixels +
				3 * ((size_t)writer->next_scanline * writer->image_width + x);
			for (int i = 0; i < components; i++)
				row[x * (uint32_t)components + (uint32_t)i] = pixel[i % 3];
		}
		jpeg_write_scanlines(writer, &row, 1);
	}
	free(row);
}

static inline struct bytes jpeg_sample(struct arena *arena, const struct sample *sample)
{
	struct jpeg_compress_struct writer;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long size = 0;
	writer.err = jpeg_std_error(&errors);
	jpeg_create_compress(&writer);
	jpeg_mem_dest(&writer, &out, &size);

	J_COLOR_SPACE space = sample->space == JCS_UNKNOWN ? JCS_YCbCr : sample->space;
	writer.image_width = stored_width(sample);
	writer.image_height = stored_height(sample);
	writer.input_components = space == JCS_GRAYSCALE ? 1 : space == JCS_CMYK ? 4 : 3;
	writer.in_color_space = space == JCS_YCbCr ? JCS_RGB : space;
	jpeg_set_defaults(&writer);
	jpeg_set_colorspace(&writer, space);
	jpeg_set_quality(&writer, sample->quality, TRUE);
	if (sample->progressive && sample->scans == 0)
		jpeg_simple_progression(&writer);
	if (sample->scans > 0)
		plan_scans(arena, &writer, sample->scans);
	if (sample->apart)
		plan_components(arena, &writer);
	writer.optimize_coding = sample->own_codes;
	writer.restart_in_rows = (int)sample->restart_rows;

	jpeg_start_compress(&writer, TRUE);
	if (sample->orientation > 0)
		write_exif(&writer, sample->orientation);
	if (sample->metadata_bytes > 0)
		write_comment(&writer, sample->metadata_bytes);
	write_rows(&writer, draw(arena, sample));
	jpeg_finish_compress(&writer);
	jpeg_destroy_compress(&writer);

	struct bytes copy = bytes_of(arena_copy(arena, out, size), size);
	free(out);
	return copy;
}

/* `format` is PNG_FORMAT_RGB, PNG_FORMAT_LINEAR_RGB (sixteen bits) or PNG_FORMAT_RGBA (black, wholly transparent). */
static inline struct bytes png_sample(
	struct arena *arena, const struct sample *sample, unsigned format)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
		.width = sample->width,
		.height = sample->height,
		.format = format};
	size_t count = 3 * (size_t)sample->width * sample->height;
	uint8_t *eight = draw(arena, sample);
	void *pixels = eight;
	if (format == PNG_FORMAT_LINEAR_RGB) {
		uint16_t *sixteen = NEW_ARRAY(arena, uint16_t, count);
		for (size_t i = 0; i < count; i++)
			sixteen[i] = (uint16_t)(eight[i] * 257);
		pixels = sixteen;
	}
	if (format == PNG_FORMAT_RGBA)
		pixels = arena_alloc(arena, count / 3 * 4);

	png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *out = arena_alloc(arena, size);
	if (!png_image_write_to_memory(&image, out, &size, 0, pixels, 0, NULL))
		abort();
	return bytes_of(out, size);
}

/* The pixels of a sound JPEG, as red, green, blue. */
static inline uint8_t *jpeg_pixels(
	struct arena *arena, struct bytes jpeg, uint32_t *width, uint32_t *height)
{
	struct jpeg_decompress_struct reader;
	struct jpeg_error_mgr errors;
	reader.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&reader);
	jpeg_mem_src(&reader, jpeg.data, jpeg.size);
	jpeg_read_header(&reader, TRUE);
	reader.out_color_space = JCS_RGB;
	jpeg_start_decompress(&reader);
	*width = reader.output_width;
	*height = reader.output_height;
	uint8_t *pixels = arena_alloc(arena, 3 * (size_t)*width * *height);
	while (reader.output_scanline < *height) {
		JSAMPROW row = pixels + 3 * (size_t)*width * reader.output_scanline;
		jpeg_read_scanlines(&reader, &row, 1);
	}
	jpeg_finish_decompress(&reader);
	jpeg_destroy_decompress(&reader);
	return pixels;
}

#endif
