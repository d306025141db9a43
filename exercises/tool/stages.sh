# SPDX-License-Identifier: MIT
#
# stages.sh - the stages of grading one answer; for grade and check.sh
#
# Sourced in the project's folder. grade_one sets up and runs everything; the
# rest are its steps, those up to the programs in stages_build.sh, those that
# run them in stages_run.sh. What they share:
#
#	ex	the exercise: 01-work/wait	dir	its folder
#	answer	the file to be graded		out	where results go
#	only	the one check to run, or empty	last	the last stage to run
#	runs	how often a check is run that is not explored
#	share	1; or the part of the schedules to look at: of 5, a fifth
#	unlucky	not empty: as if the answer failed in a schedule
#	overlay	a folder of exercises that go before those of the project
#	named	what the report calls the answer, if not by its path; called,
#		what tells the compiler to
#
# A function of sh has no variables of its own: those named here are used by
# the steps as well: one, try, part, pool, source, program, names, verdict,
# reason, culprit, total, least, budget, options, again, ours, rule, fault.
#
# Every step appends its verdicts to $out/records: stage, name (- for the
# stage itself), verdict, reason and, if it was one of several, the check, and
# how many schedules passed, by tabs.

tool=exercises/tool
. $tool/stages_build.sh
. $tool/stages_run.sh

tab=$(printf '\t')
share=1
unlucky=
overlay=

# lay_over: where OVERLAY is set, works on a copy of that folder under build/,
# which has its contents' checksum in its name: so objects are made by the same
# rules as others, beside them, and are never older than what they are made of.
lay_over()
{
	overlay=
	[ -n "$OVERLAY" ] || return 0
	[ -d "$OVERLAY" ] || {
		echo "grade: no folder $OVERLAY" >&2
		return 2
	}
	OVERLAY=$(cd "$OVERLAY" && pwd) && export OVERLAY || return 3
	overlay=build/overlay-$(cd "$OVERLAY" && find . -type f -exec cksum \
	    {} + | LC_ALL=C sort | cksum | cut -d ' ' -f 1)
	[ -d "$overlay" ] && return
	mkdir -p build
	copy=$(mktemp -d build/overlaying-XXXXXX) &&
	    cp -R "$OVERLAY"/. "$copy" && ln -s ../../exercises/tool "$copy" ||
	    return 3
	mv -T "$copy" "$overlay" 2> /dev/null || rm -rf "$copy"
	[ -d "$overlay" ] || return 3
}

# locate: sets dir, the folder of the exercise, and home, the one under build/
# in which it is graded; fails if there is no such exercise.
locate()
{
	dir=exercises/$ex
	home=build/exercises/$ex
	[ -n "$overlay" ] && [ -f "$overlay/$ex/manifest" ] &&
	    dir=$overlay/$ex home=build/exercises-${overlay#*-}/$ex
	[ -f "$dir/manifest" ]
}

field()
{
	awk -v want=fields -v key="$1" -f $tool/manifest.awk "$dir/manifest"
}

record()
{
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "$6" \
	    >> "$out/records"
}

# forget STAGE NAME: another verdict is going to be recorded.
forget()
{
	awk -F'\t' -v stage="$1" -v name="$2" '$1 != stage || $2 != name' \
	    "$out/records" > "$out/records.new"
	mv "$out/records.new" "$out/records"
}

# The names of all items of these kinds.
items()
{
	awk -v want=items -f $tool/manifest.awk "$dir/manifest" |
	    awk -F'\t' -v kinds="^($1)\$" '$1 ~ kinds { print $2 }'
}

kind_of()
{
	awk -v want=items -f $tool/manifest.awk "$dir/manifest" |
	    awk -F'\t' -v name="$1" '$2 == name { print $1 }'
}

wanted()
{
	[ -z "$only" ] || [ "$only" = "$1" ]
}

# with VERDICTS [KINDS]: the checks that have one of them in the contract.
with()
{
	awk -F'\t' -v verdicts="^($1)\$" '$1 == "contract" &&
	    $3 ~ verdicts { print $2 }' "$out/records" > "$out/with"
	items "${2:-check|accept|kill}" | grep -x -F -f "$out/with"
	rm -f "$out/with"
}

passed()
{
	with pass "$1"
}

failed()
{
	with 'fail|timeout' "$1"
}

# skip_all KINDS STAGE REASON
skip_all()
{
	for one in $(items "$1"); do
		record "$2" "$one" skip "$3"
	done
}

# alone: waits until no other grader works in the exercise's output folder.
# The lock ends with the shell that holds it, however that ends.
alone()
{
	mkdir -p "$home"
	command -v flock > /dev/null || return 0
	exec 9> "$home/lock"
	flock -n 9 && return
	echo "grade: somebody else grades $ex in this folder; waiting for" \
	    "them to finish" >&2
	flock 9
}

# One make at a time: two would write the same objects. Of what it compiles one
# line says that it takes its time; what is wrong it says itself.
make_alone()
{
	mkdir -p build/exercises
	made=build/exercises/made-$$
	{
		if command -v flock > /dev/null; then
			MAKEFLAGS= flock build/exercises/lock \
			    make -s --no-print-directory "$@"
		else
			MAKEFLAGS= make -s --no-print-directory "$@"
		fi
		echo $? > "$made"
	} | say_once >&2
	made_so=$(cat "$made")
	rm -f "$made"
	return "$made_so"
}

say_once()
{
	said=
	while IFS= read -r line; do
		case $line in
		'compile '* | 'link '*)
			[ -n "$said" ] || echo 'grade: compiling what answers' \
			    'are linked with; this takes a while, once'
			said=1 ;;
		*) echo "$line" ;;
		esac
	done
}

