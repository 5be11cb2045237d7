// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "loader.h"

/* Large enough that frames cost nothing, small enough for a reader to hold whole. */
#define BATCH_BYTES (128 * 1024)

static char batch[BATCH_BYTES];
static size_t batched;

/* Ends the program if writing failed: in good order if only because nobody reads any more. */
static void check_written(bool written)
{
	if (written)
		return;
	if (errno == EPIPE)
		_exit(0);
	die("cannot write frames to standard output: %s", strerror(errno));
}

void send_frame(enum frame_kind kind, const void *body, size_t bytes, const char *text)
{
	struct frame_header header = { .kind = kind, .body_bytes = bytes + strlen(text) };

	check_written(fwrite(&header, sizeof(header), 1, stdout) == 1 &&
		      fwrite(body, bytes, 1, stdout) == 1 && fputs(text, stdout) >= 0);
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

static void send_batch(void)
{
	if (!batched)
		return;
	send_new_addresses();
	send_frame(FRAME_EVENTS, batch, batched, "");
	batched = 0;
}

void add_event(const void *event, size_t bytes)
{
	if (batched + bytes > BATCH_BYTES)
		send_batch();
	memcpy(batch + batched, event, bytes);
	batched += bytes;
}

void flush_frames(void)
{
	send_batch();
	check_written(!fflush(stdout));
}
