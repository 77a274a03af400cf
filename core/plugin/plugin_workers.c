/*
 * A list of processes, each tied to one tenant and one plugin file (plugin_workers.h).
 *
 * Two locks, never held together: the list's, held for moments, and each hand's own, held while its process is asked.
 * A hand in use is counted, so that nobody takes it off the list. Whoever has waited for a hand looks at the plugin's
 * state anew: the one before him may have found that it hangs.
 */
#include "plugin_workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "catalogue_inside.h"
#include "plugin_file.h"
#include "worker/backoff.h"

#define HANDS_MAX     64   /* processes at once; the one not used for longest makes room */
#define NAMES_LONGEST 2048 /* bytes of the fields' names in the log */

struct hand {
	struct hand *next;
	char *tenant;
	char sha256[SHA256_HEX_SIZE];
	int users;
	int64_t used_at;
	pthread_mutex_t lock;  /* guards what follows, and who talks to the process */
	struct worker *worker; /* NULL until it is first needed, and after a failure */
	struct backoff backoff;
	bool checks; /* its manifest names check_form */
};

struct plugin_workers {
	struct catalogue *catalogue;
	uint32_t idle_time_ms;
	pthread_mutex_t lock; /* guards the list, users, used_at, counts and what follows */
	struct hand *hands;
	int count;
	struct plugin_workers_counts counts;
	pthread_t keeper; /* ends idle hands */
	pthread_cond_t stop;
	bool kept, stopping;
};

/* ---- The list; its lock is held ---- */

/* Off the list, to be ended once the lock is free. */
static void detach(struct plugin_workers *workers, struct hand *hand, struct hand **detached)
{
	struct hand **link = &workers->hands;
	while (*link != hand)
		link = &(*link)->next;
	*link = hand->next;
	workers->count--;
	hand->next = *detached;
	*detached = hand;
}

/* Those that nobody has used since that moment. */
static void detach_idle(struct plugin_workers *workers, int64_t since_ms, struct hand **detached)
{
	struct hand *next;
	for (struct hand *hand = workers->hands; hand; hand = next) {
		next = hand->next;
		if (hand->users == 0 && hand->used_at <= since_ms)
			detach(workers, hand, detached);
	}
}

static bool make_room(struct plugin_workers *workers, struct hand **detached)
{
	struct hand *oldest = NULL;
	if (workers->count < HANDS_MAX)
		return true;
	for (struct hand *hand = workers->hands; hand; hand = hand->next)
		if (hand->users == 0 && (!oldest || hand->used_at < oldest->used_at))
			oldest = hand;
	if (oldest)
		detach(workers, oldest, detached);
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
	snprintf(hand->sha256, sizeof(hand->sha256), "%s", sha256);
	pthread_mutex_init(&hand->lock, NULL);
	hand->next = workers->hands;
	workers->hands = hand;
	workers->count++;
	return hand;
}

/* ---- Processes; no lock, or the hand's ---- */

static void count_worker(struct plugin_workers *workers, bool started)
{
	pthread_mutex_lock(&workers->lock);
	workers->counts.starts += started;
	workers->counts.running += started ? 1 : UINT64_MAX;
	pthread_mutex_unlock(&workers->lock);
}

static void stop(struct plugin_workers *workers, struct hand *hand)
{
	if (!hand->worker)
		return;
	worker_stop(hand->worker);
	hand->worker = NULL;
	count_worker(workers, false);
}

static void end_detached(struct plugin_workers *workers, struct hand *detached)
{
	while (detached) {
		struct hand *hand = detached;
		detached = hand->next;
		stop(workers, hand);
		pthread_mutex_destroy(&hand->lock);
		free(hand->tenant);
		free(hand);
	}
}

static struct timespec moment(int64_t monotonic_ms)
{
	return (struct timespec){
		.tv_sec = monotonic_ms / 1000, .tv_nsec = monotonic_ms % 1000 * 1000000};
}

