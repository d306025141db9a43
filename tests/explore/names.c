/* names.c - what threads, objects and memory are called in a report */
/* SPDX-License-Identifier: MIT */
/*
 * A thread: main; the name that the program gave it (pthread_setname_np);
 * or "thread 2". An object, in this order:
 *
 *	1. the name that the program gave it (explore_name);
 *	2. its symbol, if it is a variable or part of one: lock, queue.lock,
 *	   fork_lock[2];
 *	3. what the line calls it that used it first: pool->lock;
 *	4. its number among its kind: mutex 3.
 *
 * A symbol says only how many bytes into the variable an object is; which
 * member that is, the first line that used it says: the variable queue and
 * the line lock(&q->lock) make queue.lock.
 *
 * Names tell things apart: a second one of the same name is "worker #2".
 *
 * Interface: xp_names_begin, xp_say_thread, xp_letter, xp_say_object,
 * xp_say_memory.
 */
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

#define MEMORY_MAX	512	/* addresses with a name */

static const char *threads[XP_THREADS];
static const char *objects[XP_OBJECTS];
static unsigned thread_count, object_count;

static struct {
	uintptr_t address;
	const char *name;
} memory[MEMORY_MAX];
static unsigned memory_count;

/* ---- Telling apart ---- */

/* The n-th name; if it is among those before it, with a number. */
static const char *
apart(const char *const *names, unsigned n, const char *name)
{
	const char *candidate = name;

	for (unsigned copy = 2;; copy++) {
		unsigned i = 0;

		while (i < n && strcmp(names[i], candidate) != 0)
			i++;
		if (i == n)
			return candidate;
		candidate = xp_text("%s #%u", name, copy);
	}
}

/* ---- Parts of variables ---- */

/* How many bytes one of them takes; 0: cannot tell. */
static size_t
size_of(unsigned kind)
{
	switch (kind) {
	case XP_MUTEX:
		return sizeof(pthread_mutex_t);
	case XP_SPIN:
		return sizeof(pthread_spinlock_t);
	case XP_COND:
		return sizeof(pthread_cond_t);
	case XP_RWLOCK:
		return sizeof(pthread_rwlock_t);
	case XP_SEM:
		return sizeof(sem_t);
	case XP_ONCE_OBJECT:
		return sizeof(pthread_once_t);
	case XP_BARRIER_OBJECT:
		return sizeof(pthread_barrier_t);
	default:
		return 0;
	}
}

/* ".lock" of "q->lock", "a[i].lock"; "" without members. */
static const char *
member(const char *quoted)
{
	const char *found = "";

	for (const char *p = quoted; p != NULL && *p != '\0'; p++) {
		if (*p == '.')
			found = p + 1;
		else if (strncmp(p, "->", 2) == 0)
			found = p + 2;
	}
	return found;
}

/* Does the quoted expression begin with that variable? */
static bool
begins_with(const char *quoted, const char *variable)
{
	size_t length = strlen(variable);

	return quoted != NULL && strncmp(quoted, variable, length) == 0 &&
		strchr(".-[", quoted[length]) != NULL;
}

/* The address, in words of the variable that holds it. */
static const char *
part(const struct xp_symbol *symbol, uintptr_t address, size_t size,
	const char *quoted)
{
	size_t offset = address - symbol->address;
	const char *name = xp_text("%.*s",
		(int)strcspn(symbol->name, "."), symbol->name);
	const char *of = member(quoted);
	bool indexed = quoted != NULL && strchr(quoted, '[') != NULL;

	if (size == symbol->size)
		return name;
	if (*of == '\0' && size > 0 && offset % size == 0 &&
		symbol->size % size == 0)
		return xp_text("%s[%zu]", name, offset / size);
	if (begins_with(quoted, name) && !indexed)
		return quoted;
	if (*of != '\0')
		return xp_text("%s.%s", name, of);
	return offset == 0 ? name : xp_text("%s+%zu", name, offset);
}

/* ---- Objects ---- */

/* By the line that calls the cover; else by the cover itself. */
static const char *
quoted_by(const struct xp_spot *spot, const struct xp_object_note *note)
{
	return spot != NULL ? xp_quote_object(spot->source, note->kind) :
		NULL;
}

static const char *
quoted_object(const struct xp_object_note *note)
{
	const char *quoted = quoted_by(xp_spot(note->frames), note);

	return quoted != NULL ? quoted :
		quoted_by(xp_spot_inner(note->frames), note);
}

static const char *
name_object(const struct xp_object_note *note)
{
	const char *quoted;
	struct xp_symbol symbol;

	if (note->name[0] != '\0')
		return xp_text("%.*s", (int)sizeof note->name, note->name);
	quoted = quoted_object(note);
	if (xp_symbol_data(note->address, &symbol))
		return part(&symbol, note->address, size_of(note->kind),
			quoted);
	if (quoted != NULL)
		return quoted;
	return xp_text("%s %u", xp_object_word(note->kind), note->rank);
}

