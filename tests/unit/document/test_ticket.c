/*
 * The admission ticket (S20): who, where, when; a photograph that stays as it was; a code that reads back; any name.
 */
#include "paper.h"

#include <jpeglib.h>
#include <pthread.h>

#include "document/ticket.h"

#define HEAD "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const struct ticket_subject subjects[] = {
	{"理论知识考试", PAPER_AT + 8 * DAY_MS, PAPER_AT + 8 * DAY_MS + 90 * MINUTE_MS,
		"示例考点一", "北京市石景山区玉泉路63号远洋时代广场313", "第1考场", "07"},
	{"操作技能考核", PAPER_AT + 8 * DAY_MS + 5 * HOUR_MS, PAPER_AT + 8 * DAY_MS + 6 * HOUR_MS,
		"示例考点二", NULL, "第2考场", "12"},
	{"综合评审", 0, 0, NULL, NULL, NULL, NULL},
};
#define CHECK_ADDRESS "https://haidian.example/tickets/261100030100107.9f86d081884c7d65aa00bb11"

static const char *const notes[] = {"考点不提供停车位。"};

static struct ticket_facts facts(void)
{
	return (struct ticket_facts){
		.centre_name = "北京市石景山区示例职业技能评价中心",
		.plan_name = "2026年第四批供应链管理师一级/高级技师职业技能等级认定",
		.number = "261100030100107",
		.check_address = CHECK_ADDRESS,
		.candidate_name = "张三",
		.gender = "男",
		.identity_kind = "居民身份证",
		.identity_masked = "110108********1238",
		.occupation_name = "供应链管理师",
		.level_name = "一级/高级技师",
		.exam_kind = "正考",
		.subjects = subjects,
		.subject_count = COUNT(subjects),
		.late_minutes = 15,
		.notes = notes,
		.note_count = COUNT(notes),
		.audit_head = HEAD,
		.made_at = PAPER_AT,
	};
}

static struct bytes render_in(struct arena *place, const struct ticket_facts *facts)
{
	struct error error = {.arena = place};
	struct bytes pdf = {NULL, 0};

	if (ticket_render(place, facts, &pdf, &error) != OK)
		fail_msg("%s: %s", error.code, error.internal);
	return pdf;
}

static struct bytes render(const struct ticket_facts *facts)
{
	return render_in(arena, facts);
}

/* A picture, grey from dark to light; an inch of portrait is 295 by 413. */
static struct bytes picture(unsigned width, unsigned height)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *data = NULL, line[1024 * 3];
	unsigned long size = 0;
	struct bytes copy;

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &size);
	jpeg.image_width = width;
	jpeg.image_height = height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	for (unsigned row = 0; row < height; row++) {
		JSAMPROW rows[] = {line};

		memset(line, (int)(row / 2), sizeof line);
		jpeg_write_scanlines(&jpeg, rows, 1);
	}
	jpeg_finish_compress(&jpeg);
	copy = bytes_of(arena_copy(arena, data, size), size);
	jpeg_destroy_compress(&jpeg);
	free(data);
	return copy;
}

static void s20_the_ticket_tells_who_where_and_when(void **state)
{
	struct ticket_facts ticket = facts();
	struct bytes pdf = render(&ticket);

	(void)state;
	assert_says(pdf, "北京市石景山区示例职业技能评价中心", "准考证",
		"2026年第四批供应链管理师一级/高级技师职业技能等级认定", "261100030100107", "张三",
		"男", "居民身份证", "110108********1238", "供应链管理师", "一级/高级技师", "正考",
		"--", "理论知识考试", "2026年11月30日", "星期一09:00—10:30", "示例考点一",
		"北京市石景山区玉泉路63号远洋时代广场313", "第1考场", "07", "操作技能考核",
		"14:00—15:00", "示例考点二", "第2考场", "12", "综合评审", "另行通知",
		"开考15分钟后不得入场", "6.考点不提供停车位。", "审计链9f86d081884c7d65",
		"2026年11月22日");
	assert_int_equal(paper_pages(pdf), 1);
	assert_fonts_embedded(pdf);
}

