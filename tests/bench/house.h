/*
 * A deployment opened without a server, for what prepares and what replays submissions: one tenant, one writer,
 * time standing still.
 *
 * There is nobody to recover for: whatever fails is printed, and the program ends.
 */
#ifndef KAOWU_TESTS_BENCH_HOUSE_H
#define KAOWU_TESTS_BENCH_HOUSE_H

#include "base/arena.h"
#include "exam/deployment.h"
#include "exam/transaction.h"

struct registry;

struct house {
	struct arena *arena; /* of the whole program */
	struct error error;  /* of the last transaction */
	struct deployment deployment;
	struct registry *registry;
	struct tenant *tenant;
	struct store *db;
};

/* `moment` (RFC 3339) is what the clock says from now on. */
void house_open(struct house *house, const char *data, const char *slug, const char *moment);
void house_close(struct house *house);

/* By nobody, in `arena`, with an error that is empty. */
struct transaction house_transaction(struct house *house, struct arena *arena);

/* Prints what went wrong and ends the program, unless nothing did. */
void house_must(const struct house *house, enum result rc, const char *what);

#endif
