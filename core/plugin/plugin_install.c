/*
 * Trust, then the catalogue (plugin_install.h).
 */
#include "plugin_install.h"

#include "base/log.h"
#include "trust.h"

/* A signature that is not trusted is kept as none: to trust its key later must not make this plugin a trusted one. */
enum result plugin_install(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_source *source, bool unsigned_too, struct catalogue_entry *out,
	struct error *error)
{
	struct error untrusted = {.arena = error->arena};
	enum result rc = trust_expect(catalogue, source->signed_by, &untrusted);
	bool trusted = rc == OK;

	if (!trusted && !unsigned_too) {
		*error = untrusted;
		return rc;
	}
	rc = catalogue_install(
		catalogue, arena, source, trusted ? source->signed_by : NULL, out, error);
	if (!rc && !out->signed_by)
		log_event(LOG_WARNING, "plugin.unsigned", "plugin", out->id, "version",
			out->version, "sha256", out->sha256, "key", source->signed_by, NULL);
	return rc;
}
