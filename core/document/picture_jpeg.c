/*
 * libjpeg-turbo under limits (picture_jpeg.h): pixels are counted before anything is decoded, progressive scans
 * while it is.
 */
#include <stdio.h> /* jpeglib.h does not include what it uses */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/limits.h"
#include "picture_jpeg.h"

#define EXIF_MARKER (JPEG_APP0 + 1)
#define EXIF_SIZE   0xFFFF

/* One decompressor or compressor, and the two things that the library calls back for. */
struct codec {
	union {
		struct jpeg_common_struct common;
		struct jpeg_decompress_struct reader;
		struct jpeg_compress_struct writer;
	};
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jpeg_failure failed;
};

static void fail_for_good(j_common_ptr common)
{
	const struct codec *codec = common->client_data;
	codec->failed(
		common->err->msg_code == JERR_OUT_OF_MEMORY ? OUTCOME_TOO_LARGE : OUTCOME_DAMAGED);
}

/* Warnings have level -1; the rest is tracing. */
static void count_warning(j_common_ptr common, int level)
{
	if (level < 0)
		common->err->num_warnings++;
}

/* A few hundred bytes of progressive scans can keep a decoder busy for minutes. */
static void watch_scans(j_common_ptr common)
{
	const struct codec *codec = common->client_data;
	if (codec->reader.input_scan_number > LIMIT_PROGRESSIVE_SCANS)
		codec->failed(OUTCOME_DAMAGED);
}

static void watch_errors(struct codec *codec, jpeg_failure failed)
{
	codec->failed = failed;
	codec->common.client_data = codec;
	codec->common.err = jpeg_std_error(&codec->errors);
	codec->errors.error_exit = fail_for_good;
	codec->errors.emit_message = count_warning;
}

static void reader_open(struct codec *codec, struct bytes content, jpeg_failure failed)
{
	watch_errors(codec, failed);
	jpeg_create_decompress(&codec->reader);
	codec->progress.progress_monitor = watch_scans;
	codec->common.progress = &codec->progress;
	jpeg_mem_src(&codec->reader, content.data, content.size);
}

static void writer_open(
	struct codec *codec, unsigned char **out, unsigned long *size, jpeg_failure failed)
{
	watch_errors(codec, failed);
	jpeg_create_compress(&codec->writer);
	jpeg_mem_dest(&codec->writer, out, size);
}

static struct bytes writer_close(struct codec *codec, unsigned char **out, unsigned long *size)
{
	jpeg_finish_compress(&codec->writer);
	jpeg_destroy(&codec->common);
	return bytes_of(*out, *size);
}

static unsigned orientation_of(const struct jpeg_decompress_struct *reader)
{
	for (jpeg_saved_marker_ptr marker = reader->marker_list; marker; marker = marker->next) {
		unsigned orientation =
			exif_orientation(bytes_of(marker->data, marker->data_length));
		if (orientation != 1)
			return orientation;
	}
	return 1;
}

static enum picture_colour colour_of(const struct jpeg_decompress_struct *reader)
{
	switch (reader->jpeg_color_space) {
	case JCS_YCbCr:
	case JCS_RGB:
		return COLOUR_FULL;
	case JCS_GRAYSCALE:
		return COLOUR_GREY;
	default:
		return COLOUR_PRINT;
	}
}

/* What the header tells; nothing is decoded yet. */
static void read_header(struct codec *codec, struct picture_facts *facts, struct raster *raster)
{
	struct jpeg_decompress_struct *reader = &codec->reader;
	jpeg_save_markers(reader, EXIF_MARKER, EXIF_SIZE);
	jpeg_read_header(reader, TRUE);

	raster->width = reader->image_width;
	raster->height = reader->image_height;
	raster->orientation = orientation_of(reader);
	facts->width = raster_width(raster);
	facts->height = raster_height(raster);
	facts->colour = colour_of(reader);
	facts->outcome = OUTCOME_DECODED;
	if (facts->colour == COLOUR_PRINT)
		facts->outcome = OUTCOME_COLOUR;
	if ((uint64_t)facts->width * facts->height > LIMIT_PICTURE_PIXELS)
		facts->outcome = OUTCOME_TOO_LARGE;
}

static void read_pixels(struct codec *codec, struct raster *raster)
{
	struct jpeg_decompress_struct *reader = &codec->reader;
	size_t stride = 3 * (size_t)raster->width;
	raster->pixels = malloc(stride * raster->height);
	if (!raster->pixels)
		codec->failed(OUTCOME_TOO_LARGE);

	reader->out_color_space = JCS_RGB;
	jpeg_start_decompress(reader);
	while (reader->output_scanline < reader->output_height) {
		JSAMPROW row = raster->pixels + stride * reader->output_scanline;
		jpeg_read_scanlines(reader, &row, 1);
	}
	jpeg_finish_decompress(reader); /* reads on to the end: a cut-off file warns here */
}

bool jpeg_head(struct bytes content, struct picture_facts *facts, struct raster *raster,
	jpeg_failure failed)
{
	struct codec codec = {0};
	reader_open(&codec, content, failed);
	read_header(&codec, facts, raster);
	jpeg_destroy(&codec.common);
	return facts->outcome == OUTCOME_DECODED;
}

