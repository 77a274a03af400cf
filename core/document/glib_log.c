/*
 * What GLib has to say, and Pango by it, as a line of our log.
 *
 * The hard thing is its last word, where it has no memory: by itself it says that in a way which allocates again, under
 * locks that it may hold already, and so may wait for itself for ever. Here the process ends at once. And that word may
 * be spoken while GObject is loaded, which allocates under such a lock: so GLib, below it, is loaded by name and
 * listened to before.
 */
#include "glib_log.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/part.h"

static void on_message(
	const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer context)
{
	bool last = level & (G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION | G_LOG_LEVEL_ERROR);

	(void)context;
	if (!last && level > G_LOG_LEVEL_MESSAGE)
		return; /* for who works on GLib */
	log_event(last ? LOG_ERROR : LOG_WARNING, "document.glib", "domain", domain, "said",
		message, NULL);
	if (last)
		abort();
}

void glib_listen(void)
{
	GLogFunc (*set_handler)(GLogFunc handler, gpointer context);

	*(void **)&set_handler = library_function("libglib-2.0.so.0", "g_log_set_default_handler");
	if (set_handler)
		(void)set_handler(on_message, NULL);
}
