/*
 * What is one for the whole process, made at start by core/command and then only read.
 */
#ifndef KAOWU_EXAM_DEPLOYMENT_H
#define KAOWU_EXAM_DEPLOYMENT_H

#include <stdbool.h>

#include "base/result.h"
#include "base/schema.h"

struct calendars;
struct catalogue;
struct plugin_workers;
struct worker_pool;

struct deployment {
	const char *data_folder;
	bool demo; /* `serve --demo`: the simulated payment and the demo pages exist */
	const struct schema_set *(*schemas)(void); /* compiled when first needed; any thread */
	enum result (*https_ready)(
		struct error *error);   /* what calls others can be loaded; any thread */
	struct calendars *calendars;    /* exam/calendar.h */
	struct catalogue *catalogue;    /* plugin/catalogue.h */
	struct plugin_workers *plugins; /* plugin/plugin_workers.h */
	struct worker_pool *pictures;   /* document/picture.h */
};

#endif
