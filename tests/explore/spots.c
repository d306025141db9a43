/* spots.c - return addresses become places in the source */
/* SPDX-License-Identifier: MIT */
/*
 * addr2line, which comes with every gcc, knows functions, files and lines.
 * It is run once for all addresses of a record that are not known yet; what
 * it says is kept. A return address is that of the instruction after the
 * call, which may belong to the next line: so it is asked for the byte before.
 * Where functions have been inlined into each other, one address is several
 * places, innermost first.
 *
 * Without addr2line there are no lines; functions still have names, from the
 * symbol table, and xp_spots_trouble says why that is all.
 *
 * Interface: xp_spots_read, xp_spot, xp_spot_inner, xp_say_spot,
 * xp_spots_trouble.
 */
#define _GNU_SOURCE		/* memfd_create */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture.h"

#define DEPTH		4	/* places of one address that are kept */
#define LINE_MAX_	1024	/* bytes of a line that are looked at */

struct known {
	uintptr_t address;		/* of the call */
	unsigned depth;
	struct xp_spot spot[DEPTH];
};

static struct known *known;
static size_t known_count;
static const char *trouble;

/*
 * Thin covers: what they call is of no interest, who calls them is. Ends of
 * paths, and functions.
 */
static const char *const covers[] = {
	"ref/sync.c",		/* the engine's covers over POSIX threads */
	"tests/harness.c",	/* gates, latches, tallies of the tests */
	"tests/counting.c",	/* allocations and threads, counted */
	"tool/suite.c",		/* the same of the exercises' suites ... */
	"tool/scene.c",		/* ... their scenes ... */
	"tool/watch.c",		/* ... and what watches a submission */
	"tp_waitable_lock",	/* one lock, and functions of its own for it */
	"tp_waitable_unlock",
};

#define OWN "tests/explore/"	/* the explorer itself; not its corpus */

/* Does the path end in these parts? */
static bool
ends_in(const char *path, size_t length, const char *parts)
{
	size_t n = strlen(parts);

	return length >= n && strncmp(path + length - n, parts, n) == 0 &&
		(length == n || path[length - n - 1] == '/');
}

static bool
is_cover(const struct xp_spot *spot)
{
	for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++)
		if (ends_in(spot->path, strlen(spot->path), covers[i]) ||
			strcmp(spot->function, covers[i]) == 0)
			return true;
	return false;
}

static bool
is_own(const struct xp_spot *spot)
{
	return ends_in(spot->path, (size_t)(spot->file - spot->path), OWN);
}

static struct known *
find(uintptr_t address)
{
	for (size_t i = 0; i < known_count; i++)
		if (known[i].address == address)
			return &known[i];
	return NULL;
}

/*
 * Without files: the frames of the explorer are those up to the call that it
 * has taken over.
 */
static int
first_frame(const uintptr_t frames[XP_FRAMES])
{
	static const char *const entries[] = { "__wrap_", "__tsan_" };
	int first = 0;

	for (int i = 0; trouble != NULL && i < XP_FRAMES; i++) {
		struct known *entry = find(frames[i] - 1);

		for (int e = 0; entry != NULL && entry->depth > 0 && e < 2; e++)
			if (strncmp(entry->spot[0].function, entries[e],
				strlen(entries[e])) == 0)
				first = i + 1;
	}
	return first;
}

/* ---- The source ---- */

/* The file where the compiler saw it, or as far of that path as exists. */
static FILE *
open_source(const char *path)
{
	FILE *file = NULL;

	while (file == NULL && path != NULL && *path != '\0') {
		file = fopen(path, "r");
		path = strchr(path + 1, '/');
		if (path != NULL)
			path++;
	}
	return file;
}

static int
open_brackets(const char *text)
{
	int open = 0;

	for (; *text != '\0'; text++)
		open += (*text == '(') - (*text == ')');
	return open;
}