/*
 * One that was made anew at the same address keeps its name, unless the line
 * that uses it says otherwise.
 */
static const char *
name_apart(const struct xp_record *record, unsigned n)
{
	const struct xp_object_note *note = &record->object[n];
	const char *name = name_object(note);

	for (unsigned i = 0; i < n; i++)
		if (record->object[i].address == note->address &&
			record->object[i].stack_of == note->stack_of &&
			record->object[i].kind == note->kind &&
			(strncmp(objects[i], name, strlen(name)) == 0 ||
			quoted_by(xp_spot(note->frames), note) == NULL))
			return objects[i];
	return apart(objects, n, name);
}

/* ---- Memory ---- */

static const char *
find_memory(uintptr_t address)
{
	for (unsigned i = 0; i < memory_count; i++)
		if (memory[i].address == address)
			return memory[i].name;
	return NULL;
}

/* Names it, if anything here has a name for it. */
static void
name_memory(uintptr_t address, size_t size, bool write,
	const uintptr_t frames[XP_FRAMES], const struct xp_record *record)
{
	const struct xp_spot *spot = xp_spot(frames);
	const char *names[MEMORY_MAX], *name;
	struct xp_symbol symbol;

	if (find_memory(address) != NULL || memory_count == MEMORY_MAX)
		return;
	name = spot != NULL ?
		xp_quote_memory(spot->source, write) : NULL;
	if (xp_symbol_data(address, &symbol))
		name = part(&symbol, address, size, name);
	for (unsigned i = 0; i < object_count; i++)
		if (record->object[i].kind == XP_MEMORY &&
			record->object[i].address == address)
			name = objects[i];
	if (name == NULL)
		return;
	for (unsigned i = 0; i < memory_count; i++)
		names[i] = memory[i].name;
	memory[memory_count].name = apart(names, memory_count, name);
	memory[memory_count++].address = address;
}

/* Lines that write say more clearly what: they come first. */
static void
name_all_memory(const struct xp_record *record, bool write)
{
	uint32_t steps = record->steps < XP_STEPS ? record->steps : XP_STEPS;
	const struct xp_race_note *race = &record->race;

	for (int i = 0; i < 2 && race->address != 0 && !race->frees; i++)
		if (race->write[i] == write)
			name_memory(race->address, race->size, write,
				race->frames[i], record);
	for (uint32_t i = 0; i < steps; i++) {
		const struct xp_event *e = &record->events[i];

		if ((e->kind == XP_ACCESS || e->kind == XP_ATOMIC) &&
			e->write == write && e->size > 0)
			name_memory(e->data, e->size, write, e->frames,
				record);
	}
}

/* ---- Interface ---- */

/* Gives everything in the record its name. After xp_spots_read. */
void
xp_names_begin(const struct xp_record *record)
{
	const char *name;

	thread_count = record->threads < XP_THREADS ?
		record->threads : XP_THREADS;
	object_count = record->objects < XP_OBJECTS ?
		record->objects : XP_OBJECTS;
	memory_count = 0;
	for (unsigned i = 0; i < thread_count; i++) {
		const struct xp_thread_note *note = &record->thread[i];

		name = i == 0 ? "main" : note->name[0] != '\0' ?
			xp_text("%.*s", (int)sizeof note->name, note->name) :
			xp_text("thread %u", i + 1);
		threads[i] = apart(threads, i, name);
	}
	for (unsigned i = 0; i < object_count; i++)
		objects[i] = name_apart(record, i);
	name_all_memory(record, true);
	name_all_memory(record, false);
}

const char *
xp_say_thread(unsigned number)
{
	return number < thread_count ? threads[number] : "a thread";
}

const char *
xp_say_object(unsigned number)
{
	return number > 0 && number <= object_count ? objects[number - 1] :
		"nothing";
}

const char *
xp_say_memory(uintptr_t address)
{
	const char *name = find_memory(address);

	return name != NULL ? name : "memory";
}

/* What two threads raced for; after a free: what the other one used. */
const char *
xp_say_race_memory(const struct xp_record *record)
{
	const struct xp_race_note *race = &record->race;
	const struct xp_spot *spot = xp_spot(race->frames[1]);
	const char *name = NULL;

	if (race->frees && spot != NULL)
		name = xp_quote_memory(spot->source, race->write[1]);
	return name != NULL ? name : xp_say_memory(race->address);
}

/* The same letters as in sequence.c. */
char
xp_letter(unsigned thread)
{
	return thread < 26 ? (char)('A' + thread) : thread < XP_THREADS ?
		(char)('a' + thread - 26) : '?';
}
