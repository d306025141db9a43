/* scan.c - what a class has handed in: students, units, and what is odd */
/* SPDX-License-Identifier: MIT */
/*
 * usage: class scan FOLDER EXERCISES
 *
 * EXERCISES is a file of lines: exercise, kind, and 1 if it is asked for, by
 * tabs. A student is a folder in FOLDER; an answer is a file in it, called
 * EXERCISE.c, or like the last part of that if no other exercise has it. If
 * all that a student's folder has is one folder, as a zip may unpack, that is
 * the student's folder. What systems leave in folders is not seen at all.
 * Prints, by tabs and sorted:
 *
 *	student	CODE NAME
 *	unit	CODE EXERCISE FILE WHAT		see answer.c for WHAT
 *	note	CODE TEXT			CODE is - for the class
 *
 * A unit is printed for each student and each exercise that is asked for; if
 * none is, for each that somebody has answered.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "class.h"
#include "names.h"

#define MOST_NOTES 20		/* about one student */

struct exercise {
	char name[100];
	char kind;
	bool asked;		/* for; if none is, each counts as asked for */
	bool answered;		/* by anybody */
};

struct list {
	char **text;
	size_t count;
};

struct student {
	char name[NAME_SIZE], code[NAME_SIZE];
	char within[NAME_SIZE + 1];	/* "FOLDER/" if all is in one, or "" */
	struct unit {
		char file[400];
		char what[WHAT_SIZE];
	} *unit;		/* one for each exercise */
	struct list notes;
};

static struct exercise *exercises;
static size_t exercise_count;
static bool any_asked;

static void
add(struct list *list, const char *text)
{
	list->text = grown(list->text, (list->count + 1) * sizeof(char *));
	list->text[list->count] = grown(NULL, strlen(text) + 1);
	strcpy(list->text[list->count++], text);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort(struct list *list)
{
	if (list->count > 0)
		qsort(list->text, list->count, sizeof(char *), compare);
}

/* What macOS and Windows leave behind, of which no student knows. */
static bool
is_litter(const char *name)
{
	return strcmp(name, "__MACOSX") == 0 ||
		strcmp(name, ".DS_Store") == 0 ||
		strncmp(name, "._", 2) == 0 ||
		strcasecmp(name, "Thumbs.db") == 0 ||
		strcasecmp(name, "desktop.ini") == 0;
}

/* Everything in the folder but litter, sorted. */
static struct list
entries(int folder)
{
	struct list list = { NULL, 0 };
	struct dirent *entry;
	int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    !is_litter(entry->d_name))
			add(&list, entry->d_name);
	if (stream != NULL)
		closedir(stream);
	sort(&list);
	return list;
}

static void
release(struct list *list)
{
	while (list->count > 0)
		free(list->text[--list->count]);
	free(list->text);
	list->text = NULL;
}

/* A name as a note may show it. */
static const char *
shown(const char *name)
{
	static char code[NAME_SIZE];

	if (name_is_text(name))
		return name;
	if (!name_encode(name, code, sizeof(code)))
		strcpy(code + sizeof(code) - 4, "...");
	return code;
}

static void
note(struct list *notes, const char *name, const char *text)
{
	char line[1000];

	snprintf(line, sizeof(line), "%.500s %.400s", shown(name), text);
	add(notes, line);
}

static void
read_exercises(const char *file)
{
	FILE *list = fopen(file, "r");
	struct exercise one = { .answered = false };
	int asked;

	if (list == NULL) {
		perror(file);
		exit(3);
	}
	while (fscanf(list, "%99s %c %d", one.name, &one.kind, &asked) == 3) {
		one.asked = asked != 0;
		any_asked = any_asked || one.asked;
		exercises = grown(exercises, (exercise_count + 1) *
			sizeof(one));
		exercises[exercise_count++] = one;
	}
	fclose(list);
}

/* ---- The answers of one student ---- */

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool
in_play(const struct exercise *exercise)
{
	return !any_asked || exercise->asked;
}

