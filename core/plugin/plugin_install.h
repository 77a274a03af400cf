/*
 * Installing a plugin that lies before us, for the command and for the operator's page: only what a trusted key has
 * signed, unless the operator says otherwise, and then the log says so.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_INSTALL_H
#define KAOWU_PLUGIN_PLUGIN_INSTALL_H

#include "catalogue.h"
#include "plugin_source.h"

/* FORBIDDEN ("kit.unsigned", "kit.untrusted") unless `unsigned_too`; else as catalogue_install(). Any thread. */
enum result plugin_install(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_source *source, bool unsigned_too, struct catalogue_entry *out,
	struct error *error) MUST_CHECK;

#endif
