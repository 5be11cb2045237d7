/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Under what probes count the events that found the ring full, and the loader reads it. */
#ifndef KTAPE_LOSS_H
#define KTAPE_LOSS_H

#include <linux/types.h>

struct loss_key {
	__u32 table;
	__u32 reason;	/* of the event; 0 where its table has no reasons */
};

/* More than there are drop reasons in any kernel and its modules. */
#define LOSS_KEYS 1024

#endif
