/*
 * Laying out A4 pages with cairo-pdf and Pango.
 *
 * The hard thing is that nothing may depend on anything but the arguments: text is set without hinting and without
 * rounding to pixels, in a line height of our own (each face brings another one, and a rare character must not push
 * its row apart), and the PDF's dates are given. So the same facts give the same bytes, on every thread.
 */
#include "page.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "face.h"
#include "font.h"
#include "photo.h"

#define DOCUMENT_BYTES_MAX (16u << 20)
#define CELL_PADDING       1.6 /* left and right; labels, being centred, make do with half */
#define FOOT_SIZE          8.0

struct page {
	struct arena *arena;
	struct page_about about;
	struct buffer content;
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoLayout *layout;
	PangoFontDescription *font;
	const struct face *missing; /* as it began; NULL: none */
	bool begun;                 /* any page */
	unsigned number;            /* of the page being drawn, in its paper; 0 before the first */
};

static const double colours[][3] = {
	[INK_BLACK] = {0.10, 0.10, 0.10},
	[INK_GREY] = {0.40, 0.40, 0.40},
	[INK_RED] = {0.80, 0.08, 0.10},
	[INK_TINT] = {0.955, 0.955, 0.955},
	[INK_FAINT] = {0.72, 0.72, 0.72},
};

static double points(double millimetres)
{
	return millimetres * 72.0 / 25.4;
}

static double millimetres(double points)
{
	return points * 25.4 / 72.0;
}

static void set_ink(struct page *page, enum ink ink)
{
	cairo_set_source_rgb(page->cairo, colours[ink][0], colours[ink][1], colours[ink][2]);
}

/* Opening and closing. */

