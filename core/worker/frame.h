/*
 * Frames over a stream socket, for both ends: a length of 4 bytes, little endian, and that many bytes.
 *
 * Deadlines are moments of clock_monotonic_ms(); FRAME_FOREVER waits without one. Nothing here raises SIGPIPE.
 */
#ifndef KAOWU_WORKER_FRAME_H
#define KAOWU_WORKER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

#define FRAME_FOREVER INT64_MAX

#define WORKER_SOCKET 3 /* the descriptor of the child's end */

enum frame { FRAME_OK, FRAME_CLOSED, FRAME_LATE };

enum frame frame_send(int socket, struct bytes content, int64_t deadline_at) MUST_CHECK;

/* A frame is received in two steps, so that the receiver judges the length before it makes room. */
enum frame frame_receive_size(int socket, uint32_t *size, int64_t deadline_at) MUST_CHECK;
enum frame frame_receive(int socket, void *content, size_t size, int64_t deadline_at) MUST_CHECK;

#endif
