// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "loader.h"

/* Headers of older systems lack these. */
#ifndef CAP_BPF
#define CAP_PERFMON 38
#define CAP_BPF 39
#endif

static bool has(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};

	return !syscall(SYS_capget, &header, sets) && sets[capability / 32].effective >> capability % 32 & 1;
}

/* Why the kernel may have forbidden to load a probe. */
const char *why_not_permitted(void)
{
	if (has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON)))
		return "a seccomp profile or the kernel's lockdown is in the way";
	if (has(CAP_BPF))
		return "lacks CAP_PERFMON";
	return has(CAP_PERFMON) ? "lacks CAP_BPF" : "lacks CAP_BPF and CAP_PERFMON";
}

/* Whether the kernel lets this process see where its functions are, unless kernel.kptr_restrict is 2. */
bool may_see_addresses(void)
{
	return has(CAP_SYSLOG);
}
