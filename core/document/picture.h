/*
 * Pictures that strangers send (S7, S8): what a machine can tell of them, and a version fit to keep.
 *
 * The server never decodes one: a worker of kind "picture" does, fresh for each picture, so that no picture can carry
 * anything to the next. Any decoder warning refuses. What is kept is a JPEG without metadata, upright; a portrait that
 * stands upright already keeps its very pixels.
 */
#ifndef KAOWU_DOCUMENT_PICTURE_H
#define KAOWU_DOCUMENT_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

struct arena;
struct worker_pool;

/* A portrait: one inch, 25 by 35 mm, which is 295 by 413 pixels at 300 dpi, white behind the head. */
#define PORTRAIT_WIDTH             295
#define PORTRAIT_HEIGHT            413
#define PORTRAIT_WIDTH_MAX         (4 * PORTRAIT_WIDTH)
#define PORTRAIT_HEIGHT_MAX        (4 * PORTRAIT_HEIGHT)
#define PORTRAIT_PROPORTION_MIN    693 /* width by height, per mille: 25:35 less and more 3 % */
#define PORTRAIT_PROPORTION_MAX    736
#define PORTRAIT_WHITE_PERCENT_MIN 85 /* of the pixels along the upper border */

/* Anything else: an ID card, a form, a certificate. */
#define SCAN_SIDE_MIN 600 /* pixels of the shorter side */

enum picture_kind { PICTURE_PORTRAIT, PICTURE_SCAN };

struct picture {
	bool acceptable;        /* every check has passed */
	json *checks;           /* see below */
	struct bytes stored;    /* what to keep; empty unless acceptable */
	const char *media_type; /* of `stored`; NULL unless acceptable */
	uint32_t width, height; /* upright; 0 if they could not be read */
};

/*
 * OK with the checks, whether they passed or not, as they are to be stored and shown:
 *     [{"check": "bytes", "passed": true, "value": 61440, "limit": "40000–81920", "text_code": "picture.bytes"}, …]
 * `value` is a number or a text; a check that could not be made, because an earlier one failed, is not listed. A
 * decoder that crashes fails the check "decode". Trouble (BUSY, BROKEN) is the server's own. Blocks: heavy lane only.
 */
enum result picture_examine(struct worker_pool *pool, struct arena *arena, enum picture_kind kind,
	struct bytes content, struct picture *out, struct error *error) MUST_CHECK;

/* One fault at `pointer` for each check that failed, with parameters value and limit. */
void picture_faults(struct arena *arena, const struct picture *picture, const char *pointer,
	struct error *error);

/* Workers for picture_examine(); `executable` as in worker.h. */
struct worker_pool *picture_pool_create(const char *executable, unsigned count);

/* What the child does; the value is the exit status. */
int picture_worker_main(void);

#endif