bool jpeg_read(struct bytes content, struct picture_facts *facts, struct raster *raster,
	jpeg_failure failed)
{
	struct codec codec = {0};
	reader_open(&codec, content, failed);
	read_header(&codec, facts, raster);
	if (facts->outcome == OUTCOME_DECODED)
		read_pixels(&codec, raster);
	facts->warnings = (uint32_t)codec.errors.num_warnings;
	jpeg_destroy(&codec.common);
	return facts->outcome == OUTCOME_DECODED;
}

static void copy_code(j_compress_ptr writer, JHUFF_TBL **to, const JHUFF_TBL *from)
{
	if (!from)
		return;
	if (!*to)
		*to = jpeg_alloc_huff_table((j_common_ptr)writer);
	**to = *from;
	(*to)->sent_table = FALSE;
}

/* The very codes in which the picture came. */
static void keep_codes(const struct jpeg_decompress_struct *from, struct jpeg_compress_struct *to)
{
	for (int i = 0; i < NUM_HUFF_TBLS; i++) {
		copy_code(to, &to->dc_huff_tbl_ptrs[i], from->dc_huff_tbl_ptrs[i]);
		copy_code(to, &to->ac_huff_tbl_ptrs[i], from->ac_huff_tbl_ptrs[i]);
	}
	for (int i = 0; i < to->num_components; i++) {
		to->comp_info[i].dc_tbl_no = from->comp_info[i].dc_tbl_no;
		to->comp_info[i].ac_tbl_no = from->comp_info[i].ac_tbl_no;
	}
	to->restart_interval = from->restart_interval;
}

/* To another JPEG, by the codes that are best for it or by those that it had. */
static struct bytes write_coefficients(struct jpeg_decompress_struct *from,
	jvirt_barray_ptr *coefficients, bool best_codes, jpeg_failure failed)
{
	struct codec to = {0};
	unsigned char *out = NULL;
	unsigned long size = 0;
	writer_open(&to, &out, &size, failed);
	jpeg_copy_critical_parameters(from, &to.writer);
	if (from->progressive_mode)
		jpeg_simple_progression(&to.writer);
	to.writer.optimize_coding = best_codes;
	if (!best_codes)
		keep_codes(from, &to.writer);
	jpeg_write_coefficients(&to.writer, coefficients);
	return writer_close(&to, &out, &size);
}

/* What has not been read yet: after the head, the coded pixels and all behind them. */
static struct bytes unread(const struct codec *codec)
{
	return bytes_of(codec->reader.src->next_input_byte, codec->reader.src->bytes_in_buffer);
}

static bool is_coded_as(struct bytes copy, struct bytes coded, jpeg_failure failed)
{
	struct codec codec = {0};
	reader_open(&codec, copy, failed);
	jpeg_read_header(&codec.reader, TRUE);
	struct bytes own = unread(&codec);
	jpeg_destroy(&codec.common);
	return own.size <= coded.size && memcmp(own.data, coded.data, own.size) == 0;
}

/* Counting which codes would be best takes longer than all the rest, so those that it had are tried first. A
 * missing code is no error to the library; that none was missing the bytes show, which must come out as they came in.
 * They do not where the scans were several, where what lies beyond the border was coded otherwise, or by deceit. */
static struct bytes write_again(struct jpeg_decompress_struct *from, jvirt_barray_ptr *coefficients,
	struct bytes coded, jpeg_failure failed)
{
	bool one_scan = !from->progressive_mode && !from->arith_code &&
			from->comps_in_scan == from->num_components;
	if (one_scan) {
		struct bytes copy = write_coefficients(from, coefficients, false, failed);
		if (is_coded_as(copy, coded, failed))
			return copy;
	}
	return write_coefficients(from, coefficients, true, failed);
}

struct bytes jpeg_copy(struct bytes content, uint32_t *warnings, jpeg_failure failed)
{
	struct codec from = {0};
	struct bytes copy = {NULL, 0};
	reader_open(&from, content, failed);
	jpeg_read_header(&from.reader, TRUE);
	struct bytes coded = unread(&from);
	jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&from.reader); /* to the end */
	if (from.errors.num_warnings == 0)
		copy = write_again(&from.reader, coefficients, coded, failed);

	jpeg_finish_decompress(&from.reader);
	*warnings = (uint32_t)from.errors.num_warnings;
	jpeg_destroy(&from.common);
	return copy;
}

struct bytes jpeg_write(const struct raster *raster, int quality, jpeg_failure failed)
{
	struct codec codec = {0};
	unsigned char *out = NULL;
	unsigned long size = 0;
	writer_open(&codec, &out, &size, failed);
	struct jpeg_compress_struct *writer = &codec.writer;
	writer->image_width = raster_width(raster);
	writer->image_height = raster_height(raster);
	writer->input_components = 3;
	writer->in_color_space = JCS_RGB;
	jpeg_set_defaults(writer);
	jpeg_set_quality(writer, quality, TRUE);
	writer->optimize_coding = TRUE;

	JSAMPROW row = malloc(3 * (size_t)writer->image_width);
	if (!row)
		failed(OUTCOME_TOO_LARGE);
	jpeg_start_compress(writer, TRUE);
	while (writer->next_scanline < writer->image_height) {
		raster_row(raster, writer->next_scanline, row);
		jpeg_write_scanlines(writer, &row, 1);
	}
	free(row);
	return writer_close(&codec, &out, &size);
}
