/*
 * Admission tickets, one a PDF: drawn by core/document, and its very texts by whoever takes Pango, Cairo and the face
 * that has every character.
 *
 * tickets ours|straight COUNT NAME FILE: draws a ticket for that name so many times, after one that nobody counts, for
 * fonts are looked for once. Leaves it in FILE and prints each one's processor time and how long it is. Straight draws no
 * line, no photograph and no code; how ours divides a page into boxes is not asked of it either.
 */
#include <cairo-pdf.h>
#include <inttypes.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "document/ticket.h"

#define MADE_AT INT64_C(1795309200000) /* 2026-11-22T09:00:00+08:00 */
#define NUMBER  "261100030100107"
#define ADDRESS "https://centre.example/tickets/" NUMBER ".9f86d081884c7d65aa00bb11"
#define CENTRE  "北京市示例职业技能评价中心"
#define PLAN    "2026年第四批供应链管理师一级/高级技师职业技能等级认定"
#define STREET  "北京市石景山区示例路1号示例大厦3层"
#define WIDTH   595.3 /* A4 in points */
#define HEIGHT  841.9
#define MARGIN  30.0
#define COLUMN  262.0 /* of two */
#define FACE    "Noto Sans CJK SC"

static const struct ticket_subject subjects[] = {
	{"理论知识考试", MADE_AT + 8 * DAY_MS, MADE_AT + 8 * DAY_MS + 90 * MINUTE_MS, "示例考点一",
		STREET, "第1考场", "07"},
	{"操作技能考核", MADE_AT + 8 * DAY_MS + 5 * HOUR_MS, MADE_AT + 8 * DAY_MS + 6 * HOUR_MS,
		"示例考点二", STREET, "第2考场", "12"},
	{"综合评审", 0, 0, NULL, NULL, NULL, NULL},
};

/* The same, as it stands on the page. */
struct text {
	double size;
	const char *text; /* NULL: the name */
};

static const struct text texts[] = {
	{13, CENTRE},
	{28, "准考证"},
	{12, PLAN},
	{10.5, "准考证号"},
	{15, NUMBER},
	{10.5, "姓　　名"},
	{12, NULL},
	{10.5, "性别"},
	{10.5, "男"},
	{10.5, "证件类型"},
	{10.5, "居民身份证"},
	{10.5, "证件号码"},
	{10.5, "110108********1238"},
	{10.5, "申报职业"},
	{10.5, "供应链管理师"},
	{10.5, "申报等级"},
	{10.5, "一级/高级技师"},
	{10.5, "工种/方向"},
	{10.5, "采购方向"},
	{10.5, "考试类型"},
	{10.5, "正考"},
	{9, "贴一寸\n白底照片"},
	{10.5, "考试科目"},
	{10.5, "考试时间"},
	{10.5, "考点及地址"},
	{10.5, "考场"},
	{10.5, "座位号"},
	{10.5, "理论知识考试"},
	{10.5, "2026年11月30日\n星期一　09:00—10:30"},
	{10.5, "示例考点一\n" STREET},
	{12, "第1考场"},
	{12, "07"},
	{10.5, "操作技能考核"},
	{10.5, "2026年11月30日\n星期一　14:00—15:00"},
	{10.5, "示例考点二\n" STREET},
	{12, "第2考场"},
	{12, "12"},
	{10.5, "综合评审"},
	{10.5, "另行通知"},
	{10.5, "—"},
	{12, "—"},
	{12, "—"},
	{12, "考生须知"},
	{10.5, "1. 凭本准考证和有效身份证件原件参加考试，两证缺一不得入场。\n"
	       "2. 请提前 30 分钟到达考点；开考 15 分钟后不得入场。\n"
	       "3. 入场时签到，对号入座，将两证放在桌面左上角备查。\n"
	       "4. 手机等通讯工具和与考试无关的物品不得带入座位。\n"
	       "5. 服从监考人员安排；考试结束前不得提前离场，违纪者按有关规定处理。"},
	{8, "扫码核验准考证"},
	{10.5, CENTRE "（盖章）\n2026年11月22日"},
	{8, "准考证号 " NUMBER},
	{8, "第 1 页 共 1 页"},
};

