/*
 * Codes for cameras and scanners, sharp at any size: QR by libqrencode, Code 128 by us.
 *
 * Why Code 128 is ours: Debian's only C library for it, libzint, is a file-making tool with over fifty symbologies
 * and a second QR encoder; what we need of it is one table and a sum. The tests read ours back with zbar.
 */
#ifndef KAOWU_DOCUMENT_CODE_H
#define KAOWU_DOCUMENT_CODE_H

#include "page.h"

/* A QR code with error correction M, its quiet zone inside the (square) box. BROKEN ("document.code"). */
enum result code_draw_qr(
	struct page *page, struct box box, const char *text, struct error *error) MUST_CHECK;

/* A Code 128 barcode over the whole box, quiet zones inside. Printable ASCII only, 1 to 40 characters: else BROKEN
 * ("document.code"). */
enum result code_draw_128(
	struct page *page, struct box box, const char *text, struct error *error) MUST_CHECK;

#endif
