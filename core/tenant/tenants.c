/*
 * The house of all tenants: opening and closing it, and the directory in which the loop thread finds a tenant.
 *
 * The directory is what the registry said when it was last read. A tenant that has once been known stays in memory
 * until the end, suspended at most, so that whoever holds a pointer to it never has to ask.
 */
#include "tenant.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "inside.h"

#define THREADS 4 /* for writes, unless the settings say otherwise; and as many for reads */

static int slug_order(const void *slug, const void *tenant)
{
	return strcmp(slug, (*(struct tenant *const *)tenant)->slug);
}

static int tenant_order(const void *left, const void *right)
{
	return slug_order((*(struct tenant *const *)left)->slug, right);
}

static int host_order(const void *left, const void *right)
{
	return strcasecmp(((const struct host *)left)->name, ((const struct host *)right)->name);
}

/* Also a suspended one. */
static struct tenant *tenant_known(const struct tenants *tenants, const char *slug)
{
	struct tenant **found =
		bsearch(slug, tenants->by_slug, tenants->tenant_count, sizeof *found, slug_order);

	return found ? *found : NULL;
}

struct tenant *tenants_find(struct tenants *tenants, const char *slug)
{
	struct tenant *tenant = tenant_known(tenants, slug);

	return tenant && !tenant->suspended ? tenant : NULL;
}

bool tenants_find_host(struct tenants *tenants, const char *name, struct tenant **out)
{
	const struct host wanted = {.name = name};
	const struct host *host =
		bsearch(&wanted, tenants->hosts, tenants->host_count, sizeof wanted, host_order);

	*out = host && !host->tenant->suspended ? host->tenant : NULL;
	return host;
}

struct tenant *tenants_control(struct tenants *tenants)
{
	return tenants->control;
}

void tenants_each(
	struct tenants *tenants, void (*each)(void *context, struct tenant *tenant), void *context)
{
	for (size_t i = 0; i < tenants->tenant_count; i++) {
		if (!tenants->by_slug[i]->suspended)
			each(context, tenants->by_slug[i]);
	}
}

/* New keys hold when the tenant is opened next, which is soon: it is closed as soon as nothing of it runs. */
static void tenant_learn_keys(struct tenant *tenant, struct bytes wrapped)
{
	struct tenants *tenants = tenant->tenants;
	uint8_t *copy = malloc(wrapped.size);

	assert(copy);
	memcpy(copy, wrapped.data, wrapped.size);
	pthread_mutex_lock(&tenants->lock);
	if (tenant->keys_wrapped_size != wrapped.size ||
		memcmp(tenant->keys_wrapped, copy, wrapped.size) != 0) {
		tenant->keys_changed = true;
		keeper_remind(tenants, tenant);
	}
	free(tenant->keys_wrapped);
	tenant->keys_wrapped = copy;
	tenant->keys_wrapped_size = wrapped.size;
	pthread_mutex_unlock(&tenants->lock);
}

/* Those that the registry no longer has end up suspended. */
static void directory_learn(struct tenants *tenants, const struct registration *rows)
{
	size_t known = tenants->tenant_count, count = known;

	for (const struct registration *row = rows; row; row = row->next)
		count++;
	tenants->by_slug = realloc(tenants->by_slug, (count + 1) * sizeof(struct tenant *));
	assert(tenants->by_slug);

	for (size_t i = 0; i < known; i++)
		tenants->by_slug[i]->suspended = true;
	count = known;
	for (const struct registration *row = rows; row; row = row->next) {
		struct tenant *tenant = tenant_known(tenants, row->slug);

		if (!tenant) {
			tenant = tenant_create(tenants->data_folder, row->slug);
			tenant->tenants = tenants;
			tenants->by_slug[count++] = tenant;
		}
		tenant->suspended = row->suspended;
		tenant_learn_keys(tenant, row->keys_wrapped);
		/* A command may have changed more than the registry. */
		atomic_fetch_add(&tenant->generation, 1);
	}
	qsort(tenants->by_slug, count, sizeof(struct tenant *), tenant_order);
	tenants->tenant_count = count;
}