static int64_t processor_us(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static struct bytes ours_draw(struct arena *arena, const char *name)
{
	const struct ticket_facts facts = {
		.centre_name = CENTRE,
		.plan_name = PLAN,
		.number = NUMBER,
		.check_address = ADDRESS,
		.candidate_name = name,
		.gender = "男",
		.identity_kind = "居民身份证",
		.identity_masked = "110108********1238",
		.occupation_name = "供应链管理师",
		.work_type = "采购方向",
		.level_name = "一级/高级技师",
		.exam_kind = "正考",
		.subjects = subjects,
		.subject_count = COUNT(subjects),
		.late_minutes = 15,
		.made_at = MADE_AT,
	};
	struct error error = {.arena = arena};
	struct bytes pdf;

	if (ticket_render(arena, &facts, &pdf, &error)) {
		(void)fprintf(stderr, "tickets: %s %s\n", error.code,
			error.internal ? error.internal : "");
		exit(1);
	}
	return pdf;
}

static cairo_status_t take(void *closure, const unsigned char *data, unsigned size)
{
	struct buffer *content = closure;

	buffer_append(content, data, size);
	return content->overflowed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static struct bytes straight_draw(struct arena *arena, const char *name)
{
	struct buffer content = buffer_in(arena, 16u << 20);
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take, &content, WIDTH, HEIGHT);
	cairo_t *cairo = cairo_create(surface);
	PangoLayout *layout = pango_cairo_create_layout(cairo);
	PangoFontDescription *font = pango_font_description_from_string(FACE);
	double x = MARGIN, y = MARGIN;

	pango_layout_set_width(layout, (int)(COLUMN * PANGO_SCALE));
	for (size_t i = 0; i < COUNT(texts); i++) {
		int height;

		if (y > HEIGHT - 4 * MARGIN) {
			x += COLUMN + 10;
			y = MARGIN;
		}
		pango_font_description_set_absolute_size(font, texts[i].size * PANGO_SCALE);
		pango_layout_set_font_description(layout, font);
		pango_layout_set_text(layout, texts[i].text ? texts[i].text : name, -1);
		cairo_move_to(cairo, x, y);
		pango_cairo_show_layout(cairo, layout);
		pango_layout_get_size(layout, NULL, &height);
		y += (double)height / PANGO_SCALE;
	}
	pango_font_description_free(font);
	g_object_unref(layout);
	cairo_show_page(cairo);
	cairo_destroy(cairo);
	cairo_surface_finish(surface);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		exit(1);
	cairo_surface_destroy(surface);
	return buffer_bytes(&content);
}

static void keep(const char *file, struct bytes pdf)
{
	FILE *out = fopen(file, "wb");

	if (!out || fwrite(pdf.data, 1, pdf.size, out) != pdf.size || fclose(out) != 0) {
		perror(file);
		exit(1);
	}
}

int main(int count, char **words)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	long wanted = count == 5 ? strtol(words[2], NULL, 10) : 0;
	bool ours = wanted > 0 && strcmp(words[1], "ours") == 0;

	if (wanted < 1 || (!ours && strcmp(words[1], "straight") != 0)) {
		(void)fputs("usage: tickets ours|straight COUNT NAME FILE\n", stderr);
		return 2;
	}
	struct bytes (*draw)(struct arena *, const char *) = ours ? ours_draw : straight_draw;
	size_t size = draw(arena, words[3]).size;
	int64_t from = processor_us();

	for (long i = 0; i < wanted; i++) {
		arena_reset(arena);
		size = draw(arena, words[3]).size;
	}
	int64_t took = processor_us() - from;

	arena_reset(arena);
	keep(words[4], draw(arena, words[3]));
	(void)printf("{\"tickets\":%ld,\"ms\":%.2f,\"bytes\":%zu}\n", wanted,
		(double)took / 1e3 / (double)wanted, size);
	arena_destroy(arena);
	return 0;
}
