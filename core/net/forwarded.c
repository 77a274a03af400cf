/*
 * Who is calling: the peer, or whom a trusted proxy says that it called for.
 *
 * Each proxy appends the address that it saw, so only the right end of X-Forwarded-For can be believed, as far
 * as the hops are proxies of ours: the client is the rightmost address that is not. Whatever stands further left the
 * client may have written itself.
 */
#include "forwarded.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* IPv4 as IPv6, so that there is one spelling to compare. */
static bool address_parse(const char *text, struct in6_addr *out)
{
	struct in_addr short_address;

	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	if (inet_pton(AF_INET, text, &short_address) != 1)
		return false;

	memset(out, 0, sizeof(*out));
	out->s6_addr[10] = out->s6_addr[11] = 0xff;
	memcpy(out->s6_addr + 12, &short_address, 4);
	return true;
}

static void address_print(const struct in6_addr *address, char out[INET6_ADDRSTRLEN])
{
	if (IN6_IS_ADDR_V4MAPPED(address))
		inet_ntop(AF_INET, address->s6_addr + 12, out, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, address, out, INET6_ADDRSTRLEN);
}

void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
	struct sockaddr_in6 long_form;

	if (address->sa_family == AF_INET) {
		struct sockaddr_in short_form;
		memcpy(&short_form, address, sizeof(short_form));
		inet_ntop(AF_INET, &short_form.sin_addr, out, INET6_ADDRSTRLEN);
		return;
	}
	memcpy(&long_form, address, sizeof(long_form));
	address_print(&long_form.sin6_addr, out);
}

bool address_trusted(const char *address, const char *const *proxies)
{
	struct in6_addr number, proxy;

	if (!proxies || !address_parse(address, &number))
		return false;

	for (; *proxies; proxies++)
		if (address_parse(*proxies, &proxy) && memcmp(&proxy, &number, sizeof(proxy)) == 0)
			return true;
	return false;
}

/* The last element of a comma-separated list of `size` bytes; moves *size to before its comma. */
static const char *list_last(struct arena *arena, const char *list, size_t *size)
{
	size_t end = *size, start;

	while (end > 0 && (list[end - 1] == ' ' || list[end - 1] == '\t'))
		end--;
	start = end;
	while (start > 0 && list[start - 1] != ',')
		start--;
	*size = start > 0 ? start - 1 : 0;
	while (start < end && (list[start] == ' ' || list[start] == '\t'))
		start++;
	return arena_text_part(arena, list + start, end - start);
}

/* Some proxies name the port as well: "203.0.113.7:4711", "[2001:db8::1]:4711". */
static const char *without_port(struct arena *arena, const char *hop)
{
	const char *end = *hop == '[' ? strchr(hop, ']') : strchr(hop, ':');
	const char *port = end && *hop == '[' ? end + 1 : end;

	if (!end || (*hop != '[' && strchr(end + 1, ':')))
		return hop;
	if (*port && (*port != ':' || port[1 + strspn(port + 1, "0123456789")]))
		return hop;
	hop += *hop == '[';
	return arena_text_part(arena, hop, (size_t)(end - hop));
}

/* Walks from the right over our own proxies; what is no address ends the walk at the hop that sent it. */
static const char *client_address(
	struct arena *arena, const char *list, const char *peer, const char *const *proxies)
{
	size_t size = strlen(list);
	const char *client = peer;

	while (size > 0 && address_trusted(client, proxies)) {
		const char *hop = without_port(arena, list_last(arena, list, &size));
		char text[INET6_ADDRSTRLEN];
		struct in6_addr number;

		if (!address_parse(hop, &number))
			break;
		address_print(&number, text);
		client = arena_text(arena, text);
	}
	return client;
}

void forwarded_read(struct http_message *message, struct arena *arena, const char *peer,
	bool peer_trusted, const char *const *proxies)
{
	const char *addresses, *scheme;

	message->address = arena_text(arena, peer);
	if (!peer_trusted)
		return;

	addresses = http_header(message, "x-forwarded-for");
	if (addresses)
		message->address = client_address(arena, addresses, message->address, proxies);
	scheme = http_header(message, "x-forwarded-proto");
	if (scheme) {
		size_t size = strlen(scheme);
		message->secure = strcasecmp(list_last(arena, scheme, &size), "https") == 0;
	}
}
