/*
 * A list of processes, each tied to one tenant and one plugin file (plugin_workers.h).
 *
 * Two locks: the list's, held for moments, and each hand's own, held while its process is asked; the list's is
 * taken first or alone. A hand in use is counted, so that nobody takes it off the list.
 */
#include "plugin_workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "catalogue_inside.h"
#include "finding.h"
#include "plugin_file.h"

#define HANDS_MAX 64 /* processes at once; the one not used for longest makes room */

struct hand {
	struct hand *next;
	char *tenant;
	char sha256[SHA256_HEX_SIZE];
	int users;
	int64_t used_at;
	pthread_mutex_t lock;  /* guards worker, and who talks to it */
	struct worker *worker; /* NULL until it is first needed, and after a failure */
};

struct plugin_workers {
	struct catalogue *catalogue;
	pthread_mutex_t lock; /* guards the list, users and used_at */
	struct hand *hands;
	int count;
};

struct plugin_workers *plugin_workers_create(struct catalogue *catalogue)
{
	struct plugin_workers *workers = calloc(1, sizeof(*workers));
	assert(workers);
	workers->catalogue = catalogue;
	pthread_mutex_init(&workers->lock, NULL);
	return workers;
}

/* ---- The list; its lock is held ---- */

static void remove_hand(struct plugin_workers *workers, struct hand *hand)
{
	struct hand **link = &workers->hands;
	while (*link != hand)
		link = &(*link)->next;
	*link = hand->next;
	workers->count--;
	worker_stop(hand->worker);
	pthread_mutex_destroy(&hand->lock);
	free(hand->tenant);
	free(hand);
}

/* Those of a tenant or of a plugin file (NULL: of any) that nobody uses. */
static void remove_idle(struct plugin_workers *workers, const char *tenant, const char *sha256)
{
	struct hand *next;
	for (struct hand *hand = workers->hands; hand; hand = next) {
		next = hand->next;
		if (hand->users == 0 && (!tenant || text_equal(hand->tenant, tenant)) &&
			(!sha256 || text_equal(hand->sha256, sha256)))
			remove_hand(workers, hand);
	}
}

static bool make_room(struct plugin_workers *workers)
{
	struct hand *oldest = NULL;
	if (workers->count < HANDS_MAX)
		return true;
	for (struct hand *hand = workers->hands; hand; hand = hand->next)
		if (hand->users == 0 && (!oldest || hand->used_at < oldest->used_at))
			oldest = hand;
	if (oldest)
		remove_hand(workers, oldest);
	return oldest;
}

static struct hand *find_hand(
	struct plugin_workers *workers, const char *tenant, const char *sha256)
{
	struct hand *hand = workers->hands;
	while (hand && !(text_equal(hand->tenant, tenant) && text_equal(hand->sha256, sha256)))
		hand = hand->next;
	return hand;
}

static struct hand *add_hand(struct plugin_workers *workers, const char *tenant, const char *sha256)
{
	struct hand *hand = calloc(1, sizeof(*hand));
	assert(hand);
	hand->tenant = strdup(tenant);
	assert(hand->tenant);
	memcpy(hand->sha256, sha256, strlen(sha256) + 1);
	pthread_mutex_init(&hand->lock, NULL);
	hand->next = workers->hands;
	workers->hands = hand;
	workers->count++;
	return hand;
}

/* ---- Taking and giving back ---- */

static struct hand *take(struct plugin_workers *workers, const char *tenant, const char *sha256)
{
	pthread_mutex_lock(&workers->lock);
	struct hand *hand = find_hand(workers, tenant, sha256);
	if (!hand && make_room(workers))
		hand = add_hand(workers, tenant, sha256);
	if (hand)
		hand->users++;
	pthread_mutex_unlock(&workers->lock);
	return hand;
}

static void give_back(struct plugin_workers *workers, struct hand *hand)
{
	pthread_mutex_lock(&workers->lock);
	hand->users--;
	hand->used_at = clock_monotonic_ms();
	pthread_mutex_unlock(&workers->lock);
}

void plugin_workers_forget(struct plugin_workers *workers, const char *tenant)
{
	pthread_mutex_lock(&workers->lock);
	remove_idle(workers, tenant, NULL);
	pthread_mutex_unlock(&workers->lock);
}