/* Of the rows only the names are kept. */
static void hosts_learn(struct tenants *tenants, const struct registration *rows)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	size_t count = 0;

	for (const struct registration *row = rows; row; row = row->next)
		count += json_count(row->hosts);
	struct host *hosts = NEW_ARRAY(arena, struct host, count + 1);

	count = 0;
	for (const struct registration *row = rows; row; row = row->next) {
		json_each(name, row->hosts)
		{
			hosts[count++] = (struct host){
				.name = arena_text(arena, json_text(name)),
				.tenant = tenant_known(tenants, row->slug),
			};
		}
	}
	qsort(hosts, count, sizeof *hosts, host_order);
	arena_destroy(tenants->hosts_arena);
	tenants->hosts_arena = arena;
	tenants->hosts = hosts;
	tenants->host_count = count;
}

enum result tenants_reload(struct tenants *tenants, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct registration *rows;
	int64_t mark;

	enum result rc = store_mark(registry_store(tenants->registry), &mark, error);
	rc = rc ? rc : registry_read(tenants->registry, arena, &rows, error);
	if (rc)
		return rc;
	tenants->registry_mark = mark;
	directory_learn(tenants, rows);
	hosts_learn(tenants, rows);
	store_rest(registry_store(tenants->registry));
	return OK;
}

bool tenants_outdated(struct tenants *tenants)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(TENANT_ARENA);
	struct error error = {.arena = arena};
	int64_t mark;

	return store_mark(registry_store(tenants->registry), &mark, &error) ||
	       mark != tenants->registry_mark;
}

bool tenants_learn_key(struct tenants *tenants, const struct error *cause)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	return cause->code && text_equal(cause->code, "seal.key_unknown") &&
	       tenants_reload(tenants, &error) == OK;
}

void tenants_on_commit(struct tenants *tenants,
	void (*committed)(void *context, struct tenant *tenant), void *context)
{
	pthread_mutex_lock(&tenants->lock);
	tenants->committed = committed;
	tenants->committed_context = context;
	pthread_mutex_unlock(&tenants->lock);
}

static enum result threads_start(struct tenants *tenants, const char *name, unsigned count,
	void *(*work)(void *), void *context, struct error *error)
{
	for (unsigned i = 0; i < count; i++) {
		pthread_t *thread = &tenants->threads[tenants->thread_count];
		int failed = pthread_create(thread, NULL, work, context);

		if (failed)
			return trouble(
				error, BROKEN, "tenant.threads", "%s: %s", name, strerror(failed));
		pthread_setname_np(*thread, name);
		tenants->thread_count++;
	}
	return OK;
}

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > 0 ? (unsigned)count : 1;
}

/* On few processors a second batch of one tenant's reads stands in the way of all others, and is no faster. */
static unsigned read_batches(void)
{
	return processors() < 4 ? 1 : READ_BATCHES;
}

static enum result house_staff(
	struct tenants *tenants, const struct tenants_settings *settings, struct error *error)
{
	unsigned threads = settings->threads ? settings->threads : THREADS;
	unsigned heavy = settings->heavy_threads ? settings->heavy_threads : processors();

	tenants->read_batches = settings->read_batches ? settings->read_batches : read_batches();
	assert(tenants->read_batches <= READ_BATCHES);
	tenants->threads = calloc(2 * (size_t)threads + heavy + 1, sizeof *tenants->threads);
	assert(tenants->threads);

	enum result rc = threads_start(
		tenants, "kaowu-write", threads, queue_work, &tenants->queues[LANE_WRITE], error);
	if (!rc)
		rc = threads_start(tenants, "kaowu-read", threads, queue_work,
			&tenants->queues[LANE_READ], error);
	if (!rc)
		rc = threads_start(tenants, "kaowu-heavy", heavy, queue_work,
			&tenants->queues[LANE_HEAVY], error);
	if (!rc)
		rc = threads_start(tenants, "kaowu-keeper", 1, keeper_work, tenants, error);
	return rc;
}

