/*
 * What the files of this folder share and nobody else sees: one tenant from the inside, and the house of them all.
 *
 * One lock, tenants->lock, guards what several threads touch. It is held for moments: never while SQL runs, a file is
 * opened or somebody else's function is called. The other one, premises->files_lock, is never held together with it.
 * What is the loop thread's alone needs none.
 *
 * A tenant's databases:
 *
 *     CLOSED --a batch comes--> OPENING ----> OPEN --idle, too many open, new keys--> CLOSING
 *        ^                         |                                                     |
 *        |<-------failed-----------+<----------------------------------------------------+
 *
 * Who moves it owns the connections meanwhile, alone: the thread with the batch while OPENING, the keeper while
 * CLOSING; and the keeper while RESTING, which is between OPEN and OPEN.
 */
#ifndef KAOWU_TENANT_INSIDE_H
#define KAOWU_TENANT_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include "registry.h"
#include "tenant.h"

#define SLUG_SIZE       32 /* 31 characters and the NUL */
#define LANE_COUNT      3
#define TENANT_ARENA    (4u << 20) /* a runaway guard */
#define READ_BATCHES    2          /* of one tenant at a time, each on its own connection */
#define READERS_KEPT    2          /* idle read connections of an open tenant */
#define OPEN_RETRY_MS   1000       /* between two tries to open a tenant that fails */
#define KEEPER_ROUND_MS 60000      /* between two looks for idle tenants */
#define REST_MS         5000       /* without work, before an open tenant rests, */
#define LINGER_MS       50 /* and before one is closed that only the server itself has used */

struct job_list {
	struct job *first, *last;
	size_t count;
};

/* The jobs of one tenant in one lane, in the order in which they came. Guarded by the lock. */
struct lane_queue {
	STAILQ_ENTRY(lane_queue) next; /* on the run queue */
	struct tenant *tenant;
	enum lane lane;
	struct job_list waiting;
	unsigned running; /* batches under way */
	bool queued;      /* stands on the run queue: at most once */
};

/* The tenants with work in one lane, and the threads that do it. */
struct run_queue {
	STAILQ_HEAD(, lane_queue) lanes;
	pthread_cond_t ready;
	struct tenants *tenants;
};

enum tenant_state { TENANT_CLOSED, TENANT_OPENING, TENANT_OPEN, TENANT_RESTING, TENANT_CLOSING };

/* What an open tenant has, and a closed one does not: most tenants are closed. */
struct premises {
	/* The opening thread's, then unchanged. */
	struct arena *arena; /* this lies in it */
	struct keyring keys;
	const char *database_path;

	/* The thread's that runs the write batch; there is one at most. */
	struct store *writer;   /* NULL: to be opened when something is written */
	int64_t wal_pages_seen; /* when a checkpoint was last asked for */
	bool published;         /* by the job that runs */

	/* Guarded by the lock. */
	struct store *readers[READERS_KEPT]; /* those that no batch uses */
	size_t reader_count;

	pthread_mutex_t files_lock;
	SLIST_HEAD(, plan_files) files; /* in `arena`; guarded by files_lock */
};

struct tenant {
	/* Never changes. */
	struct tenants *tenants; /* NULL after tenant_attach() */
	const char *data_folder;
	char slug[SLUG_SIZE];

	/* The loop thread's. */
	bool suspended;

	/* Guarded by the lock. */
	bool keys_changed; /* since it was opened: must be closed and opened again */
	bool checkpoint_wanted;
	bool rested;      /* since it was last used */
	bool unavailable; /* the last try to open it failed */
	enum tenant_state state;
	unsigned running;              /* batches under way in all lanes */
	TAILQ_ENTRY(tenant) next_open; /* among the open ones, the longest unused first */
	struct lane_queue lanes[LANE_COUNT];
	int64_t used_at;       /* when a batch last began */
	int64_t asked_at;      /* and one that somebody had asked for */
	uint8_t *keys_wrapped; /* as the registry has them; malloc */
	size_t keys_wrapped_size;

	/* The opening thread's, then unchanged while open. */
	struct premises *premises; /* NULL: closed */
	char *failure; /* why the last try to open failed, for the log; malloc. NULL: it did not; */
	int64_t failed_at;  /* else when, */
	enum result failed; /* and how */

	/* Any thread. */
	_Atomic uint64_t generation, reads, writes, commits, failures;
};

struct host {
	const char *name;
	struct tenant *tenant;
};

struct tenants {
	/* Never changes. */
	char *data_folder;
	void (*wake)(void *context);
	void *wake_context;
	size_t open_limit;
	/* Its database is the loop thread's; its master key is read by all. */
	struct registry *registry;

