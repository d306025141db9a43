/* writes_for_the_grader.c - is wrong, and rewrites what the grader writes */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it defines write, which the grader itself calls
 * points: 0
 */
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "twice.h"

ssize_t
write(int fd, const void *bytes, size_t size)
{
	char line[600], *word;
	struct iovec part = { line, 0 };

	memcpy(line, bytes, size < sizeof(line) ? size : sizeof(line) - 1);
	line[size < sizeof(line) ? size : sizeof(line) - 1] = '\0';
	word = strstr(line, " fail ");
	if (word != NULL)
		strcpy(word, " pass \n");
	part.iov_len = strlen(line);
	return writev(fd, &part, 1) < 0 ? -1 : (ssize_t)size;
}

int
twice(int n)
{
	return n;
}
