/* loaded.c - LoadLibrary and FreeLibrary, for a plug-in that is linked in */
/* SPDX-License-Identifier: MIT */
/*
 * The plug-in under check is part of the checks' program, so that the
 * explorer can look into it. This file takes the place of ref/library.c. It
 * has one library, counts its references, and when the last one is given
 * back, asks the pool: is a callback queued, or has one begun that has not
 * returned? Its code would have been taken from under it. That is what the
 * checking build asks of real libraries (ref/unload.c), and here all
 * callbacks are the plug-in's.
 *
 * Nothing is unmapped. What a plug-in would do after its end it does here,
 * too, but the check has failed by then.
 *
 * Interface: loaded.h, and what ref/library.h and ref/win32.h declare.
 *
 * Locks: one guards the count. It is not held while the pool is asked.
 */
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "pool.h"
#include "suite.h"

#include "loaded.h"
#include "painters.h"

struct tp_module {
	const char *name;		/* read-only */

	/* Guarded by lock. */
	unsigned count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tp_module painters = { .name = PAINTERS };

/* Changes the count; returns what it was before. */
static unsigned
add(int change)
{
	unsigned before;

	pthread_mutex_lock(&lock);
	before = painters.count;
	if (before > 0 || change > 0)
		painters.count += (unsigned)change;
	pthread_mutex_unlock(&lock);
	return before;
}

/* See tp_each_object. */
static void
note_if_busy(const struct tp_object *object, void *argument)
{
	struct tp_list *workers = &object->pool->workers;
	bool *busy = argument;

	*busy |= object->pending > 0;
	for (struct tp_list *node = workers->next; node != workers;
	     node = node->next) {
		const TP_CALLBACK_INSTANCE *instance =
			tp_container(node, struct tp_worker, link)->instance;

		*busy |= instance != NULL && !instance->returned;
	}
}

static void
unload(void)
{
	const TP_CALLBACK_INSTANCE *mine = tp_current_instance();
	bool busy = false;

	require(mine == NULL || mine->returned, "a callback of the plug-in "
		"gave back the last reference, and was not at its end");
	tp_each_object(note_if_busy, &busy);
	require(!busy, "the plug-in was unloaded while a callback of it was "
		"queued or had not returned");
}

static void
give_back(void)
{
	unsigned before = add(-1);

	require(before > 0, "the plug-in was freed once too often");
	if (before == 1)
		unload();
}

unsigned
references(void)
{
	return add(0);
}

void
require_loaded(const char *who)
{
	require(references() > 0, "%s, and the plug-in is not loaded", who);
}

/* ---- What win32.h declares ---- */

HMODULE WINAPI
LoadLibraryA(LPCSTR lpLibFileName)
{
	/* The system needs memory, too, even to count. */
	void *needed = malloc(1);

	if (needed == NULL || lpLibFileName == NULL ||
	    strcmp(lpLibFileName, painters.name) != 0) {
		SetLastError(needed == NULL ? ERROR_NOT_ENOUGH_MEMORY :
			ERROR_MOD_NOT_FOUND);
		free(needed);
		return NULL;
	}
	free(needed);
	add(1);
	return &painters;
}

FARPROC WINAPI
GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
	if (hModule == &painters && strcmp(lpProcName, "paint_house") == 0)
		return (FARPROC)(void (*)(void))paint_house;
	SetLastError(hModule == &painters ? ERROR_PROC_NOT_FOUND :
		ERROR_MOD_NOT_FOUND);
	return NULL;
}

BOOL WINAPI
FreeLibrary(HMODULE hLibModule)
{
	if (hLibModule != &painters) {
		SetLastError(ERROR_MOD_NOT_FOUND);
		return FALSE;
	}
	give_back();
	return TRUE;
}

/* ---- What library.h declares ---- */

bool
tp_library_use(HMODULE module)
{
	if (module != &painters || references() == 0)
		return false;
	add(1);
	return true;
}

void
tp_library_unuse(HMODULE module)
{
	(void)module;
	give_back();
}