/* Is no other exercise, of those to be graded, called like this one? */
static bool
alone(const struct exercise *exercise)
{
	const char *name = last_part(exercise->name);

	for (size_t i = 0; i < exercise_count; i++)
		if (&exercises[i] != exercise && in_play(&exercises[i]) &&
		    strcmp(last_part(exercises[i].name), name) == 0)
			return false;
	return true;
}

static void
find_answer(int folder, struct exercise *exercise, const char *within,
	struct unit *unit)
{
	struct answer answer, data = { .there = false };
	bool with_data = exercise->kind == 'M';

	snprintf(unit->file, sizeof(unit->file), "%s%s.c", within,
		exercise->name);
	answer_read_both(folder, unit->file, &answer,
		with_data ? &data : NULL);
	if (strcmp(answer.what, "none") == 0 && alone(exercise)) {
		free(data.bytes);
		snprintf(unit->file, sizeof(unit->file), "%s%s.c", within,
			last_part(exercise->name));
		answer_read_both(folder, unit->file, &answer,
			with_data ? &data : NULL);
	}
	memcpy(unit->what, answer.what, sizeof(unit->what));
	if (strcmp(unit->what, "none") == 0)
		strcpy(unit->file, "-");
	else
		exercise->answered = true;
	free(answer.bytes);
	free(data.bytes);
}

/* ---- What answers nothing ---- */

static bool
leads_somewhere(const char *path)
{
	size_t length = strlen(path);

	for (size_t i = 0; i < exercise_count; i++)
		if (strncmp(exercises[i].name, path, length) == 0 &&
		    exercises[i].name[length] == '/')
			return true;
	return false;
}

/* The file that is graded, as the student's folder has it; "-": none. */
static const char *
graded_file(const struct student *student, size_t exercise)
{
	const char *file = student->unit[exercise].file;

	return strcmp(file, "-") == 0 ? file : file + strlen(student->within);
}

/* Is it an answer, or the data of one, to be graded now or not? */
static bool
is_answer(const struct student *student, const char *path)
{
	char file[600], data[600];

	for (size_t i = 0; i < exercise_count; i++) {
		snprintf(file, sizeof(file), "%s.c", in_play(&exercises[i]) ?
			graded_file(student, i) : exercises[i].name);
		if (in_play(&exercises[i]))
			file[strlen(file) - 2] = '\0';
		answer_data_name(file, data, sizeof(data));
		if (strcmp(path, file) == 0 || (exercises[i].kind == 'M' &&
		    strcmp(path, data) == 0))
			return true;
	}
	return false;
}

static bool
is_ambiguous(const char *path)
{
	char file[128];

	for (size_t i = 0; i < exercise_count; i++) {
		snprintf(file, sizeof(file), "%s.c",
			last_part(exercises[i].name));
		if (in_play(&exercises[i]) && strcmp(path, file) == 0 &&
		    !alone(&exercises[i]))
			return true;
	}
	return false;
}

/* Why a file is not graded that answers nothing. */
static const char *
why_not(const struct student *student, const char *path)
{
	char file[128];

	for (size_t i = 0; i < exercise_count; i++) {
		snprintf(file, sizeof(file), "%s.c", exercises[i].name);
		if (!in_play(&exercises[i]) || (strcasecmp(path, file) != 0 &&
		    strcasecmp(path, last_part(file)) != 0))
			continue;
		return strcmp(graded_file(student, i), "-") != 0 ?
			"is not graded: there is another answer to the same "
			"exercise" : "answers no exercise: small and capital "
			"letters matter in its name";
	}
	return "answers no exercise";
}

