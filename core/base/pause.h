/*
 * How long to wait before what failed is tried again.
 */
#ifndef KAOWU_BASE_PAUSE_H
#define KAOWU_BASE_PAUSE_H

#include <stdint.h>

/*
 * Milliseconds: `first`, twice that ... `most`, after as many failed tries as `attempts`, from 0; each up to a quarter
 * longer, so that what failed together does not come back together. Any thread.
 */
int64_t pause_after(int64_t attempts, int64_t first, int64_t most);

#endif
