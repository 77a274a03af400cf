/*
 * The table of kaowu-https.
 */
#include "https.h"

const struct https kaowu_https = {
	.open = https_client_open,
	.send = https_client_send,
	.stop = https_client_stop,
	.close = https_client_close,
};
