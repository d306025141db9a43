#!/bin/sh
# SPDX-License-Identifier: MIT
#
# handout.sh - packs what students get, and what their instructor keeps
#
# usage: exercises/course/handout.sh handout|instructor [EX...]
#
# Without EX, all exercises. Writes build/course/handout.tar.gz or
# build/course/instructor.tar.gz: the same bytes whenever the same files are
# packed (an object is the same if the compiler is). With OVERLAY, a folder of
# variants, the questions are taken from there. The second, unpacked over
# the first, makes the repository's exercises of it again. HANDOUT is another
# file to write.

cd "$(dirname "$0")/../.." || exit 3
. exercises/course/parts.sh
LC_ALL=C
export LC_ALL

usage()
{
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}

# put_in FILE...: copies files to where they are handed out, under $tree.
put_in()
{
	for file in "$@"; do
		target=$(handed "$file")
		case $target in */*) mkdir -p "$tree/${target%/*}" ;; esac
		cp "$file" "$tree/$target" || exit 3
	done
}

# The pool's sources, but for the modules that are answers.
put_reference()
{
	withheld_modules > "$scratch/modules"
	for file in $(find ref -type f) $(pool_modules); do
		grep -q -x -F "$file" "$scratch/modules" || put_in "$file"
	done
	put_in tests/explore/*.[ch] tests/explore/README.md
}

# What is of the chapters in the list of what is linked with an answer, and
# the headers beside it that it includes.
pool_modules()
{
	for module in $SOURCES; do
		case $module in chapters/*) ;; *) continue ;; esac
		echo "$module.c"
		sed -n 's/^#include "\(.*\)"$/\1/p' "$module.c" |
		while read -r header; do
			[ -f "${module%/*}/$header" ] &&
			    echo "${module%/*}/$header"
		done
	done | sort -u
}

put_tool()
{
	put_in LICENSE exercises/grade exercises/course/classroom.sh
	for file in exercises/tool/* exercises/tool/class/* \
	    exercises/tool/format/* exercises/tool/learner/* \
	    exercises/tool/vary/*; do
		case $file in
		*/check.sh | */key.sh | */matrix.awk) continue ;;
		esac
		[ -f "$file" ] && put_in "$file"
	done
	awk '/^## An exercise.s folder/ { exit } { print }' \
	    exercises/README.md > "$tree/exercises/README.md"
	awk -f exercises/course/cut.awk Makefile > "$tree/Makefile" || exit 3
	cp exercises/course/handout.mk exercises/course/Dockerfile "$tree"
}

# Objects of what is withheld; those of the library too, for `make lib`.
prebuilt_objects()
{
	for file in $(cat "$scratch/modules"); do
		echo "build/release/${file%.c}.o"
	done
	for variant in $VARIANTS; do
		for file in $(cat "$scratch/modules" "$scratch/parts"); do
			echo "build/$variant/${file%.c}.o"
		done
	done
}

# Without what a debugger reads: it names lines of the source, and the folder.
put_prebuilt()
{
	prebuilt_objects > "$scratch/objects"
	make -s --no-print-directory $(cat "$scratch/objects") >&2 || exit 3
	for object in $(cat "$scratch/objects"); do
		target=${object#build/*/}
		variant=${object#build/}
		target=$tree/prebuilt/${variant%%/*}/$(handed "$target")
		mkdir -p "${target%/*}"
		objcopy --strip-debug "$object" "$target" || exit 3
	done
	"$CC" -dumpmachine | sed 's/-.*//' > "$tree/prebuilt/machine"
}

put_student_readme()
{
	cat exercises/course/student.md
	printf '\n| Exercise | | Stars | Points |\n|---|---|---|---|\n'
	for one in $exercises; do
		printf '| `%s` | %s | %s | %s |\n' "$one" \
		    "$(manifest_field "$one" title)" \
		    "$(manifest_field "$one" stars)" \
		    "$(manifest_field "$one" points)"
	done
}

# What stage_integrity compares with, where there is no repository.
put_sums()
{
	(cd "$tree" && find exercises -type f | sort | xargs cksum) \
	    > "$scratch/sums"
	mv "$scratch/sums" "$tree/exercises/sums"
}

pack_handout()
{
	make -s --no-print-directory build/exercises/settings || exit 3
	. build/exercises/settings
	put_reference
	put_tool
	for one in $exercises; do
		question_files "$one" > "$scratch/files"
		put_in $(cat "$scratch/files")
		exercises/tool/signature.sh "$(folder_of "$one")" \
		    > "$tree/exercises/$one/signatures"
		withheld_parts "$one"
	done > "$scratch/parts"
	put_prebuilt
	put_student_readme > "$tree/README.md"
	put_sums
}

pack_instructor()
{
	for one in $exercises; do
		put_in $(withheld_files "$one")
	done
	put_in $(withheld_modules) exercises/README.md exercises/GUIDE.md \
	    exercises/tool/check.sh exercises/tool/key.sh \
	    exercises/tool/matrix.awk
	for file in exercises/course/*; do
		[ -f "$file" ] && put_in "$file"
	done
	for file in build/exercises/matrix.txt build/exercises/matrix.md; do
		[ -f "$file" ] && cp "$file" "$tree"
	done
	:
}

# One order, one owner, one date.
pack()
{
	mkdir -p build/course
	tar -C "$scratch" --format=ustar --sort=name --owner=0 --group=0 \
	    --numeric-owner --mode=u+rw,a+rX,go-w --mtime=@946684800 \
	    -cf "$scratch/archive.tar" the-deep-end || exit 3
	gzip -n -9 "$scratch/archive.tar" || exit 3
	archive=${HANDOUT:-build/course/$kind.tar.gz}
	mv "$scratch/archive.tar.gz" "$archive"
	echo "$archive"
}

kind=$1
case $kind in handout | instructor) shift ;; *) usage ;; esac
for one in "$@"; do
	[ -f "$(folder_of "$one")/manifest" ] || {
		echo "handout: there is no exercise '$one'" >&2
		exit 2
	}
	[ -z "$(manifest_field "$one" hidden)" ] || {
		echo "handout: $one has hidden checks: it is not handed out" >&2
		exit 2
	}
done
exercises=${*:-$(all_exercises)}
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 3' HUP INT TERM
tree=$scratch/the-deep-end
mkdir "$tree"
"pack_$kind"
pack
