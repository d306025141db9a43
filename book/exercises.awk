# SPDX-License-Identifier: MIT
#
# exercises.awk - one line per exercise, from the manifests
#
# usage: awk -f book/exercises.awk exercises/*/*/manifest
#
# Writes id, title, stars, points and folder, separated by tabs.

function flush()
{
	if (folder != "")
		printf "%s\t%s\t%s\t%s\t%s\n", field["id"], field["title"],
		    field["stars"], field["points"], folder
}

FNR == 1 {
	flush()
	split("", field)
	folder = FILENAME
	sub(/\/manifest$/, "", folder)
}

$1 ~ /^(id|title|stars|points)$/ {
	key = $1
	sub(/^[a-z]+[ \t]+/, "")
	sub(/[ \t]+$/, "")
	field[key] = $0
}

END { flush() }
