/*
 * One batch: the writes of a tenant in one transaction, or its reads in one snapshot.
 *
 * A write keeps its rows or loses them by its own result alone; the others do not notice. But the commit is one
 * for all: if it fails, or the database under it, nobody's "ok" is true any more, nor is anybody's "no" (it may have
 * been said because of a neighbour's change), so all of them hear of the failure. The commit is never tried again, and
 * the writer is closed: after a failed fsync nobody knows what the disk holds.
 */
#include "inside.h"

/* "tenant.unavailable" and the like, unless the reason is one that a person should know. */
static const char *code_for(enum result outcome, const char *code)
{
	switch (outcome) {
	case FULL:
		return "tenant.full";
	case BUSY:
		return "tenant.busy";
	default:
		return code;
	}
}

static void job_refuse(struct job *job, const char *code, const struct error *cause)
{
	enum result outcome =
		cause->result == FULL || cause->result == BUSY ? cause->result : BROKEN;

	error_forget(job->error);
	job->outcome = trouble(job->error, outcome, code_for(outcome, code), "%s: %s", cause->code,
		cause->internal ? cause->internal : "");
}

void batch_refuse(const struct batch *batch, const char *code, const struct error *cause)
{
	for (struct job *job = batch->jobs.first; job; job = job->next)
		job_refuse(job, code, cause);
}

/*
 * Savepoints are a tenth of what handing in costs: SQLite copies every page that is changed within one. They are needed
 * only where a job changes something and refuses then, which few do. So a batch runs without them at first; if a job
 * turns out to be such a one, all is rolled back, and all run again, apart.
 */
enum manner { TOGETHER, APART };

/* What the jobs of a batch of writes leave behind. */
struct written {
	bool kept;      /* a job's rows at least */
	bool published; /* a kept job called tenant_publish() */
	bool tangled;   /* together: rows of a job that is to lose them */
};

/* One job, in its savepoint if apart. Anything but OK is the end of the batch. */
static enum result write_job(struct tenant *tenant, struct job *job, enum manner manner,
	struct written *written, struct error *error)
{
	struct premises *premises = tenant->premises;
	struct store *db = premises->writer;
	int64_t changes = store_changes_ever(db);

	enum result rc = manner == APART ? store_savepoint(db, error) : OK;
	if (rc)
		return rc;

	premises->published = false;
	job->outcome = job->run(job, db);
	if (store_poisoned(db))
		return trouble(error, job->outcome == FULL ? FULL : BROKEN, "store.poisoned", "%s",
			job->error->internal ? job->error->internal : "by a job");

	if (job->outcome || job->dry) {
		if (manner == APART)
			return store_rollback_savepoint(db, error);
		written->tangled = store_changes_ever(db) != changes;
		return OK;
	}
	written->kept = true;
	written->published |= premises->published;
	return manner == APART ? store_release(db, error) : OK;
}

static enum result write_begin(struct tenant *tenant, struct error *error)
{
	if (!tenant->premises->writer) {
		enum result rc = tenant_open_writer(tenant, error);
		if (rc)
			return rc;
	}
	return store_begin(tenant->premises->writer, error);
}

/* All that is to be kept, or nothing; `written` is what was committed. */
static enum result write_all(struct tenant *tenant, const struct job_list *jobs, enum manner manner,
	struct written *out, struct error *error)
{
	struct written written = {0};

	enum result rc = write_begin(tenant, error);
	if (rc)
		return rc;

	for (struct job *job = jobs->first; job && !rc && !written.tangled; job = job->next)
		rc = write_job(tenant, job, manner, &written, error);
	if (!rc && written.tangled) {
		store_rollback(tenant->premises->writer);
		return write_all(tenant, jobs, APART, out, error);
	}
	if (rc || !written.kept) {
		store_rollback(tenant->premises->writer);
		return rc;
	}

	rc = store_commit(tenant->premises->writer, error);
	if (rc)
		return rc;
	*out = written;
	return OK;
}

/* Asks the keeper for a checkpoint whenever the log has grown by that much since the last time. */
static bool checkpoint_due(struct premises *premises)
{
	int64_t pages = store_wal_pages(premises->writer);

	if (pages < premises->wal_pages_seen)
		premises->wal_pages_seen = 0; /* it began anew */
	if (pages - premises->wal_pages_seen <= STORE_WAL_PAGES)
		return false;
	premises->wal_pages_seen = pages;
	return true;
}

static void after_commit(struct tenant *tenant, const struct written *written)
{
	struct tenants *tenants = tenant->tenants;
	bool due = checkpoint_due(tenant->premises);

	if (written->published)
		atomic_fetch_add(&tenant->generation, 1);
	atomic_fetch_add(&tenant->commits, 1);

	pthread_mutex_lock(&tenants->lock);
	void (*committed)(void *, struct tenant *) = tenants->committed;
	void *context = tenants->committed_context;
	if (due) {
		tenant->checkpoint_wanted = true;
		pthread_cond_signal(&tenants->keeper_wanted);
	}
	pthread_mutex_unlock(&tenants->lock);
	if (committed)
		committed(context, tenant);
}

void batch_write(const struct batch *batch, struct arena *scratch)
{
	struct tenant *tenant = batch->lane->tenant;
	struct error error = {.arena = scratch};
	struct written written = {0};

	enum result rc = write_all(tenant, &batch->jobs, TOGETHER, &written, &error);
	if (rc) {
		batch_refuse(batch, "tenant.not_saved", &error);
		/* Another process writes: nothing is wrong with ours. */
		if (rc == BUSY && tenant->premises->writer &&
			!store_poisoned(tenant->premises->writer))
			return;
		store_close(tenant->premises->writer);
		tenant->premises->writer = NULL;
	} else if (written.kept) {
		after_commit(tenant, &written);
	}
}

void batch_read(const struct batch *batch, struct arena *scratch)
{
	struct tenant *tenant = batch->lane->tenant;
	struct error error = {.arena = scratch};
	struct store *db;

	enum result rc = tenant_take_reader(tenant, &db, &error);
	if (rc) {
		batch_refuse(batch, "tenant.unavailable", &error);
		return;
	}

	rc = store_begin(db, &error);
	for (struct job *job = batch->jobs.first; job; job = job->next) {
		if (rc)
			job_refuse(job, "tenant.unavailable", &error);
		else
			job->outcome = job->run(job, db);
	}
	store_rollback(db);
	tenant_give_reader(tenant, db);
}
