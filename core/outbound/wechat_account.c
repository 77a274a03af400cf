/*
 * Reading an account.
 */
#include "wechat_account.h"

#include <string.h>

#include "base/arena.h"
#include "base/rsa.h"
#include "base/text.h"

static const char *const own_hosts[] = {
	"https://api.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"};

static struct wechat_key key_read(struct arena *arena, const json *entry)
{
	const char *certificate = json_get_text(entry, "certificate");

	if (!certificate)
		return (struct wechat_key){
			json_get_text(entry, "id"), json_get_text(entry, "public_key")};
	return (struct wechat_key){certificate_serial(arena, certificate), certificate};
}

static void keys_read(struct arena *arena, const json *platform, struct wechat_account *account,
	struct error *error)
{
	struct wechat_key *keys = NEW_ARRAY(arena, struct wechat_key, json_count(platform));

	json_each(entry, platform)
	{
		struct wechat_key key = key_read(arena, entry);

		if (!key.serial || !rsa_public_valid(key.pem))
			fault_add(error, arena_printf(arena, "/platform/%zu", account->key_count),
				"wechat.platform_key", NULL);
		else if (text_starts(key.serial, "PUB_KEY_ID_"))
			account->public_key_id = key.serial;
		keys[account->key_count++] = key;
	}
	account->keys = keys;
}

static void hosts_read(struct arena *arena, const json *hosts, struct wechat_account *account)
{
	const char **copy;

	account->hosts = own_hosts;
	account->host_count = COUNT(own_hosts);
	if (json_count(hosts) == 0)
		return;
	copy = NEW_ARRAY(arena, const char *, json_count(hosts));
	account->host_count = 0;
	json_each(host, hosts) copy[account->host_count++] = json_text(host);
	account->hosts = copy;
}

enum result wechat_account_read(
	struct arena *arena, const json *document, struct wechat_account *out, struct error *error)
{
	struct wechat_account account = {
		.mchid = json_get_text(document, "mchid"),
		.appid = json_get_text(document, "appid"),
		.merchant_serial = json_get_text(document, "merchant_serial"),
		.private_key = json_get_text(document, "private_key"),
		.api_key = json_get_text(document, "api_v3_key"),
		.notify_url = arena_printf(
			arena, "%s/reports/wechat", json_get_text(document, "notify_base")),
	};
	enum result rc;

	if (!rsa_private_valid(account.private_key))
		fault_add(error, "/private_key", "wechat.private_key", NULL);
	if (strlen(account.api_key) != WECHAT_API_KEY_SIZE)
		fault_add(error, "/api_v3_key", "wechat.api_key", NULL);
	keys_read(arena, json_get(document, "platform"), &account, error);
	hosts_read(arena, json_get(document, "hosts"), &account);
	rc = refuse_faults(error);
	if (rc)
		return rc;
	*out = account;
	return OK;
}
