// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include "loader.h"

#define MAX_EVENT (16 * 1024)

static char batch[BATCH_BYTES];
static size_t batched;

static const struct event_kind *kind_of(const void *event)
{
	return &event_kinds[((const struct event_header *)event)->table];
}

static void name_event(const char *event)
{
	__u32 at = kind_of(event)->address_at;
	__u64 address;

	if (!at)
		return;
	memcpy(&address, event + at, sizeof(address));
	name_address(address);
}

/*
 * Sends all there is; false if there is no reader, or no more. A reader that dies before it took the
 * batch whole leaves it to the next.
 */
bool flush_frames(void)
{
	if (batched) {
		send_new_addresses();
		send_frame(FRAME_EVENTS, batch, batched, "");
	}
	if (!write_frames())
		return false;
	batched = 0;
	return true;
}

/* Adds to the batch; false if it is full and nobody took it. */
bool add_event(const void *event, size_t bytes)
{
	if (bytes > MAX_EVENT)
		die("an event of %zu bytes; expected at most %d", bytes, MAX_EVENT);
	memcpy(batch + batched, event, bytes);
	name_event(batch + batched);
	batched += bytes;
	return batched + MAX_EVENT <= BATCH_BYTES || flush_frames();
}

/* Has a new reader told the names that the events in the batch need. */
void name_kept_events(void)
{
	forget_addresses();
	for (size_t at = 0; at < batched; at += kind_of(batch + at)->bytes)
		name_event(batch + at);
}
