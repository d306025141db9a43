/* unload.c - callbacks whose code is about to go with its library */
/* SPDX-License-Identifier: MIT */
/*
 * When the last reference of a library is given up, its code leaves the
 * memory of the process. A callback of it that is still queued would jump
 * into nothing, and one that runs would return there. An object whose
 * environment names the library holds a reference of its own, so it cannot
 * happen to that one; of the others the program must take care (DIAG-12).
 *
 * Interface: tp_library_check_unload: see library.h. In a build without
 * TP_CHECK this file is empty.
 *
 * A timer or wait that is still set is not seen, for its callback is not
 * queued yet: if it comes, the crash is that callback's (crash.c).
 *
 * Locks: those of tp_each_object, but not while the system is asked where
 * code lies: it has a lock for that, under which constructors of libraries
 * run, and these may call the pool.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* dladdr, which POSIX has since 2024 */
#endif
#include "library.h"
#include "pool.h"

#if TP_CHECK

#include <dlfcn.h>

#define CODES_MAX	64	/* different functions; more are not seen */

/* The functions of callbacks that are queued or run. */
struct busy {
	HMODULE library;	/* objects that hold it are left out */
	const void *codes[CODES_MAX];
	unsigned count;
};

/* Is a callback of the object on the stack of a worker? */
static bool
is_on_a_stack_locked(const struct tp_object *object)
{
	struct tp_list *workers = &object->pool->workers;

	for (struct tp_list *node = workers->next; node != workers;
	     node = node->next) {
		const TP_CALLBACK_INSTANCE *instance =
			tp_container(node, struct tp_worker, link)->instance;

		if (instance != NULL && instance->object == object &&
		    !instance->returned)
			return true;
	}
	return false;
}

/* See tp_each_object. */
static void
note_if_busy(const struct tp_object *object, void *argument)
{
	struct busy *busy = argument;

	if (object->library == busy->library ||
	    (object->pending == 0 && !is_on_a_stack_locked(object)))
		return;
	for (unsigned i = 0; i < busy->count; i++)
		if (busy->codes[i] == object->code)
			return;
	if (busy->count < CODES_MAX)
		busy->codes[busy->count++] = object->code;
}

/* Is this the image that the function lies in? */
static bool
lies_in(const void *code, const void *image)
{
	Dl_info info;
	void *found = NULL;

	/* What is loaded already is not loaded again, but found. */
	if (dladdr(code, &info) != 0)
		found = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
	if (found != NULL)
		(void)dlclose(found);
	return found != NULL && found == image;
}

/* See library.h. */
void
tp_library_check_unload(HMODULE library, const void *image, const char *call)
{
	struct busy busy = { .library = library };

	tp_each_object(note_if_busy, &busy);
	for (unsigned i = 0; i < busy.count; i++)
		if (lies_in(busy.codes[i], image))
			tp_misuse(TP_MISUSE_LIBRARY_IN_USE, call,
				busy.codes[i]);
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int tp_unload_is_not_built;

#endif /* TP_CHECK */
