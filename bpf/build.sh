#!/bin/sh
# Builds the loader and the probes into dist/bpf, each only when one of its sources is newer.
# Without clang or libbpf it says what is missing and succeeds: everything but kernel probes works.
set -eu
cd "$(dirname "$0")"
out=../dist/bpf

if ! command -v clang >/dev/null; then
	echo "bpf: clang is missing, so kernel probes are not built (Debian: apt install clang libbpf-dev)" >&2
	exit 0
fi
if ! echo '#include <bpf/libbpf.h>' | clang -fsyntax-only -x c - 2>/dev/null; then
	echo "bpf: libbpf's headers are missing, so kernel probes are not built (Debian: apt install libbpf-dev)" >&2
	exit 0
fi

# outdated TARGET SOURCE...: whether the target is missing or older than a source or this script
outdated() {
	target=$1
	shift
	[ ! -e "$target" ] || [ -n "$(find "$@" build.sh -newer "$target")" ]
}

mkdir -p "$out"
if outdated "$out/loader" loader lib gen; then
	clang -O2 -g -Wall -Wextra -Werror -o "$out/loader.new" loader/*.c -lbpf
	mv "$out/loader.new" "$out/loader"
	echo "bpf: built dist/bpf/loader"
fi
for probe in *.bpf.c; do
	object="$out/${probe%.c}.o"
	if outdated "$object" "$probe" lib gen; then
		# Debian keeps the kernel's architecture headers in a directory that the bpf target does not know.
		clang -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror \
			-idirafter "/usr/include/$(uname -m)-linux-gnu" -c "$probe" -o "$object.new"
		mv "$object.new" "$object"
		echo "bpf: built dist/bpf/${probe%.c}.o"
	fi
done
