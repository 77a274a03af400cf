/*
 * `kaowu plugin new`: an author's folder, which builds with the one line that is printed and passes its check, from a
 * template, or from a plugin that is there already (plugin_take_over.c).
 *
 * A template (core/plugin/author) is a text in which @word@ stands for a value, and a line that begins with @421@ is
 * for levels 4, 2 and 1 only.
 */
#include "plugin_new.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/kaowu_plugin.h"

#define TEXT_LONGEST (1u << 20)
#define ABI_HEADER   "kaowu_plugin.h"
#define COMPILER_LINE                                                                              \
	"cc -std=c11 -shared -fPIC -fvisibility=hidden -o %s/%s_level_%d.so %s/level_%d.c\n"

/* ---- What was asked for ---- */

static bool code_valid(const char *code)
{
	static const char shape[] = "d-dd-dd-dd";

	for (size_t i = 0; i < sizeof(shape); i++) {
		bool digit = code[i] >= '0' && code[i] <= '9';

		if (shape[i] == 'd' ? !digit : code[i] != shape[i])
			return false;
	}
	return true;
}

/* It becomes part of a C text, and must be a name as the manifest's schema has it. */
static bool name_valid(struct arena *arena, const char *name)
{
	size_t length = text_is_utf8(name, strlen(name)) ? text_length(name) : 0;

	return length >= 2 && length <= 40 && text_equal(name, text_normalise(arena, name)) &&
	       !strpbrk(name, " \"\\?\t\r\n@");
}

