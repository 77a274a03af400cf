/*
 * Compiled as C11 and as C++17: an author's compiler may be either.
 */
#include "kaowu_plugin.h"

const struct kaowu_plugin *header_is_usable(void);

const struct kaowu_plugin *header_is_usable(void)
{
	return &kaowu_plugin;
}
