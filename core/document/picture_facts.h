/*
 * What passes between picture.c in the server and picture_worker.c in the sandbox, which are one binary on one machine.
 *
 * A request is one byte, the kind, and the file. An answer is these facts as they lie in memory, and the version to
 * keep, if there is one. The server believes none of it unseen.
 */
#ifndef KAOWU_DOCUMENT_PICTURE_FACTS_H
#define KAOWU_DOCUMENT_PICTURE_FACTS_H

#include <stdint.h>

enum picture_outcome {
	OUTCOME_DECODED,
	OUTCOME_DAMAGED,   /* the decoder gave up */
	OUTCOME_TOO_LARGE, /* too many pixels, or more memory than there is */
	OUTCOME_COLOUR,    /* colours made for printing, which are not converted */
};

enum picture_colour { COLOUR_FULL, COLOUR_GREY, COLOUR_PRINT };

struct picture_facts {
	uint32_t outcome;       /* enum picture_outcome */
	uint32_t width, height; /* upright */
	uint32_t colour;        /* enum picture_colour */
	uint32_t warnings;      /* of the decoder */
	uint32_t white_percent; /* of the pixels along the upper border */
};

#endif
