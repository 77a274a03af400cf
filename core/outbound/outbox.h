/*
 * The outbox: what leaves the machine, written in the transaction that caused it and sent after its commit, at
 * least once.
 *
 *              put            begin             sent
 *     nothing -----> waiting -------> sending -------> sent
 *                     ^  ^ |           |   |
 *                     |  | +- expired -+---+---------> dead     failed for good, or too often
 *                     |  +--- failed, lost, held ------+ |
 *                     +---------- revived ---------------+
 *
 * An attempt is committed as `sending` before it is made. What a server that died has left so is lost: it may have
 * been sent. It is tried again and counted; a row that was lost LIMIT_OUTBOX_LOST times is dead, for a person to
 * decide, unless its provider tells copies by their key. Rows of one recipient go in the order in which they were
 * written, a later one waits for the earlier; but what expires does not wait for what does not and was put off.
 * Payloads are sealed by the caller; this file does not look into them.
 */
#ifndef KAOWU_OUTBOUND_OUTBOX_H
#define KAOWU_OUTBOUND_OUTBOX_H

#include "store/store.h"

#define CHANNEL_SMS "sms" /* the only one so far */

struct outbox_row {
	const char *id, *channel, *event, *event_key, *recipient_index, *subject;
	struct bytes payload;
	int64_t expires_at; /* 0: never */
	int64_t attempts, lost;
	int64_t begun_at; /* the newest attempt; 0: none yet */
};

/* The same event key again is OK and does nothing. `now` is when it may first be sent. */
enum result outbox_put(struct store *db, const struct outbox_row *row, int64_t now,
	struct error *error) MUST_CHECK;

/* Due rows, oldest first, one a recipient, at most `most`. */
enum result outbox_due(struct store *db, struct arena *arena, int64_t now, size_t most,
	struct outbox_row **rows, size_t *count, struct error *error) MUST_CHECK;
/* When there is something to do at the earliest; 0: nothing waits. `now`, if an attempt was left unfinished. Only when
 * none is under way. */
enum result outbox_next(struct store *db, int64_t now, int64_t *at, struct error *error) MUST_CHECK;

/* ---- An attempt: begin, commit, make it, and then one of the others ---- */

enum result outbox_begin(struct store *db, const struct outbox_row *row, const char *provider,
	int64_t now, struct error *error) MUST_CHECK;

/* What came of it. `why` is the code of a message for people, `provider_code` the provider's own; NULL where there is
 * none. */
struct outbox_end {
	const char *why, *provider_code, *reference;
};

enum result outbox_sent(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error) MUST_CHECK;
/* Puts the next try off, twice as long each time and with jitter; dead after LIMIT_OUTBOX_ATTEMPTS. */
enum result outbox_failed(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error) MUST_CHECK;
/* As failed, but the tries are spread over most of a day: from a minute on, four times as long each time. */
enum result outbox_limited(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error) MUST_CHECK;
/* Nobody knows whether it went: as failed, but counted; dead at the LIMIT_OUTBOX_LOST-th unless `idempotent`. */
enum result outbox_lost(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, bool idempotent, int64_t now, struct error *error) MUST_CHECK;
/* Never will be sent. */
enum result outbox_dead(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error) MUST_CHECK;
/* Waits until then, for no fault of its own: no attempt is counted. So does what waits behind it for its recipient. */
enum result outbox_held(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t until, struct error *error) MUST_CHECK;

/* Attempts that a server which died has left: they are lost. Only when none is under way. */
enum result outbox_orphans(struct store *db, const char *channel, bool idempotent, int64_t now,
	int64_t *count, struct error *error) MUST_CHECK;

/* Without the report about what went before. CONFLICT ("outbox.not_dead") unless it is dead, or ("outbox.too_late") if
 * it has expired; NOT_FOUND ("outbox.unknown"). */
enum result outbox_revive(
	struct store *db, const char *id, int64_t now, struct error *error) MUST_CHECK;

/* How many were tried last at or after `from` and before `until`: of one recipient, or of all (NULL). */
enum result outbox_tried(struct store *db, const char *channel, const char *recipient_index,
	int64_t from, int64_t until, int64_t *count, struct error *error) MUST_CHECK;

/* ---- A channel in trouble ---- */

struct outbox_pause {
	int64_t troubles; /* one after another; 0: it works */
	int64_t until, since;
	const char *why, *provider_code;
};

enum result outbox_pause_load(struct store *db, struct arena *arena, const char *channel,
	struct outbox_pause *out, struct error *error) MUST_CHECK;
/* One more trouble: twice as long each time, up to LIMIT_OUTBOX_PAUSE_MAX. */
enum result outbox_pause_more(struct store *db, const char *channel,
	const struct outbox_pause *now_is, const struct outbox_end *end, int64_t now,
	struct error *error) MUST_CHECK;
/* It works, or its settings have changed: everything that was held may go. */
enum result outbox_pause_end(struct store *db, const char *channel, struct error *error) MUST_CHECK;
enum result outbox_release(struct store *db, const char *channel, struct error *error) MUST_CHECK;

#endif
