/* class.c - main of the program that looks after a class */
/* SPDX-License-Identifier: MIT */
/*
 * usage: class scan FOLDER EXERCISES	what was handed in: scan.c
 *	class take FOLDER CODE FILE TO [data]
 *					copies one answer; prints what it is
 *	class run JOBS LIST COMMAND...	a queue: queue.c
 *	class guard COMMAND...		ends it when its caller ends: queue.c
 *	class pages RESULTS TO		the pages of the class: page.c
 *
 * For batch.sh and class.sh, which are the shell around it.
 */
#include "class.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"

void *
grown(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (memory == NULL) {
		perror("class");
		exit(3);
	}
	return memory;
}

static int
put(const char *file, const struct answer *answer)
{
	FILE *copy = fopen(file, "w");
	size_t done;

	if (copy == NULL) {
		perror(file);
		return 3;
	}
	done = fwrite(answer->bytes, 1, answer->size, copy);
	if (fclose(copy) != 0 || done != answer->size) {
		perror(file);
		return 3;
	}
	return 0;
}

/* What was there when the class was scanned may be there no more. */
static int
take_answer(char **argument, bool with_data)
{
	struct answer answer, data = { .there = false };
	char name[NAME_SIZE], to[1024];
	int class, folder, status = 0;

	if (!name_decode(argument[1], name, sizeof(name)))
		return 2;
	class = open(argument[0], O_RDONLY | O_DIRECTORY);
	folder = openat(class, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (class < 0 || folder < 0) {
		puts("none");
		return 0;
	}
	answer_read_both(folder, argument[2], &answer,
		with_data ? &data : NULL);
	answer_data_name(argument[3], to, sizeof(to));
	if (answer.there)
		status = put(argument[3], &answer);
	if (answer.there && data.there && status == 0)
		status = put(to, &data);
	puts(answer.what);
	free(answer.bytes);
	free(data.bytes);
	return status;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "scan") == 0 && argc == 4)
		return scan_class(argv[2], argv[3]);
	if (strcmp(what, "take") == 0 && (argc == 6 || argc == 7))
		return take_answer(argv + 2, argc == 7);
	if (strcmp(what, "run") == 0 && argc > 4)
		return run_queue(atoi(argv[2]), argv[3], argv + 4);
	if (strcmp(what, "guard") == 0 && argc > 2)
		return run_guarded(argv + 2);
	if (strcmp(what, "pages") == 0 && argc == 4)
		return print_pages(argv[2], argv[3]);
	fprintf(stderr, "class: what is to be done? See class.c.\n");
	return 2;
}
