# classroom.jq - is this what GitHub Classroom's reporter reads?
# SPDX-License-Identifier: MIT
#
# usage: base64 -d | jq -e --argjson error false -f classroom.jq
#
# https://github.com/classroom-resources/autograding-grading-reporter adds up
# max_score and every score, and prints, by the status, name, message, line_no
# and test_code. No line of these may be a command of a runner of Actions. True
# if all is so.

def only($known): (keys - $known) == [];
def status: . == "pass" or . == "fail" or . == "error";
def no_command: split("\n") | all(.[]; test("^[ \t]*::") or test("##\\[") |
    not);

def test: type == "object" and
    only(["name", "status", "score", "message", "test_code", "filename",
	"line_no"]) and (.name | type) == "string" and (.status | status) and
    (.message == null) == (.status == "pass") and
    (.message // "" | no_command) and (.test_code | no_command) and
    (.name | no_command) and .line_no == 0 and (.filename | type) == "string";

type == "object" and only(["version", "status", "max_score", "tests"]) and
    .version == 1 and (.status | status) and
    (.max_score | type) == "number" and all(.tests[]; test) and
    if $error then
	.status == "error" and .max_score == 0 and
	all(.tests[]; .score == null) and any(.tests[]; .status == "error")
    else
	.status != "error" and all(.tests[]; (.score | type) == "number" and
	    .score >= 0) and ([.tests[].score] | add) <= .max_score
    end