/*
 * Signals are for the loop thread: ours are born deaf, but to what a thread does wrong itself. Blocked, that would end
 * the process without a word, neither the kernel's nor that of whoever handles it.
 */
static void block_signals(sigset_t *before)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
	sigset_t others;

	sigfillset(&others);
	for (size_t i = 0; i < COUNT(own); i++)
		sigdelset(&others, own[i]);
	pthread_sigmask(SIG_SETMASK, &others, before);
}

static enum result house_start(
	struct tenants *tenants, const struct tenants_settings *settings, struct error *error)
{
	sigset_t before;

	enum result rc = registry_open(tenants->data_folder, &tenants->registry, error);
	if (!rc)
		rc = tenants_reload(tenants, error);
	if (rc)
		return rc;

	block_signals(&before);
	rc = house_staff(tenants, settings, error);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static struct tenants *house_create(const struct tenants_settings *settings)
{
	struct tenants *tenants = calloc(1, sizeof *tenants);
	pthread_condattr_t monotonic;

	assert(tenants);
	tenants->data_folder = strdup(settings->data_folder);
	assert(tenants->data_folder);
	tenants->wake = settings->wake;
	tenants->wake_context = settings->wake_context;
	tenants->open_limit = settings->open_tenants ? settings->open_tenants : LIMIT_OPEN_TENANTS;
	TAILQ_INIT(&tenants->open);
	tenants->control = tenant_create(tenants->data_folder, TENANT_CONTROL);
	tenants->control->tenants = tenants;

	pthread_mutex_init(&tenants->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&tenants->keeper_wanted, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&tenants->quiet, NULL);
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		STAILQ_INIT(&tenants->queues[lane].lanes);
		pthread_cond_init(&tenants->queues[lane].ready, NULL);
		tenants->queues[lane].tenants = tenants;
	}
	return tenants;
}

enum result tenants_open(
	const struct tenants_settings *settings, struct tenants **out, struct error *error)
{
	struct tenants *tenants = house_create(settings);

	enum result rc = house_start(tenants, settings, error);
	if (rc) {
		tenants_close(tenants);
		return rc;
	}
	*out = tenants;
	return OK;
}

void tenants_quiesce(struct tenants *tenants)
{
	pthread_mutex_lock(&tenants->lock);
	tenants->ending = true;
	pthread_cond_signal(&tenants->keeper_wanted);
	while (tenants->pending || tenants->open_count)
		pthread_cond_wait(&tenants->quiet, &tenants->lock);
	pthread_mutex_unlock(&tenants->lock);
}

static void threads_stop(struct tenants *tenants)
{
	pthread_mutex_lock(&tenants->lock);
	tenants->stopping = true;
	pthread_cond_signal(&tenants->keeper_wanted);
	for (int lane = 0; lane < LANE_COUNT; lane++)
		pthread_cond_broadcast(&tenants->queues[lane].ready);
	pthread_mutex_unlock(&tenants->lock);

	for (size_t i = 0; i < tenants->thread_count; i++)
		pthread_join(tenants->threads[i], NULL);
	free(tenants->threads);
}

void tenants_close(struct tenants *tenants)
{
	if (!tenants)
		return;

	tenants_quiesce(tenants);
	tenants_drain(tenants);
	threads_stop(tenants);
	for (size_t i = 0; i < tenants->tenant_count; i++)
		tenant_destroy(tenants->by_slug[i]);
	tenant_destroy(tenants->control);
	free(tenants->by_slug);
	arena_destroy(tenants->hosts_arena);
	registry_close(tenants->registry);

	for (int lane = 0; lane < LANE_COUNT; lane++)
		pthread_cond_destroy(&tenants->queues[lane].ready);
	pthread_cond_destroy(&tenants->keeper_wanted);
	pthread_cond_destroy(&tenants->quiet);
	pthread_mutex_destroy(&tenants->lock);
	free(tenants->data_folder);
	free(tenants);
}
