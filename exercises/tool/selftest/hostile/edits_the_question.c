/* edits_the_question.c - is wrong, and would make the checks easier */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: twice(3) was 3
 * points: 0
 */
#include <fcntl.h>
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	static const char *const files[] = {
		"../../../../../../exercises/tool/selftest/fixture/suite.c",
		"../../../../../../exercises/tool/selftest/fixture/manifest",
		"../../../../run", "../../../../settings", "../checks.c",
		"../obj", "../obj.o", "../lock",
	};

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (open(files[i], O_WRONLY) >= 0)
			n++;
	return n;
}
