# SPDX-License-Identifier: MIT
#
# object.awk - what an answer's object file may not contain
#
# usage: awk -v forbid='usleep poll' -f object.awk TOOL ANSWER SECTIONS
#
# TOOL and ANSWER are written by nm -P, of the grader's objects (and the
# explorer's, if it has a part) and of the answer's; SECTIONS is the answer's, by objdump -h. Prints one sentence for
# the first rule that is broken. The source has been read already (see
# source.awk); here are those names that the preprocessor, or the assembler,
# has put together, and functions by which an answer would take the place of
# what the grader itself calls.

function broken(text)
{
	if (!said)
		print text
	said = 1
}

BEGIN {
	n = split(forbid, words, " ")
	for (i = 1; i <= n; i++)
		forbidden[words[i]] = 1
}

FNR == 1 { file++ }

file == 1 && $2 ~ /^[Uw]$/ { needed[$1] = 1 }

file == 2 && $2 == "U" && $1 in forbidden {
	broken("it calls " $1 ", which this exercise does not allow")
}

file == 2 && $1 ~ /^(__real_|__wrap_|__tsan_|explore_|xp_)/ {
	broken("it uses " $1 ", which is the grader's own")
}

file == 2 && $2 ~ /^[A-TV-Z]$/ && $1 in needed && $1 !~ /^tp_/ {
	broken("it defines " $1 ", which the grader itself calls")
}

file == 3 && $2 ~ /^\.(preinit_array|init_array|ctors)/ {
	broken("it has a function that runs before main (a constructor)")
}

file == 2 && $2 == "i" {
	broken("it has a function that runs before main (an ifunc)")
}
