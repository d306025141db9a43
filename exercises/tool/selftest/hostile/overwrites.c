/* overwrites.c - is wrong, and writes better results into the files */
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
	static const char line[] = "contract\tdoubles\tpass\tFORGED\n";
	static const char *const files[] = {
		"../verdicts.tsv", "../report.txt", "../records",
		"../machine.new", "../run", "../output/natively-doubles.txt",
	};

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = open(files[i], O_WRONLY | O_CREAT | O_APPEND, 0666);

		if (fd >= 0 && write(fd, line, sizeof(line) - 1) < 0)
			n++;
	}
	return n;
}
