/*
 * Fuzzes the reading of frames from the other end of a worker's socket: what is read is byte for byte what was
 * written, a length is told before any room is made for it, and where bytes are missing the reader hears of the end, or
 * of the deadline, and of nothing else. What is sent as frames is read as the same frames.
 *
 * The first byte says how the other end behaves: it closes after its last byte, or holds still.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "worker/frame.h"

#define HEADER 4

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static uint32_t size_at(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Reads until bytes are missing; `missing` is what must be heard then. */
static void check_reading(int socket, const uint8_t *sent, size_t left, enum frame missing)
{
	static uint8_t content[1 << 16];

	for (;;) {
		uint32_t size = 0;
		int64_t now = clock_monotonic_ms();
		enum frame rc = frame_receive_size(socket, &size, now);

		if (left < HEADER) {
			expect(rc == missing && size == 0);
			return;
		}
		expect(rc == FRAME_OK && size == size_at(sent));
		sent += HEADER;
		left -= HEADER;
		if (size > sizeof(content)) /* as a worker's length limit: nothing more is read */
			return;
		rc = frame_receive(socket, content, size, now);
		if (left < size) {
			expect(rc == missing);
			return;
		}
		expect(rc == FRAME_OK && memcmp(content, sent, size) == 0);
		sent += size;
		left -= size;
	}
}

static void read_bytes(const uint8_t *input, size_t size, bool closes)
{
	int pair[2];

	expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	expect(send(pair[0], input, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size);
	if (closes)
		expect(shutdown(pair[0], SHUT_WR) == 0);
	check_reading(pair[1], input, size, closes ? FRAME_CLOSED : FRAME_LATE);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

/* The input cut into frames, the length of each told by its own first byte. */
static void send_frames(const uint8_t *input, size_t size)
{
	static uint8_t content[UINT8_MAX + 1];
	int pair[2];

	expect(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	while (size > 0) {
		size_t part = *input < size ? *input : size;
		uint32_t told;
		int64_t soon = clock_monotonic_ms() + LIMIT_WORKER_CALL_TIME;

		expect(frame_send(pair[0], bytes_of(input, part), soon) == FRAME_OK);
		expect(frame_receive_size(pair[1], &told, soon) == FRAME_OK && told == part);
		expect(frame_receive(pair[1], content, told, soon) == FRAME_OK);
		expect(memcmp(content, input, part) == 0);
		part = part > 0 ? part : 1;
		input += part;
		size -= part;
	}
	(void)close(pair[0]);
	(void)close(pair[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	if (size == 0)
		return 0;
	if (*input < 2)
		read_bytes(input + 1, size - 1, *input == 0);
	else
		send_frames(input + 1, size - 1);
	return 0;
}
