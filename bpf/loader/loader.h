/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KTAPE_LOADER_H
#define KTAPE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include "../gen/events.h"

/* Says why in one line and ends the program. */
#define die(...) (fprintf(stderr, "loader: " __VA_ARGS__), fputc('\n', stderr), exit(1))

__u64 boot_ns(void);

/* frames.c: frames to standard output, gathered until flushed; ends the program when nobody reads them. */
void send_frame(enum frame_kind kind, const void *body, size_t bytes, const char *text);
void send_clock(void);
void add_event(const void *event, size_t bytes);
void flush_frames(void);

/* names.c: names for the numbers in events, each sent once, before the first event that has it. */
void send_drop_reasons(void);
void name_address(__u64 address);
void send_new_addresses(void);

/* losses.c: what the kernel could not send, told as it grows. */
void send_ring_losses(int losses_fd);
void send_recursion_loss(int program_fd, __u32 table, __u64 *told);
void end_loss_window(void);

#endif
