/* answer.c - reads what a student has handed in, whatever it is */
/* SPDX-License-Identifier: MIT */
/*
 * A submission may be a link to somebody else's answer, a pipe that nobody
 * writes into, a device without end. It is opened so that none of these is
 * followed or waited for, and it is read once: what is graded is the copy of
 * which the sum was taken, even if the file changes meanwhile.
 */
#include "class.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST ((size_t)1 << 20)	/* bytes of a file */

/* The sum that cksum(1) prints. */
static uint32_t
add_byte(uint32_t sum, unsigned byte)
{
	sum ^= (uint32_t)byte << 24;
	for (int bit = 0; bit < 8; bit++)
		sum = sum & 0x80000000u ? sum << 1 ^ 0x04c11db7u : sum << 1;
	return sum;
}

static uint32_t
checksum(const char *bytes, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum = add_byte(sum, (unsigned char)bytes[i]);
	for (size_t left = size; left > 0; left >>= 8)
		sum = add_byte(sum, left & 0xff);
	return ~sum;
}

static void
bad(struct answer *answer, const char *name, const char *why)
{
	answer->there = false;
	snprintf(answer->what, sizeof(answer->what), "bad: %.120s %s", name,
		why);
}

static const char *
kind_of_file(mode_t mode)
{
	return S_ISLNK(mode) ? "is a symbolic link" :
		S_ISFIFO(mode) ? "is a named pipe" :
		S_ISDIR(mode) ? "is a folder" :
		S_ISSOCK(mode) ? "is a socket" :
		S_ISREG(mode) ? "is a file" : "is a device";
}

/* The folder that the last part of path is in; -1 if there is none. */
static int
open_folder(int folder, const char *path, struct answer *answer)
{
	char part[256];
	int at = dup(folder), next;
	const char *slash;
	struct stat status;

	for (; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path),
			path);
		next = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			O_CLOEXEC);
		if (next < 0 && fstatat(at, part, &status,
		    AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode))
			bad(answer, part, S_ISDIR(status.st_mode) ?
				"cannot be opened" :
				kind_of_file(status.st_mode));
		close(at);
		at = next;
		if (at < 0)
			return -1;
	}
	return at;
}

/* Takes a mebibyte at most: there may be more by now than there was. */
static void
take(int file, const char *name, struct answer *answer)
{
	ssize_t got = 0;

	answer->bytes = malloc(MOST + 1);
	if (answer->bytes == NULL) {
		perror("class");
		exit(3);
	}
	while (answer->size <= MOST && (got = read(file, answer->bytes +
	    answer->size, MOST + 1 - answer->size)) > 0)
		answer->size += (size_t)got;
	if (got < 0)
		bad(answer, name, "cannot be read");
	else if (answer->size > MOST)
		bad(answer, name, "is larger than 1 MiB");
	else if (answer->size >= 2 &&
	    (memcmp(answer->bytes, "\xff\xfe", 2) == 0 ||
	    memcmp(answer->bytes, "\xfe\xff", 2) == 0))
		bad(answer, name, "is UTF-16: save it as UTF-8");
	else if (memchr(answer->bytes, '\0', answer->size) != NULL)
		bad(answer, name, "is no text: it has a byte of value 0");
	else
		answer->there = true;
	if (answer->there)
		snprintf(answer->what, sizeof(answer->what), "%lu:%lu",
			(unsigned long)checksum(answer->bytes, answer->size),
			(unsigned long)answer->size);
}

void
answer_read(int folder, const char *path, struct answer *answer)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct stat status;
	int at, file = -1;

	*answer = (struct answer){ .what = "none" };
	at = open_folder(folder, path, answer);
	if (at < 0)
		return;
	if (fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT)
			bad(answer, name, "cannot be looked at");
	} else if (!S_ISREG(status.st_mode)) {
		bad(answer, name, kind_of_file(status.st_mode));
	} else {
		file = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
			O_NOCTTY | O_CLOEXEC);
		if (file < 0)
			bad(answer, name, "cannot be opened");
		else if (fstat(file, &status) != 0 ||
		    !S_ISREG(status.st_mode))
			bad(answer, name, "changes while it is looked at");
		else
			take(file, name, answer);
	}
	if (file >= 0)
		close(file);
	close(at);
}

void
answer_data_name(const char *path, char *data, size_t size)
{
	snprintf(data, size, "%.*ssv", (int)strlen(path), path);
}

void
answer_read_both(int folder, const char *path, struct answer *answer,
	struct answer *data)
{
	char name[512], both[2 * WHAT_SIZE];

	answer_read(folder, path, answer);
	if (data == NULL)
		return;
	answer_data_name(path, name, sizeof(name));
	answer_read(folder, name, data);
	if (!answer->there || strcmp(data->what, "none") == 0)
		return;
	if (data->there) {
		snprintf(both, sizeof(both), "%s+%s", answer->what,
			data->what);
		memcpy(answer->what, both, sizeof(answer->what) - 1);
	} else {
		answer->there = false;
		memcpy(answer->what, data->what, sizeof(answer->what));
	}
}
