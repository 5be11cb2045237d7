// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "loader.h"

static char unsent[2 * BATCH_BYTES];
static size_t unsent_bytes;

/* Writes what is unsent. Where that fails the reader is lost, and false. */
bool write_frames(void)
{
	ssize_t written;

	for (size_t at = 0; at < unsent_bytes && reader_fd() >= 0; at += written) {
		written = write(reader_fd(), unsent + at, unsent_bytes - at);
		if (written >= 0)
			continue;
		if (errno != EPIPE && errno != ECONNRESET)
			die("cannot write frames: %s", strerror(errno));
		lose_reader();
	}
	unsent_bytes = 0;
	return reader_fd() >= 0;
}

static void put(const void *data, size_t bytes)
{
	if (unsent_bytes + bytes > sizeof(unsent))
		write_frames();
	memcpy(unsent + unsent_bytes, data, bytes);
	unsent_bytes += bytes;
}

void send_frame(enum frame_kind kind, const void *body, size_t bytes, const char *text)
{
	struct frame_header header = { .kind = kind, .body_bytes = bytes + strlen(text) };

	put(&header, sizeof(header));
	put(body, bytes);
	put(text, strlen(text));
}

static __u64 now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

__u64 boot_ns(void)
{
	return now(CLOCK_BOOTTIME);
}

/* Reads the wall clock between two readings of the other, close together, or as close as three tries get. */
void send_clock(void)
{
	struct clock_frame best = {};
	__u64 best_gap = ~0ull;

	for (int try = 0; try < 3; try++) {
		__u64 before = boot_ns();
		__u64 epoch = now(CLOCK_REALTIME);
		__u64 gap = boot_ns() - before;

		if (gap < best_gap) {
			best_gap = gap;
			best = (struct clock_frame){ .boot_ns = before + gap / 2, .epoch_ns = epoch };
		}
	}
	send_frame(FRAME_CLOCK, &best, sizeof(best), "");
}
