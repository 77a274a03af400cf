/*
 * Arenas: zeroed, aligned, apart, capped, and used again after a reset.
 */
#include "scratch.h"

#include <inttypes.h>
#include <stdalign.h>

static void memory_comes_zeroed_and_aligned(void **state)
{
	struct scratch *scratch = *state;

	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *memory = arena_alloc(scratch->arena, size);

		assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size); /* the next round would see it */
		if (size % 700 == 0)
			arena_reset(scratch->arena);
	}
}

static void pieces_do_not_overlap(void **state)
{
	struct scratch *scratch = *state;
	unsigned char *pieces[200];
	size_t size = 4999; /* many blocks */

	for (size_t i = 0; i < COUNT(pieces); i++) {
		pieces[i] = arena_alloc(scratch->arena, size);
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < COUNT(pieces); i++) {
		assert_int_equal(pieces[i][0], i);
		assert_int_equal(pieces[i][size - 1], i);
	}
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
	struct scratch *scratch = *state;
	size_t size = 5u << 20;
	char *large = arena_alloc(scratch->arena, size), *small = arena_alloc(scratch->arena, 1);

	large[size - 1] = 'x';
	assert_int_equal(*small, 0);
	assert_true(arena_used(scratch->arena) >= size + 1);
}

static void a_reset_gives_the_first_block_back(void **state)
{
	struct scratch *scratch = *state;
	void *first = arena_alloc(scratch->arena, 100);

	(void)arena_alloc(scratch->arena, 1u << 20);
	arena_reset(scratch->arena);
	assert_int_equal(arena_used(scratch->arena), 0);
	assert_ptr_equal(arena_alloc(scratch->arena, 100), first);
}

static void a_piece_grows_where_it_is_or_moves(void **state)
{
	struct scratch *scratch = *state;
	char *piece = arena_copy(scratch->arena, "kaowu", 5);
	char *grown = arena_extend(scratch->arena, piece, 5, 1000);
	size_t used = arena_used(scratch->arena);

	assert_ptr_equal(grown, piece); /* nothing was taken since */
	assert_memory_equal(grown, "kaowu", 5);
	memset(grown + 5, 'x', 1000);

	char *other = arena_alloc(scratch->arena, 1);
	char *moved = arena_extend(scratch->arena, grown, 1005, 1);
	assert_ptr_not_equal(moved, grown);
	assert_memory_equal(moved, grown, 1005);
	assert_int_equal(*other, 0);
	assert_int_equal(arena_used(scratch->arena), used + 1 + 1006);

	char *large =
		arena_extend(scratch->arena, moved, 1006, 5u << 20); /* no block has the room */
	assert_memory_equal(large, moved, 1006);
	large[(5u << 20) + 1005] = 'x';
	assert_non_null(arena_extend(scratch->arena, NULL, 0, 1));
}

static void pass_the_cap(void)
{
	struct arena *arena = arena_create(1000);

	for (int i = 0; i < 1000; i++)
		(void)arena_alloc(arena, 10);
}

static void grow_past_the_cap(void)
{
	struct arena *arena = arena_create(1000);
	char *piece = arena_alloc(arena, 900);

	(void)arena_extend(arena, piece, 900, 101);
}

static void ask_for_more_than_there_is(void)
{
	struct arena *arena = arena_create(SIZE_MAX);

	(void)NEW_ARRAY(arena, struct fault, SIZE_MAX / 2);
}

static void passing_the_cap_aborts(void **state)
{
	(void)state;
	assert_true(aborts(pass_the_cap));
	assert_true(aborts(grow_past_the_cap));
	assert_true(aborts(ask_for_more_than_there_is));
}

static void texts_are_copied_and_ended(void **state)
{
	struct scratch *scratch = *state;
	struct arena *arena = scratch->arena;
	char text[] = "考务 kaowu";
	char *copy = arena_text(arena, text);

	text[0] = 'x';
	assert_string_equal(copy, "考务 kaowu");
	assert_null(arena_text(arena, NULL));
	assert_string_equal(arena_text_part(arena, "kaowu", 3), "kao");
	assert_string_equal(arena_text_part(arena, "kaowu", 0), "");
	assert_string_equal(arena_printf(arena, "%s-%03d", "a", 7), "a-007");
	assert_string_equal(arena_printf(arena, "%0300d", 7) + 290, "0000000007");
	assert_int_equal(strlen(arena_printf(arena, "%255s", "")), 255);
	assert_int_equal(strlen(arena_printf(arena, "%256s", "")), 256);
	assert_string_equal(arena_printf(arena, "%s", ""), "");
	assert_string_equal(arena_printf(arena, "/%s:%s.", "a", "b%s"), "/a:b%s.");
	assert_string_equal(arena_printf(arena, "%s%%%s", "a", "b"), "a%b");
	assert_string_equal(arena_printf(arena, "%d_%s_%" PRId64, -7, "a", INT64_MIN),
		"-7_a_-9223372036854775808");
	assert_string_equal(arena_printf(arena, "%d", 0), "0");
	assert_string_equal(arena_printf(arena, "%u%5.2f%zu", 1u, 2.0, (size_t)3), "1 2.003");
	assert_int_equal(strlen(arena_printf(arena, "%s%s", arena_printf(arena, "%9000s", ""),
				 arena_printf(arena, "%9000s", ""))),
		18000);
	assert_memory_equal(arena_copy(arena, "a\0b", 3), "a\0b", 3);
	assert_non_null(arena_copy(arena, NULL, 0));
}

static void an_arena_goes_with_its_scope(void **state)
{
	struct arena *gone = arena_create(1000);

	(void)state;
	{
		struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1000);

		(void)arena_alloc(arena, 10); /* the leak checker sees to the rest */
	}
	arena_destroy_at(&gone);
	assert_null(gone);
	arena_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(memory_comes_zeroed_and_aligned),
		with_scratch(pieces_do_not_overlap),
		with_scratch(a_piece_may_be_larger_than_a_block),
		with_scratch(a_reset_gives_the_first_block_back),
		with_scratch(a_piece_grows_where_it_is_or_moves),
		with_scratch(passing_the_cap_aborts),
		with_scratch(texts_are_copied_and_ended),
		with_scratch(an_arena_goes_with_its_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
