/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KTAPE_LOADER_H
#define KTAPE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include "../gen/events.h"

/* Says a line on standard error. */
#define say(...) (fprintf(stderr, "loader: " __VA_ARGS__), fputc('\n', stderr))

/* Says why in one line and ends the program. */
#define die(...) (say(__VA_ARGS__), exit(1))

/* Of events in a frame: large enough that frames cost nothing, small enough for a reader to hold whole. */
#define BATCH_BYTES (128 * 1024)

__u64 boot_ns(void);

/* reader.c: who reads the frames, one at a time: standard output, or who connects to a socket. */
void read_by_stdout(void);
int listen_at(const char *path, uid_t uid);
bool take_reader(void);
int reader_fd(void);
void lose_reader(void);

/* batch.c: events gathered for a frame of many. */
bool add_event(const void *event, size_t bytes);
void name_kept_events(void);
bool flush_frames(void);

/* frames.c: frames for the reader, gathered until written. Without a reader they go nowhere. */
void send_frame(enum frame_kind kind, const void *body, size_t bytes, const char *text);
void send_clock(void);
bool write_frames(void);

/* names.c: names for the numbers in events, each sent once to a reader, before the first event that has it. */
void send_drop_reasons(void);
void name_address(__u64 address);
void send_new_addresses(void);
void forget_addresses(void);

/* losses.c: what the kernel could not send, told as it grows. */
void begin_losses(void);
void send_ring_losses(int losses_fd);
void send_recursion_loss(__u64 misses, __u32 table);
void settle_losses(bool taken);

/* capabilities.c: what this process may do. */
const char *why_not_permitted(void);
bool may_see_addresses(void);

/* probes.c: the programs in the kernel, and the maps that they share. */
int make_maps(__u32 ring_bytes);
bool start_probes(char **paths, int count);
void send_probes(void);
void send_losses(void);
void detach_probes(void);

#endif
