/*
 * The pages: what core/web was built into, from the binary, on the loop.
 *
 * A centre's base (/t/{slug}/, or / on its own host) gives the candidate's page, and staff/ below it the staff's; where
 * no centre is, /operator/ gives the operator's. Which view an address names is for the page to find out. What the
 * pages load lies outside of centres at /assets/, is named by its content and therefore never changes. Everything lies
 * there compressed already.
 */
#ifndef KAOWU_API_PAGES_H
#define KAOWU_API_PAGES_H

#include "base/message.h"
#include "net/http.h"

/* Loop thread. Fills the reply if this message asks for an asset. */
bool pages_asset(const struct http_message *message, struct arena *arena, struct http_reply *reply);

/* Loop thread. Fills the reply if this message is one of a browser that wants a page; `path` is what is behind the base
 * of a tenant or, where none is, all of it. What begins with /api never is. */
bool pages_page(const struct http_message *message, struct arena *arena, const char *path,
	bool in_tenant, struct http_reply *reply);

/* Loop thread. Fills the reply, a 404, if a person has come by a browser to where nothing is: `code` is the message's
 * that says so. Programs hear it as a problem. */
bool pages_nothing(const struct http_message *message, struct arena *arena, const char *path,
	enum language language, const char *code, struct http_reply *reply);

#endif
