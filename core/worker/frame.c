/*
 * Frames (frame.h). The hard thing is the deadline: it holds for the whole frame, however slowly the other side
 * dribbles, so no call on the socket may block while there is one.
 */
#include "frame.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

#define HEADER_SIZE 4
#define FIRST_SIZE  4096 /* a short frame leaves in one system call, header and all */

static enum frame wait_until_ready(int socket, short events, int64_t deadline_at)
{
	for (;;) {
		int64_t left_ms = deadline_at - clock_monotonic_ms();
		if (left_ms <= 0)
			return FRAME_LATE;

		struct pollfd ready = {.fd = socket, .events = events};
		int count = poll(&ready, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
		if (count > 0)
			return FRAME_OK;
		if (count < 0 && errno != EINTR)
			return FRAME_CLOSED;
	}
}

/* After a call that moved nothing: try again, and if so after waiting? */
static enum frame pause_after(int failure, int socket, short events, int64_t deadline_at)
{
	if (failure == EINTR)
		return FRAME_OK;
	if (failure == EAGAIN || failure == EWOULDBLOCK)
		return wait_until_ready(socket, events, deadline_at);
	return FRAME_CLOSED;
}

static int blocking(int64_t deadline_at)
{
	return deadline_at == FRAME_FOREVER ? 0 : MSG_DONTWAIT;
}

static enum frame send_all(int socket, const uint8_t *data, size_t size, int64_t deadline_at)
{
	while (size > 0) {
		ssize_t sent = send(socket, data, size, MSG_NOSIGNAL | blocking(deadline_at));
		if (sent >= 0) {
			data += sent;
			size -= (size_t)sent;
			continue;
		}

		enum frame rc = pause_after(errno, socket, POLLOUT, deadline_at);
		if (rc)
			return rc;
	}
	return FRAME_OK;
}

enum frame frame_receive(int socket, void *content, size_t size, int64_t deadline_at)
{
	uint8_t *data = content;
	while (size > 0) {
		ssize_t received = recv(socket, data, size, blocking(deadline_at));
		if (received == 0)
			return FRAME_CLOSED;
		if (received > 0) {
			data += received;
			size -= (size_t)received;
			continue;
		}

		enum frame rc = pause_after(errno, socket, POLLIN, deadline_at);
		if (rc)
			return rc;
	}
	return FRAME_OK;
}

enum frame frame_receive_size(int socket, uint32_t *size, int64_t deadline_at)
{
	uint8_t header[HEADER_SIZE];
	enum frame rc = frame_receive(socket, header, sizeof(header), deadline_at);
	if (rc)
		return rc;

	*size = header[0] | (uint32_t)header[1] << 8 | (uint32_t)header[2] << 16 |
		(uint32_t)header[3] << 24;
	return FRAME_OK;
}

enum frame frame_send(int socket, struct bytes content, int64_t deadline_at)
{
	uint8_t first[FIRST_SIZE];
	for (unsigned i = 0; i < HEADER_SIZE; i++)
		first[i] = (uint8_t)(content.size >> (8 * i));
	size_t with_header = FIRST_SIZE - HEADER_SIZE;
	if (with_header > content.size)
		with_header = content.size;
	if (with_header > 0)
		memcpy(first + HEADER_SIZE, content.data, with_header);

	enum frame rc = send_all(socket, first, HEADER_SIZE + with_header, deadline_at);
	if (rc || with_header == content.size)
		return rc;
	return send_all(
		socket, content.data + with_header, content.size - with_header, deadline_at);
}