static void
walk(struct student *student, int folder, const char *prefix)
{
	struct list list = entries(folder);

	for (size_t i = 0; i < list.count; i++) {
		char path[600];
		int next;

		snprintf(path, sizeof(path), "%.300s%.256s", prefix,
			list.text[i]);
		next = leads_somewhere(path) ? openat(folder, list.text[i],
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		if (next >= 0) {
			strcat(path, "/");
			walk(student, next, path);
			close(next);
		} else if (is_ambiguous(path)) {
			note(&student->notes, path, "could answer several "
				"exercises: it belongs in the folder of one");
		} else if (!is_answer(student, path)) {
			note(&student->notes, path, why_not(student, path));
		}
	}
	release(&list);
}

/* ---- The class ---- */

/* False, with a note, if there is nobody of that name. */
static bool
begin_student(struct student *student, int class, const char *name,
	struct list *notes, int *folder)
{
	struct stat status;

	if (fstatat(class, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISDIR(status.st_mode))
		note(notes, name, "is no folder: nobody's answers");
	else if (name[0] == '.')
		note(notes, name, "is hidden: nobody's answers");
	else if (!name_is_text(name))
		note(notes, name, "is a name with control characters, or not "
			"in UTF-8: refused");
	else if (strlen(name) >= sizeof(student->name) ||
	    !name_encode(name, student->code, sizeof(student->code)))
		note(notes, name, "is too long a name: refused");
	else if ((*folder = openat(class, name, O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW | O_CLOEXEC)) < 0)
		note(notes, name, "cannot be opened: refused");
	else
		return true;
	return false;
}

/*
 * Is everything in one folder, and that no exercise's, nor called like a file?
 * Sets within.
 */
static int
go_within(struct student *student, int folder)
{
	struct list list = entries(folder);
	const char *name = list.count == 1 ? list.text[0] : "";
	const char *dot = strrchr(name, '.');
	int next = -1;

	if (list.count == 1 && !leads_somewhere(name) && name_is_text(name) &&
	    name[0] != '.' && (dot == NULL || strcmp(dot, ".c") != 0))
		next = openat(folder, name, O_RDONLY | O_DIRECTORY |
			O_NOFOLLOW | O_CLOEXEC);
	snprintf(student->within, sizeof(student->within), "%.255s%s",
		next >= 0 ? name : "", next >= 0 ? "/" : "");
	release(&list);
	return next >= 0 ? next : dup(folder);
}

static void
read_student(struct student *student, const char *name, int folder)
{
	int within = go_within(student, folder);

	snprintf(student->name, sizeof(student->name), "%.255s", name);
	student->unit = grown(NULL, exercise_count * sizeof(struct unit));
	for (size_t i = 0; i < exercise_count; i++)
		if (in_play(&exercises[i]))
			find_answer(folder, &exercises[i], student->within,
				&student->unit[i]);
	walk(student, within, "");
	close(within);
	sort(&student->notes);
}

static void
print_student(const struct student *student)
{
	const struct list *notes = &student->notes;

	printf("student\t%s\t%s\n", student->code, student->name);
	for (size_t i = 0; i < exercise_count; i++)
		if (in_play(&exercises[i]) &&
		    (any_asked || exercises[i].answered))
			printf("unit\t%s\t%s\t%s\t%s\n", student->code,
				exercises[i].name, student->unit[i].file,
				student->unit[i].what);
	for (size_t i = 0; i < notes->count && i < MOST_NOTES; i++)
		printf("note\t%s\t%s\n", student->code, notes->text[i]);
	if (notes->count > MOST_NOTES)
		printf("note\t%s\tand %lu files more answer no exercise\n",
			student->code,
			(unsigned long)(notes->count - MOST_NOTES));
}

int
scan_class(const char *folder, const char *list)
{
	int class = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), one;
	struct student *students = NULL;
	struct list names, notes = { NULL, 0 };
	size_t count = 0;

	if (class < 0) {
		perror(folder);
		return 2;
	}
	read_exercises(list);
	names = entries(class);
	for (size_t i = 0; i < names.count; i++) {
		students = grown(students, (count + 1) * sizeof(*students));
		students[count] = (struct student){ .unit = NULL };
		if (!begin_student(&students[count], class, names.text[i],
		    &notes, &one))
			continue;
		read_student(&students[count++], names.text[i], one);
		close(one);
	}
	for (size_t i = 0; i < count; i++)
		print_student(&students[i]);
	for (size_t i = 0; i < notes.count; i++)
		printf("note\t-\t%s\n", notes.text[i]);
	return fflush(stdout) == 0 ? 0 : 3;
}
