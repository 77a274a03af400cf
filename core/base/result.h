/*
 * How a function says that it did not do what it was asked.
 *
 * Every function that can fail returns `enum result`; OK is zero, so the idiom is three visible
 * lines: `rc = f(...); if (rc) return rc;`. Outputs come last and stay untouched on failure.
 *
 * What a person is told travels beside it, in a `struct error`: a stable code, named parameters,
 * and one entry for each place in the input that is wrong. The texts themselves, Chinese and
 * English, are data: schemas/messages/<area>.json, where area is what stands before the first dot
 * of the code. The first failure wins: fail() never overwrites an error that is already filled.
 *
 * Three kinds of wrong (docs/architecture.md): a refusal is any result up to TOO_MANY, trouble is
 * BUSY, FULL or BROKEN, a bug is a failed assert() (they stay on in release builds).
 */
#ifndef KAOWU_BASE_RESULT_H
#define KAOWU_BASE_RESULT_H

#include <stdint.h>

struct arena;

enum result {
	OK = 0,
	MALFORMED,             /* 400: not even readable as what it should be */
	UNAUTHENTICATED,       /* 401: sign in first */
	FORBIDDEN,             /* 403: signed in, but not allowed */
	NOT_FOUND,             /* 404: not there, or not yours: nobody can tell which */
	CONFLICT,              /* 409: well formed, but not in this state of things */
	STALE,                 /* 412: somebody else changed it since you read it */
	TOO_LARGE,             /* 413: longer than a named limit */
	UNSUPPORTED,           /* 415: a media type that is not taken here */
	INVALID,               /* 422: readable, but the values are wrong; see the faults */
	PRECONDITION_REQUIRED, /* 428: say which version you are changing (If-Match) */
	TOO_MANY,              /* 429: a cap per person, address or number */
	BUSY,                  /* 503: nothing wrong, try again in a moment */
	FULL,                  /* 507: no room on the disk */
	BROKEN,                /* 503: trouble, logged at the top, rolled back */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* One thing that is wrong with the input, and where. All strings live in the error's arena. */
struct fault {
	struct fault *next;
	const char *pointer;       /* JSON pointer into the body, "" for the whole */
	const char *code;          /* "identity.checksum" */
	const char *const *params; /* name, value, name, value, ..., NULL */
};

/* Zero-initialise all but `arena`, which must outlive the error. */
struct error {
	struct arena *arena;
	enum result result;
	const char *code;          /* NULL while nothing has failed */
	const char *const *params; /* name, value, ..., NULL */
	struct fault *faults;      /* in the order they were found */
	struct fault *last_fault;
	const char *internal; /* for the log only, never for the person */
};

/*
 * Fills the error unless it is filled already, and returns `result`, so that a refusal is one line:
 *     return fail(error, NOT_FOUND, "tenant.unknown", "slug", slug, NULL);
 * The variable arguments are name and text in turn, ended by NULL; all are copied.
 */
enum result fail(struct error *error, enum result result, const char *code, ...)
	__attribute__((sentinel));

/* TOO_MANY: too soon by so much, told in whole seconds. */
enum result fail_too_soon(struct error *error, const char *code, int64_t wait_ms);

/* Trouble: fills the error with `code` and a printf-like text meant for the log only. */
enum result trouble(struct error *error, enum result result, const char *code, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* Adds one place that is wrong; the caller goes on looking for more and calls refuse_faults() last. */
void fault_add(struct error *error, const char *pointer, const char *code, ...)
	__attribute__((sentinel));

/* Adds the faults of `from`, whose arena must outlive `error`; and a failure that has a code as one fault. */
void fault_join(struct error *error, const struct error *from);
void fault_of_failure(struct error *error, const char *pointer, const struct error *failure);

/* INVALID with code "input.invalid" if any fault was added, else OK. */
enum result refuse_faults(struct error *error) MUST_CHECK;

/* As if nothing had failed: a failure was expected, and is none. */
void error_forget(struct error *error);

/* "CONFLICT" and so on, for logs and tests. */
const char *result_name(enum result result);

#endif
