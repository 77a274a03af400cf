/*
 * Tenants: each a database of its own, with its own queue of work.
 *
 * A tenant stands on the run queue at most once and goes to its tail after each batch, so that a busy centre cannot
 * starve another. Writes of a tenant run one after another, up to LIMIT_GROUP_COMMIT in one transaction, each kept or
 * taken back by itself; they hear "ok" only after COMMIT has returned. Reads run beside them on read-only connections,
 * several in one read transaction. Heavy jobs (argon2id, pictures, PDF) run on threads of their own. Databases open
 * when first used and close when idle (LRU).
 *
 * Threads: tenants_submit() and tenants_drain() on the loop thread; run functions on worker threads; everything else is
 * said beside its function.
 */
#ifndef KAOWU_TENANT_TENANT_H
#define KAOWU_TENANT_TENANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/seal.h"
#include "store/files.h"
#include "store/store.h"

struct registry;
struct tenants;
struct tenant;

enum lane {
	LANE_READ,  /* a read snapshot */
	LANE_WRITE, /* with others in a group commit */
	LANE_HEAVY, /* no transaction of the writer; may read through a snapshot of its own */
};

/* Embedded in whatever the submitter wants to get back (its baton). One owner at a time. */
struct job {
	struct job *next;
	struct tenant *tenant;
	enum lane lane;
	/* Worker thread. `db` is in a transaction. OK keeps what it changes, anything else takes it back. A write is
	 * run again where that was not to be seen before (batch.c): it depends on the job and the database only. */
	enum result (*run)(struct job *job, struct store *db);
	/* Loop thread (from tenants_drain): `outcome` is run's result, or BROKEN, FULL, BUSY if the commit or opening
	 * failed: then nothing of it was kept, and `error` tells why for the log. */
	void (*done)(struct job *job, enum result outcome);
	struct error *error; /* with its arena; not NULL */
	bool dry;            /* of a write: what it changes is taken back even when it succeeds */
	bool admitted; /* the next step of what has come home: taken even where a new one would find no room */
	bool unasked; /* the server's own idea: it opens its tenant, and does not keep it open */
	enum result outcome; /* ours, on the way home */
};

struct tenants_settings {
	const char *data_folder; /* DATA */
	unsigned threads;        /* for writes, and as many again for reads; 0 means 4 */
	unsigned heavy_threads;  /* 0 means the number of processors */
	unsigned read_batches; /* of one tenant at a time, at most 2; 0: as the processors allow */
	unsigned open_tenants; /* beyond it idle ones are closed; 0 means LIMIT_OPEN_TENANTS */
	/* Called from any thread when there is something to drain. May be NULL. */
	void (*wake)(void *context);
	void *wake_context;
};

/* Opens DATA/control.db and the master key (registry.h), starts the threads. Loop thread. */
enum result tenants_open(const struct tenants_settings *settings, struct tenants **out,
	struct error *error) MUST_CHECK;
/* Waits for everything submitted to be done (call tenants_drain() afterwards), checkpoints, closes every database. From
 * then on tenants_submit() refuses. Loop thread. */
void tenants_quiesce(struct tenants *tenants);
/* Quiesces and drains, if that has not been done; joins the threads. NULL is fine. */
void tenants_close(struct tenants *tenants);

/* BUSY ("tenant.busy" in the job's error) if the tenant's inbox in that lane is full, or the heavy queue, of which a
 * tenant may have as many places as are still free; the job was not taken then. An `admitted` one always finds room. */
enum result tenants_submit(struct tenants *tenants, struct job *job) MUST_CHECK;
/* Calls `done` of every job that has come home; it may submit again. */
void tenants_drain(struct tenants *tenants);

/* By slug; NULL if unknown or suspended: never a default tenant. Loop thread, no I/O. The pointer is good until
 * tenants_close(). */
struct tenant *tenants_find(struct tenants *tenants, const char *slug);
/* Is this host name (without port) a tenant's own? *out is NULL if it is nobody's, or if its tenant is suspended. */
bool tenants_find_host(struct tenants *tenants, const char *host, struct tenant **out);
/* Reads the registry again (SIGHUP, or after an operator's command): tenants, hosts, keys. Raises every tenant's
 * generation, since a command may have changed what the public sees. Loop thread. */
enum result tenants_reload(struct tenants *tenants, struct error *error) MUST_CHECK;
/* Has somebody committed to control.db since? So it is, too, where that cannot be told. Loop thread. */
bool tenants_outdated(struct tenants *tenants);
/* Where the cause of a job's failure is a key that was not known ("seal.key_unknown"): a command may have sealed by one
 * that `kaowu tenant rotate` has just made. Reads the registry again; true: the job may be submitted once more. Loop
 * thread. */
bool tenants_learn_key(struct tenants *tenants, const struct error *cause) MUST_CHECK;
/* Calls `each` for every tenant that is not suspended. Loop thread. */
void tenants_each(
	struct tenants *tenants, void (*each)(void *context, struct tenant *tenant), void *context);

/*
 * The deployment's own house: control.db, with a queue like a tenant's, for the operator's accounts and acts. It is no
 * tenant: it has no name (its slug is TENANT_CONTROL), tenants_find() and tenants_each() know nothing of it, its keys
 * are made of the master key, and it has no files. Any thread.
 */
#define TENANT_CONTROL ""
struct tenant *tenants_control(struct tenants *tenants);
bool tenant_is_control(const struct tenant *tenant);

const char *tenant_slug(const struct tenant *tenant);
/* Inside a job, or after tenant_attach(). */
const struct keyring *tenant_keys(const struct tenant *tenant);
/* Raised by run functions of writes whose change is seen by the public (plans, profile, overlays): takes effect at
 * commit. */
void tenant_publish(struct tenant *tenant);
uint64_t tenant_generation(const struct tenant *tenant); /* any thread */
/* The plan's files store, opened on demand, kept while the tenant is open. Inside a job. */
enum result tenant_files(struct tenant *tenant, const char *plan_id, struct files **out,
	struct error *error) MUST_CHECK;
/* After commit of a write, on a worker thread: for the outbox ("there is something to send"). May be NULL. */
void tenants_on_commit(struct tenants *tenants,
	void (*committed)(void *context, struct tenant *tenant), void *context);

struct tenant_counters {
	uint64_t reads; /* heavy jobs among them */
	uint64_t writes, commits;
	uint64_t failures; /* jobs that ended BUSY, FULL or BROKEN */
	uint64_t waiting;
	bool open;
	bool unavailable; /* the last try to open it failed */
};
/* Any thread. */
struct tenant_counters tenant_counters(const struct tenant *tenant);

/*
 * Without a server: commands work on one tenant directly, blocking, in their own process (SQLite keeps them apart from
 * a running server). tenant_attach() opens and migrates it (also a suspended one); `db` is a writer without a
 * transaction, and goes with tenant_detach(). TENANT_CONTROL is attached alike.
 */
enum result tenant_attach(const char *data_folder, const char *slug, struct tenant **out,
	struct store **db, struct error *error) MUST_CHECK;
/* The same for who has the registry open, perhaps in a transaction that has just added the tenant. */
enum result tenant_attach_by(struct registry *registry, const char *slug, struct tenant **out,
	struct store **db, struct error *error) MUST_CHECK;
void tenant_detach(struct tenant *tenant);

/* A look at one tenant's database beside all this, without its keys, and not migrated: for reading only, to be closed
 * by whoever asked. Any thread. */
enum result tenant_look(const char *data_folder, const char *slug, struct store **db,
	struct error *error) MUST_CHECK;

#endif
