/*
 * What GLib has to say, and Pango by it, as a line of our log.
 *
 * The hard thing is its last word, where it has no memory: by itself it says that in a way which allocates again, under
 * locks that it may hold already, and so may wait for itself for ever. Here the process ends at once.
 */
#include "glib_log.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"

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
	(void)g_log_set_default_handler(on_message, NULL);
}
