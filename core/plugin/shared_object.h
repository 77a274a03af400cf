/*
 * What a shared object offers to the loader and asks of it, read from its bytes: nothing of it is loaded or run.
 */
#ifndef KAOWU_PLUGIN_SHARED_OBJECT_H
#define KAOWU_PLUGIN_SHARED_OBJECT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

struct shared_object {
	json *exports;   /* names of symbols that others can see */
	json *imports;   /* names of symbols that others are to give it */
	json *libraries; /* that it wants to be loaded with it */
};

/*
 * What the loader itself would go by: program headers and the dynamic section, never section headers. INVALID
 * ("kit.not_shared", or "kit.other_machine") for anything but a shared object of this machine. Any thread.
 */
enum result shared_object_read(struct arena *arena, struct bytes file, struct shared_object *out,
	struct error *error) MUST_CHECK;

#endif
