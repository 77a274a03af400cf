/*
 * What the server has of its HTTPS client: the one table of the part kaowu-https, in which libcurl and its company are.
 * As drawing.h, which says more.
 */
#ifndef KAOWU_PART_HTTPS_H
#define KAOWU_PART_HTTPS_H

#include "command/https_client.h"

struct https {
	__typeof__(https_client_open) *open;
	__typeof__(https_client_send) *send;
	__typeof__(https_client_stop) *stop;
	__typeof__(https_client_close) *close;
};

extern __attribute__((visibility("default"))) const struct https kaowu_https;

#endif