static cairo_status_t take(void *closure, const unsigned char *data, unsigned size)
{
	struct page *page = closure;

	buffer_append(&page->content, data, size);
	return page->content.overflowed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* "2026-11-22T09:00:00+08:00": cairo takes no fractions of a second. */
static char *creation_date(struct arena *arena, int64_t at)
{
	int64_t seconds = (at - moment_of_date(date_of_moment(at))) / 1000;

	return arena_printf(arena, "%sT%02d:%02d:%02d+08:00", date_text(arena, date_of_moment(at)),
		(int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void set_metadata(struct page *page)
{
	const char *date = creation_date(page->arena, page->about.made_at);
	cairo_surface_t *surface = page->surface;

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->about.title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, page->about.author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "kaowu");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static PangoLayout *layout_create(cairo_t *cairo)
{
	PangoContext *context = pango_font_map_create_context(font_map());
	cairo_font_options_t *options = cairo_font_options_create();
	PangoLayout *layout;

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context, pango_language_from_string("zh-cn"));
	pango_cairo_update_context(cairo, context);
	layout = pango_layout_new(context);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);

	cairo_font_options_destroy(options);
	g_object_unref(context);
	return layout;
}

struct page *page_open(struct arena *arena, const struct page_about *about)
{
	struct page *page = NEW(arena, struct page);

	page->arena = arena;
	page->about = *about;
	page->content = buffer_in(arena, DOCUMENT_BYTES_MAX);
	page->surface = cairo_pdf_surface_create_for_stream(
		take, page, points(PAGE_WIDTH), points(PAGE_HEIGHT));
	page->cairo = cairo_create(page->surface);
	page->missing = font_missing();
	page->layout = layout_create(page->cairo);
	page->font = pango_font_description_from_string(FONT_FAMILIES);
	set_metadata(page);
	return page;
}

void page_close(struct page **page)
{
	if (!*page)
		return;

	pango_font_description_free((*page)->font);
	g_object_unref((*page)->layout);
	cairo_destroy((*page)->cairo);
	cairo_surface_destroy((*page)->surface); /* may still write into the buffer */
	*page = NULL;
}

struct arena *page_arena(struct page *page)
{
	return page->arena;
}

static void draw_foot(struct page *page)
{
	const struct style left = {.size = FOOT_SIZE, .ink = INK_GREY};
	const struct style right = {.size = FOOT_SIZE, .ink = INK_GREY, .align = ALIGN_RIGHT};
	const char *number =
		arena_printf(page->arena, "第 %u 页 共 %u 页", page->number, page->about.pages);

	page_line(page, PAGE_MARGIN, PAGE_FOOT, PAGE_WIDTH - PAGE_MARGIN, PAGE_FOOT);
	page_text(page, (struct box){PAGE_MARGIN, PAGE_FOOT + 1, PAGE_INNER - 32, 5}, left,
		page->about.foot);
	page_text(page, (struct box){PAGE_WIDTH - PAGE_MARGIN - 30, PAGE_FOOT + 1, 30, 5}, right,
		number);
}

const char *page_foot_text(struct arena *arena, const char *number, const char *hash)
{
	if (!hash)
		return arena_printf(arena, "申报编号 %s", number);
	return arena_printf(arena, "申报编号 %s　　内容校验 %.16s", number, hash);
}

void page_paper(struct page *page, const char *foot, unsigned pages)
{
	assert(page->number == page->about.pages); /* the one before is whole */
	page->about.foot = foot;
	page->about.pages = pages;
	page->number = 0;
}

void page_begin(struct page *page)
{
	if (page->begun)
		cairo_show_page(page->cairo);
	page->begun = true;
	page->number++;
	draw_foot(page);
}

enum result page_finish(struct page *page, struct bytes *pdf, struct error *error)
{
	cairo_status_t status;

	assert(page->number == page->about.pages);
	if (page->missing) /* else a page without a single letter would pass for a good one */
		return face_missing(page->missing, error);

	cairo_show_page(page->cairo);
	status = cairo_status(page->cairo);
	cairo_surface_finish(page->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(page->surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return trouble(error, BROKEN, "document.broken", "cairo: %s",
			cairo_status_to_string(status));

	*pdf = buffer_bytes(&page->content);
	return OK;
}

/* Text. */

/* A name with a middle dot may be broken after the dot, never before it. */
static void bind_dots(PangoAttrList *attributes, const char *text)
{
	const char *first = text, *before = text, *start = text;

	for (int32_t character; (character = text_next(&text)) >= 0; before = start, start = text) {
		PangoAttribute *attribute;

		if (character != 0xB7)
			continue;
		attribute = pango_attr_allow_breaks_new(FALSE);
		attribute->start_index = (guint)(before - first);
		attribute->end_index = (guint)(text - first);
		pango_attr_list_insert(attributes, attribute);
	}
}

static void lay(struct page *page, double width, struct style style, double size, const char *text)
{
	static const PangoAlignment aligned[] = {
		PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
	double leading = style.leading > 0 ? style.leading : 1.4;
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes,
		pango_attr_line_height_new_absolute(pango_units_from_double(size * leading)));
	if (style.tracking > 0)
		pango_attr_list_insert(attributes,
			pango_attr_letter_spacing_new(pango_units_from_double(style.tracking)));
	bind_dots(attributes, text);
	pango_layout_set_attributes(page->layout, attributes);
	pango_attr_list_unref(attributes);

	pango_font_description_set_absolute_size(page->font, size * PANGO_SCALE);
	pango_layout_set_font_description(page->layout, page->font);
	pango_layout_set_width(page->layout, pango_units_from_double(points(width)));
	pango_layout_set_alignment(page->layout, aligned[style.align]);
	pango_layout_set_text(page->layout, text, -1);
}

static double laid_height(struct page *page)
{
	int height;

	pango_layout_get_size(page->layout, NULL, &height);
	return millimetres(pango_units_to_double(height));
}

/* Leaves the text laid so that it fits, and returns its height. */
static double fit(struct page *page, struct box box, struct style style, const char *text)
{
	double size = style.size, height;

	lay(page, box.width, style, size, text);
	while ((height = laid_height(page)) > box.height && size > TYPE_SMALLEST) {
		size -= 0.5;
		lay(page, box.width, style, size, text);
	}
	return height;
}

static void show(struct page *page, double x, double y, enum ink ink)
{
	set_ink(page, ink);
	cairo_move_to(page->cairo, points(x), points(y));
	pango_cairo_show_layout(page->cairo, page->layout);
}

double page_text(struct page *page, struct box box, struct style style, const char *text)
{
	double height;

	if (text_blank(text))
		return 0;

	height = fit(page, box, style, text);
	show(page, box.x, style.top ? box.y : box.y + (box.height - height) / 2, style.ink);
	return height;
}

double page_text_height(struct page *page, double width, struct style style, const char *text)
{
	lay(page, width, style, style.size, text);
	return laid_height(page);
}

/* Lines, boxes, pictures. */

static void stroke(struct page *page, double weight)
{
	set_ink(page, INK_BLACK);
	cairo_set_line_width(page->cairo, points(weight));
	cairo_stroke(page->cairo);
}

void page_line(struct page *page, double x1, double y1, double x2, double y2)
{
	cairo_move_to(page->cairo, points(x1), points(y1));
	cairo_line_to(page->cairo, points(x2), points(y2));
	stroke(page, LINE_THIN);
}

void page_dashes(struct page *page, double x1, double y1, double x2, double y2)
{
	const double pattern[] = {points(1.2), points(1.2)};

	cairo_set_dash(page->cairo, pattern, COUNT(pattern), 0);
	page_line(page, x1, y1, x2, y2);
	cairo_set_dash(page->cairo, NULL, 0, 0);
}

static void add_rectangle(struct page *page, struct box box)
{
	cairo_rectangle(
		page->cairo, points(box.x), points(box.y), points(box.width), points(box.height));
}

void page_frame(struct page *page, struct box box, double weight)
{
	add_rectangle(page, box);
	stroke(page, weight);
}

void page_fill(struct page *page, const struct box *boxes, size_t count, enum ink ink)
{
	for (size_t i = 0; i < count; i++)
		add_rectangle(page, boxes[i]);
	set_ink(page, ink);
	cairo_fill(page->cairo);
}

/* A mask: as boxes of a path the modules of one QR code take a third of a ticket's time. A module is eight dots wide,
 * which is one byte of the mask, and so sharp even where a viewer smooths what it enlarges. */
void page_modules(struct page *page, struct box box, const uint8_t *modules, unsigned side)
{
	const unsigned dots = 8;
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_A1, (int)(dots * side), (int)(dots * side));
	cairo_pattern_t *mask = cairo_pattern_create_for_surface(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	unsigned char *rows = cairo_image_surface_get_data(surface);

	for (unsigned y = 0; rows && y < dots * side; y++)
		for (unsigned x = 0; x < side; x++)
			rows[y * stride + x] = modules[y / dots * side + x] & 1 ? 0xFF : 0;
	cairo_surface_mark_dirty(surface);
	cairo_pattern_set_filter(mask, CAIRO_FILTER_NEAREST);
	cairo_save(page->cairo);
	cairo_translate(page->cairo, points(box.x), points(box.y));
	cairo_scale(
		page->cairo, points(box.width) / (dots * side), points(box.height) / (dots * side));
	set_ink(page, INK_BLACK);
	cairo_mask(page->cairo, mask);
	cairo_restore(page->cairo);
	cairo_pattern_destroy(mask);
	cairo_surface_destroy(surface);
}

/* An image surface that is never drawn upon: the PDF takes the JPEG attached to it instead of its pixels. */
enum result page_photo(struct page *page, struct box box, struct bytes jpeg, struct error *error)
{
	struct photo_size size;
	cairo_surface_t *surface;
	double scale, x, y;
	enum result rc;

	rc = photo_measure(jpeg, &size, error);
	if (rc)
		return rc;

	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height);
	cairo_surface_set_mime_data(
		surface, CAIRO_MIME_TYPE_JPEG, jpeg.data, jpeg.size, NULL, NULL);
	scale = MIN(points(box.width) / size.width, points(box.height) / size.height);
	x = points(box.x) + (points(box.width) - scale * size.width) / 2;
	y = points(box.y) + (points(box.height) - scale * size.height) / 2;

	cairo_save(page->cairo);
	cairo_translate(page->cairo, x, y);
	cairo_scale(page->cairo, scale, scale);
	cairo_set_source_surface(page->cairo, surface, 0, 0);
	cairo_paint(page->cairo);
	cairo_restore(page->cairo);
	cairo_surface_destroy(surface);
	return OK;
}

/* Rows of cells. */

static struct box padded(struct box box, double across)
{
	const double down = 0.6;

	return (struct box){
		box.x + across, box.y + down, box.width - 2 * across, box.height - 2 * down};
}

static void draw_cell(struct page *page, struct box box, const struct cell *cell)
{
	static const struct style styles[] = {
		[CELL_LABEL] = {.size = TYPE_TEXT, .align = ALIGN_CENTRE, .leading = 1.25},
		[CELL_VALUE] = {.size = TYPE_TEXT, .leading = 1.25},
		[CELL_HAND] = {.size = TYPE_TEXT, .ink = INK_RED, .leading = 1.25},
		[CELL_CENTRE] = {.size = TYPE_TEXT, .align = ALIGN_CENTRE, .leading = 1.25},
	};
	struct style style = styles[cell->kind];

	if (cell->size > 0)
		style.size = cell->size;
	if (cell->kind == CELL_LABEL)
		page_fill(page, &box, 1, INK_TINT);
	page_frame(page, box, LINE_THIN);
	page_text(page, padded(box, cell->kind == CELL_LABEL ? CELL_PADDING / 2 : CELL_PADDING),
		style, cell->text);
}

double page_row(struct page *page, double x, double y, double height, const struct cell *cells,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		draw_cell(page, (struct box){x, y, cells[i].width, height}, &cells[i]);
		x += cells[i].width;
	}
	return y + height;
}

void page_squares(struct page *page, struct box box, unsigned count, enum ink ink, const char *text)
{
	const struct style style = {.size = TYPE_HEADING, .ink = ink, .align = ALIGN_CENTRE};
	double width = box.width / count;

	for (unsigned i = 0; i < count; i++) {
		struct box square = {box.x + i * width, box.y, width, box.height};
		const char *start = text;

		page_frame(page, square, LINE_THIN);
		if (text && text_next(&text) >= 0)
			page_text(page, square, style,
				arena_text_part(page->arena, start, (size_t)(text - start)));
	}
}

/* Moments, as paper says them. */

char *page_day(struct arena *arena, int64_t at)
{
	struct date date = date_of_moment(at);

	return arena_printf(arena, "%d年%d月%d日", date.year, date.month, date.day);
}

char *page_clock(struct arena *arena, int64_t at)
{
	int64_t minutes = (at - moment_of_date(date_of_moment(at))) / MINUTE_MS;

	return arena_printf(arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

const char *page_weekday(int64_t at)
{
	static const char *const names[] = {
		"星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"};

	return names[date_weekday(date_of_moment(at)) - 1];
}

int64_t page_end_day(int64_t at)
{
	return at - 1;
}

const char *page_end_clock(struct arena *arena, int64_t at)
{
	const char *clock = page_clock(arena, at);

	return text_equal(clock, "00:00") ? "24:00" : clock;
}
