// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "../lib/loss.h"
#include "loader.h"

/* Losses of one kind: how many were told to a reader, and how many of these it took. */
struct tally {
	enum loss_cause cause;
	struct loss_key key;
	__u64 told;
	__u64 taken;
};

static struct tally tallies[2 * LOSS_KEYS];
static size_t tally_count;
/* When losses were last counted, and when those that a reader took. */
static __u64 counted, since;

/* What is lost is lost from now on. */
void begin_losses(void)
{
	since = counted = boot_ns();
}

static struct tally *tally_of(enum loss_cause cause, struct loss_key key)
{
	size_t i = 0;

	while (i < tally_count && (tallies[i].cause != cause || tallies[i].key.table != key.table ||
				   tallies[i].key.reason != key.reason))
		i++;
	if (i == tally_count)
		tallies[tally_count++] = (struct tally){ .cause = cause, .key = key };
	return &tallies[i];
}

static void send_loss(enum loss_cause cause, struct loss_key key, __u64 count)
{
	struct tally *tally = tally_of(cause, key);
	struct loss_frame frame = {
		.count = count - tally->told, .since_boot_ns = since, .until_boot_ns = boot_ns(),
		.table = key.table, .cause = cause, .reason = key.reason,
	};

	if (frame.count)
		send_frame(FRAME_LOSS, &frame, sizeof(frame), "");
	tally->told = count;
}

/* Tells the events that found the ring full, by table and reason. */
void send_ring_losses(int losses_fd)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 counts[cpus > 0 ? cpus : 1];
	struct loss_key key, *previous = NULL;

	while (!bpf_map_get_next_key(losses_fd, previous, &key)) {
		__u64 sum = 0;

		if (!bpf_map_lookup_elem(losses_fd, &key, counts))
			for (int cpu = 0; cpu < cpus; cpu++)
				sum += counts[cpu];
		send_loss(LOSS_RING_BUFFER_FULL, key, sum);
		previous = &key;
	}
	counted = boot_ns();
}

/* Tells the events that a table's program missed because it was running on that processor already. */
void send_recursion_loss(__u64 misses, __u32 table)
{
	send_loss(LOSS_RECURSION, (struct loss_key){ .table = table }, misses);
}

/* What was told is taken, and the next losses are later ones; or it is told again to the next reader. */
void settle_losses(bool taken)
{
	for (size_t i = 0; i < tally_count; i++) {
		if (taken)
			tallies[i].taken = tallies[i].told;
		else
			tallies[i].told = tallies[i].taken;
	}
	if (taken)
		since = counted;
}
