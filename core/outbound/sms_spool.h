/*
 * The spool: a provider that writes each message as a JSON line to <tenant folder>/spool/sms.jsonl, for demos and
 * tests.
 */
#ifndef KAOWU_OUTBOUND_SMS_SPOOL_H
#define KAOWU_OUTBOUND_SMS_SPOOL_H

#include "sms.h"

extern const struct sms_provider sms_spool;

#endif
