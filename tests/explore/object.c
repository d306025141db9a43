/* object.c - shadow objects: what the explorer knows of each lock and such */
/* SPDX-License-Identifier: MIT */
/*
 * A shadow is found by the address of the object that it stands for, and
 * numbered in the order of first use: numbers are the same in every run of
 * one schedule, addresses need not be. An object needs no initialising
 * call, since a mutex may be initialised by its declaration; memory that is
 * freed forgets its objects.
 *
 * The table is open-addressed and is never emptied but by the end of the
 * process: an object that has ended leaves its slot to the next object at
 * its address.
 */
#include <stdio.h>
#include <string.h>

#include "inner.h"

#define SLOTS (4 * XP_OBJECTS)		/* a power of two */

static const char *const kind_words[XP_OBJECT_KINDS] = {
	"mutex", "spin lock", "condition", "rwlock", "semaphore", "once",
	"barrier", "futex", "descriptor", "memory"
};

static struct xp_object objects[XP_OBJECTS];
static uint16_t slots[SLOTS];		/* index + 1; 0: empty */
static unsigned object_count;
static uint16_t of_kind[XP_OBJECT_KINDS];

static unsigned
home(const void *address)
{
	return (unsigned)(((uintptr_t)address >> 3) *
		(uintptr_t)0x9E3779B97F4A7C15u >> 40) % SLOTS;
}

/*
 * A stack may be used again by another thread, or not: that is the system's
 * choice, and must not show.
 */
static uint8_t
stack_of(const void *address)
{
	const char *byte = address;

	for (unsigned i = 0; i < xp_thread_count; i++)
		if (!xp_threads[i].ended && byte >= xp_threads[i].stack_low &&
		    byte < xp_threads[i].stack_high)
			return (uint8_t)(i + 1);
	return 0;
}

static void
check_room(unsigned count)
{
	if (count == XP_OBJECTS)
		xp_verdict(XP_TROUBLE, "more than %d objects: too large to "
			"be explored", XP_OBJECTS);
}

/* Gives the object a number, and its place in the record. */
static void
enter(struct xp_object *object, enum xp_object_kind kind,
	const void *address)
{
	struct xp_object_note *note;
	bool named = object->number != 0 && object->kind == XP_MEMORY;
	uint16_t before = object->number;

	check_room(xp_record->objects);
	memset(object, 0, sizeof(*object));
	object->kind = kind;
	object->address = address;
	object->number = (uint16_t)++xp_record->objects;
	note = &xp_record->object[object->number - 1];
	memset(note, 0, sizeof(*note));
	note->kind = (uint8_t)kind;
	note->rank = ++of_kind[kind];
	note->address = (uintptr_t)address;
	note->stack_of = stack_of(address);
	if (named)
		memcpy(note->name, xp_record->object[before - 1].name,
			sizeof(note->name));
	xp_frames(note->frames);
}

static struct xp_object *
find(const void *address)
{
	unsigned slot = home(address);

	for (; slots[slot] != 0; slot = (slot + 1) % SLOTS)
		if (objects[slots[slot] - 1].address == address)
			return &objects[slots[slot] - 1];
	check_room(object_count);
	slots[slot] = (uint16_t)++object_count;
	objects[object_count - 1].address = address;
	return &objects[object_count - 1];
}

/*
 * Is there an object at all? A destroyed one is filled with XP_DEAD (see
 * xp_object_bury), until something else is made in its place.
 */
static void
check_memory(enum xp_object_kind kind, const void *address)
{
	static const unsigned char dead[4] = { XP_DEAD, XP_DEAD, XP_DEAD,
		XP_DEAD };

	if (kind == XP_MEMORY || kind == XP_DESCRIPTOR || kind == XP_FUTEX)
		return;
	if (xp_memory_dead(address) != NULL)
		xp_verdict(XP_MISUSE, "a %s is used after its memory was "
			"freed", kind_words[kind]);
	if (memcmp(address, dead, sizeof(dead)) == 0)
		xp_verdict(XP_MISUSE, "a %s is used after it was destroyed",
			kind_words[kind]);
}

/* See inner.h. */
struct xp_object *
xp_object(enum xp_object_kind kind, const void *address)
{
	struct xp_object *object = find(address);

	if (object->number == 0 || object->kind != kind) {
		check_memory(kind, address);
		enter(object, kind, address);
	}
	return object;
}

/* See inner.h. */
struct xp_object *
xp_object_new(enum xp_object_kind kind, const void *address)
{
	struct xp_object *object = find(address);

	enter(object, kind, address);
	object->known = true;
	return object;
}

/* See inner.h. */
void
xp_object_end(struct xp_object *object)
{
	object->number = 0;
}

/* See inner.h. What is used without being made anew is noticed. */
void
xp_object_bury(void *address, size_t size)
{
	memset(address, XP_DEAD, size);
}

/* See inner.h. */
void
xp_objects_forget(const void *start, size_t size)
{
	for (unsigned i = 0; i < object_count; i++)
		if ((uintptr_t)objects[i].address - (uintptr_t)start < size)
			objects[i].number = 0;
}

static struct xp_object_note *
note_at(const void *address)
{
	for (unsigned i = xp_record->objects; i-- > 0; )
		if (xp_record->object[i].address == (uintptr_t)address)
			return &xp_record->object[i];
	return NULL;
}

/* For the sentence of a verdict: its name, or its kind and number. */
const char *
xp_object_name(const struct xp_object *object)
{
	static char name[48];
	const struct xp_object_note *note =
		&xp_record->object[object->number - 1];

	if (note->name[0] != '\0')
		return note->name;
	snprintf(name, sizeof(name), "%s %u", kind_words[object->kind],
		note->rank);
	return name;
}

/*
 * Names the object at the address; one that nobody has used yet is memory
 * until somebody does, and keeps its name then.
 */
void
explore_name_object(const void *address, const char *name)
{
	struct xp_object_note *note;

	if (!xp_active())
		return;
	note = note_at(address);
	if (note == NULL)
		note = &xp_record->object[xp_object(XP_MEMORY,
			address)->number - 1];
	snprintf(note->name, sizeof(note->name), "%s", name);
}
