// SPDX-License-Identifier: Apache-2.0
/*
 * The privileged part of the recorder. It loads the probes given to it, each on its own, and writes
 * what they send to standard output as frames (src/schema/frames.ts), until it gets SIGTERM or SIGINT
 * or nobody reads any more. It reads no other input and writes nothing else.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "../lib/loss.h"
#include "loader.h"

#define MAX_PROGRAMS 64
#define WAIT_MS 100
#define CLOCK_EVERY_NS 1000000000ull
#define DRAIN_AT_MOST 100000	/* events, before clocks, losses and signals are looked at again */
#define SETTLE_US 10000		/* for a program to end that ran while it was detached */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static struct program {
	int fd;
	struct bpf_link *link;
	__u32 table;
	__u64 told_misses;
} programs[MAX_PROGRAMS];
static int program_count;
static int events_fd, losses_fd, maps_error;
static int drained;
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

static void make_maps(__u32 ring_bytes)
{
	events_fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, ring_bytes, NULL);
	maps_error = events_fd < 0 ? errno : 0;
	losses_fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_HASH, "losses", sizeof(struct loss_key),
				   sizeof(__u64), LOSS_KEYS, NULL);
	if (losses_fd < 0 && !maps_error)
		maps_error = errno;
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
		programs[program_count++] = (struct program){ bpf_program__fd(program), link, table, 0 };
	}
	return 0;
}

static void detach_from(int first)
{
	for (; program_count > first; program_count--)
		bpf_link__destroy(programs[program_count - 1].link);
}

/* Starts the probe of an object file and tells what became of it. */
static void start_probe(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct probe_frame frame = { .state = PROBE_ATTACHED };
	struct bpf_object *object = NULL;
	int programs_before = program_count;
	char name[64], text[1024];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	snprintf(text, sizeof(text), "%s", name);
	complaint[0] = '\0';
	frame.error = maps_error;
	if (!frame.error) {
		object = bpf_object__open_file(path, NULL);
		frame.error = object ? attach(object, table_of(name)) : errno;
	}
	if (frame.error) {
		frame.state = PROBE_FAILED;
		detach_from(programs_before);
		bpf_object__close(object);
		snprintf(text, sizeof(text), "%s\n%s%s%s%s", name, strerror(frame.error),
			 frame.error == EPERM ? " (needs root, or CAP_BPF and CAP_PERFMON)" : "",
			 complaint[0] ? "; " : "", complaint);
	}
	send_frame(FRAME_PROBE, &frame, sizeof(frame), text);
}

static int take_event(void *context, void *data, size_t bytes)
{
	const struct event_header *header = data;
	__u32 table = header->table;
	__u64 address;

	(void)context;
	if (table >= ARRAY_SIZE(event_kinds) || event_kinds[table].bytes != bytes)
		die("a probe sent %zu bytes for table %u: it was not built with this loader", bytes, table);
	if (event_kinds[table].address_at) {
		memcpy(&address, (char *)data + event_kinds[table].address_at, sizeof(address));
		name_address(address);
	}
	add_event(data, bytes);
	return ++drained < DRAIN_AT_MOST ? 0 : -EAGAIN;
}

/* Sends what is in the ring and what was lost; true if there may be more. */
static bool drain(struct ring_buffer *ring)
{
	drained = 0;
	ring_buffer__consume(ring);
	send_ring_losses(losses_fd);
	for (int i = 0; i < program_count; i++)
		send_recursion_loss(programs[i].fd, programs[i].table, &programs[i].told_misses);
	end_loss_window();
	flush_frames();
	return drained == DRAIN_AT_MOST;
}

/* Waits up to `timeout_ms` for the ring to fill; false when it is time to end. */
static bool wait_for_ring(int epoll_fd, int timeout_ms)
{
	struct epoll_event ready[3];
	int count = epoll_wait(epoll_fd, ready, 3, timeout_ms);

	for (int i = 0; i < count; i++)
		if (ready[i].data.fd != events_fd)
			return false;
	return count >= 0 || errno == EINTR;
}

static void watch(int epoll_fd, int fd, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	/* A plain file as standard output cannot be watched and need not be. */
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) && errno != EPERM)
		die("cannot wait for events: %s", strerror(errno));
}

static int catch_signals(void)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

static void record(int signal_fd)
{
	struct ring_buffer *ring = ring_buffer__new(events_fd, take_event, NULL, NULL);
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	__u64 clock_sent = boot_ns();
	bool more = false;

	if (!ring || epoll_fd < 0)
		die("cannot read the ring buffer: %s", strerror(errno));
	watch(epoll_fd, events_fd, EPOLLIN | EPOLLET);
	watch(epoll_fd, signal_fd, EPOLLIN);
	watch(epoll_fd, STDOUT_FILENO, 0);
	while (wait_for_ring(epoll_fd, more ? 0 : WAIT_MS)) {
		more = drain(ring);
		if (boot_ns() - clock_sent >= CLOCK_EVERY_NS) {
			send_clock();
			clock_sent = boot_ns();
		}
	}
	for (int i = 0; i < program_count; i++)
		bpf_link__destroy(programs[i].link);
	usleep(SETTLE_US);
	while (drain(ring))
		;
	send_clock();
	flush_frames();
}

static __u32 ring_bytes_of(const char *text)
{
	char *end;
	unsigned long bytes = strtoul(text, &end, 10);

	if (*end || bytes < 4096 || bytes > 1ul << 30 || bytes & (bytes - 1))
		die("--ring-bytes %s: expected a power of two from 4096 to 1073741824", text);
	return bytes;
}

int main(int argc, char **argv)
{
	struct start_frame start = { .fingerprint = KTAPE_FINGERPRINT };
	int signal_fd = catch_signals(), at = 1;
	__u32 ring_bytes = 8 << 20;
	bool check = false;

	for (; at < argc && !strncmp(argv[at], "--", 2); at++) {
		if (!strcmp(argv[at], "--check"))
			check = true;
		else if (!strcmp(argv[at], "--ring-bytes") && at + 1 < argc)
			ring_bytes = ring_bytes_of(argv[++at]);
		else
			die("%s: unknown option", argv[at]);
	}
	if (at == argc)
		die("usage: loader [--check] [--ring-bytes N] PROBE.bpf.o...");
	libbpf_set_print(keep_complaint);
	make_maps(ring_bytes);
	send_frame(FRAME_START, &start, sizeof(start), "");
	send_clock();	/* before the first event: times of events are told by it */
	send_drop_reasons();
	end_loss_window();
	for (; at < argc; at++)
		start_probe(argv[at]);
	flush_frames();
	if (!check && program_count)
		record(signal_fd);
	return 0;
}
