/*
 * The pages: choosing the file, its encoding, and the headers that keep a page to itself.
 */
#include "pages.h"

#include <string.h>

#include "base/digest.h"
#include "base/embedded.h"
#include "base/text.h"
#include "headers.h"

#define FOREVER "public, max-age=31536000, immutable"

/* Nothing from elsewhere, nothing inline; pictures that the page itself makes are blobs. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "          \
	"connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "               \
	"frame-ancestors 'none'"

static const char *media_type_of(const char *path)
{
	static const char *const types[][2] = {
		{".html", "text/html; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".jpg", "image/jpeg"},
		{".woff2", "font/woff2"},
	};
	const char *ending = strrchr(path, '.');

	for (size_t i = 0; ending && i < COUNT(types); i++)
		if (text_equal(types[i][0], ending))
			return types[i][1];
	return "application/octet-stream";
}

/* Does Accept-Encoding name this coding, with another weight than nothing? */
static bool coding_accepted(const char *header, const char *coding)
{
	size_t length = strlen(coding);

	while (header && *header) {
		header += strspn(header, " \t,");
		const char *end = header + strcspn(header, ",");
		const char *rest = header + length;

		if (strncmp(header, coding, length) == 0 && strchr(" ;,", *rest)) {
			const char *weight = strstr(rest, "q=");

			return !weight || weight > end ||
			       strspn(weight + 2, "0.") < strcspn(weight + 2, " ,");
		}
		header = end;
	}
	return false;
}

/* One of the forms in which a file is there. */
struct form {
	const struct embedded_file *file;
	const char *coding; /* NULL: as it is */
};

/* The smallest that the browser takes; .file is NULL if there is no such file. What compressing makes no smaller was
 * not compressed. */
static struct form form_find(
	const struct http_message *message, struct arena *arena, const char *path)
{
	static const char *const codings[][2] = {{"br", ".br"}, {"gzip", ".gz"}};
	const char *accepted = http_header(message, "accept-encoding");

	for (size_t i = 0; i < COUNT(codings); i++) {
		const struct embedded_file *file =
			coding_accepted(accepted, codings[i][0])
				? embedded_find_in(web_files, web_count,
					  arena_printf(arena, "%s%s", path, codings[i][1]))
				: NULL;

		if (file)
			return (struct form){file, codings[i][0]};
	}
	return (struct form){embedded_find_in(web_files, web_count, path), NULL};
}

/* Fills the reply with the file, or 304 if the browser has it. */
static void form_reply(const struct http_message *message, struct arena *arena, const char *path,
	struct form form, struct http_reply *reply)
{
	const char *known = http_header(message, "if-none-match");
	char hash[SHA256_HEX_SIZE];
	const char *etag;

	sha256_hex(form.file->content, hash);
	etag = arena_printf(arena, "\"%.32s\"", hash);
	header_add(arena, reply, "ETag", etag);
	if (known && strstr(known, etag)) {
		reply->status = 304;
		return;
	}
	reply->status = 200;
	reply->media_type = media_type_of(path);
	reply->body = form.file->content;
	if (form.coding)
		header_add(arena, reply, "Content-Encoding", form.coding);
}

bool pages_asset(const struct http_message *message, struct arena *arena, struct http_reply *reply)
{
	const char *path = message->path + 1;
	struct form form;

	if (!text_starts(message->path, "/assets/"))
		return false;
	form = form_find(message, arena, path);
	if (!form.file)
		return false;
	header_add(arena, reply, "Cache-Control", FOREVER);
	header_add(arena, reply, "Vary", "Accept-Encoding");
	form_reply(message, arena, path, form, reply);
	return true;
}

/* Each is what all addresses below its folder lead to. */
static const struct entry {
	bool in_tenant; /* behind a tenant's base, or where no tenant is */
	const char *folder, *page;
} entries[] = {
	{true, "/staff", "staff.html"},
	{true, "", "candidate.html"},
	{false, "/operator", "operator.html"},
};

/* Is this path the folder, or something below it? */
static bool below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The entries are pages to everybody; any other address only to who asks for HTML by name, so that a program that is
 * wrong about an address hears so. */
static bool wants_page(
	const struct http_message *message, const struct entry *entry, const char *path)
{
	const char *accept = http_header(message, "accept");
	const char *rest = path + strlen(entry->folder);

	if (below(path, "/api"))
		return false;
	if (text_equal(rest, "/"))
		return !accept || strstr(accept, "text/html") || strstr(accept, "*/*");
	return accept && strstr(accept, "text/html");
}

/* Which entry is at this path; NULL if there is none. */
static const struct entry *entry_find(const char *path, bool in_tenant)
{
	for (size_t i = 0; i < COUNT(entries); i++)
		if (entries[i].in_tenant == in_tenant && below(path, entries[i].folder))
			return &entries[i];
	return NULL;
}

static void page_headers(struct arena *arena, struct http_reply *reply)
{
	header_add(arena, reply, "Cache-Control", "no-cache");
	header_add(arena, reply, "Vary", "Accept, Accept-Encoding");
	header_add(arena, reply, "Content-Security-Policy", POLICY_PAGE);
	header_add(arena, reply, "Referrer-Policy", "same-origin");
	header_add(arena, reply, "Cross-Origin-Opener-Policy", "same-origin");
	header_add(arena, reply, "Permissions-Policy", "geolocation=(), microphone=(), payment=()");
}

bool pages_page(const struct http_message *message, struct arena *arena, const char *path,
	bool in_tenant, struct http_reply *reply)
{
	const struct entry *entry = entry_find(path, in_tenant);
	struct form form;

	if (!entry)
		return false;
	/* Addresses in the pages are relative to the base, which ends with a slash. */
	if (text_equal(path, entry->folder)) {
		header_add(arena, reply, "Location",
			arena_printf(arena, "%s/%s%s", message->path, *message->query ? "?" : "",
				message->query));
		reply->status = 308;
		return true;
	}
	if (!wants_page(message, entry, path))
		return false;
	form = form_find(message, arena, entry->page);
	if (!form.file)
		return false;
	page_headers(arena, reply);
	form_reply(message, arena, entry->page, form, reply);
	return true;
}

bool pages_nothing(const struct http_message *message, struct arena *arena, const char *path,
	enum language language, const char *code, struct http_reply *reply)
{
	const char *accept = http_header(message, "accept");
	const char *said = message_text(arena, language, code, NULL);

	if (!accept || !strstr(accept, "text/html") || below(path, "/api") || strstr(path, "/api/"))
		return false;
	const char *page = arena_printf(arena,
		"<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>404</title>"
		"<h1>%s</h1></html>",
		language == LANGUAGE_EN ? "en" : "zh-CN", said);
	*reply = (struct http_reply){.status = 404,
		.media_type = "text/html; charset=utf-8",
		.body = bytes_of(page, strlen(page))};
	header_add(arena, reply, "Vary", "Accept, Accept-Language");
	return true;
}
