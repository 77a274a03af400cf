/*
 * Holding a day's trade bill against the ledger: a verb of `kaowu payments`.
 */
#ifndef KAOWU_COMMAND_PAYMENTS_BILL_H
#define KAOWU_COMMAND_PAYMENTS_BILL_H

struct bill_wanted {
	const char *data, *slug;
	const char *day;     /* "2026-11-22" */
	const char *file;    /* NULL: it is fetched */
	const char *ca_file; /* of https_client_open() */
};

/* The exit status. */
int payments_reconcile(const struct bill_wanted *wanted);

#endif