static bool stem_valid(const char *stem)
{
	size_t length = strspn(stem, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return stem[0] >= 'a' && stem[0] <= 'z' && !stem[length] && length <= 61;
}

static bool asked_rightly(const struct scaffold *scaffold)
{
	struct error error = {.arena = scaffold->arena};

	if (!code_valid(scaffold->code))
		fault_add(&error, "/code", "kit.form_code", NULL);
	if (!name_valid(scaffold->arena, scaffold->name))
		fault_add(&error, "/name", "kit.form_name", NULL);
	if (!stem_valid(scaffold->stem))
		fault_add(&error, "/id", "kit.form_stem", NULL);
	if (strpbrk(scaffold->folder, " \t\n'\"\\$`&|;<>()*?[]#~!{}"))
		fault_add(&error, "/folder", "kit.form_folder", NULL);
	if (scaffold->level < 1 || scaffold->level > 5)
		fault_add(&error, "/level", "kit.form_level", NULL);
	return refuse_faults(&error) ? !command_failed("plugin new", &error) : true;
}

/* ---- Templates ---- */

static const char *level_name(int level)
{
	static const char *const names[] = {
		KAOWU_LEVEL_1, KAOWU_LEVEL_2, KAOWU_LEVEL_3, KAOWU_LEVEL_4, KAOWU_LEVEL_5};

	return names[level - 1];
}

/* By level: years of work after the certificate of the level below, and the condition that says so. */
static const struct {
	int years;
	const char *condition;
} conditions[] = {{5, "1-1"}, {5, "2-1"}, {4, "3-2"}, {3, "4-2"}, {0, "5-1"}};

static const char *value_of(const struct scaffold *scaffold, const char *word)
{
	int years = conditions[scaffold->level - 1].years;
	const struct {
		const char *word, *text;
		int number; /* where there is no text */
	} values[] = {
		{"name", scaffold->name, 0},
		{"code", scaffold->code, 0},
		{"id", scaffold->stem, 0},
		{"level_name", level_name(scaffold->level), 0},
		{"condition", conditions[scaffold->level - 1].condition, 0},
		{"level", NULL, scaffold->level},
		{"below", NULL, scaffold->level + 1},
		{"years", NULL, years},
		{"until", NULL, 2020 + years},
	};

	for (size_t i = 0; i < COUNT(values); i++)
		if (text_equal(values[i].word, word))
			return values[i].text
				       ? values[i].text
				       : arena_printf(scaffold->arena, "%d", values[i].number);
	return "";
}

/* Where the text of a line begins, or NULL if the line is for other levels. */
static const char *line_text(const struct scaffold *scaffold, const char *line)
{
	size_t digits = line[0] == '@' ? strspn(line + 1, "12345") : 0;

	if (digits == 0 || line[1 + digits] != '@')
		return line;
	return memchr(line + 1, '0' + scaffold->level, digits) ? line + digits + 2 : NULL;
}

static void line_render(
	const struct scaffold *scaffold, struct buffer *out, const char *text, const char *end)
{
	while (text < end) {
		const char *at = memchr(text, '@', (size_t)(end - text));
		const char *close = at ? memchr(at + 1, '@', (size_t)(end - at - 1)) : NULL;

		if (!close) {
			buffer_append(out, text, (size_t)(end - text));
			return;
		}
		buffer_append(out, text, (size_t)(at - text));
		buffer_text(out, value_of(scaffold, arena_text_part(scaffold->arena, at + 1,
							    (size_t)(close - at - 1))));
		text = close + 1;
	}
}

static struct bytes author_file(const char *path)
{
	return embedded_find_in(author_files, author_count, path)->content;
}

static struct bytes render(const struct scaffold *scaffold, const char *path)
{
	struct buffer out = buffer_in(scaffold->arena, TEXT_LONGEST);
	const char *line = (const char *)author_file(path).data;

	for (const char *end; *line; line = end) {
		const char *text = line_text(scaffold, line);

		end = strchrnul(line, '\n');
		end += *end == '\n';
		if (text)
			line_render(scaffold, &out, text, end);
	}
	return buffer_bytes(&out);
}

/* ---- Files ---- */

static const char *path_of(const struct scaffold *scaffold, const char *name)
{
	return arena_printf(scaffold->arena, "%s/%s", scaffold->folder, name);
}

static bool write_file(const struct scaffold *scaffold, const char *name, struct bytes content)
{
	const char *path = path_of(scaffold, name);

	if (!file_create(path, content, 0644))
		return false;
	(void)fprintf(stderr, "%s\n", path);
	return true;
}

static bool folder_make(const struct scaffold *scaffold)
{
	if (mkdir(scaffold->folder, 0755) == 0)
		return true;
	command_say(stderr, "kit.not_written", "path", scaffold->folder, "reason",
		strerrordesc_np(errno), NULL);
	return false;
}

/* All of it is known before the folder is made. */
static size_t sources_make(
	const struct scaffold *scaffold, struct source_file files[SOURCE_FILES_MOST])
{
	if (scaffold->from)
		return plugin_take_over(scaffold, files);
	files[0] =
		(struct source_file){arena_printf(scaffold->arena, "level_%d.c", scaffold->level),
			(const char *)render(scaffold, "author/level.c.in").data};
	return 1;
}

static int new_plugin(const struct scaffold *scaffold)
{
	struct source_file files[SOURCE_FILES_MOST];
	size_t count = asked_rightly(scaffold) ? sources_make(scaffold, files) : 0;
	bool good = count > 0 && folder_make(scaffold);

	for (size_t i = 0; good && i < count; i++)
		good = write_file(
			scaffold, files[i].name, bytes_of(files[i].text, strlen(files[i].text)));
	if (!good || !write_file(scaffold, ABI_HEADER, author_file(ABI_HEADER)) ||
		!write_file(scaffold, "README.md", render(scaffold, "author/README.md.in")))
		return 1;
	(void)printf(COMPILER_LINE, scaffold->folder, scaffold->stem, scaffold->level,
		scaffold->folder, scaffold->level);
	return 0;
}

int plugin_new_command(int count, char **words)
{
	static const char *const options[] = {"--level=", "--id=", "--folder=", "--from=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *level = option(count, words, "--level"), *id = option(count, words, "--id");
	const char *folder = option(count, words, "--folder");

	if (subjects_count(count, words) != 2 || !level ||
		!options_known("plugin new", count - 2, words + 2, options))
		return USED_WRONGLY;
	const char *stem = id ? id : arena_printf(arena, "occupation-%s", words[0]);
	const struct scaffold scaffold = {.arena = arena,
		.code = words[0],
		.name = words[1],
		.stem = stem,
		.folder = folder ? folder : stem,
		.from = option(count, words, "--from"),
		.level = strlen(level) == 1 ? level[0] - '0' : 0};
	return new_plugin(&scaffold);
}
