/*
 * The outbox: what leaves the machine, written in the transaction that caused it and sent after its commit, at
 * least once.
 *
 * A row waits until it is sent or dead. Rows of one recipient go in the order in which they were written: a later
 * one waits for the earlier. Payloads are sealed by the caller; this file does not look into them.
 */
#ifndef KAOWU_OUTBOUND_OUTBOX_H
#define KAOWU_OUTBOUND_OUTBOX_H

#include "store/store.h"

struct outbox_row {
	const char *id, *channel, *event, *event_key, *recipient_index, *subject;
	struct bytes payload;
	int64_t attempts;
};

/* The same event key again is OK and does nothing. `now` is when it may first be sent. */
enum result outbox_put(struct store *db, const struct outbox_row *row, int64_t now,
	struct error *error) MUST_CHECK;

/* Due rows, oldest first, one a recipient, at most `most`. */
enum result outbox_due(struct store *db, struct arena *arena, int64_t now, size_t most,
	struct outbox_row **rows, size_t *count, struct error *error) MUST_CHECK;

enum result outbox_sent(
	struct store *db, const char *id, int64_t now, struct error *error) MUST_CHECK;
/* Puts the next try off, twice as long each time and with jitter; dead after LIMIT_OUTBOX_ATTEMPTS, or at once if
 * `final`. `why` is the code of a message for people. */
enum result outbox_failed(struct store *db, const struct outbox_row *row, int64_t now,
	const char *why, bool final, struct error *error) MUST_CHECK;
/* CONFLICT ("outbox.not_dead") unless it is dead; NOT_FOUND ("outbox.unknown"). */
enum result outbox_revive(
	struct store *db, const char *id, int64_t now, struct error *error) MUST_CHECK;

#endif
