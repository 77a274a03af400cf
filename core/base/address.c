/*
 * Grouping by network: the first 64 bits of an IPv6 address, the whole of an IPv4 one.
 */
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

const char *address_group(struct arena *arena, const char *address)
{
	char group[INET6_ADDRSTRLEN];
	struct in6_addr six;

	if (!address)
		return "";
	if (inet_pton(AF_INET6, address, &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six))
		return address;
	memset(six.s6_addr + 8, 0, 8);
	return arena_text(arena, inet_ntop(AF_INET6, &six, group, sizeof(group)));
}
