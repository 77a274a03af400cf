/*
 * Walking the markers of a JPEG (ITU-T T.81, annex B) as far as its frame header.
 *
 * Portraits are re-encoded by the picture worker before they are kept, so this is no gate against strangers; it keeps
 * a damaged file from becoming a grey square on somebody's ticket.
 */
#include "photo.h"

#include <stdbool.h>

enum marker {
	MARKER_BASELINE = 0xC0,
	MARKER_PROGRESSIVE = 0xC2,
	MARKER_START = 0xD8,
	MARKER_SCAN = 0xDA,
};

#define FRAME_HEADER 8 /* length 2, precision 1, height 2, width 2, components 1 */

static unsigned number(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static bool frame_fits(const uint8_t *frame, struct photo_size *out)
{
	unsigned precision = frame[2], height = number(frame + 3), width = number(frame + 5);
	unsigned components = frame[7];

	if (precision != 8 || (components != 1 && components != 3))
		return false;
	if (!width || !height || width > PHOTO_SIDE_MAX || height > PHOTO_SIDE_MAX)
		return false;

	*out = (struct photo_size){(int)width, (int)height};
	return true;
}

/* Segments follow each other: FF, marker, length (its own two bytes included), content. */
static bool find_frame(struct bytes jpeg, struct photo_size *out)
{
	const uint8_t *data = jpeg.data;

	if (jpeg.size < 4 || data[0] != 0xFF || data[1] != MARKER_START)
		return false;

	for (size_t at = 2; at + 2 + FRAME_HEADER <= jpeg.size;) {
		uint8_t marker = data[at + 1];
		unsigned length = number(data + at + 2);

		if (data[at] != 0xFF || marker == MARKER_SCAN)
			return false;
		if (marker == 0xFF) { /* a fill byte */
			at++;
			continue;
		}
		if (marker >= MARKER_BASELINE && marker <= MARKER_PROGRESSIVE)
			return length >= FRAME_HEADER && frame_fits(data + at + 2, out);
		if (length < 2)
			return false;
		at += 2 + length;
	}
	return false;
}

enum result photo_measure(struct bytes jpeg, struct photo_size *out, struct error *error)
{
	struct photo_size size;

	if (!find_frame(jpeg, &size))
		return fail(error, INVALID, "document.photo", NULL);

	*out = size;
	return OK;
}
