/*
 * Documents that are kept parsed for the life of the process: however large each may be, all of them are read.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "exam/parsed.h"
#include "exam/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void many_large_documents_are_all_read(void **state)
{
	(void)state;
	for (int number = 0; number < 300; number++) {
		struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
		struct error error = {.arena = arena};
		struct transaction tx = {.arena = arena, .error = &error};
		struct buffer text = buffer_in(arena, LIMIT_MANIFEST);
		const json *parsed;

		buffer_printf(&text, "{\"id\":%d,\"rows\":[0", number);
		while (text.size < LIMIT_MANIFEST - 64)
			buffer_text(&text, ",{\"id\":\"field-1\",\"name\":\"字段\"}");
		buffer_text(&text, "]}");
		assert_int_equal(parsed_json(&tx, buffer_bytes(&text), &parsed), OK);
		assert_int_equal(json_get_integer(parsed, "id"), number);
		arena_destroy(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(many_large_documents_are_all_read)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
