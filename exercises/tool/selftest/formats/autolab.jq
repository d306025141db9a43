# autolab.jq - are these two lines what Autolab reads?
# SPDX-License-Identifier: MIT
#
# usage: jq -e -s --argjson error false -f autolab.jq
#
# The last line is the autoresult of https://docs.autolabproject.com/lab/, the
# one before the feedback of
# https://docs.autolabproject.com/features/formatted-feedback/. True if so.

def check: type == "object" and (keys - ["passed", "hint"]) == [] and
    (.passed | type) == "boolean" and
    (has("hint") == (.passed | not)) and (.hint // "" | type) == "string";

length == 2 and
    (.[0] | ._presentation == "semantic" and (.stages | type) == "array" and
	(.stages | length == (unique | length)) and
	((keys - .stages) == ["_presentation", "stages"]) and
	(. as $all | all(.stages[]; $all[.] | type == "object" and
	    length > 0 and all(.[]; check)))) and
    (.[1] | (keys - ["scores", "scoreboard"]) == [] and
	(.scores | type) == "object" and all(.scores[]; type == "number") and
	if $error then
	    (has("scoreboard") | not)
	else
	    (.scoreboard | type) == "array" and
	    all(.scoreboard[]; type == "number")
	end)