/* A copy without the blanks at both ends, and with one for many inside. */
static char *
trimmed(const char *text)
{
	char *copy = malloc(strlen(text) + 1), *to = copy;

	if (copy == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		bool blank = strchr(" \t\r\n", *text) != NULL;

		if (blank && (to == copy || to[-1] == ' ' || to[-1] == '('))
			continue;
		*to++ = blank ? ' ' : *text;
	}
	if (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

static void
read_source(struct xp_spot *spot)
{
	FILE *file = spot->line > 0 ? open_source(spot->path) : NULL;
	char line[LINE_MAX_], whole[3 * LINE_MAX_] = "", *text;

	spot->source = "";
	if (file == NULL)
		return;
	for (unsigned n = 1; fgets(line, sizeof line, file) != NULL; n++) {
		if (n < spot->line)
			continue;
		strncat(whole, line, sizeof whole - strlen(whole) - 1);
		if (open_brackets(whole) <= 0 || n == spot->line + 3)
			break;
	}
	text = trimmed(whole);
	spot->source = text != NULL ? text : "";
	fclose(file);
}

/* ---- Asking ---- */

/* "take.part.0" is a part of take. */
static const char *
function_name(const char *text)
{
	char *name = trimmed(text);

	if (name != NULL)
		name[strcspn(name, ".")] = '\0';
	return name != NULL ? name : "";
}

/* From "/src/pool.c:45 (discriminator 3)", and the line before it. */
static void
read_spot(struct known *entry, const char *function, const char *place)
{
	struct xp_spot *spot;
	const char *colon = strrchr(place, ':'), *slash;

	if (entry->depth == DEPTH || colon == NULL || place[0] == '?')
		return;
	spot = &entry->spot[entry->depth++];
	spot->function = function_name(function);
	spot->line = (unsigned)strtoul(colon + 1, NULL, 10);
	spot->path = strndup(place, (size_t)(colon - place));
	if (spot->path == NULL)
		spot->path = "";
	slash = strrchr(spot->path, '/');
	spot->file = slash != NULL ? slash + 1 : spot->path;
	read_source(spot);
}

/* Lines of addr2line: an address; then pairs of a function and a place. */
static void
read_answer(FILE *answer)
{
	char line[LINE_MAX_], function[LINE_MAX_] = "";
	struct known *entry = NULL;

	while (fgets(line, sizeof line, answer) != NULL) {
		if (strncmp(line, "0x", 2) == 0) {
			entry = find((uintptr_t)strtoull(line, NULL, 16));
			function[0] = '\0';
		} else if (function[0] == '\0') {
			memcpy(function, line, sizeof function);
		} else {
			if (entry != NULL)
				read_spot(entry, function, line);
			function[0] = '\0';
		}
	}
}

/* Runs addr2line on the addresses from that index on. Did it work? */
static bool
ask(const char *program, size_t from)
{
	/* No file on a disk, and no path: neither may be allowed to us. */
	int memory = memfd_create("addresses", MFD_CLOEXEC);
	FILE *question = memory < 0 ? NULL : fdopen(memory, "w+"), *answer;
	int ends[2], file, status = -1;
	char path[40];
	pid_t child;

	if (question == NULL || pipe(ends) != 0)
		return false;
	/* "/proc/self/exe" would be addr2line itself. */
	file = open(program, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	for (size_t i = from; i < known_count; i++)
		fprintf(question, "0x%jx\n", (uintmax_t)known[i].address);
	fflush(question);
	rewind(question);
	child = fork();
	if (child == 0) {
		dup2(fileno(question), STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("addr2line", "addr2line", "-a", "-f", "-i", "-e",
			path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	fclose(question);
	close(file);
	answer = fdopen(ends[0], "r");
	if (answer != NULL) {
		read_answer(answer);
		fclose(answer);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* ---- Collecting ---- */

static void
add(const uintptr_t frames[XP_FRAMES])
{
	for (int i = 0; i < XP_FRAMES && frames[i] != 0; i++) {
		struct known *more;

		if (find(frames[i] - 1) != NULL)
			continue;
		more = realloc(known, (known_count + 1) * sizeof *known);
		if (more == NULL)
			return;
		known = more;
		memset(&known[known_count], 0, sizeof *known);
		known[known_count++].address = frames[i] - 1;
	}
}

/* Without lines: at least the names of functions. */
static void
add_functions(size_t from)
{
	struct xp_symbol symbol;

	for (size_t i = from; i < known_count; i++) {
		if (known[i].depth > 0 ||
			!xp_symbol_code(known[i].address, &symbol))
			continue;
		known[i].depth = 1;
		known[i].spot[0] = (struct xp_spot){
			.function = function_name(symbol.name), .path = "",
			.file = "", .source = "",
		};
	}
}

void
xp_spots_read(const char *program, const struct xp_record *record)
{
	uint32_t steps = record->steps < XP_STEPS ? record->steps : XP_STEPS;
	size_t from = known_count;

	add(record->frames);
	add(record->race.frames[0]);
	add(record->race.frames[1]);
	for (uint32_t i = 0; i < record->threads && i < XP_THREADS; i++)
		add(record->thread[i].frames);
	for (uint32_t i = 0; i < record->objects && i < XP_OBJECTS; i++)
		add(record->object[i].frames);
	for (uint32_t i = 0; i < steps; i++)
		add(record->events[i].frames);
	xp_symbols_open(program);
	if (known_count > from && !ask(program, from))
		trouble = "addr2line (of binutils) could not be run: "
			"functions are named, lines are not";
	add_functions(from);
}

const char *
xp_spots_trouble(void)
{
	return trouble;
}

/* ---- Answers ---- */

/* The first that is the program's; without the covers, if asked. */
static const struct xp_spot *
first_of(const uintptr_t frames[XP_FRAMES], bool covers_too)
{
	for (int i = first_frame(frames); i < XP_FRAMES; i++) {
		struct known *entry = find(frames[i] - 1);

		for (unsigned d = 0; entry != NULL && d < entry->depth; d++)
			if (!is_own(&entry->spot[d]) &&
				(covers_too || !is_cover(&entry->spot[d])))
				return &entry->spot[d];
	}
	return NULL;
}

const struct xp_spot *
xp_spot_inner(const uintptr_t frames[XP_FRAMES])
{
	return first_of(frames, true);
}

const struct xp_spot *
xp_spot(const uintptr_t frames[XP_FRAMES])
{
	const struct xp_spot *spot = first_of(frames, false);

	return spot != NULL ? spot : first_of(frames, true);
}

/* The callers of xp_spot, from the inside out: so many of them. */
unsigned
xp_spot_callers(const uintptr_t frames[XP_FRAMES],
	const struct xp_spot **callers, unsigned max)
{
	const struct xp_spot *spot = xp_spot(frames);
	bool passed = false;
	unsigned n = 0;

	for (int i = first_frame(frames); i < XP_FRAMES; i++) {
		struct known *entry = find(frames[i] - 1);

		for (unsigned d = 0; entry != NULL && d < entry->depth; d++) {
			if (passed && n < max && !is_own(&entry->spot[d]) &&
				!is_cover(&entry->spot[d]))
				callers[n++] = &entry->spot[d];
			passed = passed || &entry->spot[d] == spot;
		}
	}
	return n;
}

/* Does a thin cover itself do it, for its own purposes? */
bool
xp_spot_is_cover(const uintptr_t frames[XP_FRAMES])
{
	const struct xp_spot *spot = first_of(frames, true);

	return spot != NULL && is_cover(spot);
}

/* "pool.c:45"; "in take" if only the function is known; else "". */
const char *
xp_say_spot(const struct xp_spot *spot)
{
	if (spot == NULL)
		return "";
	if (spot->line == 0)
		return xp_text("in %s", spot->function);
	return xp_text("%s:%u", spot->file, spot->line);
}
