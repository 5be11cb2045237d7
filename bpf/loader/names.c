// SPDX-License-Identifier: Apache-2.0
#include <bpf/btf.h>
#include <dirent.h>
#include <string.h>
#include "loader.h"

#define PREFIX "SKB_DROP_REASON_"
#define SUBSYSTEM_SHIFT 16
#define MAX_ADDRESSES 4096
#define MAX_SYMBOL 512

struct symbol {
	__u64 address;		/* asked for */
	__u64 start;		/* of the function found so far */
	char name[MAX_SYMBOL];
};

/* Addresses that have been named, hashed; when there is no more room it forgets them all. */
static __u64 known[MAX_ADDRESSES];
static size_t known_count;
static struct symbol pending[64];
static size_t pending_count;

static void send_name(enum named named, __u64 value, const char *name)
{
	struct name_frame frame = { .value = value, .named = named };

	send_frame(FRAME_NAME, &frame, sizeof(frame), name);
}

/* Names as the kernel prints them: without the prefix that all of the core's have. */
static void send_enum(const struct btf *btf, const struct btf_type *type)
{
	const char *type_name = btf__name_by_offset(btf, type->name_off);
	size_t length = type_name ? strlen(type_name) : 0;

	if (!btf_is_enum(type) || length < 12 || strcmp(type_name + length - 12, "_drop_reason"))
		return;
	for (int i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_enum(type)[i].name_off);
		__u32 value = btf_enum(type)[i].val;

		/* Only a subsystem's own reasons carry its number; its other constants are no reasons. */
		if (strcmp(type_name, "skb_drop_reason") && !(value >> SUBSYSTEM_SHIFT))
			continue;
		if (!strncmp(name, PREFIX, sizeof(PREFIX) - 1))
			name += sizeof(PREFIX) - 1;
		send_name(NAMED_DROP_REASON, value, name);
	}
}

static void send_enums(const struct btf *btf, __u32 first)
{
	for (__u32 id = first; btf && id < btf__type_cnt(btf); id++)
		send_enum(btf, btf__type_by_id(btf, id));
}

/* Sends the names of the core's drop reasons and of those that loaded modules add. */
void send_drop_reasons(void)
{
	struct btf *core = btf__load_vmlinux_btf();
	DIR *modules = opendir("/sys/kernel/btf");
	struct dirent *entry;

	send_enums(core, 1);
	while (core && modules && (entry = readdir(modules))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		struct btf *module = btf__load_module_btf(entry->d_name, core);

		send_enums(module, btf__type_cnt(core));
		btf__free(module);
	}
	if (modules)
		closedir(modules);
	btf__free(core);
}

static void clear_known(void)
{
	memset(known, 0, sizeof(known));
	known_count = 0;
}

/* Adds to the known addresses; false if it was among them. */
static bool learn(__u64 address)
{
	size_t slot = (address >> 2) * 0x9e3779b97f4a7c15ull >> 52;

	if (known_count > MAX_ADDRESSES / 2)
		clear_known();
	for (; known[slot]; slot = (slot + 1) % MAX_ADDRESSES)
		if (known[slot] == address)
			return false;
	known[slot] = address;
	known_count++;
	return true;
}

/* Every address is to be named again. */
void forget_addresses(void)
{
	clear_known();
	pending_count = 0;
}

/* Notes that the events being gathered have this address. */
void name_address(__u64 address)
{
	if (!address || !learn(address))
		return;
	if (pending_count == sizeof(pending) / sizeof(pending[0]))
		send_new_addresses();
	pending[pending_count++] = (struct symbol){ .address = address };
}

/*
 * Names the addresses noted since the last time by the functions that hold them, in one reading of
 * /proc/kallsyms: modules come and go, so nothing of it is kept. The name is empty where the kernel
 * hides its addresses (kptr_restrict, no CAP_SYSLOG).
 */
void send_new_addresses(void)
{
	FILE *file = pending_count ? fopen("/proc/kallsyms", "r") : NULL;
	char name[MAX_SYMBOL], kind;
	unsigned long long start;

	while (file && fscanf(file, "%llx %c %511s%*[^\n]", &start, &kind, name) == 3) {
		if (!strchr("tTwW", kind))
			continue;
		for (size_t i = 0; i < pending_count; i++) {
			struct symbol *symbol = &pending[i];

			if (start > symbol->start && start <= symbol->address) {
				symbol->start = start;
				strcpy(symbol->name, name);
			}
		}
	}
	if (file)
		fclose(file);
	for (size_t i = 0; i < pending_count; i++)
		send_name(NAMED_KERNEL_ADDRESS, pending[i].address, pending[i].name);
	pending_count = 0;
}
