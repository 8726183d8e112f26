#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves that `./run plan` and `./run tests` need nothing but a minimal Debian 12.
#
#     tests/fresh-debian.sh FOLDER [COMMAND ...]
#
# Makes the system in FOLDER (unless one is there), clones this repository's last commit into it,
# and runs ./run with each COMMAND there (plan and tests when none is given). Needs root,
# debootstrap and git. The packages come from the mirror that this system uses.
set -euo pipefail

SUITE=bookworm
REPOSITORY=$(git -C "$(dirname "$(readlink -f "$0")")" rev-parse --show-toplevel)

fail() {
    printf 'fresh-debian: %s\n' "$*" >&2
    exit 1
}

# The first mirror among this system's package sources that has the suite, in either notation.
mirror() {
    local files=(/etc/apt/sources.list.d/*.sources /etc/apt/sources.list
        /etc/apt/sources.list.d/*.list)
    { cat "${files[@]}" 2>/dev/null || true; } | awk -v suite="$SUITE" '
        function has(list, n, words, i) {
            n = split(list, words, /[ \t]+/)
            for (i = 1; i <= n; i++)
                if (words[i] == suite) return 1
            return 0
        }
        /^[ \t]*#/ { next }
        $1 == "deb" {
            line = $0
            sub(/^deb[ \t]+(\[[^]]*\][ \t]+)?/, "", line)
            split(line, part, /[ \t]+/)
            if (part[2] == suite) { print part[1]; exit }
        }
        /^URIs:/ { uri = $2 }
        /^Suites:/ { if (has($0) && uri) { print uri; exit } }
        /^[ \t]*$/ { uri = "" }'
}

# Settings that reach the mirror from here are needed there, too: a proxy, for one.
copy_settings() {
    local file
    cp /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || true
    cp /etc/hosts "$1/etc/hosts" 2>/dev/null || true
    for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
        if [ -f "$file" ] && grep -q '^ *Acquire' "$file"; then
            cp "$file" "$1/etc/apt/apt.conf.d/"
        fi
    done
}

# Runs a command in the system with /proc, /dev and /tmp of its own; nothing stays mounted.
in_system() {
    local system=$1
    shift
    # shellcheck disable=SC2016
    unshare --mount --pid --fork bash -c '
        set -e
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        mount -t tmpfs tmpfs "$0/tmp"
        exec chroot "$0" /usr/bin/env -i HOME=/root LANG=C TERM=dumb \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
            bash -c "cd /kvarken && exec \"\$@\"" sh "$@"' "$system" "$@"
}

[ $# -ge 1 ] || fail "usage: tests/fresh-debian.sh FOLDER [COMMAND ...]"
[ "$(id -u)" = 0 ] || fail "only root can make a system; run it as root"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
SYSTEM=$(readlink -m "$1")
shift
[ $# -gt 0 ] || set -- plan tests

if [ ! -x "$SYSTEM/bin/bash" ]; then
    MIRROR=$(mirror)
    [ -n "$MIRROR" ] || fail "no package source of this system has $SUITE"
    debootstrap --variant=minbase "$SUITE" "$SYSTEM" "$MIRROR"
fi
copy_settings "$SYSTEM"
rm -rf "$SYSTEM/kvarken"
git clone --quiet "file://$REPOSITORY" "$SYSTEM/kvarken"

for command in "$@"; do
    printf '\n==== ./run %s in a fresh Debian\n' "$command"
    in_system "$SYSTEM" ./run "$command"
done
printf '\n==== done: %s\n' "$*"
