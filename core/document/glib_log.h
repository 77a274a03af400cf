/*
 * What GLib has to say, as a line of our log.
 */
#ifndef KAOWU_DOCUMENT_GLIB_LOG_H
#define KAOWU_DOCUMENT_GLIB_LOG_H

/*
 * From now on, in the whole process; before anything that is made with GLib is loaded, whose first steps ask for
 * memory. Where GLib has none the process is aborted, as it would be by GLib. Loads GLib by itself, and does nothing if
 * that cannot be. Any thread.
 */
void glib_listen(void);

#endif
