# SPDX-License-Identifier: MIT
#
# stages_run.sh - the stages that run the checks: contract to quiescence
#
# Part of stages.sh, which says what all of this shares. The order in which a
# verdict on a check comes about:
#
#	contract, in order	explored, in one schedule that is always the same
#	schedules, race		explored, in hundreds
#	contract, natively	unless a schedule has failed: then that is luck
#	memory, quiescence	natively; or else in order, as the contract was
#
# Where nothing can be explored, the contract runs natively at once.

# Executions of all checks of an exercise together, and the least of one.
SCHEDULES=2000
SCHEDULES_LEAST=200
RACES=500
RACES_LEAST=50

# How the explorer is called for the schedule that a reader has in mind.
in_order='races=off finish=on hang=2 jobs=1 steps=65535'
drawings='svg=picture.svg json=picture.json'

# keep_drawings NAME: of a failure that was explored. The closing line of its
# report is for who runs the program by hand; told is empty if it says that it
# was the check itself that failed, whose words tell all.
keep_drawings()
{
	case $verdict in fail | timeout) ;; *) return ;; esac
	tail -n 1 "$out/output/$1.txt" | grep -q ' 1 failing: assertion: ' ||
	    told=1
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

run_natively()
{
	run_check natively obj "$1"
	turn_round "$1"
}

# Natively, so often; the first failure decides.
run_repeatedly()
{
	try=0
	while [ $try -lt "$runs" ]; do
		run_natively "$1"
		[ "$verdict" = pass ] || break
		try=$((try + 1))
	done
}

# In the schedule that a reader has in mind, in which each thread runs as long
# as it can. On every machine that is the same one.
run_in_order()
{
	again_for contract "$1"
	run_check contract explore "$1" "$in_order one=0 $drawings" "$again"
	turn_round "$1"
}

# contract_of HOW CHECK...
contract_of()
{
	how=$1
	shift
	for one in "$@"; do
		wanted "$one" || continue
		told=
		$how "$one"
		culprit=
		[ -z "$told" ] || [ "$verdict" = pass ] || culprit=$one
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
	first=run_repeatedly
	explored_first && first=run_in_order
	contract_of $first $(threaded $(items 'check|accept'))
	contract_of run_repeatedly $(field sequential)
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

# Does the answer fail in a schedule, or is it to be graded as if it did?
astray()
{
	[ -n "$unlucky" ] ||
	    grep -q "^schedules${tab}schedules$tab[fte]" "$out/records"
}

# once_more STAGE VARIANT EXPLORED: runs what has passed, and stops at a failure.
# Natively; or, if the outcome would be luck, the variant that is explored.
once_more()
{
	verdict=skip
	reason='no check has passed'
	for one in $(passed 'check|accept'); do
		if astray; then
			run_check "$1" "$3" "$one" "$in_order one=0"
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
	contract) options=$in_order ;;
	schedules) options="races=off finish=on hang=2 seed=1" ;;
	race) options="races=on finish=on hang=2 seed=1" ;;
	esac
	options="$options $drawings"
}

# again_for STAGE CHECK: what plays a failure again, but for the schedule.
again_for()
{
	again="exercises/grade replay"
	case $1 in contract | race) again="$again --$1" ;; esac
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
