# gradescope.jq - does a results.json have what the platform documents?
# SPDX-License-Identifier: MIT
#
# usage: jq -e --argjson error false -f gradescope.jq results.json
#
# https://gradescope-autograders.readthedocs.io/en/latest/specs/: the keys,
# their types and the words that they may have; and what we add to it, that
# there is no score anywhere after an error. True if all is so.

def visibility: . == "hidden" or . == "after_due_date" or
    . == "after_published" or . == "visible";
def output_format: . == "text" or . == "simple_format" or . == "html" or
    . == "md" or . == "ansi";
def only($known): (keys - $known) == [];
def text: type == "string";

def test: type == "object" and
    only(["score", "max_score", "status", "name", "name_format", "number",
	"output", "output_format", "tags", "visibility", "extra_data"]) and
    (.name | text) and (.number | text) and (.output | text) and
    (.name_format | output_format) and (.output_format == "text") and
    (.visibility | visibility) and (.extra_data | type == "object") and
    (has("score") == has("max_score")) and
    (if has("score") then
	(.score | type) == "number" and (.max_score | type) == "number" and
	    .score >= 0 and .score <= .max_score and
	    (.status == "passed") == (.score == .max_score)
    else
	true
    end) and
    (.status // "passed" | . == "passed" or . == "failed");

def whole: type == "object" and
    only(["score", "execution_time", "output", "output_format",
	"test_output_format", "test_name_format", "visibility",
	"stdout_visibility", "extra_data", "tests", "leaderboard"]) and
    (.output | text) and (.output_format | output_format) and
    (.test_output_format | output_format) and
    (.test_name_format | output_format) and (.visibility | visibility) and
    (.stdout_visibility == "hidden") and (.extra_data | type == "object") and
    (.execution_time // 0 | type == "number") and
    (.tests | type == "array" and length > 0);

def near($sum): . - $sum < 0.000001 and $sum - . < 0.000001;

whole and all(.tests[]; test) and
    ([.tests[].number] | length == (unique | length)) and
    if $error then
	([.. | objects | has("score") or has("max_score")] | any | not)
    else
	(.score | type) == "number" and
	(([.tests[].score // 0] | add) as $sum | .score | near($sum))
    end