# unable KEY WORDS: why that cannot be done here; nothing if it can.
unable()
{
	awk -F'\t' -v key="$1" -v words="$2" '$1 == key && $2 != "yes" {
	    print "this machine cannot " words ": " $2 }' \
	    build/exercises/machine
}

# Sets variants, those that can be built here, and why the others cannot.
know_machine()
{
	$tool/machine.sh > /dev/null || return 3
	no_checks=$(unable wrap 'run a check')
	no_explorer=$(unable explore 'explore schedules')
	no_sanitizer=$(unable asan 'look at memory')
	variants=obj
	[ -n "$no_sanitizer" ] || variants="$variants asan"
	[ -n "$no_explorer" ] || variants="$variants explore"
}

# The targets of make that every answer to this exercise needs.
needs()
{
	echo build/exercises/run build/exercises/tool.nm
	[ -n "$no_explorer" ] ||
	    echo build/exercises/explored.nm exercise-explorer
	for variant in $variants; do
		[ "$replaces" = standalone ] ||
		    echo "exercise-reference/$variant"
		for part in suite scene watch; do
			echo "build/$variant/$tool/$part.o"
		done
		for source in $(cd "$dir" && echo $(field_suites) pools/*.c); do
			[ -f "$dir/$source" ] &&
			    echo "build/$variant/$dir/${source%.c}.o"
		done
	done
}

# Builds what every answer to this exercise is linked with.
prepare()
{
	[ -n "$PREPARED" ] || make_alone build/exercises/settings || return 3
	know_machine || return 3
	[ -n "$PREPARED" ] || make_alone $(needs) || return 3
}

field_suites()
{
	echo "$suites"
}

# The objects of one variant, but for the answer's and a pool's.
objects()
{
	for part in suite scene watch; do
		echo "build/$1/$tool/$part.o"
	done
	for source in $suites; do
		echo "build/$1/$dir/${source%.c}.o"
	done
	[ "$replaces" = standalone ] && return
	for source in $SOURCES; do
		case " $replaces " in
		*" $source "*) ;;
		*) echo "build/$1/$source.o" ;;
		esac
	done
}

skip_rest()
{
	skip_all 'check|accept|kill' contract "$1"
	for stage in schedules race memory quiescence; do
		skip_all $stage $stage "$1"
	done
}

run_stages()
{
	stage_integrity || {
		record source - skip "the question was edited"
		record build - skip "the question was edited"
		skip_rest "the question was edited"
		return
	}
	stage_source || {
		record build - skip "the source breaks a rule"
		skip_rest 'the source breaks a rule of the exercise'
		return
	}
	stage_build || { skip_rest 'it does not build'; return; }
	[ -z "$no_checks" ] || { skip_rest "$no_checks"; return; }
	build_explored
	stage_contract
	if [ "$last" = contract ]; then
		stage_native
		return
	fi
	if [ -n "$exploring" ]; then
		stage_schedules
		stage_race
		stage_native
	elif [ -n "$no_explorer" ]; then
		skip_explored
	fi
	stage_memory
	stage_quiescence
}

read_manifest()
{
	locate
	kind=$(field kind)
	suites=$(field suites)
	replaces=$(field replaces)
	[ "$replaces" = reference ] && replaces=
	:
}

# grade_one: everything up to $out/records. 3: the grader's own trouble.
grade_one()
{
	read_manifest
	prepare || return 3
	. build/exercises/settings
	mkdir -p "$out/output"
	rm -f "$out/output"/* "$out"/obj* "$out"/asan* "$out"/explore*
	: > "$out/records"
	{
		sed '/^tools/d; s/^/# /' build/exercises/machine
		printf 'mode\tcheck\twall ms\tcpu ms\tKiB\tprotection\n'
	} > "$out/machine.new"
	run_stages
	rm -f "$out/run"
	put machine.new machine.tsv
}

# put FROM TO: replaces a result at once, or not at all.
put()
{
	sync "$out/$1" 2> /dev/null
	mv "$out/$1" "$out/$2"
}

# seeds: a checksum of what decides which schedules are tried: how many, the
# seed and the explorer itself.
seeds()
{
	for stage in contract schedules race; do
		options_for $stage
		echo "$options"
	done
	echo "$SCHEDULES $SCHEDULES_LEAST $RACES $RACES_LEAST $share"
	cat tests/explore/*.[ch]
}

# report: from the records to verdicts.tsv, result.tsv and report.txt.
report()
{
	$tool/signature.sh "$dir" "exercises/$ex" > "$out/signatures"
	LC_ALL=C awk -v want=match -f $tool/signature.awk "$out/signatures" \
	    "$out/records" > "$out/resembles"
	awk -v exercise="$ex" -v answer="${named:-$answer}" -v out="$out" \
	    -v grader="$(cat $tool/version)" \
	    -v seeds="$(seeds | cksum | cut -d ' ' -f 1)" \
	    -f $tool/report.awk -f $tool/result.awk \
	    "$dir/manifest" "$out/records" "$out/resembles" \
	    > "$out/report.new"
	status=$?
	rm -f "$out/signatures" "$out/resembles"
	put verdicts.new verdicts.tsv
	put result.new result.tsv
	put report.new report.txt
	return $status
}
