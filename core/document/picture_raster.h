/*
 * Decoded pixels, and how they look when the picture stands upright.
 *
 * Only the picture worker uses it.
 */
#ifndef KAOWU_DOCUMENT_PICTURE_RASTER_H
#define KAOWU_DOCUMENT_PICTURE_RASTER_H

#include <stdint.h>

#include "base/bytes.h"

struct raster {
	uint32_t width, height; /* as stored */
	unsigned orientation;   /* 1 to 8, as Exif counts: what has to be done to see it upright */
	uint8_t *pixels;        /* three bytes each */
};

/* The orientation that an Exif block (from "Exif" on) tells; 1 if it tells none or makes no sense. */
unsigned exif_orientation(struct bytes block);

uint32_t raster_width(const struct raster *raster); /* upright, as all that follows */
uint32_t raster_height(const struct raster *raster);
void raster_row(const struct raster *raster, uint32_t y, uint8_t *out);

/* How much of the top and of the sides beside the head is white. */
uint32_t raster_white_percent(const struct raster *raster);

#endif
