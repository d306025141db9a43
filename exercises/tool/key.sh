# SPDX-License-Identifier: MIT
#
# key.sh - does the explorer see a program write what its model allows?
#
# Sourced in the project's folder by the key.sh of a question, which sets
#
#	program	the question's program, with the explorer
#	list	prints the logs that the model allows, one a line
#	lines	a pattern: which lines of the program's output are logs
#
# and calls compare. The outcome: so many logs are allowed, so many of them
# were found by searching so many schedules, and all of them by so many
# executions by chance (tried).

allowed=0 found=0 searched=0 tried=0
folder=$(mktemp -d) || exit 3
trap 'rm -rf "$folder"' EXIT

# explore WAY WORDS: gathers the logs in $folder/WAY.
explore()
{
	EXPLORE="outcomes=on races=off $2" "$program" $arguments \
	    > "$folder/$1.text" || {
		cat "$folder/$1.text"
		exit 1
	}
	grep -E "$lines" "$folder/$1.text" | sort > "$folder/$1"
}

# executions WAY: of its closing line; it must have come to an end.
executions()
{
	sed -n 's/^explore: \([0-9]*\) executions, 0 failing$/\1/p' \
	    "$folder/$1.text"
}

# require_none WAY WORDS LOGS: there must be no such logs.
require_none()
{
	[ -z "$3" ] && return
	echo "$1${arguments:+ ($arguments)}: logs $2:"
	echo "$3"
	exit 1
}

# require_all WAY: it must have seen every log that the model allows.
require_all()
{
	require_none "$1" 'that it did not see' \
	    "$(comm -23 "$folder/model" "$folder/$1")"
}

# compare PREEMPTIONS CHANCE [ARGUMENT...]: a search through every schedule
# with up to so many preemptions must see no log that the model does not
# allow; executions by chance (CHANCE: how many, in the explorer's words),
# exactly those that it allows. Program and list are given the arguments.
compare()
{
	preemptions=$1
	chance=$2
	shift 2
	arguments=$*
	"$list" "$@" | sort > "$folder/model"
	[ -s "$folder/model" ] || { echo 'the model allows nothing'; exit 1; }
	explore search "search=$preemptions runs=10000000"
	grep -q '^explore: all schedules' "$folder/search.text" ||
	    { echo 'the search did not come to its end'; exit 1; }
	explore chance "$chance"
	for way in search chance; do
		require_none $way 'that the model does not allow' \
		    "$(comm -13 "$folder/model" "$folder/$way")"
	done
	require_all chance
	allowed=$((allowed + $(wc -l < "$folder/model")))
	found=$((found + $(wc -l < "$folder/search")))
	searched=$((searched + $(executions search)))
	tried=$((tried + $(executions chance)))
}
