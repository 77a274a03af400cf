/*
 * Writing to a descriptor until all of it is written.
 */
#ifndef KAOWU_BASE_FILE_H
#define KAOWU_BASE_FILE_H

#include <stdbool.h>

#include "bytes.h"

/* False with errno if it could not; interrupted writes go on. */
bool file_write_all(int file, struct bytes content);

#endif
