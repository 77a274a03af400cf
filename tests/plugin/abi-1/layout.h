/*
 * The layout of the author's header, as two builds of layout.c tell it: `layout_frozen` and `layout_today`.
 */
#ifndef TESTS_PLUGIN_ABI_1_LAYOUT_H
#define TESTS_PLUGIN_ABI_1_LAYOUT_H

#include <stddef.h>

struct place_of {
	const char *name; /* NULL ends the list, with the ABI's number */
	size_t offset, size;
};

extern const struct place_of layout_frozen[], layout_today[];

#endif
