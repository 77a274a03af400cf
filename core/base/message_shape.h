/*
 * How a parameter is written for people where programs read it otherwise: inside of message.h.
 */
#ifndef KAOWU_BASE_MESSAGE_SHAPE_H
#define KAOWU_BASE_MESSAGE_SHAPE_H

#include "bytes.h"
#include "message.h"

/* A value that is not what the shape is for is written as it is. */
typedef void message_shape(struct buffer *out, enum language language, const char *value);

/* "moment", "end", "date" or "wait", in `size` bytes; NULL for anything else. */
message_shape *message_shape_find(const char *name, size_t size);

#endif
