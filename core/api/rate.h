/*
 * How often an address may ask for what costs work and needs no account: LIMIT_QUESTIONS at once, and as many again in
 * each LIMIT_QUESTIONS_TIME. Kept in memory, for the addresses that ask most; forgotten with the process. Loop thread.
 */
#ifndef KAOWU_API_RATE_H
#define KAOWU_API_RATE_H

#include <stdint.h>

struct rate;

struct rate *rate_create(void);
void rate_destroy(struct rate *rate);
/* 0: it may, and has; otherwise after how many milliseconds it may. */
int64_t rate_take(struct rate *rate, const char *address, int64_t now_ms);

#endif
