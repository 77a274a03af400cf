/*
 * Which characters can be printed, and what an operator hears when the faces are missing.
 */
#include "paper.h"

#include <glib.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "document/font.h"
#include "document/glib_log.h"
#include "document/page.h"

static void the_faces_are_found_where_they_are_installed(void **state)
{
	struct error error = {.arena = arena};

	(void)state;
	assert_int_equal(font_find(&error), OK);
	assert_int_equal(font_check(&error), OK);
	assert_null(error.code);
}

static void common_rare_and_foreign_names_are_covered(void **state)
{
	static const char *const names[] = {"张三", "欧阳示例", "阿卜杜·示例·买买提",
		"O'Neil-Smith é", "㑇", "䶮", "𬱟", "𫖯", "〇", "镕", "喆", "㛃", "",
		"第 1 行\n第 2 行"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *missing = NULL;

		if (!font_covers(arena, names[i], &missing))
			fail_msg("%s: %s", names[i], missing);
		assert_null(missing);
	}
}

static void a_character_that_no_face_has_is_named_with_its_code_point(void **state)
{
	const char *missing = NULL;

	(void)state;
	assert_false(font_covers(arena, "张𠀀", &missing));
	assert_string_equal(missing, "𠀀 (U+20000)");
}

static void each_missing_character_is_named_once_and_only_the_first_few(void **state)
{
	const char *missing = NULL;

	(void)state;
	assert_false(font_covers(arena, "𠀀𠀁𠀀", &missing));
	assert_string_equal(missing, "𠀀 (U+20000)、𠀁 (U+20001)");

	assert_false(font_covers(arena, "\x01\x02\x03\x04\x05\x06\x07", &missing));
	assert_string_equal(missing, "(U+0001)、(U+0002)、(U+0003)、(U+0004)、(U+0005)");
}

static void what_nobody_sees_is_refused_though_a_face_may_have_it(void **state)
{
	const char *missing = NULL;

	(void)state;
	assert_false(font_covers(arena, "张\u200B三\u202E\u2066\uFEFF", &missing));
	assert_string_equal(missing, "(U+200B)、(U+202E)、(U+2066)、(U+FEFF)");
	assert_false(font_covers(arena, "张\u00AD三\u115F\u1160\u3164\uFFA0", &missing));
	assert_string_equal(missing, "(U+00AD)、(U+115F)、(U+1160)、(U+3164)、(U+FFA0)");
	assert_false(font_covers(arena, "張\uFFFD三\uFFFC", &missing));
	assert_string_equal(missing, "(U+FFFD)、(U+FFFC)");
}

/* The faces are looked up once a process, so a machine without them is another process. */
static int on_a_bare_machine(void)
{
	const struct page_about about = {
		.title = "页", .author = "示例中心", .made_at = PAPER_AT, .pages = 1};
	const char *missing = "untouched";
	struct bytes pdf = {NULL, 0};
	struct error error;
	struct page *page;

	arena = arena_create(65536);
	error = (struct error){.arena = arena};
	if (font_find(&error) != BROKEN || font_check(&error) != BROKEN ||
		!font_covers(arena, "𠀀", &missing))
		return 1;
	page = page_open(arena, &about);
	page_begin(page);
	if (page_finish(page, &pdf, &error) != BROKEN || pdf.data)
		return 1;
	page_close(&page);
	printf("%s %s=%s %s=%s missing=%s", error.code, error.params[0], error.params[1],
		error.params[2], error.params[3], missing);
	arena_destroy(arena);
	return 0;
}

static void without_the_faces_nothing_is_printed_and_the_operator_hears_what_to_install(
	void **state)
{
	const char *fonts = arena_printf(arena, "%s/fonts.conf", folder);
	FILE *file = fopen(fonts, "w");
	struct bytes said;
	char self[4096] = "";

	(void)state;
	assert_non_null(file);
	fputs("<fontconfig></fontconfig>", file);
	assert_int_equal(fclose(file), 0);
	assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);

	said = paper_command(arena_printf(arena, "FONTCONFIG_FILE=%s %s bare", fonts, self));
	assert_string_equal((const char *)said.data,
		"document.font_missing family=WenQuanYi Micro Hei package=fonts-wqy-microhei "
		"missing=untouched");
}

