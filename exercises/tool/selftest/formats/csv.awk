# SPDX-License-Identifier: MIT
#
# csv.awk - a reader of CSV that is strict about RFC 4180
#
# usage: awk [-v column=NAME | -v number=N] -f csv.awk FILE
#
# https://www.rfc-editor.org/rfc/rfc4180. Prints the column, without what marks
# a text as none of a spreadsheet's formulas; of a file without a header, by
# its number. Complains, with the status 1, of a line that does not end in
# CRLF, quotes where there may be none, lines of unlike numbers of fields, and
# fields that a spreadsheet would compute.

function complain(text)
{
	printf "csv.awk: line %d: %s\n", NR, text
	bad = 1
}

# Sets field[1..n]; a field in quotes, or one without any.
function split_line(line,	n)
{
	n = 0
	for (;;) {
		n++
		if (substr(line, 1, 1) != "\"") {
			match(line, /^[^,"]*/)
			field[n] = substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
		} else {
			match(line, /^"([^"]|"")*"/)
			if (RLENGTH < 0)
				complain("a quote has no end")
			field[n] = substr(line, 2, RLENGTH - 2)
			gsub(/""/, "\"", field[n])
			line = substr(line, RLENGTH < 0 ? length(line) + 1 : \
			    RLENGTH + 1)
		}
		if (line == "")
			return n
		if (substr(line, 1, 1) != ",") {
			complain("after a field there is `" line "'")
			return n
		}
		line = substr(line, 2)
	}
}

BEGIN { formula = "^[ ']*([-=+@|%]|\357\274(\213|\215|\235|\240))" }

{
	if (!sub(/\r$/, ""))
		complain("it does not end in CRLF")
	if ($0 ~ /[\001-\037\177]/)
		complain("a control character")
	n = split_line($0)
	if (NR > 1 && n != fields)
		complain(n " fields, and " fields " before")
	fields = n
	for (i = 1; i <= n; i++)
		if (field[i] ~ formula && field[i] !~ /^'/)
			complain("a formula: " field[i])
	if (NR == 1 && column != "") {
		for (i = 1; i <= n; i++)
			if (field[i] == column)
				number = i
		if (number == "")
			complain("no column " column)
		next
	}
	text = field[number]
	if (text ~ /^'/ && text ~ formula)
		text = substr(text, 2)
	if (number != "")
		print text
}

END { exit bad }
