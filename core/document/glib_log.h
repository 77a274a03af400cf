/*
 * What GLib has to say, as a line of our log; internal to core/document.
 */
#ifndef KAOWU_DOCUMENT_GLIB_LOG_H
#define KAOWU_DOCUMENT_GLIB_LOG_H

/* From now on, in the whole process; once, before Pango is used. Where GLib has no memory the process is aborted, as it
 * would be by GLib. */
void glib_listen(void);

#endif
