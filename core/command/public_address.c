/*
 * The blocks that IANA's registries of special-purpose addresses take out of the Internet.
 */
#include "public_address.h"

#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/arena.h"

/* By the first 32 bits of an address: no block here is told by more. */
struct block {
	uint32_t start;
	unsigned bits;
};

static bool within(uint32_t address, const struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((address ^ blocks[i].start) >> (32 - blocks[i].bits) == 0)
			return true;
	}
	return false;
}

static bool four_public(uint32_t address)
{
	static const struct block blocks[] = {
		{0x00000000, 8},  /* this network */
		{0x0a000000, 8},  /* private */
		{0x64400000, 10}, /* shared by carriers; some clouds' own services */
		{0x7f000000, 8},  /* loopback */
		{0xa9fe0000, 16}, /* link-local; metadata of clouds */
		{0xac100000, 12}, /* private */
		{0xc0000000, 24}, /* protocols */
		{0xc0a80000, 16}, /* private */
		{0xc6120000, 15}, /* benchmarks */
		{0xe0000000, 3},  /* multicast, reserved, broadcast */
	};

	return !within(address, blocks, COUNT(blocks));
}

static uint32_t first_four(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* Only 2000::/3 is given out; of that, what carries IPv4 or other things. */
static bool six_public(const uint8_t address[16])
{
	static const struct block blocks[] = {
		{0x20010000, 23}, /* protocols, Teredo among them */
		{0x20010db8, 32}, /* examples */
		{0x20020000, 16}, /* 6to4 */
	};
	static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b};
	struct in6_addr six;

	memcpy(&six, address, sizeof(six));
	if (IN6_IS_ADDR_V4MAPPED(&six) || memcmp(address, translated, sizeof(translated)) == 0)
		return four_public(first_four(address + 12));
	return (address[0] & 0xe0) == 0x20 && !within(first_four(address), blocks, COUNT(blocks));
}

bool address_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, address, sizeof(four));
		return four_public(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, address, sizeof(six));
		return six_public(six.sin6_addr.s6_addr);
	}
	return false;
}

bool address_reachable(const char *text)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return four.sin_addr.s_addr == htonl(INADDR_ANY) ||
		       four_public(ntohl(four.sin_addr.s_addr));
	if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		return IN6_IS_ADDR_UNSPECIFIED(&six.sin6_addr) || six_public(six.sin6_addr.s6_addr);
	return false;
}