/* A review may go on for days, and what ends at midnight ends on its own day. */
static void the_day_of_a_subjects_end_is_told(void **state)
{
	static const struct ticket_subject late[] = {
		{"综合评审", PAPER_AT + 8 * DAY_MS, PAPER_AT + 10 * DAY_MS + 8 * HOUR_MS,
			"示例考点一", NULL, NULL, NULL},
		{"操作技能考核", PAPER_AT + 13 * HOUR_MS, PAPER_AT + 15 * HOUR_MS, "示例考点一",
			NULL, NULL, NULL},
		{"潜在能力考核", PAPER_AT, PAPER_AT + 2 * DAY_MS + 15 * HOUR_MS, "示例考点一", NULL,
			NULL, NULL},
	};
	struct ticket_facts ticket = facts();

	(void)state;
	ticket.subjects = late;
	ticket.subject_count = COUNT(late);
	assert_says(render(&ticket), "2026年11月30日09:00至2026年12月2日17:00",
		"2026年11月22日星期日22:00—24:00", "2026年11月22日09:00至2026年11月24日24:00");
}

static void s20_the_qr_code_leads_to_where_tickets_are_checked(void **state)
{
	struct ticket_facts ticket = facts();

	(void)state;
	assert_string_equal(paper_scan(render(&ticket)), "QR-Code:" CHECK_ADDRESS "\n");
}

static void the_photograph_is_embedded_byte_for_byte(void **state)
{
	struct ticket_facts ticket = facts();
	struct bytes pdf;

	(void)state;
	ticket.photo = picture(295, 413);
	pdf = render(&ticket);
	assert_bytes_contain(pdf, ticket.photo);
	assert_non_null(strstr(paper_tool(pdf, "pdfimages -list", ""), "jpeg"));
	assert_null(strstr(paper_words(pdf), "贴一寸"));
}

/* Pixels an inch, the same across and down. */
static unsigned density(struct bytes photo)
{
	struct ticket_facts ticket = facts();
	const char *line;
	unsigned across, down;

	ticket.photo = photo;
	line = strstr(paper_tool(render(&ticket), "pdfimages -list", ""), "jpeg");
	assert_non_null(line);
	/* interpolation, object, generation, then the two densities */
	assert_int_equal(sscanf(line, "jpeg %*s %*u %*u %u %u", &across, &down), 2);
	assert_int_equal(across, down);
	return across;
}

/* 25 by 35 millimetres, an inch of portrait, whatever its pixels: 295 of them are 300 an inch. */
static void the_photograph_has_the_size_of_one_inch(void **state)
{
	(void)state;
	assert_in_range(density(picture(295, 413)), 299, 301);
}

static void a_photograph_of_other_proportions_keeps_them_within_the_inch(void **state)
{
	(void)state;
	assert_in_range(density(picture(590, 413)), 599, 601); /* as wide as the box */
	assert_in_range(density(picture(295, 826)), 599, 601); /* as high */
}

static void without_a_photograph_there_is_a_box_to_stick_one_on(void **state)
{
	struct ticket_facts ticket = facts();

	(void)state;
	assert_says(render(&ticket), "贴一寸白底照片");
}

static void a_damaged_photograph_is_refused(void **state)
{
	struct ticket_facts ticket = facts();
	struct error error = {.arena = arena};
	struct bytes pdf = {NULL, 0};

	(void)state;
	ticket.photo = bytes_of("no photograph", 13);
	assert_int_equal(ticket_render(arena, &ticket, &pdf, &error), INVALID);
	assert_string_equal(error.code, "document.photo");
	assert_null(pdf.data);
}

static void a_ticket_is_small(void **state)
{
	struct ticket_facts ticket = facts();

	(void)state;
	assert_in_range(render(&ticket).size, 1000, 80 * 1024);
	ticket.candidate_name = "㑇䶮𬱟𫖯"; /* a second face */
	assert_in_range(render(&ticket).size, 1000, 120 * 1024);
}

