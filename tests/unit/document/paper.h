/*
 * Looking at a PDF as a person, a printer and a scanner would: by poppler's tools and zbar, on a file of its own.
 */
#ifndef KAOWU_TESTS_DOCUMENT_PAPER_H
#define KAOWU_TESTS_DOCUMENT_PAPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"

#include <cmocka.h>

/* 2026-11-22T09:00:00+08:00 */
#define PAPER_AT INT64_C(1795309200000)

static struct arena *arena;
static char folder[] = "/tmp/kaowu-paper-XXXXXX";

static inline int paper_setup(void **state)
{
	(void)state;
	arena = arena_create(256u << 20);
	return mkdtemp(folder) ? 0 : -1;
}

static inline int paper_teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return system(arena_printf(arena = arena_create(4096), "rm -r %s", folder));
}

/* What a command prints; it must succeed. */
static inline struct bytes paper_command(const char *command)
{
	struct buffer output = buffer_in(arena, 64u << 20);
	FILE *pipe = popen(command, "r");
	char part[65536];
	size_t size;

	assert_non_null(pipe);
	while ((size = fread(part, 1, sizeof part, pipe)) > 0)
		buffer_append(&output, part, size);
	if (pclose(pipe) != 0)
		fail_msg("failed: %s", command);
	assert_false(output.overflowed);
	buffer_text(&output, "");
	return buffer_bytes(&output);
}

static inline const char *paper_file(struct bytes content)
{
	const char *path = arena_printf(arena, "%s/paper.pdf", folder);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* Runs a tool on the PDF: the format has one %s for its path. */
static inline const char *paper_tool(struct bytes pdf, const char *before, const char *after)
{
	struct bytes output =
		paper_command(arena_printf(arena, "%s %s %s", before, paper_file(pdf), after));

	return output.size > 0 ? (const char *)output.data : "";
}

/* Its words without any white space, so that neither alignment nor a line's end matters. */
static inline const char *paper_words(struct bytes pdf)
{
	const char *text = paper_tool(pdf, "pdftotext -raw", "-");
	struct buffer words = buffer_in(arena, 1u << 20);

	for (; *text; text++)
		if (!strchr(" \n\r\t\f", *text))
			buffer_append(&words, text, 1);
	return words.data;
}

#define assert_says(pdf, ...)                                                                      \
	do {                                                                                       \
		const char *words_ = paper_words(pdf);                                             \
		const char *const wanted_[] = {__VA_ARGS__};                                       \
		for (size_t i_ = 0; i_ < COUNT(wanted_); i_++)                                     \
			if (!strstr(words_, wanted_[i_]))                                          \
				fail_msg("not on the page: %s\n%s", wanted_[i_], words_);          \
	} while (0)

/* Page by page what a scanner reads, "QR-Code:..." and "CODE-128:...". */
static inline const char *paper_scan(struct bytes pdf)
{
	const char *command = arena_printf(arena,
		"pdftoppm -r 150 -gray %s %s/scan && zbarimg -q --nodbus -Sdisable -Scode128.enable"
		" -Sqrcode.enable %s/scan*.pgm; rm %s/scan*.pgm",
		paper_file(pdf), folder, folder, folder);
	struct bytes output = paper_command(command);

	return output.size > 0 ? (const char *)output.data : "";
}

static inline unsigned paper_pages(struct bytes pdf)
{
	const char *pages = strstr(paper_tool(pdf, "pdfinfo", ""), "Pages:");

	assert_non_null(pages);
	return (unsigned)strtoul(pages + strlen("Pages:"), NULL, 10);
}

/* Every font is embedded, and there is one. Columns: name 36, type 17, encoding 16, then "emb". */
static inline void assert_fonts_embedded(struct bytes pdf)
{
	char *line = arena_text(arena, paper_tool(pdf, "pdffonts", "")), *next;
	unsigned fonts = 0;

	for (unsigned number = 0; line && *line; line = next, number++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (number < 2) /* two lines of heading */
			continue;
		fonts++;
		assert_true(strlen(line) > 72);
		if (strncmp(line + 72, "yes", 3) != 0)
			fail_msg("not embedded: %s", line);
	}
	assert_true(fonts > 0);
}

/* One word and where it stands, in millimetres. */
struct word {
	double left, top, right, bottom;
	const char *text;
};

static inline double paper_number(const char *at, const char *name)
{
	const char *found = strstr(at, name);

	assert_non_null(found);
	return strtod(found + strlen(name) + 2, NULL) * 25.4 / 72; /* name="12.3" */
}

/* The next word at or after `*at`, which moves behind it; 0 at the end. */
static inline int paper_next_word(const char **at, struct word *out)
{
	const char *start = strstr(*at, "<word "), *text, *end;

	if (!start)
		return 0;
	text = strchr(start, '>') + 1;
	end = strstr(text, "</word>");
	*out = (struct word){paper_number(start, "xMin"), paper_number(start, "yMin"),
		paper_number(start, "xMax"), paper_number(start, "yMax"),
		arena_text_part(arena, text, (size_t)(end - text))};
	*at = end;
	return 1;
}

/* All words lie within the rectangle (millimetres); half a millimetre is given for descenders. */
static inline unsigned assert_words_within(
	struct bytes pdf, double left, double top, double right, double bottom)
{
	const char *at = paper_tool(pdf, "pdftotext -bbox", "-");
	struct word word;
	unsigned count = 0;

	for (; paper_next_word(&at, &word); count++)
		if (word.left < left - 0.5 || word.right > right + 0.5 || word.top < top - 0.5 ||
			word.bottom > bottom + 0.5)
			fail_msg("%s stands at %.1f,%.1f to %.1f,%.1f", word.text, word.left,
				word.top, word.right, word.bottom);
	return count;
}

/* The smallest height of a word on these pages, in millimetres: of type of nine points about 4.5. */
static inline double paper_smallest(struct bytes pdf)
{
	const char *at = paper_tool(pdf, "pdftotext -bbox", "-");
	struct word word;
	double smallest = 297;

	while (paper_next_word(&at, &word))
		if (word.bottom - word.top < smallest)
			smallest = word.bottom - word.top;
	return smallest;
}

/* How many pixels of all pages are clearly red, at 50 a inch. */
static inline unsigned paper_red(struct bytes pdf)
{
	struct bytes all = paper_command(arena_printf(arena, "pdftoppm -r 50 %s", paper_file(pdf)));
	const uint8_t *at = all.data, *end = all.data + all.size;
	unsigned red = 0;

	while (end - at > 15 && at[0] == 'P' &&
		at[1] == '6') { /* "P6\n413 585\n255\n" and pixels */
		char *after;
		size_t width = strtoul((const char *)at + 3, &after, 10);
		size_t height = strtoul(after, &after, 10);

		at = (const uint8_t *)strchr(after + 1, '\n') + 1;
		for (size_t i = 0; i < width * height; i++, at += 3)
			red += at[0] > at[1] + 60 && at[0] > at[2] + 60;
	}
	return red;
}

static inline void assert_same_bytes(struct bytes left, struct bytes right)
{
	assert_int_equal(left.size, right.size);
	assert_memory_equal(left.data, right.data, left.size);
}

static inline void assert_bytes_contain(struct bytes whole, struct bytes part)
{
	assert_non_null(memmem(whole.data, whole.size, part.data, part.size));
}

#endif
