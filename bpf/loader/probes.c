// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include "../lib/loss.h"
#include "loader.h"

#define MAX_PROGRAMS 64
#define MAX_PROBES 64
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A program that runs in the kernel. */
static struct program {
	int fd;
	struct bpf_link *link;
	__u32 table;
} programs[MAX_PROGRAMS];
static int program_count;

/* What became of each probe. */
static struct probe {
	struct probe_frame frame;
	char text[1024];
} probes[MAX_PROBES];
static int probe_count;

static int events_fd, losses_fd, maps_error;
static char complaint[512];

/* Keeps libbpf's first complaint about a probe: it names the cause, the rest follows from it. */
static int keep_complaint(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN && !complaint[0]) {
		vsnprintf(complaint, sizeof(complaint), format, arguments);
		complaint[strcspn(complaint, "\n")] = '\0';
	}
	return 0;
}

/* Makes the maps that all probes share; returns the ring of events. */
int make_maps(__u32 ring_bytes)
{
	libbpf_set_print(keep_complaint);
	events_fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, ring_bytes, NULL);
	maps_error = events_fd < 0 ? errno : 0;
	losses_fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_HASH, "losses", sizeof(struct loss_key),
				   sizeof(__u64), LOSS_KEYS, NULL);
	if (losses_fd < 0 && !maps_error)
		maps_error = errno;
	return events_fd;
}

/* A probe fills the table of its own name; 0 if there is no such table. */
static __u32 table_of(const char *probe)
{
	for (__u32 table = 1; table < ARRAY_SIZE(event_kinds); table++)
		if (!strcmp(event_kinds[table].name, probe))
			return table;
	return 0;
}

/* Loads an object with the shared maps and attaches its programs. Returns 0 or an error number. */
static int attach(struct bpf_object *object, __u32 table)
{
	struct bpf_map *events = bpf_object__find_map_by_name(object, "events");
	struct bpf_map *losses = bpf_object__find_map_by_name(object, "losses");
	struct bpf_program *program;

	if (!table || !events || !losses)
		return EINVAL;
	if (bpf_map__reuse_fd(events, events_fd) || bpf_map__reuse_fd(losses, losses_fd) ||
	    bpf_object__load(object))
		return errno;
	bpf_object__for_each_program(program, object) {
		struct bpf_link *link = program_count < MAX_PROGRAMS ? bpf_program__attach(program) : NULL;

		if (!link)
			return program_count < MAX_PROGRAMS ? errno : E2BIG;
		programs[program_count++] = (struct program){ bpf_program__fd(program), link, table };
	}
	return 0;
}

static void detach_from(int first)
{
	for (; program_count > first; program_count--)
		bpf_link__destroy(programs[program_count - 1].link);
}

void detach_probes(void)
{
	detach_from(0);
}

/* Starts the probe of an object file and notes what became of it. */
static void start_probe(const char *path, struct probe *probe)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct bpf_object *object = NULL;
	int programs_before = program_count, error = maps_error;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	snprintf(probe->text, sizeof(probe->text), "%s", name);
	probe->frame.state = PROBE_ATTACHED;
	complaint[0] = '\0';
	if (!error) {
		object = bpf_object__open_file(path, NULL);
		error = object ? attach(object, table_of(name)) : errno;
	}
	if (!error)
		return;
	detach_from(programs_before);
	bpf_object__close(object);
	probe->frame = (struct probe_frame){ .state = PROBE_FAILED, .error = error };
	snprintf(probe->text, sizeof(probe->text), "%s\n%s%s%s%s%s", name, strerror(error),
		 error == EPERM ? ": " : "", error == EPERM ? why_not_permitted() : "",
		 complaint[0] ? "; " : "", complaint);
}

/* Starts the probes of these object files, if that was not done yet; false if none could be attached. */
bool start_probes(char **paths, int count)
{
	if (count > MAX_PROBES)
		die("%d probes; expected at most %d", count, MAX_PROBES);
	if (!probe_count)
		begin_losses();
	for (; probe_count < count; probe_count++)
		start_probe(paths[probe_count], &probes[probe_count]);
	return program_count > 0;
}

/* Tells what became of the probes. */
void send_probes(void)
{
	for (int i = 0; i < probe_count; i++)
		send_frame(FRAME_PROBE, &probes[i].frame, sizeof(probes[i].frame), probes[i].text);
}

/* Times that the programs of a table were not run because one ran on that processor already. */
static __u64 misses_of(__u32 table)
{
	__u64 misses = 0;

	for (int i = 0; i < program_count; i++) {
		struct bpf_prog_info info = {};
		__u32 bytes = sizeof(info);

		if (programs[i].table == table && !bpf_obj_get_info_by_fd(programs[i].fd, &info, &bytes))
			misses += info.recursion_misses;
	}
	return misses;
}

/* Tells what was lost since the last time. */
void send_losses(void)
{
	send_ring_losses(losses_fd);
	for (__u32 table = 1; table < ARRAY_SIZE(event_kinds); table++)
		send_recursion_loss(misses_of(table), table);
}