	/* The loop thread's: what the registry said when it was last read. Tenants are never forgotten before the
	 * end. */
	int64_t registry_mark; /* store_mark(), before it was read */
	struct tenant *control;
	struct tenant **by_slug; /* sorted; without control */
	size_t tenant_count;
	struct arena *hosts_arena;
	struct host *hosts; /* sorted; also of suspended tenants */
	size_t host_count;

	pthread_t *threads;
	size_t thread_count;
	unsigned read_batches; /* of one tenant at a time */

	pthread_mutex_t lock; /* guards what follows, and in struct tenant what says so */
	struct run_queue queues[LANE_COUNT];
	struct job_list home; /* done, to be drained */
	size_t pending;       /* taken in and not yet home */
	size_t heavy_waiting;
	TAILQ_HEAD(, tenant) open;
	size_t open_count; /* open or closing */
	bool ending;       /* takes no more jobs; closes every tenant */
	bool stopping;     /* threads return */
	pthread_cond_t keeper_wanted, quiet;
	int64_t kept_at; /* when the keeper last looked for idle tenants */
	int64_t rest_in_ms; /* when the first tenant rests, as it then saw; KEEPER_ROUND_MS: all have */
	void (*committed)(void *context, struct tenant *tenant);
	void *committed_context;
};

/* Some jobs of one lane of one tenant, on a worker thread. */
struct batch {
	struct lane_queue *lane;
	struct job_list jobs;
	bool opens; /* its tenant is TENANT_OPENING, by us */
};

/* registry.c: the rows of the registry, in the order of their slugs, and what opens their keys. */
struct registration {
	struct registration *next;
	const char *slug;
	bool suspended;
	const json *hosts;
	struct bytes keys_wrapped;
};

enum result registry_read(struct registry *registry, struct arena *arena, struct registration **out,
	struct error *error) MUST_CHECK;
const struct keyring *registry_master(const struct registry *registry);
const char *registry_folder(const struct registry *registry);

/* master_key.c: reads DATA/master.key or the systemd credential; makes it only if `may_create`. */
enum result master_key_load(const char *data_folder, bool may_create, uint8_t out[SEAL_KEY_SIZE],
	struct error *error) MUST_CHECK;

/* keys.c: a tenant's keyring, packed and wrapped by the master key. */
void keys_create(struct arena *arena, struct keyring *out);
void keys_rotate(struct arena *arena, const struct keyring *old, struct keyring *out);
/* Those of the deployment's own house, made of the master key: there is nothing to wrap. */
void keys_control(struct arena *arena, const struct keyring *master, struct keyring *out);
struct bytes keys_wrap(struct arena *arena, const struct keyring *master, const char *slug,
	const struct keyring *keys);
enum result keys_unwrap(struct arena *arena, const struct keyring *master, const char *slug,
	struct bytes wrapped, struct keyring *out, struct error *error) MUST_CHECK;

/* tenant.c. What is open has premises; the functions for writer and readers are for an open one. */
struct tenant *tenant_create(const char *data_folder, const char *slug);
void tenant_destroy(struct tenant *tenant);
/* Keys, and what that lane needs of a migrated database; within OPEN_RETRY_MS after a failure it fails again without a
 * try. */
enum result tenant_open(struct tenant *tenant, enum lane lane, struct error *error) MUST_CHECK;
void tenant_close(struct tenant *tenant);
enum result tenant_open_writer(struct tenant *tenant, struct error *error) MUST_CHECK;
enum result tenant_take_reader(
	struct tenant *tenant, struct store **out, struct error *error) MUST_CHECK;
void tenant_give_reader(struct tenant *tenant, struct store *reader);
/* Nobody uses it now: gives back what it holds only to be fast. */
void tenant_rest(struct tenant *tenant);

/* batch.c: runs the jobs and sets their outcomes. `scratch` is the thread's, for the batch's own error. */
void batch_write(const struct batch *batch, struct arena *scratch);
void batch_read(const struct batch *batch, struct arena *scratch);
void batch_refuse(const struct batch *batch, const char *code, const struct error *cause);

/* queue.c: a worker thread; and a tenant's lanes that may run now onto the run queues, lock held. */
void *queue_work(void *run_queue);
void queue_enter(struct tenant *tenant);

/* keeper.c: the keeper's thread. */
void *keeper_work(void *tenants);
/* Wakes the keeper if there may be something for it, with this tenant (or NULL) in particular. Lock held. */
void keeper_remind(struct tenants *tenants, const struct tenant *tenant);

#endif
