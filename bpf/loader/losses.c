// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <string.h>
#include "../lib/loss.h"
#include "loader.h"

/* When losses were last told, and what had been told by then. */
static __u64 since;
static struct {
	struct loss_key key;
	__u64 count;
} told[LOSS_KEYS];
static size_t told_count;

static void send_loss(enum loss_cause cause, struct loss_key key, __u64 count, __u64 *before)
{
	struct loss_frame frame = {
		.count = count - *before, .since_boot_ns = since, .until_boot_ns = boot_ns(),
		.table = key.table, .cause = cause, .reason = key.reason,
	};

	if (frame.count)
		send_frame(FRAME_LOSS, &frame, sizeof(frame), "");
	*before = count;
}

static __u64 *told_of(struct loss_key key)
{
	size_t i = 0;

	while (i < told_count && memcmp(&told[i].key, &key, sizeof(key)))
		i++;
	if (i == told_count)
		told[told_count++].key = key;
	return &told[i].count;
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
		send_loss(LOSS_RING_BUFFER_FULL, key, sum, told_of(key));
		previous = &key;
	}
}

/* Tells the events that a program missed because it was running on that processor already. */
void send_recursion_loss(int program_fd, __u32 table, __u64 *told_misses)
{
	struct bpf_prog_info info = {};
	__u32 bytes = sizeof(info);

	if (!bpf_obj_get_info_by_fd(program_fd, &info, &bytes))
		send_loss(LOSS_RECURSION, (struct loss_key){ .table = table }, info.recursion_misses, told_misses);
}

/* What is told next was lost after this moment. */
void end_loss_window(void)
{
	since = boot_ns();
}
