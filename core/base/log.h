/*
 * Logs: one JSON object a line on standard error, written with one write(2).
 *
 * A failure is logged once, at the top (dispatch, jobs, commands), with tenant, request and
 * application ids; personal data never: pass ids, codes and counts, never names or numbers.
 */
#ifndef KAOWU_BASE_LOG_H
#define KAOWU_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

void log_set_level(enum log_level level); /* default LOG_INFO */

/*
 * log_event(LOG_INFO, "tenant.opened", "tenant", slug, NULL): an event name from the code, then name
 * and text in turn, ended by NULL. A NULL value leaves its name out.
 */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* A number as text for log_event; eight slots a thread, taken in turn. */
const char *log_number(long long number);

#endif
