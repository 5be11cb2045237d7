/* Generated from src/schema by src/schema/generate.ts. Do not edit. */
#ifndef KTAPE_EVENTS_H
#define KTAPE_EVENTS_H

#include <linux/types.h>

/* Tells whether loader and recorder were built from the same tables. */
#define KTAPE_FINGERPRINT 0xc2913aaau

#define KTAPE_MAX_BODY 1048576u

enum frame_kind {
	FRAME_START = 1,
	FRAME_PROBE = 2,
	FRAME_NAME = 3,
	FRAME_CLOCK = 4,
	FRAME_EVENTS = 5,
	FRAME_LOSS = 6,
};

enum probe_state {
	PROBE_ATTACHED = 1,
	PROBE_FAILED = 2,
};

enum named {
	NAMED_DROP_REASON = 1,
	NAMED_KERNEL_ADDRESS = 2,
};

enum loss_cause {
	LOSS_RING_BUFFER_FULL = 1,
	LOSS_RECURSION = 2,
};

struct frame_header {
	__u32 kind;
	__u32 body_bytes;
};
_Static_assert(__builtin_offsetof(struct frame_header, kind) == 0, "layout");
_Static_assert(__builtin_offsetof(struct frame_header, body_bytes) == 4, "layout");
_Static_assert(sizeof(struct frame_header) == 8, "layout");

struct start_frame {
	__u32 fingerprint;
	__u32 probes;
};
_Static_assert(__builtin_offsetof(struct start_frame, fingerprint) == 0, "layout");
_Static_assert(__builtin_offsetof(struct start_frame, probes) == 4, "layout");
_Static_assert(sizeof(struct start_frame) == 8, "layout");

struct probe_frame {
	__u32 state;
	__u32 error;
};
_Static_assert(__builtin_offsetof(struct probe_frame, state) == 0, "layout");
_Static_assert(__builtin_offsetof(struct probe_frame, error) == 4, "layout");
_Static_assert(sizeof(struct probe_frame) == 8, "layout");

struct name_frame {
	__u64 value;
	__u32 named;
	__u8 padding_12[4];
};
_Static_assert(__builtin_offsetof(struct name_frame, value) == 0, "layout");
_Static_assert(__builtin_offsetof(struct name_frame, named) == 8, "layout");
_Static_assert(__builtin_offsetof(struct name_frame, padding_12) == 12, "layout");
_Static_assert(sizeof(struct name_frame) == 16, "layout");

struct clock_frame {
	__u64 boot_ns;
	__u64 epoch_ns;
};
_Static_assert(__builtin_offsetof(struct clock_frame, boot_ns) == 0, "layout");
_Static_assert(__builtin_offsetof(struct clock_frame, epoch_ns) == 8, "layout");
_Static_assert(sizeof(struct clock_frame) == 16, "layout");

struct loss_frame {
	__u64 count;
	__u64 since_boot_ns;
	__u64 until_boot_ns;
	__u32 table;
	__u32 cause;
	__u32 reason;
	__u8 padding_36[4];
};
_Static_assert(__builtin_offsetof(struct loss_frame, count) == 0, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, since_boot_ns) == 8, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, until_boot_ns) == 16, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, table) == 24, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, cause) == 28, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, reason) == 32, "layout");
_Static_assert(__builtin_offsetof(struct loss_frame, padding_36) == 36, "layout");
_Static_assert(sizeof(struct loss_frame) == 40, "layout");

enum event_table {
	TABLE_PACKET_DROPS = 1,
};

struct event_header {
	__u32 table;
	__u32 present;
};
_Static_assert(__builtin_offsetof(struct event_header, table) == 0, "layout");
_Static_assert(__builtin_offsetof(struct event_header, present) == 4, "layout");
_Static_assert(sizeof(struct event_header) == 8, "layout");

/* Packets that the kernel dropped, each with the reason the kernel gave. */
struct packet_drops_event {
	struct event_header header;
	__u64 time;
	__u32 reason;
	__u32 source_address[4];
	__u16 source_port;
	__u8 padding_38[2];
	__u32 destination_address[4];
	__u16 destination_port;
	__u8 protocol;
	__u8 tcp_flags;
	__u32 length;
	__u16 segments;
	char interface[16];
	__u8 padding_82[2];
	__u32 network_namespace;
	__u64 cgroup_id;
	__u64 location;
};
_Static_assert(__builtin_offsetof(struct packet_drops_event, time) == 8, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, reason) == 16, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, source_address) == 20, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, source_port) == 36, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, padding_38) == 38, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, destination_address) == 40, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, destination_port) == 56, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, protocol) == 58, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, tcp_flags) == 59, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, length) == 60, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, segments) == 64, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, interface) == 66, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, padding_82) == 82, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, network_namespace) == 84, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, cgroup_id) == 88, "layout");
_Static_assert(__builtin_offsetof(struct packet_drops_event, location) == 96, "layout");
_Static_assert(sizeof(struct packet_drops_event) == 104, "layout");

enum packet_drops_present {
	PACKET_DROPS_HAS_SOURCE_ADDRESS = 1,
	PACKET_DROPS_HAS_SOURCE_PORT = 2,
	PACKET_DROPS_HAS_DESTINATION_ADDRESS = 4,
	PACKET_DROPS_HAS_DESTINATION_PORT = 8,
	PACKET_DROPS_HAS_PROTOCOL = 16,
	PACKET_DROPS_HAS_TCP_FLAGS = 32,
	PACKET_DROPS_HAS_INTERFACE = 64,
	PACKET_DROPS_HAS_NETWORK_NAMESPACE = 128,
	PACKET_DROPS_HAS_CGROUP_ID = 256,
	PACKET_DROPS_HAS_LOCATION = 512,
};

#ifndef __bpf__
/* By table: name, size of its event, and where in it a kernel address is (0: nowhere). */
static const struct event_kind {
	const char *name;
	__u32 bytes;
	__u32 address_at;
} event_kinds[] = {
	[TABLE_PACKET_DROPS] = { "packet_drops", 104, 96 },
};
#endif

#endif