static void rare_characters_of_a_name_are_printed_and_embedded(void **state)
{
	struct ticket_facts ticket = facts();
	struct bytes pdf;

	(void)state;
	ticket.candidate_name = "㑇䶮𬱟𫖯";
	pdf = render(&ticket);
	assert_says(pdf, "㑇䶮𬱟𫖯");
	assert_non_null(strstr(paper_tool(pdf, "pdffonts", ""), "NotoSansCJKsc"));
	assert_fonts_embedded(pdf);
}

static void names_and_plans_of_any_length_stay_on_the_page(void **state)
{
	static const char *const names[] = {"丁一", "欧阳示例名", "阿卜杜热合曼·示例·麦麦提",
		"阿卜杜热合曼·示例·麦麦提依明江·示例·托合提·示例示例甲",
		"Johannes Chrysostomus Wolfgangus Theophilus Example-Placeholder"};
	struct ticket_facts ticket = facts();

	(void)state;
	ticket.plan_name =
		"二〇二六年第四季度面向全市从业人员的供应链管理师一级/高级技师职业技能等级认定（含晋级认定与补考）"
		"第十二批次第三考区认定计划";
	ticket.occupation_name = "轨道道路航空水上货物运输及装卸搬运服务管理师";
	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes pdf;
		struct buffer bare = buffer_in(arena, 256);

		ticket.candidate_name = names[i];
		for (const char *at = names[i]; *at; at++)
			if (*at != ' ')
				buffer_append(&bare, at, 1);
		pdf = render(&ticket);
		assert_true(assert_words_within(pdf, 18, 14, 192, 291) > 20);
		assert_says(pdf, bare.data, "第三考区认定计划");
	}
}

static const char *const long_note =
	"考点周边正在施工，请提前规划路线，乘坐公共交通工具前往，并按现场标识指引进入考场所在楼层。";

static void more_subjects_and_notes_than_usual_still_fit_one_page(void **state)
{
	struct ticket_subject many[5];
	const char *const few[] = {long_note, "考点不提供停车位。", "请自备黑色签字笔。"};
	struct ticket_facts ticket = facts();
	struct bytes pdf;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = subjects[0];
	ticket.subjects = many;
	ticket.subject_count = 4;
	ticket.notes = few;
	ticket.note_count = COUNT(few);
	pdf = render(&ticket);
	assert_words_within(pdf, 18, 14, 192, 291);
	assert_says(pdf, "8.请自备黑色签字笔");
	assert_int_equal(paper_pages(pdf), 1);
}

/* As many and as long as a centre's settings let them be. */
static void notes_that_could_not_be_read_on_one_page_go_on_behind_it(void **state)
{
	const char *many[20];
	struct ticket_facts ticket = facts();
	const double usual = paper_smallest(render(&ticket));
	struct buffer longest = buffer_in(arena, 1024);
	struct bytes pdf;

	(void)state;
	for (int i = 0; i < 200; i++)
		buffer_text(&longest, i % 20 == 19 ? "。" : "考");
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = longest.data;
	many[19] = long_note;
	ticket.notes = many;
	ticket.note_count = COUNT(many);
	pdf = render(&ticket);
	assert_words_within(pdf, 18, 14, 192, 291);
	assert_says(pdf, "1.凭本准考证", "考生须知（后接第2页）", "考生须知（续）",
		"25.考点周边正在施工", "第1页共3页", "第3页共3页");
	assert_true(paper_smallest(pdf) >= usual);
	assert_int_equal(paper_pages(pdf), 3);
}

/* Hardly smaller than what is smallest on any ticket, with all of its words. */
static void assert_readable(const struct ticket_subject *few, size_t count, const char *words)
{
	struct ticket_facts ticket = facts();
	const double usual = paper_smallest(render(&ticket));
	struct bytes pdf;

	ticket.subjects = few;
	ticket.subject_count = count;
	pdf = render(&ticket);
	assert_says(pdf, words);
	assert_true(paper_smallest(pdf) >= 0.8 * usual);
	assert_int_equal(paper_pages(pdf), 1);
}

