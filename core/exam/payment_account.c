/*
 * Keeping and reading the account.
 */
#include "payment_account.h"

#include <string.h>

#include "base/schema.h"
#include "base/text.h"
#include "deployment.h"
#include "payment_call.h"
#include "secret.h"

enum result payment_account_set(struct transaction *tx, bool *out)
{
	return store_has(tx->db, "SELECT 1 FROM secret WHERE name = ?1",
		BIND(TEXT(PAYMENT_ACCOUNT_SECRET)), out, tx->error);
}

enum result payment_account_since(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MIN(happened_at), 0) FROM audit WHERE subject = ?1"
		" AND action = 'secret.set'",
		BIND(TEXT(PAYMENT_ACCOUNT_SECRET)), at, tx->error);
}

/* What lies there may be older than the check of what is put there. */
static enum result account_parse(
	struct transaction *tx, const char *text, struct wechat_account *out)
{
	json *document;
	enum result rc = json_parse(tx->arena, text, strlen(text), &document, tx->error);

	rc = rc ? rc
		: schema_validate(schema_find(tx->deployment->schemas(), "kaowu:wechat-account"),
			  document, tx->error);
	return rc ? rc : wechat_account_read(tx->arena, document, out, tx->error);
}

enum result payment_account_load(struct transaction *tx, struct wechat_account *out)
{
	const char *text;
	enum result rc = secret_get(tx, PAYMENT_ACCOUNT_SECRET, &text);

	if (rc && rc != NOT_FOUND)
		return rc;
	if (!rc && account_parse(tx, text, out) == OK)
		return OK;
	error_forget(tx->error);
	return fail(tx->error, NOT_FOUND, "payment.account_none", NULL);
}

/* An order that was placed with one merchant is unknown to another: it would be taken for unpaid. */
static enum result same_merchant(struct transaction *tx, const struct wechat_account *account)
{
	struct wechat_account before;
	int64_t open;
	enum result rc = payment_account_load(tx, &before);

	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		return OK;
	}
	if (rc || (text_equal(before.mchid, account->mchid) &&
			  text_equal(before.appid, account->appid)))
		return rc;
	rc = payment_call_next(tx, &open);
	if (rc || open == 0)
		return rc;
	return fail(tx->error, CONFLICT, "payment.account_in_use", "mchid", before.mchid, NULL);
}

enum result payment_account_configure(struct transaction *tx, const json *document)
{
	struct wechat_account account;
	enum result rc = wechat_account_read(tx->arena, document, &account, tx->error);

	rc = rc ? rc : same_merchant(tx, &account);
	rc = rc ? rc : secret_set(tx, PAYMENT_ACCOUNT_SECRET, json_print(tx->arena, document));
	return rc ? rc : payment_calls_release(tx);
}
