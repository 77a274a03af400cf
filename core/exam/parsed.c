/*
 * The parsed documents of the process: a short list, searched by length and then by every byte.
 */
#include "parsed.h"

#include <pthread.h>
#include <string.h>

#include "base/limits.h"

#define KEPT_MOST                                                                                  \
	256 /* two for each open plan, one for each profile; what is beyond it is parsed each time */
#define KEPT_BYTES                                                                                 \
	(64u << 20) /* bytes of them; the last may go beyond, by what any request may hold */

static struct {
	pthread_mutex_t lock;
	struct arena *arena;
	struct {
		struct bytes text;
		const json *parsed;
	} kept[KEPT_MOST];
	size_t count;
} documents = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Entries stay as they are once they are counted. */
static const json *find(struct bytes text)
{
	const json *found = NULL;

	pthread_mutex_lock(&documents.lock);
	for (size_t i = 0; i < documents.count && !found; i++) {
		if (documents.kept[i].text.size == text.size &&
			memcmp(documents.kept[i].text.data, text.data, text.size) == 0)
			found = documents.kept[i].parsed;
	}
	pthread_mutex_unlock(&documents.lock);
	return found;
}

/* For the life of the process. Two threads may come with the same text: then it stands twice. */
static void keep(struct bytes text)
{
	struct error none;
	json *parsed;

	pthread_mutex_lock(&documents.lock);
	if (!documents.arena)
		documents.arena = arena_create(KEPT_BYTES + LIMIT_REQUEST_ARENA);
	none = (struct error){.arena = documents.arena};
	if (documents.count < KEPT_MOST && arena_used(documents.arena) < KEPT_BYTES &&
		json_parse(documents.arena, (const char *)text.data, text.size, &parsed, &none) ==
			OK) {
		documents.kept[documents.count].text =
			bytes_of(arena_copy(documents.arena, text.data, text.size), text.size);
		documents.kept[documents.count].parsed = parsed;
		documents.count++;
	}
	pthread_mutex_unlock(&documents.lock);
}

enum result parsed_json(struct transaction *tx, struct bytes text, const json **out)
{
	const json *found = find(text);
	json *parsed;
	enum result rc;

	if (found) {
		*out = found;
		return OK;
	}
	keep(text);
	rc = json_parse(tx->arena, (const char *)text.data, text.size, &parsed, tx->error);
	if (rc == OK)
		*out = parsed;
	return rc;
}
