# SPDX-License-Identifier: MIT
#
# stages.sh - the stages of grading one answer; for grade and check.sh
#
# Sourced in the project's folder. grade_one sets up and runs everything;
# the rest are its steps. What they share:
#
#	ex	the exercise: 01-work/wait	dir	its folder
#	answer	the file to be graded		out	where results go
#	only	the one check to run, or empty	last	the last stage to run
#	runs	how often the contract is run
#	share	1; or the part of the schedules to look at: of 5, a fifth
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
tab=$(printf '\t')
share=1
overlay=

# Executions of all checks of an exercise together, and the least of one.
SCHEDULES=2000
SCHEDULES_LEAST=200
RACES=500
RACES_LEAST=50

# How the explorer is called for the schedule that a reader has in mind.
in_order='races=off finish=on hang=2 one=0 jobs=1'
drawings='svg=picture.svg json=picture.json'

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

# One make at a time: two would write the same objects.
make_alone()
{
	mkdir -p build/exercises
	if command -v flock > /dev/null; then
		MAKEFLAGS= flock build/exercises/lock \
		    make -s --no-print-directory "$@" >&2
	else
		MAKEFLAGS= make -s --no-print-directory "$@" >&2
	fi
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

# Every file of the folder, but for the list itself, with its checksum.
sums_of()
(
	cd "$1" && find . -type f ! -name sums -exec cksum {} + | LC_ALL=C sort
)

# Are the files of an overlay those of the list that vary has written?
overlay_as_listed()
{
	sums_of "$dir" | cmp -s - "$dir/sums" && return
	record integrity - fail "the overlay's files are not those of its \
list of checksums; to grade all the same: --edited"
	return 1
}

# In a handout, exercises/sums says what the files were when it was packed.
edited_handout()
{
	awk -v dir="$dir/" -v tool="$tool/" '
	    index($3, dir) == 1 || index($3, tool) == 1' exercises/sums \
	    > "$out/sums"
	cksum $(awk '{ print $3 }' "$out/sums") 2> /dev/null |
	    diff "$out/sums" - | awk '/^</ { print $4 }' | head -n 3
	rm -f "$out/sums"
}

# Are the question's files those of the repository?
stage_integrity()
{
	if [ -n "$EDITED" ]; then
		record integrity - skip 'not asked for'
	elif [ "$dir" != "exercises/$ex" ] && [ ! -f "$dir/sums" ]; then
		record integrity - skip 'an overlay without a list of checksums'
	elif [ "$dir" != "exercises/$ex" ] && ! overlay_as_listed; then
		return 1
	elif [ -f exercises/sums ]; then
		changed=$(edited_handout)
		[ -z "$changed" ] && { record integrity - pass; return; }
		record integrity - fail "the question's own files were edited \
($(echo $changed)); to grade all the same: --edited"
		return 1
	elif ! git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
		record integrity - skip 'nothing to compare with: no git here'
	else
		changed=$(git diff --name-only HEAD -- "$dir" $tool | head -n 3)
		[ -z "$changed" ] && { record integrity - pass; return; }
		record integrity - fail "the question's own files were edited \
($(echo $changed)); to grade all the same: --edited"
		return 1
	fi
}

# file_rule: what keeps a file from being read as source.
file_rule()
{
	if [ ! -s "$answer" ]; then
		echo 'the file is empty'
	elif [ "$(wc -c < "$answer")" -gt 1048576 ]; then
		echo 'the file has more than 1 MiB'
	elif ! LC_ALL=C tr -d '\000-\010\016-\037\177' < "$answer" |
	    cmp -s - "$answer"; then
		echo 'the file has control characters in it, as no text has'
	fi
}

# The question's own answers may include one another.
stage_source()
{
	ours=
	case $answer in "$dir"/*) ours=1 ;; esac
	rule=$(file_rule)
	[ -n "$rule" ] || rule=$(LC_ALL=C awk -v own="$ours" \
	    -v forbid="$(field forbid | tr '\n' ' ')" \
	    -f $tool/source.awk "$answer")
	[ -z "$rule" ] && { record source - pass; return; }
	record source - fail "$rule"
	return 1
}

# limited COMMAND...: a compiler that may not use up the machine.
limited()
(
	ulimit -H -t 130 2> /dev/null
	ulimit -S -t 120 2> /dev/null
	ulimit -v 1048576 2> /dev/null
	ulimit -f 131072 2> /dev/null
	LC_ALL=C "$@" < /dev/null
) 2>&1

# compile VARIANT FLAGS: the answer's object and the table of checks. Of the
# answer's path nothing is left in what an assertion says.
compile()
{
	variant=$1
	shift
	include="-I$dir -Iref"
	[ "$kind" = K ] && include="$include -I$tool"
	limited $CC -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror \
	    -g -pthread "$@" "-fmacro-prefix-map=${answer%/*}/=" $called \
	    $include -S -o "$out/$variant.s" "$answer" > "$out/compiler.txt" &&
	    limited $CC -c -o "$out/$variant.o" "$out/$variant.s" \
	    > "$out/compiler.txt" || return 1
	$CC -std=c11 -g -I$tool -c -o "$out/$variant-checks.o" "$out/checks.c"
}

# link VARIANT FLAGS PROGRAM [OBJECT]
link()
{
	if [ "$1" = explore ] || { [ "$1" = asan ] && astray; }; then
		link_explored "$@"
		return
	fi
	limited $CC -pthread $2 -o "$3" "$out/$1.o" "$out/$1-checks.o" \
	    $(objects "$1") $4 $WRAPS > "$out/compiler.txt"
}

# Joined first, so that the explorer may wrap the same calls behind watch.c.
link_explored()
{
	options=
	[ "$1" = asan ] && options=-fsanitize=address
	limited $CC -r -nostdlib $WRAPS -o "$3.join" "$out/$1.o" \
	    "$out/$1-checks.o" $(objects "$1") $4 > "$out/compiler.txt" &&
	    objcopy --wildcard --localize-symbol='__wrap_*' "$3.join" &&
	    limited $CC -pthread -no-pie $options -o "$3" "$3.join" $EXPLORER \
	    $EXPLORE_WRAPS > "$out/compiler.txt" &&
	    rm "$3.join"
}

# link_all VARIANT FLAGS: every program that is needed of one variant.
link_all()
{
	if [ "$kind" != K ]; then
		link "$1" "$2" "$out/$1"
		return
	fi
	for pool in $(items 'accept|kill'); do
		wanted "$pool" || continue
		link "$1" "$2" "$out/$1-$pool" "build/$1/$dir/pools/$pool.o" ||
		    return 1
	done
}

build()
{
	compile "$1" $2 && link_all "$1" "$2"
}

# Does the object keep to the rules, as the source does?
object_rule()
{
	names=build/exercises/explored.nm
	[ -n "$(items 'schedules|race')" ] && [ -z "$no_explorer" ] ||
	    names=build/exercises/tool.nm
	if grep -q -e '^[[:blank:]]*[#@]APP' \
	    -e '^[[:blank:]#@]*InlineAsm Start' "$out/obj.s"; then
		echo 'it has assembler instructions in it: an answer is in C'
		return
	fi
	nm -P "$out/obj.o" > "$out/answer.nm" 2> /dev/null
	objdump -h "$out/obj.o" > "$out/sections"
	awk -v forbid="$(field forbid | tr '\n' ' ')" -f $tool/object.awk \
	    $names "$out/answer.nm" "$out/sections"
	rm -f "$out/answer.nm" "$out/sections"
}

stage_build()
{
	awk -v want=table -f $tool/manifest.awk "$dir/manifest" > "$out/checks.c"
	rule=
	if compile obj -O2 && rule=$(object_rule) && [ -z "$rule" ] &&
	    { [ -n "$no_checks" ] || link_all obj -O2; }; then
		record build - pass
		return
	fi
	fault=fail
	grep -q '^[^:]*: [a-z ]*error: .*Killed' "$out/compiler.txt" && fault=error
	[ -n "$rule" ] ||
	    rule=$(awk -f $tool/compiler.awk "$out/compiler.txt")
	record build - $fault "$rule"
	return 1
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

# keep_drawings NAME: of a failure that was explored. The closing line of its
# report is for who runs the program by hand; asserted is set if it says that the
# check itself has failed, whose words tell all.
keep_drawings()
{
	asserted=
	case $verdict in fail | timeout) ;; *) return ;; esac
	tail -n 1 "$out/output/$1.txt" | grep -q ' 1 failing: assertion: ' &&
	    asserted=1
	grep -v '^explore: [0-9]* execution' "$out/output/$1.txt" \
	    > "$out/output/$1.new"
	mv "$out/output/$1.new" "$out/output/$1.txt"
	for part in svg json; do
		[ -f "$out/scratch/picture.$part" ] &&
		    [ ! -L "$out/scratch/picture.$part" ] &&
		    cp "$out/scratch/picture.$part" "$out/output/$1.$part"
	done
}

# run_check MODE VARIANT CHECK [WORDS [COMMAND]]: sets verdict and reason.
run_check()
{
	program=$out/$2
	[ "$kind" = K ] && program=$out/$2-$3
	chmod -R u+rwx "$out/scratch" 2> /dev/null
	rm -rf "$out/scratch"
	mkdir "$out/scratch"
	[ -f "${answer%.c}.csv" ] &&
	    cp "${answer%.c}.csv" "$out/scratch/answer.csv" &&
	    chmod 644 "$out/scratch/answer.csv"
	${RUN:-build/exercises/run} -m "$1" ${4:+-e "$4"} ${5:+-a "$5"} \
	    -d "$out/scratch" -o "$out/output/$1-$3.txt" "$program" "$3" \
	    > "$out/run" ||
	    [ $? -eq 3 ] || printf 'error\tthe runner failed\n' > "$out/run"
	IFS=$tab read -r verdict reason < "$out/run"
	sed -n "2s/^/$1$tab$3$tab/p" "$out/run" >> "$out/machine.new"
	[ -n "$4" ] && keep_drawings "$1-$3"
	chmod -R u+rwx "$out/scratch" 2> /dev/null
	rm -rf "$out/scratch"
}

# What a test program's verdict on a pool says about the test program.
turn_round()
{
	case $(kind_of "$1"),$verdict in
	*,error | check,* | accept,pass)
		;;
	accept,*)
		reason="the tests reject a right pool: $reason"
		;;
	kill,pass)
		verdict=fail
		reason='the tests find nothing wrong with this pool' ;;
	kill,*)
		verdict=pass
		reason= ;;
	esac
}

# Natively, so often; the first failure decides.
run_natively()
{
	try=0
	while [ $try -lt "$runs" ]; do
		run_check natively obj "$1"
		turn_round "$1"
		[ "$verdict" = pass ] || break
		try=$((try + 1))
	done
}

# In the schedule that a reader has in mind, in which each thread runs as long
# as it can. On every machine that is the same one.
run_in_order()
{
	again_for schedules "$1"
	run_check contract explore "$1" "$in_order $drawings" "$again"
	turn_round "$1"
}

# contract_of HOW CHECK...
contract_of()
{
	how=$1
	shift
	for one in "$@"; do
		wanted "$one" || continue
		asserted=1
		$how "$one"
		culprit=$one
		[ -z "$asserted" ] || culprit=
		forget contract "$one"
		record contract "$one" "$verdict" "$reason" "$culprit"
	done
}

# A test program's kills count if it accepts every right pool.
accepts_all()
{
	[ -n "$(with 'fail|timeout|error' accept)" ] || return 0
	for one in $(items kill); do
		forget contract "$one"
	done
	skip_all kill contract 'the tests do not accept every right pool'
	return 1
}

# Is the contract explored first? Not where nothing can be, nor where one thread
# compares an answer with a list before the schedules do (kind P).
explored_first()
{
	[ -n "$exploring" ] && [ "$kind" != P ]
}

stage_contract()
{
	first=run_natively
	explored_first && first=run_in_order
	contract_of $first $(threaded $(items 'check|accept'))
	contract_of run_natively $(field sequential)
	accepts_all && contract_of $first $(items kill)
}

# Now natively, where there is more at once, and real time: unless the answer
# fails in a schedule. What it does natively is luck then, and so no verdict.
stage_native()
{
	explored_first && ! astray || return 0
	contract_of run_natively $(threaded $(passed 'check|accept'))
	[ "$kind" = K ] && accepts_all || return 0
	contract_of run_natively $(failed kill)
}

# Does the answer fail in a schedule?
astray()
{
	grep -q "^schedules${tab}schedules$tab[fte]" "$out/records"
}

# skip_all KINDS STAGE REASON
skip_all()
{
	for one in $(items "$1"); do
		record "$2" "$one" skip "$3"
	done
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

# once_more STAGE VARIANT EXPLORED: runs what has passed, and stops at a failure.
# Natively; or, if the outcome would be luck, the variant that is explored.
once_more()
{
	verdict=skip
	reason='no check has passed'
	for one in $(passed 'check|accept'); do
		if astray; then
			run_check "$1" "$3" "$one" "$in_order"
		else
			run_check "$1" "$2" "$one"
		fi
		[ "$verdict" = pass ] || {
			reason="in $one: $reason"
			break
		}
	done
	record "$1" "$1" "$verdict" "$reason"
}

# threaded NAME...: those that a right answer passes and that run threads.
threaded()
{
	for one in "$@"; do
		case " $(field sequential | tr '\n' ' ') " in
		*" $one "*) ;;
		*) echo "$one" ;;
		esac
	done
}

# How the explorer is called in a stage.
options_for()
{
	case $1 in
	schedules) options="races=off" ;;
	race) options="races=on" ;;
	esac
	options="$options finish=on hang=2 seed=1"
	options="$options $drawings"
}

# again_for STAGE CHECK: what plays a failure again, but for the schedule.
again_for()
{
	again="exercises/grade replay"
	[ "$1" = race ] && again="$again --race"
	again="$again $ex $2"
}

# budget TOTAL LEAST CHECK...: the executions of each.
budget()
{
	total=$1 least=$2
	shift 2
	budget=$((total / ($# > 0 ? $# : 1)))
	[ $budget -ge $least ] || budget=$least
}

# explore STAGE CHECK: sets verdict and reason.
explore()
{
	options_for "$1"
	again_for "$1" "$2"
	options="$options runs=$budget"
	run_check "$1" explore "$2" "$options" "$again"
}

# explore_all STAGE TOTAL LEAST: the checks that have passed the contract.
explore_all()
{
	[ -n "$(items "$1")" ] || return
	budget $(($2 / share)) $(($3 / share)) \
	    $(threaded $(items 'check|accept'))
	verdict=skip
	reason='no check has passed'
	culprit=
	explored=
	for one in $(threaded $(passed 'check|accept')); do
		explore "$1" "$one"
		explored=${explored:-0}
		[ "$verdict" = pass ] || {
			reason="in $one: $reason"
			culprit=$one
			break
		}
		explored=$((explored + budget))
	done
	record "$1" "$1" "$verdict" "$reason" "$culprit" "$explored"
}

# A wrong pool that the tests accept might be rejected in some schedule.
skip_explored()
{
	for one in $(items 'schedules|race'); do
		record "$one" "$one" skip "$no_explorer"
	done
	for one in $(failed kill); do
		forget contract "$one"
		record contract "$one" skip "$no_explorer"
	done
}

# forget STAGE NAME: another verdict is going to be recorded.
forget()
{
	awk -F'\t' -v stage="$1" -v name="$2" '$1 != stage || $2 != name' \
	    "$out/records" > "$out/records.new"
	mv "$out/records.new" "$out/records"
}

# Sets exploring if the answer can be explored.
build_explored()
{
	exploring=
	[ -n "$(items 'schedules|race')" ] && [ -z "$no_explorer" ] || return 0
	printf '%s\n' "$answer" > "$out/explored"
	build explore "$EXPLORE_FLAGS" && exploring=1 && return
	for one in $(items 'schedules|race'); do
		record "$one" "$one" error "it does not build with the \
explorer: $(awk -f $tool/compiler.awk "$out/compiler.txt")"
	done
	return 1
}

# A wrong pool that the tests accept once may be rejected in some schedule;
# that counts if every right pool is accepted in every one.
kill_explored()
{
	[ "$kind" = K ] && [ "$verdict" = pass ] || return
	budget $SCHEDULES $SCHEDULES_LEAST $(items kill)
	for pool in $(failed kill); do
		explore schedules "$pool"
		case $verdict in fail | timeout) ;; *) continue ;; esac
		forget contract "$pool"
		record contract "$pool" pass
	done
}

stage_schedules()
{
	explore_all schedules $SCHEDULES $SCHEDULES_LEAST
	kill_explored
}

stage_race()
{
	explore_all race $RACES $RACES_LEAST
}

stage_memory()
{
	[ -n "$(items memory)" ] || return
	if [ -n "$(passed)" ] && [ -n "$no_sanitizer" ]; then
		record memory memory skip "$no_sanitizer"
		return
	fi
	if [ -n "$(passed)" ] && ! build asan '-fsanitize=address
	    -fno-omit-frame-pointer -O1'; then
		record memory memory error "it does not build with \
AddressSanitizer: $(awk -f $tool/compiler.awk "$out/compiler.txt")"
		return
	fi
	once_more memory asan asan
}

stage_quiescence()
{
	[ -n "$(items quiescence)" ] || return
	once_more quiescence obj explore
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
	for stage in schedules race; do
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
