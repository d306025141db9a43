#!/bin/sh
# setup.sh - prepares the image in which Gradescope grades
# SPDX-License-Identifier: MIT
#
# Gradescope runs it once, as root, in /autograder/source, when the archive is
# uploaded. What can be compiled is compiled now: the stub is graded, and must
# earn nothing. AUTOGRADER is another folder than /autograder; with
# AUTOGRADER_PACKAGES=none nothing is installed.

set -eu
root=${AUTOGRADER:-/autograder}
if [ "${AUTOGRADER_PACKAGES:-}" != none ]; then
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y \
	    --no-install-recommends gcc libc6-dev make binutils util-linux
fi
exercise=$(cat "$root/source/exercise")
cd "$root/source/the-deep-end"
stub=exercises/$exercise/stub.c
if [ -d "$root/source/overlay" ]; then
	OVERLAY=$root/source/overlay
	export OVERLAY
	stub=$OVERLAY/$exercise/stub.c
fi
exercises/grade check "$exercise" "$stub" \
    > "$root/source/stub.txt" || { cat "$root/source/stub.txt"; exit 1; }
grep '^Points: 0 of ' "$root/source/stub.txt"
