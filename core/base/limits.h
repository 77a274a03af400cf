/*
 * The limits that several files keep or that people are told of, by name; what is one file's own stands there. Sizes
 * are bytes, times milliseconds, unless the name says otherwise.
 */
#ifndef KAOWU_BASE_LIMITS_H
#define KAOWU_BASE_LIMITS_H

/* Memory */
#define LIMIT_REQUEST_ARENA (64u << 20) /* a runaway guard, far above what any request needs */
#define LIMIT_MEMORY_KEPT                                                                          \
	(16 << 20) /* free, of each of the allocator's pools, before the kernel has it back */
#define LIMIT_MEMORY_STEP (1 << 20) /* taken from the kernel at once */
#define LIMIT_JSON_DEPTH  64
#define LIMIT_FAULTS      100

/* HTTP */
#define LIMIT_HTTP_TARGET          8192
#define LIMIT_HTTP_HEADERS         16384 /* all header bytes of a request */
#define LIMIT_HTTP_HEADER_COUNT    64
#define LIMIT_HTTP_BODY_MEMORY     65536 /* longer bodies are spooled to a file */
#define LIMIT_HTTP_JSON_BODY       262144
#define LIMIT_HTTP_BODY            (20u << 20) /* the largest upload */
#define LIMIT_HTTP_CONNECTIONS     16384
#define LIMIT_HTTP_HEADER_TIME     10000 /* from first byte to the end of the headers */
#define LIMIT_HTTP_BODY_TIME       30000 /* without a single body byte */
#define LIMIT_HTTP_BODY_TOTAL_TIME 600000
#define LIMIT_HTTP_IDLE_TIME       60000 /* between requests */
#define LIMIT_HTTP_WRITE_TIME      30000 /* without a single byte taken by the peer */
#define LIMIT_HTTP_DRAIN_TIME      10000 /* on SIGTERM */

/* HTTPS towards others */
#define LIMIT_HTTPS_ANSWER       (1u << 20)
#define LIMIT_HTTPS_TIME         10000 /* a whole exchange */
#define LIMIT_HTTPS_CONNECT_TIME 5000
#define LIMIT_HTTPS_DRAIN_TIME   3000 /* for what is out on SIGTERM */

/* Tenants and their queues */
#define LIMIT_TENANT_INBOX     1024 /* jobs waiting; beyond it 503 */
#define LIMIT_GROUP_COMMIT     64   /* writes in one commit */
#define LIMIT_READ_BATCH       32   /* reads in one read transaction */
#define LIMIT_OPEN_TENANTS     256
#define LIMIT_TENANT_IDLE_TIME 600000
#define LIMIT_HEAVY_JOBS       64 /* waiting for argon2id, pictures, PDF, deployment-wide */

/* Workers (plugins, pictures) */
#define LIMIT_WORKER_FRAME      (24u << 20)
#define LIMIT_WORKER_CALL_TIME  5000
#define LIMIT_WORKER_START_TIME 5000
#define LIMIT_WORKER_IDLE_TIME  60000 /* of a plugin's process that nobody asks */
#define LIMIT_WORKER_MEMORY     (512u << 20)
#define LIMIT_MANIFEST          262144

/* Plugins as files */
#define LIMIT_PLUGIN_FILE    (16u << 20)
#define LIMIT_PLUGIN_README  (1u << 20)
#define LIMIT_PLUGIN_PACKAGE (20u << 20)
#define LIMIT_PLUGIN_ARENA                                                                         \
	(128u << 20) /* of a command that has a package and what it holds in memory */

/* Pictures */
#define LIMIT_PICTURE_PIXELS     (50u * 1000 * 1000)
#define LIMIT_PROGRESSIVE_SCANS  64
#define LIMIT_SCAN_BYTES         (10u << 20)
#define LIMIT_PORTRAIT_BYTES_MIN 40000
#define LIMIT_PORTRAIT_BYTES_MAX 81920

/* What anybody may ask without an account */
#define LIMIT_QUESTIONS      60 /* of an address, in any LIMIT_QUESTIONS_TIME */
#define LIMIT_QUESTIONS_TIME 60000

/* Accounts */
#define LIMIT_CODE_LIFE              300000 /* SMS code */
#define LIMIT_CODE_TRIES             5
#define LIMIT_CODE_INTERVAL          60000
#define LIMIT_CODES_HOUR_NUMBER      5
#define LIMIT_CODES_DAY_NUMBER       10
#define LIMIT_CODES_HOUR_ADDRESS     30
#define LIMIT_CODES_DAY_ADDRESS      100
#define LIMIT_SIGN_IN_FAILURES       5 /* then locked, doubling from the next line */
#define LIMIT_SIGN_IN_LOCK           60000
#define LIMIT_SIGN_IN_LOCK_MAX       3600000
#define LIMIT_SIGN_IN_ADDRESS        300 /* failures of all names, in the next line */
#define LIMIT_SIGN_IN_ADDRESS_TIME   3600000
#define LIMIT_SESSION_IDLE           (30 * 60 * 1000)
#define LIMIT_SESSION_IDLE_CANDIDATE (24 * 60 * 60 * 1000)
#define LIMIT_SESSION_LIFE           (12 * 60 * 60 * 1000)
#define LIMIT_SESSION_LIFE_CANDIDATE (14 * 24 * 60 * 60 * 1000)
#define LIMIT_INVITATION_LIFE        (7 * 24 * 60 * 60 * 1000)
#define LIMIT_DAY_CONSENTS           50   /* of an account within 24 hours */
#define LIMIT_CONSENTS_SHOWN         1000 /* the newest of an account */