void plugin_workers_destroy(struct plugin_workers *workers)
{
	if (!workers)
		return;
	remove_idle(workers, NULL, NULL);
	assert(!workers->hands);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}

/* ---- A call ---- */

/*
 * Starts the process unless it runs. What it says about itself is of no interest: the manifest that was checked is
 * the one kept.
 */
static enum result start(struct plugin_workers *workers, struct hand *hand, struct arena *arena,
	const struct catalogue_entry *entry, struct error *error)
{
	struct plugin_process_settings settings = catalogue_process(workers->catalogue);
	json *description;
	if (hand->worker && worker_alive(hand->worker))
		return OK;
	worker_stop(hand->worker);
	hand->worker = NULL;
	if (!plugin_file_matches(entry->file, entry->sha256))
		return fail(error, INVALID, "plugin.file_differs", NULL);

	return plugin_process_start(
		&settings, arena, entry->file, &hand->worker, &description, error);
}

static enum result ask(struct plugin_workers *workers, struct hand *hand, struct arena *arena,
	const struct catalogue_entry *entry, const char *function, const json *form, json **answer,
	struct error *error)
{
	json *request = json_new_object(arena), *said;
	enum result rc = start(workers, hand, arena, entry, error);
	if (rc)
		return rc;
	json_set_text(arena, request, "call", function);
	json_set(arena, request, "form", json_copy(arena, form));
	rc = plugin_process_ask(hand->worker, arena, request,
		catalogue_process(workers->catalogue).call_time_ms, &said, error);
	if (rc)
		return rc;
	rc = finding_check(said, form, error);
	if (rc)
		return rc;

	*answer = said;
	return OK;
}

static enum result quarantined(const char *reason, struct error *error)
{
	return fail(error, BROKEN, "plugin.quarantined", "reason", reason, NULL);
}

/* The plugin failed (INVALID), or the machine did; either way this process is done with. */
static enum result failed(struct plugin_workers *workers, const struct catalogue_entry *entry,
	const struct error *failure, struct error *error)
{
	if (failure->result != INVALID)
		return trouble(error, failure->result, failure->code, "%s",
			failure->internal ? failure->internal : "");

	enum result rc =
		catalogue_quarantine(workers->catalogue, entry->sha256, failure->code, error);
	if (rc)
		return rc;
	log_event(LOG_ERROR, "plugin.quarantined", "plugin", entry->id, "version", entry->version,
		"reason", failure->code, "detail", failure->internal, NULL);
	return quarantined(failure->code, error);
}

static bool names_function(const json *manifest, const char *function)
{
	json_each(name, json_get(manifest, "functions"))
	{
		if (text_equal(json_text(name), function))
			return true;
	}
	return false;
}

static enum result call(struct plugin_workers *workers, struct arena *arena, const char *tenant,
	const struct catalogue_entry *entry, const char *function, const json *form, json **answer,
	struct error *error)
{
	struct error failure = {.arena = arena};
	struct hand *hand = take(workers, tenant, entry->sha256);
	if (!hand)
		return fail(error, BUSY, "plugin.busy", NULL);

	pthread_mutex_lock(&hand->lock);
	enum result rc = ask(workers, hand, arena, entry, function, form, answer, &failure);
	if (rc) {
		worker_stop(hand->worker);
		hand->worker = NULL;
	}
	pthread_mutex_unlock(&hand->lock);
	give_back(workers, hand);
	return rc ? failed(workers, entry, &failure, error) : OK;
}

enum result plugin_call(struct plugin_workers *workers, struct arena *arena, const char *tenant,
	const char *plugin_sha256, const char *function, const json *form, json **answer,
	struct error *error)
{
	struct catalogue_entry entry;
	enum result rc =
		catalogue_load_file(workers->catalogue, arena, plugin_sha256, &entry, error);
	if (rc)
		return rc;
	if (text_equal(entry.state, "quarantined")) {
		pthread_mutex_lock(&workers->lock);
		remove_idle(workers, NULL, plugin_sha256);
		pthread_mutex_unlock(&workers->lock);
		return quarantined(entry.reason, error);
	}
	if (!names_function(entry.manifest, function))
		return fail(error, INVALID, "plugin.no_function", "function", function, NULL);
	return call(workers, arena, tenant, &entry, function, form, answer, error);
}
