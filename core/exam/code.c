/*
 * SMS codes: six digits, five minutes, one use, five tries; only a keyed hash is kept.
 */
#include "code.h"

#include <string.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "message_settings.h"
#include "notice.h"

#define CODE_DIGITS 6

static char *mobile_index(struct transaction *tx, const char *mobile)
{
	return blind_index(tx->arena, tx->keys, "mobile", mobile);
}

/* Bound to what it is for and to whom: a code for one thing opens nothing else. */
static char *code_hash(
	struct transaction *tx, const char *purpose, const char *mobile, const char *code)
{
	return blind_index(
		tx->arena, tx->keys, arena_printf(tx->arena, "code:%s:%s", purpose, mobile), code);
}

/* How many codes a number or address has had since a moment, and when the oldest of them was sent; not those of a clock
 * that was put back since, whose end nobody would live to see. */
static enum result cap_check(struct transaction *tx, const char *sql, const char *index,
	int64_t window_ms, int64_t most, const char *refusal)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	int64_t count = 0, oldest = 0;
	enum result rc = store_query(tx->db, &rows, sql,
		BIND(TEXT(index), INTEGER(tx->now - window_ms), INTEGER(tx->now)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		count = cursor_integer(&rows, 0);
		oldest = cursor_integer(&rows, 1);
	}
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	return count >= most ? fail_too_soon(tx->error, refusal, oldest + window_ms - tx->now) : OK;
}

/* Whoever has codes sent to many numbers from many places must not use up what the centre has to tell. */
static enum result centre_cap_check(struct transaction *tx)
{
	struct date today = date_of_moment(tx->now);
	const json *sms;
	int64_t count;
	enum result rc = message_settings_load(tx, &sms);

	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COUNT(*) FROM code WHERE created_at >= ?1 AND created_at < ?2",
			  BIND(INTEGER(moment_of_date(today)), INTEGER(moment_of_date_end(today))),
			  &count, tx->error);
	if (rc || count < message_budget_of(sms).codes)
		return rc;
	return fail_too_soon(tx->error, "code.too_many_today", moment_of_date_end(today) - tx->now);
}

static enum result caps_check(struct transaction *tx, const char *mobile, const char *address)
{
	static const char by_mobile[] =
		"SELECT COUNT(*), MIN(created_at) FROM code WHERE mobile_index = ?1 AND created_at > ?2"
		" AND created_at <= ?3";
	static const char by_address[] =
		"SELECT COUNT(*), MIN(created_at) FROM code"
		" WHERE address_index = ?1 AND created_at > ?2 AND created_at <= ?3";
	enum result rc;

	rc = cap_check(tx, by_mobile, mobile, LIMIT_CODE_INTERVAL, 1, "code.too_soon");
	rc = rc ? rc
		: cap_check(
			  tx, by_mobile, mobile, HOUR_MS, LIMIT_CODES_HOUR_NUMBER, "code.too_many");
	rc = rc ? rc
		: cap_check(tx, by_mobile, mobile, DAY_MS, LIMIT_CODES_DAY_NUMBER, "code.too_many");
	rc = rc ? rc
		: cap_check(tx, by_address, address, HOUR_MS, LIMIT_CODES_HOUR_ADDRESS,
			  "code.too_many_here");
	rc = rc ? rc
		: cap_check(tx, by_address, address, DAY_MS, LIMIT_CODES_DAY_ADDRESS,
			  "code.too_many_here");
	return rc ? rc : centre_cap_check(tx);
}

/* Every request leaves its row, so that caps count alike whether or not the number is known. */
static enum result code_insert(struct transaction *tx, const char *id, const char *purpose,
	const char *mobile, const char *address, const char *code)
{
	return store_run(tx->db,
		"INSERT INTO code (id, purpose, mobile_index, address_index, code_hash, created_at,"
		" expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		BIND(TEXT(id), TEXT(purpose), TEXT(mobile_index(tx, mobile)), TEXT(address),
			TEXT(code_hash(tx, purpose, mobile, code)), INTEGER(tx->now),
			INTEGER(tx->now + LIMIT_CODE_LIFE)),
		tx->error);
}

enum result code_send(struct transaction *tx, const char *purpose, const char *mobile)
{
	const char *index = mobile_index(tx, mobile);
	const char *address =
		blind_index(tx->arena, tx->keys, "address", address_group(tx->arena, tx->address));
	const char *code = digits_create(tx->arena, CODE_DIGITS);
	const char *id = id_create(tx->arena);
	const char *key = arena_printf(tx->arena, "code:%s", id);
	int64_t until = tx->now + LIMIT_CODE_LIFE;
	bool reset = text_equal(purpose, "reset"), known;
	enum result rc;

	rc = caps_check(tx, index, address);
	if (rc)
		return rc;
	rc = store_has(tx->db,
		"SELECT 1 FROM account WHERE kind = 'candidate' AND mobile_index = ?1",
		BIND(TEXT(index)), &known, tx->error);
	if (rc)
		return rc;
	rc = code_insert(tx, id, purpose, mobile, address, code);
	if (rc || (reset && !known))
		return rc;
	if (!reset && known)
		return notice_number(tx, mobile, until, "known", id, key, NULL);
	return notice_number(tx, mobile, until, reset ? "code_reset" : "code_sign_up", id, key,
		"code", code, NULL);
}

/* The newest code of a number: an older one is useless from the moment that it was sent. Which is newest its id tells,
 * whatever the clock did; but one of a clock that was far ahead, before the server was started anew, is none. */
struct newest_code {
	const char *id, *hash;
	int64_t tries;
};

static enum result code_newest(
	struct transaction *tx, const char *purpose, const char *mobile, struct newest_code *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT id, code_hash, tries FROM code WHERE id = (SELECT id FROM code"
		" WHERE purpose = ?1 AND mobile_index = ?2 AND created_at <= ?5"
		" ORDER BY id DESC LIMIT 1)"
		" AND used_at IS NULL AND expires_at > ?3 AND tries < ?4",
		BIND(TEXT(purpose), TEXT(mobile_index(tx, mobile)), INTEGER(tx->now),
			INTEGER(LIMIT_CODE_TRIES), INTEGER(tx->now + LIMIT_CODE_LIFE)),
		tx->error);

	*out = (struct newest_code){0};
	if (rc)
		return rc;
	if (cursor_next(&rows))
		*out = (struct newest_code){cursor_text(&rows, 0, tx->arena),
			cursor_text(&rows, 1, tx->arena), cursor_integer(&rows, 2)};
	return cursor_end(&rows, tx->error);
}

static enum result code_wrong(struct transaction *tx)
{
	fault_add(tx->error, "/code", "code.wrong", NULL);
	return refuse_faults(tx->error);
}

enum result code_use(struct transaction *tx, const char *purpose, const char *mobile,
	const char *code, bool *keep)
{
	struct newest_code newest;
	const char *hash = code_hash(tx, purpose, mobile, code);
	enum result rc = code_newest(tx, purpose, mobile, &newest);

	if (rc)
		return rc;
	if (!newest.id)
		return code_wrong(tx);
	if (!equal_in_constant_time(hash, newest.hash, strlen(hash))) {
		rc = store_run(tx->db, "UPDATE code SET tries = tries + 1 WHERE id = ?1",
			BIND(TEXT(newest.id)), tx->error);
		*keep = rc == OK;
		return rc ? rc : code_wrong(tx);
	}
	return store_run(tx->db, "UPDATE code SET used_at = ?2 WHERE id = ?1",
		BIND(TEXT(newest.id), INTEGER(tx->now)), tx->error);
}
