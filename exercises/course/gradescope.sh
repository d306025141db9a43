#!/bin/sh
# SPDX-License-Identifier: MIT
#
# gradescope.sh - packs what is uploaded to Gradescope for one exercise
#
# usage: exercises/course/gradescope.sh EX
#
# Writes build/course/gradescope-NAME.zip: setup.sh and run_autograder at the
# top, the exercise's name, and the tree of a handout, which has no answers in
# it: so neither has the machine on which submissions run. With OVERLAY, the
# folder of a variant or of a hidden suite, that is what is graded there.

cd "$(dirname "$0")/../.." || exit 3
ex=$1
[ -n "$ex" ] && [ -f "exercises/$ex/manifest" ] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
archive=build/course/gradescope-$(echo "$ex" | tr / -).zip
HANDOUT=$scratch/handout.tar.gz OVERLAY='' \
    exercises/course/handout.sh handout "$ex" > /dev/null || exit 3
mkdir "$scratch/zip"
tar -C "$scratch/zip" -xzf "$scratch/handout.tar.gz" || exit 3
cp exercises/course/gradescope/* "$scratch/zip"
chmod 755 "$scratch/zip/setup.sh" "$scratch/zip/run_autograder"
echo "$ex" > "$scratch/zip/exercise"
if [ -n "$OVERLAY" ] && [ -f "$OVERLAY/$ex/manifest" ]; then
	mkdir -p "$scratch/zip/overlay/$ex"
	cp -R "$OVERLAY/$ex/." "$scratch/zip/overlay/$ex"
	rm -rf "$scratch/zip/overlay/$ex/correct" \
	    "$scratch/zip/overlay/$ex/mutant"
	exercises/grade vary --sums "$scratch/zip/overlay" || exit 3
fi
find "$scratch/zip" -exec touch -d '2000-01-01 00:00:00Z' {} +
mkdir -p build/course
(cd "$scratch/zip" && find . -type f | LC_ALL=C sort | sed 's|^\./||' |
    TZ=UTC zip -q -X "$scratch/archive.zip" -@) || exit 3
mv "$scratch/archive.zip" "$archive"
echo "$archive"
