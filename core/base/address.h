/*
 * Network addresses as they are counted.
 */
#ifndef KAOWU_BASE_ADDRESS_H
#define KAOWU_BASE_ADDRESS_H

#include "arena.h"

/* Who has one IPv6 address has 2^64 of them: they count as one. NULL gives "". */
const char *address_group(struct arena *arena, const char *address);

#endif
