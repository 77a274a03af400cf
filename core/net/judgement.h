/*
 * What llhttp does not judge: headers that contradict each other, themselves, or RFC 9110 and 9112.
 */
#ifndef KAOWU_NET_JUDGEMENT_H
#define KAOWU_NET_JUDGEMENT_H

#include "reader.h"

/* Called once, with method, target and headers in place: fills path, query, host and the reader's view of the body. */
enum progress judge_head(struct reader *reader);

#endif
