/*
 * Parts of the program: each is loaded once, as itself, and what cannot be loaded is told with the linker's words.
 */
#include "scratch.h"

#include <stdio.h>

#include "base/part.h"

#define PLUGIN(name) BUILD_DIR "/plugins/" name ".so"

static struct embedded_file file_of(struct scratch *scratch, const char *path)
{
	FILE *file = fopen(path, "rbe");

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size_t size = (size_t)ftell(file);
	rewind(file);
	char *content = arena_alloc(scratch->arena, size);
	assert_int_equal(fread(content, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return (struct embedded_file){"a-part", bytes_of(content, size)};
}

static struct part part_of(const char *symbol)
{
	return (struct part){.symbol = symbol, .lock = PTHREAD_MUTEX_INITIALIZER};
}

static int descriptors(void)
{
	int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_true(lowest >= 0);
	assert_int_equal(close(lowest), 0);
	return lowest;
}

static void a_part_is_loaded_once(void **state)
{
	struct scratch *scratch = *state;
	struct part part = part_of("kaowu_plugin");
	struct embedded_file file = file_of(scratch, PLUGIN("internet-marketer_level_1"));
	const struct embedded_file nothing = {"nothing", {NULL, 0}};
	const void *table = part_load(&part, &file, &scratch->error);

	assert_non_null(table);
	assert_ptr_equal(part_load(&part, &nothing, &scratch->error), table);
	assert_null(scratch->error.code);
}

static void two_parts_are_two(void **state)
{
	struct scratch *scratch = *state;
	struct part first = part_of("kaowu_plugin"), second = part_of("kaowu_plugin");
	struct embedded_file files[] = {file_of(scratch, PLUGIN("internet-marketer_level_2")),
		file_of(scratch, PLUGIN("internet-marketer_level_3"))};

	assert_ptr_not_equal(part_load(&first, &files[0], &scratch->error),
		part_load(&second, &files[1], &scratch->error));
}

static void assert_told(struct scratch *scratch, const char *symbol,
	const struct embedded_file *file, const char *words)
{
	struct part part = part_of(symbol);
	int before = descriptors();

	scratch->error = (struct error){.arena = scratch->arena};
	assert_null(part_load(&part, file, &scratch->error));
	assert_int_equal(scratch->error.result, BROKEN);
	assert_string_equal(scratch->error.code, "part.not_loaded");
	assert_non_null(strstr(scratch->error.internal, "a-part: "));
	assert_non_null(strstr(scratch->error.internal, words));
	assert_null(part_load(&part, file, NULL));
	assert_int_equal(descriptors(), before);
}

static void what_cannot_be_loaded_is_told_and_leaves_nothing_open(void **state)
{
	struct scratch *scratch = *state;
	const struct embedded_file garbage = {"a-part", bytes_of("garbage", 7)};
	struct embedded_file plugin = file_of(scratch, PLUGIN("internet-marketer_level_4"));
	struct embedded_file without_program = file_of(scratch, BUILD_DIR "/parts/kaowu-drawing");

	assert_told(scratch, "kaowu_plugin", &garbage, "file too short");
	assert_told(scratch, "kaowu_nothing", &plugin, "undefined symbol: kaowu_nothing");
	assert_told(scratch, "kaowu_drawing", &without_program, "undefined symbol: ");
}

static int prepared;

static void prepare(void)
{
	prepared++;
}

static void what_could_not_be_loaded_is_tried_again_and_prepared_each_time(void **state)
{
	struct scratch *scratch = *state;
	struct part part = part_of("kaowu_plugin");
	const struct embedded_file garbage = {"a-part", bytes_of("garbage", 7)};
	struct embedded_file plugin = file_of(scratch, PLUGIN("internet-marketer_level_5"));

	part.prepare = prepare;
	assert_null(part_load(&part, &garbage, NULL));
	assert_int_equal(prepared, 1);
	assert_non_null(part_load(&part, &plugin, &scratch->error));
	assert_non_null(part_load(&part, &plugin, &scratch->error));
	assert_int_equal(prepared, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(a_part_is_loaded_once),
		with_scratch(two_parts_are_two),
		with_scratch(what_cannot_be_loaded_is_told_and_leaves_nothing_open),
		with_scratch(what_could_not_be_loaded_is_tried_again_and_prepared_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
