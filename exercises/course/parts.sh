# parts.sh - which files are answers, and which a student is handed
# SPDX-License-Identifier: MIT
#
# Sourced in the project's folder by what packs and checks archives.
#
# An answer is: what is in correct/ and mutant/; a module of the reference
# that an answer takes the place of, whichever exercise is handed out this
# week, since the next one may be that module's; a pool of an exercise of kind
# K; the model and the key of one of kind P. What a grading is linked with,
# and must not be read, is handed out as an object.

. exercises/tool/stages.sh
lay_over || exit 2

VARIANTS='obj asan explore'

all_exercises()
{
	for manifest in exercises/*/*/manifest; do
		manifest=${manifest%/manifest}
		echo "${manifest#exercises/}"
	done
}

# folder_of EX: where its question is: in the overlay, if it has one.
folder_of()
{
	if [ -n "$overlay" ] && [ -f "$overlay/$1/manifest" ]; then
		echo "$overlay/$1"
	else
		echo "exercises/$1"
	fi
}

# handed FILE: what it is called where it is handed out.
handed()
{
	case $1 in
	build/overlay-*) echo "exercises/${1#build/overlay-*/}" ;;
	*) echo "$1" ;;
	esac
}

# manifest_field EX KEY
manifest_field()
{
	awk -v want=fields -v key="$2" -f exercises/tool/manifest.awk \
	    "$(folder_of "$1")/manifest"
}

# The modules that answers of kind F and I replace, in all exercises.
withheld_modules()
{
	for one in $(all_exercises); do
		case $(manifest_field "$one" kind) in
		F | I) ;;
		*) continue ;;
		esac
		for module in $(manifest_field "$one" replaces); do
			[ -f "$module.c" ] && echo "$module.c"
		done
	done | sort -u
}

# includes_answer FILE: is it made of a module that is withheld?
includes_answer()
{
	for module in $(sed -n 's/^#include "\(.*\.c\)"$/\1/p' "$1"); do
		withheld_modules | grep -q "/${module##*/}\$" && return
	done
	return 1
}

# withheld_parts EX: of the exercise itself, what a grading is linked with.
withheld_parts()
{
	folder=$(folder_of "$1")
	if [ "$(manifest_field "$1" kind)" = P ]; then
		echo "$folder/model.c"
	fi
	for source in $(manifest_field "$1" suites); do
		includes_answer "$folder/$source" && echo "$folder/$source"
	done
	for pool in "$folder"/pools/*.c; do
		[ -f "$pool" ] && echo "$pool"
	done
	:
}

# withheld_files EX: all that is not for students.
withheld_files()
{
	folder=$(folder_of "$1")
	for part in correct mutant; do
		[ -d "$folder/$part" ] && find "$folder/$part" -type f
	done
	withheld_parts "$1"
	for file in key.c key.sh list.c sums; do
		[ -f "$folder/$file" ] && echo "$folder/$file"
	done
	:
}

# files_of FOLDER: those that git knows, where there is git: nobody hands out
# what happens to lie there.
files_of()
{
	case $1 in exercises/*) ;; *) find "$1" -type f; return ;; esac
	if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
		git ls-files -- "$1"
	else
		find "$1" -type f
	fi
}

# question_files EX
question_files()
{
	withheld_files "$1" > "$scratch/withheld"
	files_of "$(folder_of "$1")" | grep -v -x -F -f "$scratch/withheld"
}