static void long_names_of_few_subjects_can_be_read(void **state)
{
	struct ticket_subject few[3];

	(void)state;
	for (size_t i = 0; i < COUNT(few); i++) {
		few[i] = subjects[0];
		few[i].name =
			"婴幼儿卫生保健、生活照护与早期发展支持的理论知识考试（机考，闭卷，单选、多选与判断题）和操作技能考核（现场操作与口述）";
	}
	assert_readable(few, COUNT(few), "现场操作与口述");
}

/* As long as a plan lets them be. */
static void the_way_to_a_place_of_many_words_can_be_read(void **state)
{
	struct ticket_subject few[2] = {subjects[0], subjects[1]};

	(void)state;
	for (size_t i = 0; i < COUNT(few); i++) {
		few[i].venue =
			"示例市示例区示例街道职业技能等级认定示例考点（示例职业技术学院示例校区第二教学楼）"
			"与示例实训基地联合考点（请从东侧门进入，凭准考证登记，沿标识步行）";
		few[i].address =
			"示例省示例市示例区示例街道示例大街一百二十三号院（地铁示例线示例站C口出站后向北步行八百米，"
			"过示例桥后右转，校门在路西；自驾者请停在示例广场地下停车场，由南侧扶梯上到地面后步行前往，雨雪天气请提前出门）";
	}
	assert_readable(few, COUNT(few), "雨雪天气请提前出门");
}

static void the_same_facts_give_the_same_bytes(void **state)
{
	struct ticket_facts ticket = facts(), other = facts();

	(void)state;
	ticket.photo = other.photo = picture(295, 413);
	assert_same_bytes(render(&ticket), render(&ticket));

	other.made_at += DAY_MS;
	assert_null(strstr(paper_words(render(&other)), "2026年11月22日"));
}

static void *render_often(void *out)
{
	struct ticket_facts ticket = facts();
	struct arena *own = arena_create(64u << 20);
	struct bytes *copy = out;

	ticket.candidate_name = "张䶮";
	for (int i = 0; i < 5; i++) {
		struct bytes pdf = render_in(own, &ticket);

		free((void *)(uintptr_t)copy->data);
		copy->data = memcpy(malloc(pdf.size), pdf.data, pdf.size);
		copy->size = pdf.size;
		arena_reset(own);
	}
	arena_destroy(own);
	return NULL;
}

static void threads_draw_at_the_same_time_and_alike(void **state)
{
	pthread_t threads[4];
	struct bytes pdfs[4] = {{NULL, 0}};

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, render_often, &pdfs[i]), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);

	assert_says(pdfs[0], "张䶮");
	for (size_t i = 1; i < COUNT(threads); i++)
		assert_same_bytes(pdfs[0], pdfs[i]);
	for (size_t i = 0; i < COUNT(threads); i++)
		free((void *)(uintptr_t)pdfs[i].data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s20_the_ticket_tells_who_where_and_when),
		cmocka_unit_test(the_day_of_a_subjects_end_is_told),
		cmocka_unit_test(s20_the_qr_code_leads_to_where_tickets_are_checked),
		cmocka_unit_test(the_photograph_is_embedded_byte_for_byte),
		cmocka_unit_test(the_photograph_has_the_size_of_one_inch),
		cmocka_unit_test(a_photograph_of_other_proportions_keeps_them_within_the_inch),
		cmocka_unit_test(without_a_photograph_there_is_a_box_to_stick_one_on),
		cmocka_unit_test(a_damaged_photograph_is_refused),
		cmocka_unit_test(a_ticket_is_small),
		cmocka_unit_test(rare_characters_of_a_name_are_printed_and_embedded),
		cmocka_unit_test(names_and_plans_of_any_length_stay_on_the_page),
		cmocka_unit_test(more_subjects_and_notes_than_usual_still_fit_one_page),
		cmocka_unit_test(notes_that_could_not_be_read_on_one_page_go_on_behind_it),
		cmocka_unit_test(long_names_of_few_subjects_can_be_read),
		cmocka_unit_test(the_way_to_a_place_of_many_words_can_be_read),
		cmocka_unit_test(the_same_facts_give_the_same_bytes),
		cmocka_unit_test(threads_draw_at_the_same_time_and_alike),
	};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
