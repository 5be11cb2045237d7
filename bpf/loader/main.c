// SPDX-License-Identifier: Apache-2.0
/*
 * The privileged part of the recorder. It loads the probes given to it, each on its own, and writes
 * what they send as frames (src/schema/frames.ts), until it gets SIGTERM or SIGINT. They go to standard
 * output, until nobody reads any more; or to who connects to its socket, until that says goodbye by
 * shutting down its side. It reads no other input and writes nothing else.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "loader.h"

#define WAIT_MS 100
#define CLOCK_EVERY_NS 1000000000ull
#define DRAIN_AT_MOST 100000	/* events, before clocks, losses and signals are looked at again */
#define SETTLE_US 10000		/* for a program to end that ran while it was detached */

static int events_fd, signal_fd, epoll_fd, listen_fd = -1;
static char **objects;
static int object_count;
static bool attached, ending;
static int drained;

static void watch(int fd, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	/* A plain file as standard output cannot be watched and need not be. */
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) && errno != EPERM)
		die("cannot wait for events: %s", strerror(errno));
}

/* Tells a new reader what it needs before the first event; the first one also starts the probes. */
static void greet(void)
{
	struct start_frame start = { .fingerprint = KTAPE_FINGERPRINT, .probes = object_count };

	watch(reader_fd(), listen_fd >= 0 ? EPOLLRDHUP : 0);
	send_frame(FRAME_START, &start, sizeof(start), "");
	send_clock();	/* times of events are told by it */
	send_drop_reasons();
	name_kept_events();
	attached = start_probes(objects, object_count);
	send_probes();
	flush_frames();
}

static int take_event(void *context, void *data, size_t bytes)
{
	__u32 table = ((const struct event_header *)data)->table;

	(void)context;
	if (table >= sizeof(event_kinds) / sizeof(event_kinds[0]) || event_kinds[table].bytes != bytes)
		die("a probe sent %zu bytes for table %u: it was not built with this loader", bytes, table);
	return add_event(data, bytes) && ++drained < DRAIN_AT_MOST ? 0 : -EAGAIN;
}

/* Sends what is in the ring and what was lost; true if there may be more. */
static bool drain(struct ring_buffer *ring)
{
	drained = 0;
	if (ring)
		ring_buffer__consume(ring);
	send_losses();
	settle_losses(flush_frames());
	return drained == DRAIN_AT_MOST;
}

/* Waits up to `timeout_ms` for the ring to fill, a reader to come or go, or a signal. */
static void wait_for_work(int timeout_ms)
{
	struct epoll_event ready[4];
	int count = epoll_wait(epoll_fd, ready, 4, timeout_ms);
	bool knocked = false;

	for (int i = 0; i < count; i++) {
		int fd = ready[i].data.fd;

		if (fd == listen_fd)
			knocked = true;
		else if (fd == reader_fd() && ready[i].events & (EPOLLHUP | EPOLLERR))
			lose_reader();
		else if (fd != events_fd)
			ending = true;
	}
	if (knocked && take_reader())
		greet();
	if (reader_fd() < 0 && listen_fd < 0)
		ending = true;
}

static void record(void)
{
	struct ring_buffer *ring = NULL;
	__u64 clock_sent = boot_ns();
	bool more = false;

	/* Without a ring there still is to be told why the probes failed. */
	if (events_fd >= 0) {
		ring = ring_buffer__new(events_fd, take_event, NULL, NULL);
		if (!ring)
			die("cannot read the ring buffer: %s", strerror(errno));
		watch(events_fd, EPOLLIN | EPOLLET);
	}
	while (!ending) {
		wait_for_work(more ? 0 : WAIT_MS);
		if (reader_fd() < 0)
			continue;
		more = drain(ring);
		if (boot_ns() - clock_sent >= CLOCK_EVERY_NS) {
			send_clock();
			clock_sent = boot_ns();
		}
	}
	detach_probes();
	usleep(SETTLE_US);
	while (reader_fd() >= 0 && drain(ring))
		;
	send_clock();
	flush_frames();
}

static void catch_signals(void)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	watch(signal_fd, EPOLLIN);
}

static unsigned long number_of(const char *option, const char *text, const char *expected)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end || end == text || *text == '-')
		die("%s %s: expected %s", option, text, expected);
	return number;
}

static __u32 ring_bytes_of(const char *text)
{
	static const char expected[] = "a power of two from 4096 to 1073741824";
	unsigned long bytes = number_of("--ring-bytes", text, expected);

	if (bytes < 4096 || bytes > 1ul << 30 || bytes & (bytes - 1))
		die("--ring-bytes %s: expected %s", text, expected);
	return bytes;
}

int main(int argc, char **argv)
{
	const char *socket_path = NULL;
	__u32 ring_bytes = 8 << 20;
	uid_t peer_uid = getuid();
	bool check = false;
	int at = 1;

	for (; at < argc && !strncmp(argv[at], "--", 2); at++) {
		if (!strcmp(argv[at], "--check"))
			check = true;
		else if (!strcmp(argv[at], "--ring-bytes") && at + 1 < argc)
			ring_bytes = ring_bytes_of(argv[++at]);
		else if (!strcmp(argv[at], "--socket") && at + 1 < argc)
			socket_path = argv[++at];
		else if (!strcmp(argv[at], "--peer-uid") && at + 1 < argc)
			peer_uid = number_of("--peer-uid", argv[++at], "the number of a user");
		else
			die("%s: unknown option", argv[at]);
	}
	if (at == argc || (check && socket_path))
		die("usage: loader [--check | --socket PATH [--peer-uid N]] [--ring-bytes N] PROBE.bpf.o...");
	objects = argv + at;
	object_count = argc - at;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	catch_signals();
	events_fd = make_maps(ring_bytes);
	if (socket_path) {
		if (!may_see_addresses())
			say("without CAP_SYSLOG the kernel hides its functions' names: locations stay empty");
		listen_fd = listen_at(socket_path, peer_uid);
		watch(listen_fd, EPOLLIN);
	} else {
		read_by_stdout();
		greet();
	}
	if (!check && (attached || socket_path))
		record();
	return 0;
}
