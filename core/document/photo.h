/*
 * What must be known of a JPEG before its bytes go into a PDF unread: that it is one, and its size.
 */
#ifndef KAOWU_DOCUMENT_PHOTO_H
#define KAOWU_DOCUMENT_PHOTO_H

#include "base/bytes.h"
#include "base/result.h"

#define PHOTO_SIDE_MAX 4096 /* pixels */

struct photo_size {
	int width, height; /* pixels */
};

/* Reads markers up to the frame header, decodes nothing. INVALID ("document.photo") unless it is a Huffman-coded
 * JPEG of 8 bits, grey or three colours, no side longer than PHOTO_SIDE_MAX. Any thread. */
enum result photo_measure(
	struct bytes jpeg, struct photo_size *out, struct error *error) MUST_CHECK;

#endif
