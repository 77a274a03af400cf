/*
 * Reading and writing JPEG, by libjpeg-turbo. Only the picture worker uses it.
 *
 * The library wants its fatal errors never to come back. Since a worker looks at one picture only, they end it:
 * `failed` is called, which tells the server and exits.
 */
#ifndef KAOWU_DOCUMENT_PICTURE_JPEG_H
#define KAOWU_DOCUMENT_PICTURE_JPEG_H

#include <stdbool.h>

#include "base/bytes.h"
#include "picture_facts.h"
#include "picture_raster.h"

typedef void (*jpeg_failure)(enum picture_outcome outcome) __attribute__((noreturn));

/* What the head tells, of the facts and of the raster, which gets no pixels. True if the rest can be read. */
bool jpeg_head(struct bytes content, struct picture_facts *facts, struct raster *raster,
	jpeg_failure failed);

/* Fills the facts as far as the file can be read, `white_percent` excepted. True if `raster` holds its pixels. */
bool jpeg_read(struct bytes content, struct picture_facts *facts, struct raster *raster,
	jpeg_failure failed);

/* The same pixels without metadata. Takes all of the decoder but the arithmetic that makes pixels, and so complains of
 * what jpeg_read() complains of; empty if it did, `warnings` times. Memory from malloc, as below. */
struct bytes jpeg_copy(struct bytes content, uint32_t *warnings, jpeg_failure failed);

struct bytes jpeg_write(const struct raster *raster, int quality, jpeg_failure failed);

#endif
