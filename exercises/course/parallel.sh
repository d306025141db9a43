#!/bin/sh
# SPDX-License-Identifier: MIT
#
# parallel.sh - grades a class by GNU parallel, one shard a job
#
# usage: exercises/course/parallel.sh DIR OUT SHARDS [OPTION...]
#
# OPTIONs are parallel's: --jobs 2 for two at a time, --sshloginfile HOSTS and
# --workdir for other machines that see the same folders. Called again after
# it was killed, it goes on where it was. The merged result has the same bytes
# as that of one undisturbed run.

[ $# -ge 3 ] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
cd "$(dirname "$0")/../.." || exit 3
submissions=$1
out=$2
shards=$3
shift 3
seq "$shards" | parallel --will-cite "$@" exercises/grade batch \
    "$submissions" --out "$out-{}" --jobs 1 --shard "{}/$shards" || exit 3
exec exercises/grade merge "$out" $(seq "$shards" | sed "s|^|$out-|")
