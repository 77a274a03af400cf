/*
 * Renders a message twice, resolving parameters that are messages themselves (saying.h).
 *
 * A phrase is marked by a control character, which no text from a candidate can carry through the form's checks;
 * should one get here all the same, the worst is that another of our own phrases is shown.
 */
#include "saying.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"

#define PARAMETERS_MAX 20 /* ten names and values */

/* "\1one\1two" becomes "one or two" in that language. */
static const char *phrase(struct arena *arena, enum language language, const char *text)
{
	const char *said = NULL;
	while (*text == *PHRASE_MARK) {
		size_t size = strcspn(++text, PHRASE_MARK);
		const char *code = arena_text_part(arena, text, size);
		const char *part = message_text(arena, language, code, NULL);
		const char *either = message_text(arena, language, "eligibility.either", NULL);
		said = said ? arena_printf(arena, "%s%s%s", said, either, part) : part;
		text += size;
	}
	return said;
}

static const char *render(struct arena *arena, enum language language, const char *code,
	const char *const *parameters)
{
	const char *resolved[PARAMETERS_MAX + 1] = {NULL};
	for (int i = 0; i < PARAMETERS_MAX && parameters[i]; i++)
		resolved[i] = text_starts(parameters[i], PHRASE_MARK)
				      ? phrase(arena, language, parameters[i])
				      : parameters[i];
	return message_text(arena, language, code, resolved);
}

void say(struct arena *arena, json *object, const char *code, ...)
{
	const char *parameters[PARAMETERS_MAX + 1] = {NULL};
	va_list list;
	va_start(list, code);
	for (int i = 0; i < PARAMETERS_MAX; i += 2) {
		parameters[i] = va_arg(list, const char *);
		if (!parameters[i])
			break;
		const char *value = va_arg(list, const char *);
		parameters[i + 1] = value ? value : "";
	}
	va_end(list);

	json_set_text(arena, object, "text", render(arena, LANGUAGE_ZH, code, parameters));
	json_set_text(arena, object, "text_en", render(arena, LANGUAGE_EN, code, parameters));
}

const char *say_number(struct arena *arena, int64_t number)
{
	return arena_printf(arena, "%" PRId64, number);
}
