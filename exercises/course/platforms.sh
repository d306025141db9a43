# platforms.sh - plays Gradescope and GitHub, for check_course.sh
# SPDX-License-Identifier: MIT
#
# Sourced. Each platform is what its documentation says of it: folders, who
# calls what, and what is looked for afterwards.

graded=01-work/wait

# json: fails if there is no jq to look with; where it is required, aloud.
json_is_read()
{
	command -v jq > /dev/null && return
	echo 'check_course: jq is not installed: results.json is not read'
	[ "$ELSEWHERE" = required ] && faults=$((faults + 1))
	return 1
}

# image ARCHIVE: the folders as Gradescope has them; the image is built.
image()
{
	root=$scratch/autograder
	rm -rf "$root"
	mkdir -p "$root/submission" "$root/results" "$root/source"
	unzip -q "build/course/$1" -d "$root/source" &&
	cp "$root/source/run_autograder" "$root/run_autograder" &&
	[ -x "$root/run_autograder" ] && lend "$root/source/the-deep-end" &&
	AUTOGRADER=$root AUTOGRADER_PACKAGES=none "$root/source/setup.sh"
}

# submit FILE NAME: graded as the platform grades it; FILE - is nothing.
submit()
{
	rm -rf "$root/submission" "$root/results"
	mkdir -p "$root/submission/${2%/*}" "$root/results"
	[ "$1" = - ] || cp -P "$1" "$root/submission/$2" || return 1
	(cd / && AUTOGRADER=$root "$root/run_autograder")
}

score()
{
	jq '[.score // ([.tests[]?.score] | add)][0]' \
	    "$root/results/results.json"
}