/* The keeper's life: every so often it ends what has been idle for long. */
static void *keep(void *context)
{
	struct plugin_workers *workers = context;
	pthread_mutex_lock(&workers->lock);
	while (!workers->stopping) {
		struct hand *detached = NULL;
		struct timespec until =
			moment(clock_monotonic_ms() + workers->idle_time_ms / 2 + 1);
		pthread_cond_timedwait(&workers->stop, &workers->lock, &until);
		detach_idle(workers, clock_monotonic_ms() - workers->idle_time_ms, &detached);
		pthread_mutex_unlock(&workers->lock);
		end_detached(workers, detached);
		pthread_mutex_lock(&workers->lock);
	}
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

/* ---- Life ---- */

struct plugin_workers *plugin_workers_create(struct catalogue *catalogue, uint32_t idle_time_ms)
{
	struct plugin_workers *workers = calloc(1, sizeof(*workers));
	assert(workers);
	workers->catalogue = catalogue;
	workers->idle_time_ms = idle_time_ms;
	pthread_mutex_init(&workers->lock, NULL);

	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&workers->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return workers;
}

void plugin_workers_destroy(struct plugin_workers *workers)
{
	struct hand *detached = NULL;
	if (!workers)
		return;
	pthread_mutex_lock(&workers->lock);
	bool kept = workers->kept;
	workers->stopping = true;
	pthread_cond_signal(&workers->stop);
	pthread_mutex_unlock(&workers->lock);
	if (kept)
		pthread_join(workers->keeper, NULL);
	detach_idle(workers, INT64_MAX, &detached);
	end_detached(workers, detached);
	assert(!workers->hands);
	pthread_cond_destroy(&workers->stop);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}

struct plugin_workers_counts plugin_workers_counts(struct plugin_workers *workers)
{
	pthread_mutex_lock(&workers->lock);
	struct plugin_workers_counts counts = workers->counts;
	pthread_mutex_unlock(&workers->lock);
	return counts;
}

/* ---- Taking and giving back ---- */

/* Most deployments have no plugin with a function, and so no keeper. */
static void need_keeper(struct plugin_workers *workers)
{
	if (!workers->kept)
		workers->kept = pthread_create(&workers->keeper, NULL, keep, workers) == 0;
}

/* NULL if all are in use. */
static struct hand *take(struct plugin_workers *workers, const char *tenant, const char *sha256)
{
	struct hand *detached = NULL;
	pthread_mutex_lock(&workers->lock);
	need_keeper(workers);
	struct hand *hand = find_hand(workers, tenant, sha256);
	if (!hand && make_room(workers, &detached))
		hand = add_hand(workers, tenant, sha256);
	if (hand)
		hand->users++;
	pthread_mutex_unlock(&workers->lock);
	end_detached(workers, detached);
	return hand;
}

static void give_back(struct plugin_workers *workers, struct hand *hand)
{
	pthread_mutex_lock(&workers->lock);
	hand->users--;
	hand->used_at = clock_monotonic_ms();
	pthread_mutex_unlock(&workers->lock);
}

/* ---- A call; the hand's lock is held ---- */

/*
 * Is everything of the kept manifest in what the plugin says now? There may be more: a newer kaowu may have learned to
 * read it.
 */
static bool says_still(const json *said, const json *kept)
{
	if (json_is_object(kept)) {
		json_each(member, kept)
		{
			if (!says_still(json_get(said, json_name(member)), member))
				return false;
		}
		return json_is_object(said);
	}
	if (!json_is_array(kept))
		return json_equal(said, kept);

	const json *other = json_first(said);
	json_each(element, kept)
	{
		if (!says_still(other, element))
			return false;
		other = json_next(other);
	}
	return json_is_array(said) && !other;
}

/* Starts the process, which must describe itself as it did when it was installed. */
static enum result start(
	struct plugin_workers *workers, struct hand *hand, struct arena *arena, struct error *error)
{
	struct plugin_process_settings settings = catalogue_process(workers->catalogue);
	struct catalogue_entry entry;
	json *description;
	enum result rc =
		catalogue_load_file(workers->catalogue, arena, hand->sha256, &entry, error);
	if (rc)
		return rc;
	if (!plugin_file_matches(entry.file, entry.sha256))
		return fail(error, INVALID, "plugin.file_differs", NULL);
	rc = plugin_process_start(&settings, arena, entry.file, &hand->worker, &description, error);
	if (rc)
		return rc;

	count_worker(workers, true);
	hand->checks = json_holds(json_get(entry.manifest, "functions"), "check_form");
	return says_still(description, entry.manifest)
		       ? OK
		       : fail(error, INVALID, "plugin.unsteady", NULL);
}

/* Sees to it that the process runs. */
static enum result fill(
	struct plugin_workers *workers, struct hand *hand, struct arena *arena, struct error *error)
{
	if (hand->worker && worker_alive(hand->worker))
		return OK;
	if (hand->worker)
		backoff_failed(&hand->backoff);
	stop(workers, hand);
	if (!backoff_over(&hand->backoff))
		return trouble(error, BROKEN, "worker.busy", "it died: not started for a while");

	enum result rc = start(workers, hand, arena, error);
	if (rc)
		backoff_failed(&hand->backoff);
	return rc;
}

/* Whatever the process says of itself but how it ended is not to be believed. */
static enum result ask_once(struct plugin_workers *workers, struct hand *hand, struct arena *arena,
	const json *form, json **answer, struct error *error)
{
	struct error failure = {.arena = arena};
	enum result rc = plugin_process_check_form(hand->worker, arena, form,
		catalogue_process(workers->catalogue).call_time_ms, answer, &failure);
	bool believed = rc != INVALID || text_equal(failure.code, "plugin.crashed") ||
			text_equal(failure.code, "plugin.hung");
	if (!believed)
		return fail(error, INVALID, "plugin.garbage", NULL);
	if (rc)
		*error = failure;
	return rc;
}

/* Twice: what was found must be found again, or no verdict could be explained. */
static enum result ask(struct plugin_workers *workers, struct hand *hand, struct arena *arena,
	const json *form, json **answer, struct error *error)
{
	json *said = NULL, *again = NULL;
	enum result rc = fill(workers, hand, arena, error);
	if (rc)
		return rc;
	if (!hand->checks)
		return fail(error, INVALID, "plugin.no_function", "function", "check_form", NULL);

	rc = ask_once(workers, hand, arena, form, &said, error);
	if (!rc)
		rc = ask_once(workers, hand, arena, form, &again, error);
	if (!rc && !json_equal(said, again))
		rc = fail(error, INVALID, "plugin.unsteady", NULL);
	if (rc)
		return rc;

	backoff_succeeded(&hand->backoff);
	*answer = said;
	return OK;
}

static enum result quarantined(const char *reason, struct error *error)
{
	return fail(error, BROKEN, "plugin.quarantined", "reason", reason, NULL);
}

/* What was asked about, for who has to find out why it failed: the names alone, since the values are somebody's. */
static const char *names_of(struct arena *arena, const json *form)
{
	struct buffer out = buffer_in(arena, NAMES_LONGEST);

	json_each(field, form)
	{
		if (out.size + strlen(json_name(field)) + 2 > NAMES_LONGEST)
			break;
		buffer_printf(&out, "%s%s", out.size ? " " : "", json_name(field));
	}
	return arena_printf(arena, "%.*s", (int)out.size, (const char *)out.data);
}

/* The plugin failed (INVALID), or the machine did. */
static enum result failed(struct plugin_workers *workers, const struct hand *hand,
	const struct catalogue_entry *entry, const json *form, const struct error *failure,
	struct error *error)
{
	if (failure->result != INVALID || text_equal(failure->code, "plugin.no_function")) {
		*error = *failure;
		return failure->result;
	}

	enum result rc =
		catalogue_quarantine(workers->catalogue, entry->sha256, failure->code, error);
	if (rc)
		return rc;
	log_event(LOG_ERROR, "plugin.quarantined", "plugin", entry->id, "version", entry->version,
		"reason", failure->code, "detail", failure->internal, "tenant", hand->tenant,
		"function", "check_form", "fields", names_of(error->arena, form), NULL);
	return quarantined(failure->code, error);
}

static enum result call(struct plugin_workers *workers, struct hand *hand, struct arena *arena,
	const json *form, json **answer, struct error *error)
{
	struct error failure = {.arena = arena};
	struct catalogue_entry entry;
	enum result rc =
		catalogue_load_state(workers->catalogue, arena, hand->sha256, &entry, error);
	if (rc)
		return rc;
	if (text_equal(entry.state, "quarantined")) {
		stop(workers, hand);
		return quarantined(entry.reason, error);
	}

	rc = ask(workers, hand, arena, form, answer, &failure);
	if (!rc)
		return OK;
	stop(workers, hand);
	return failed(workers, hand, &entry, form, &failure, error);
}

enum result plugin_call(struct plugin_workers *workers, struct arena *arena, const char *tenant,
	const char *plugin_sha256, const json *form, json **answer, struct error *error)
{
	struct timespec until = moment(
		clock_monotonic_ms() + 2 * catalogue_process(workers->catalogue).call_time_ms);
	struct hand *hand = take(workers, tenant, plugin_sha256);
	if (!hand)
		return fail(error, BUSY, "plugin.busy", NULL);

	enum result rc;
	if (pthread_mutex_clocklock(&hand->lock, CLOCK_MONOTONIC, &until)) {
		rc = fail(error, BUSY, "plugin.busy", NULL);
	} else {
		rc = call(workers, hand, arena, form, answer, error);
		pthread_mutex_unlock(&hand->lock);
	}
	give_back(workers, hand);
	return rc;
}