/* A file that cannot be opened at the moment is like memory that is not there. */
static int short_of_descriptors(void)
{
	const struct page_about about = {.title = "页",
		.author = "示例中心",
		.foot = "张三",
		.made_at = PAPER_AT,
		.pages = 1};
	struct rlimit most;
	struct bytes pdf = {NULL, 0};
	const char *missing = NULL;
	struct error error;
	struct page *page;

	arena = arena_create(1 << 20);
	error = (struct error){.arena = arena};
	if (getrlimit(RLIMIT_NOFILE, &most) != 0)
		return 1;
	const rlim_t enough = most.rlim_cur;
	most.rlim_cur = 3;
	if (setrlimit(RLIMIT_NOFILE, &most) != 0 || !font_covers(arena, "𠀀", &missing))
		return 1;
	page = page_open(arena, &about);
	most.rlim_cur = enough;
	if (setrlimit(RLIMIT_NOFILE, &most) != 0 || font_check(&error) != OK)
		return 1;

	page_begin(page); /* has no letters, although they are there by now */
	if (page_finish(page, &pdf, &error) != BROKEN || pdf.data)
		return 1;
	page_close(&page);
	error = (struct error){.arena = arena};
	page = page_open(arena, &about);
	page_begin(page);
	if (page_finish(page, &pdf, &error) != OK || font_covers(arena, "𠀀", &missing))
		return 1;
	page_close(&page);
	printf("%s",
		memmem(pdf.data, pdf.size, "WenQuanYi", 9) ? "set in WenQuanYi" : "no letters");
	arena_destroy(arena);
	return 0;
}

static void faces_that_could_not_be_loaded_are_tried_again(void **state)
{
	char self[4096] = "";

	(void)state;
	assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
	assert_string_equal((const char *)paper_command(arena_printf(arena, "%s short", self)).data,
		"set in WenQuanYi");
}

/* In a process of its own, which may end by it: what stands on its standard error, and how it ended. */
static const char *said_by_glib(GLogLevelFlags level, int *status)
{
	static char said[2000];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		if (dup2(ends[1], STDERR_FILENO) != STDERR_FILENO)
			_exit(1);
		glib_listen();
		g_log("Pango", level, "a placeholder's word");
		_exit(0);
	}
	(void)close(ends[1]);
	ssize_t size = read(ends[0], said, sizeof(said) - 1);
	said[size > 0 ? size : 0] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, status, 0), child);
	return said;
}

static void what_glib_says_is_a_line_of_the_log_and_its_last_word_an_abort(void **state)
{
	const char *said;
	int status;

	(void)state;
	said = said_by_glib(G_LOG_LEVEL_WARNING, &status);
	assert_non_null(strstr(said, "\"event\":\"document.glib\",\"domain\":\"Pango\""));
	assert_non_null(strstr(said, "\"said\":\"a placeholder's word\"}\n"));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);

	said = said_by_glib(G_LOG_LEVEL_ERROR, &status);
	assert_non_null(strstr(said, "\"level\":\"error\""));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);

	assert_string_equal(said_by_glib(G_LOG_LEVEL_INFO, &status), "");
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_faces_are_found_where_they_are_installed),
		cmocka_unit_test(common_rare_and_foreign_names_are_covered),
		cmocka_unit_test(a_character_that_no_face_has_is_named_with_its_code_point),
		cmocka_unit_test(each_missing_character_is_named_once_and_only_the_first_few),
		cmocka_unit_test(what_nobody_sees_is_refused_though_a_face_may_have_it),
		cmocka_unit_test(
			without_the_faces_nothing_is_printed_and_the_operator_hears_what_to_install),
		cmocka_unit_test(faces_that_could_not_be_loaded_are_tried_again),
		cmocka_unit_test(what_glib_says_is_a_line_of_the_log_and_its_last_word_an_abort),
	};

	if (count > 1 && strcmp(arguments[1], "bare") == 0)
		return on_a_bare_machine();
	if (count > 1 && strcmp(arguments[1], "short") == 0)
		return short_of_descriptors();
	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