# What the documentation asks of results.json.
well_formed()
{
	json_is_read || return 0
	jq -e 'type == "object" and
	    ((.score | type == "number") or (.tests | type == "array")) and
	    ([.tests[]? | ((.score // 0) <= (.max_score // 0)) and
	    ((.score // 0) >= 0) and (.name | type == "string")] | all) and
	    ([.tests[]?.status // "passed"] |
	    all(. == "passed" or . == "failed"))' "$root/results/results.json"
}

scores()
{
	submit "$2" "$3" && well_formed || return 1
	json_is_read || return 0
	score > "$scratch/score"
	jq -n -e --argjson score "$(cat "$scratch/score")" \
	    "\$score $1" && return
	cat "$root/results/results.json"
	return 1
}

# An answer that writes the results itself, and ends.
hostile()
{
	{
		printf '#include <stdio.h>\n#include <stdlib.h>\n'
		cat "exercises/$graded/correct/semaphores.c"
	} | awk -v root="$root" '
	    { print }
	    /^tp_object_wait\(/ { inside = 1 }
	    inside && /^{/ {
		print "\tFILE *f = fopen(\"" root "/results/results.json\"," \
		    " \"w\");\n\tif (f != NULL)\n\t\tfputs(\"{\\\"score\\\"" \
		    ": 5}\", f);\n\tputs(\"{\\\"score\\\": 5}\");\n" \
		    "\tfflush(NULL);\n\t_Exit(0);"
		inside = 0
	    }' > "$scratch/hostile.c"
	grep -q _Exit "$scratch/hostile.c"
}

# When the grader cannot work, there is no result rather than one of 0.
trouble_is_no_result()
{
	mv "$root/source/the-deep-end/handout.mk" "$scratch/handout.mk"
	echo '$(error no machine today)' \
	    > "$root/source/the-deep-end/handout.mk"
	submit "exercises/$graded/correct/semaphores.c" wait.c
	status=$?
	mv "$scratch/handout.mk" "$root/source/the-deep-end/handout.mk"
	[ $status -ne 0 ] && [ ! -e "$root/results/results.json" ]
}

# Half a processor for ten minutes, and 768 MB: what a right answer used.
within_the_defaults()
{
	rm -f "$root/results/results.json"
	mkdir -p "$root/submission"
	cp "exercises/$graded/correct/semaphores.c" "$root/submission/wait.c"
	AUTOGRADER=$root sh -c '"$1" > /dev/null 2>&1; times' - \
	    "$root/run_autograder" > "$scratch/times"
	tail -n 1 "$scratch/times" | tr ms '  ' |
	    awk '{ exit !($1 * 60 + $2 + $3 * 60 + $4 < 300) }' &&
	awk -F'\t' 'NR > 1 && $5 ~ /^[0-9]+$/ { seen = 1
		if ($5 > 768 * 1024)
			bad = 1 }
	    END { exit bad || !seen }' \
	    "$root/source/the-deep-end/build/exercises/$graded/machine.tsv"
}

gradescope()
{
	expect 'the archive for Gradescope is packed' \
	    exercises/course/gradescope.sh $graded
	expect 'there are no answers in it' exercises/course/check_handout.sh \
	    build/course/gradescope-01-work-wait.zip
	expect 'the image is built' image gradescope-01-work-wait.zip
	expect 'a right answer gets everything' scores '== 5' \
	    "exercises/$graded/correct/semaphores.c" wait.c
	expect 'the stub gets nothing, under the name of a chapter' scores \
	    '== 0' "exercises/$graded/stub.c" $graded.c
	expect 'a wrong answer with another name gets part of it' scores \
	    '| . > 0 and . < 5' \
	    "exercises/$graded/mutant/cancel_wakes_nobody.c" mine.c
	expect 'a hostile answer is written' hostile
	expect 'what it wrote is not the result' scores '== 0' \
	    "$scratch/hostile.c" wait.c
	expect 'nothing handed in is no points, and said' scores '== 0' - wait.c
	ln -s "$PWD/exercises/$graded/correct/semaphores.c" "$scratch/link.c"
	expect 'a link is not an answer' scores '== 0' "$scratch/link.c" wait.c
	expect 'trouble of the grader is not a result' trouble_is_no_result
	expect 'it keeps to half a processor, ten minutes, 768 MB' \
	    within_the_defaults
}

# A variant is graded there: with it the public answer does not pass.
variant()
{
	exercises/grade vary --seed autumn --to "$scratch/overlay" \
	    01-work/repair || return 1
	OVERLAY=$scratch/overlay exercises/course/gradescope.sh 01-work/repair
}

gradescope_variant()
{
	expect 'an archive of a variant is packed' variant
	expect 'its image is built' image gradescope-01-work-repair.zip
	expect 'there are no answers to the variant in it' \
	    test ! -e "$root/source/overlay/01-work/repair/correct"
	expect "a right answer to the variant gets everything" scores '== 5' \
	    "$scratch/overlay/01-work/repair/correct/loop.c" repair.c
	expect 'the public answer does not' scores '< 5' \
	    exercises/01-work/repair/correct/loop.c repair.c
}

# in_actions FILE: the step as a runner of GitHub's calls it; status in $status.
in_actions()
{
	rm -rf "$scratch/runner"
	mkdir -p "$scratch/runner/student/answers/01-work"
	[ "$1" = - ] || cp "$1" "$scratch/runner/student/answers/$graded.c"
	ln -s "$there" "$scratch/runner/course"
	(
		cd "$scratch/runner" || exit 3
		GITHUB_OUTPUT=$scratch/runner/output
		GITHUB_STEP_SUMMARY=$scratch/runner/summary
		EXERCISES=$graded
		export GITHUB_OUTPUT GITHUB_STEP_SUMMARY EXERCISES
		sed -n 's/^ *run: \(course.*classroom.sh.*\)$/\1/p' \
		    "$here/exercises/course/classroom.yml" > step
		[ -s step ] && bash -e step
	)
	status=$?
}

# step STATUS POINTS FILE
step()
{
	in_actions "$3"
	[ $status -eq "$1" ] &&
	    grep "^Points: $2 of 5" "$scratch/runner/summary" &&
	    grep '^grade1=[A-Za-z0-9+/=]*$' "$scratch/runner/output" || return 1
	json_is_read || return 0
	sed 's/^grade1=//' "$scratch/runner/output" | base64 -d |
	    jq -e "([.tests[].score] | add) == $2 and .max_score == 5 and
	    (.status == \"pass\") == ($1 == 0)"
}

actions()
{
	here=$PWD
	expect 'a right answer in a repository passes' \
	    step 0 5 "exercises/$graded/correct/semaphores.c"
	expect 'a repository without an answer fails, and has no points' \
	    step 1 0 -
}

# The Dockerfile's packages are those of README.md, and its files exist.
dockerfile()
{
	sed -n '/make check$/s/.*-recommends \(.*\) && make.*/\1/p' README.md |
	    tr ' ' '\n' | sort > "$scratch/readme"
	sed -e ':join' -e '/\\$/{N' -e 's/\\\n//' -e 'b join' -e '}' \
	    exercises/course/Dockerfile |
	    sed -n 's/.*--no-install-recommends \(.*\) && rm.*/\1/p' |
	    tr -s ' ' '\n' | grep . | sort > "$scratch/docker"
	[ "$(wc -l < "$scratch/readme")" -gt 5 ] &&
	    diff "$scratch/readme" "$scratch/docker" || return 1
	# Every instruction is one that there is, and what is copied exists.
	sed -e ':join' -e '/\\$/{N' -e 's/\\\n//' -e 'b join' -e '}' \
	    exercises/course/Dockerfile | awk '
	    /^#/ || /^$/ { next }
	    $1 !~ /^(FROM|RUN|COPY|WORKDIR|CMD)$/ { print; bad = 1 }
	    $1 == "COPY" && NF == 3 { print $2 > copied }
	    $1 == "COPY" && NF != 3 { print; bad = 1 }
	    { seen[$1]++ }
	    END { exit bad || seen["FROM"] != 1 || !seen["RUN"] }' \
	    copied="$scratch/copied" || return 1
	while read -r file; do
		[ -e "$there/$file" ] || return 1
	done < "$scratch/copied"
	sed -n 's/^RUN make //p' exercises/course/Dockerfile \
	    > "$scratch/targets"
	[ -s "$scratch/targets" ] || return 1
	for target in $(cat "$scratch/targets"); do
		(cd "$there" && make -n "$target" > /dev/null) || return 1
	done
}

# A class of two, as Slurm calls slurm.sh for each task of an array.
as_an_array()
{
	for name in ada bob; do
		mkdir -p "$scratch/class/$name/01-work"
	done
	cp exercises/01-work/predict/stub.c \
	    "$scratch/class/ada/01-work/predict.c"
	cp exercises/01-work/predict/correct/by_letter.c \
	    "$scratch/class/bob/01-work/predict.c"
	for task in 1 2; do
		SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=2 \
		    SLURM_SUBMIT_DIR=$PWD exercises/course/slurm.sh \
		    "$scratch/class" "$scratch/array" || return 1
	done
	exercises/grade merge "$scratch/array" "$scratch/array-1" \
	    "$scratch/array-2" &&
	    [ "$(wc -l < "$scratch/array/gradebook.csv")" -eq 3 ]
}

in_parallel()
{
	exercises/course/parallel.sh "$scratch/class" "$scratch/jobs" 2 \
	    --jobs 2 && diff -r -x machine.tsv -x printed -x shard \
	    "$scratch/array" "$scratch/jobs"
}

recipes()
{
	expect 'the array of Slurm grades a class' as_an_array
	if command -v parallel > /dev/null; then
		expect 'GNU parallel has the same results' in_parallel
	else
		echo 'check_course: GNU parallel is not installed: not tried'
		[ "$ELSEWHERE" = required ] && faults=$((faults + 1))
	fi
	:
}