/* Applications */
#define LIMIT_ACCOUNT_APPLICATIONS 50  /* in all: whose they are is shown them in one answer */
#define LIMIT_DAY_REVISIONS        100 /* of an application within 24 hours: each is kept for ever */
#define LIMIT_DAY_ACTS                                                                             \
	1000 /* of a candidate on one subject within 24 hours: rows of the audit log */
#define LIMIT_DAY_UPLOADS_APPLICATION                                                              \
	60 /* within 24 hours: an application has ten materials at most */
#define LIMIT_DAY_UPLOADS_ACCOUNT   120
#define LIMIT_DAY_BYTES_APPLICATION (200 << 20)
#define LIMIT_DAY_BYTES_ACCOUNT     (400 << 20)
#define LIMIT_REPLACED_LIFE         (60 * 60 * 1000) /* of a file that nothing names any more */
#define LIMIT_TICKET_BOOK_LIFE      (7 * 24 * 60 * 60 * 1000) /* of all tickets of a plan as PDFs */
#define LIMIT_TICKETS_PART          200                       /* of such a book, in one document */
#define LIMIT_WORK_PERIODS          30
#define LIMIT_PAGE                  100 /* rows of a list */
#define LIMIT_EXPORT_ROWS           20000
#define LIMIT_LEASE                 (15 * 60 * 1000)
#define LIMIT_ARCHIVE_YEARS         3 /* after the last day of a plan: for what was approved or paid for */
#define LIMIT_PICTURES_DAYS         80 /* after it: of who was never approved, to whom 90 are promised */
#define LIMIT_REVIEW_DAYS           2 /* working days */
#define LIMIT_IDEMPOTENCY_LIFE      (24 * 60 * 60 * 1000)
#define LIMIT_ORDER_LIFE            (2 * 60 * 60 * 1000)

/* Secrets of a tenant */
#define LIMIT_SECRET 16384

/* Outbox */
#define LIMIT_OUTBOX_ATTEMPTS    8
#define LIMIT_OUTBOX_BACKOFF     5000
#define LIMIT_OUTBOX_BACKOFF_MAX (60 * 60 * 1000)
#define LIMIT_OUTBOX_LIMITED     (60 * 1000) /* of a number that has had its share */
#define LIMIT_OUTBOX_LIMITED_MAX (6 * 60 * 60 * 1000)
#define LIMIT_OUTBOX_LOST        2 /* attempts whose fate nobody knows; then a person decides */
#define LIMIT_OUTBOX_PAUSE_MAX   (5 * 60 * 1000) /* between two looks at a provider in trouble */
#define LIMIT_OUTBOX_HOLD        (10 * 60 * 1000) /* a message that waits for somebody's correction */
#define LIMIT_OUTBOX_BATCH       16               /* of one tenant, out at once */

/* Payment over the network */
#define LIMIT_PAYMENT_BATCH          16 /* questions of one tenant, out at once */
#define LIMIT_PAYMENT_BACKOFF        5000
#define LIMIT_PAYMENT_BACKOFF_MAX    (5 * 60 * 1000)
#define LIMIT_PAYMENT_HOLD           (5 * 60 * 1000) /* without an account to ask by */
#define LIMIT_TRADE_BILL             (24u << 20)     /* of about 200,000 orders in a day */
#define LIMIT_TRADE_BILL_COMMAND     (128u << 20)    /* by hand: a command has the memory for it */
#define LIMIT_TRADE_BILL_LINES       250000
#define LIMIT_TRADE_BILL_DAYS        60 /* fetched so far back; the provider keeps three months */
#define LIMIT_TRADE_BILL_BACKOFF     (10 * 60 * 1000)
#define LIMIT_TRADE_BILL_BACKOFF_MAX (4 * 60 * 60 * 1000)
#define LIMIT_PAYMENT_POLL_MIN       15000 /* an open order is asked about less and less often */
#define LIMIT_PAYMENT_POLL_MAX       (5 * 60 * 1000)

/* SMS, a day: what a centre may have less or more of by its settings */
#define LIMIT_SMS_DAY_NUMBER   20
#define LIMIT_SMS_DAY_CENTRE   10000
#define LIMIT_CODES_DAY_CENTRE 3000

#endif
