/* library.c - libraries: loaded, counted and unloaded */
/* SPDX-License-Identifier: MIT */
/*
 * A library is loaded once, however often it is asked for, and unloaded
 * when it has been freed as often (KOBJ-24). The system counts too, but
 * does not say whether a handle is one; so the table here holds one of the
 * system's references for each library, and does the counting.
 *
 * Interface: LoadLibraryA, GetProcAddress, FreeLibrary; for
 * callback objects tp_library_use, tp_library_unuse.
 *
 * Locks: one of its own guards the table. It is not held while a library
 * is loaded or unloaded: that runs constructors and destructors.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"
#include "list.h"
#include "sync.h"

struct tp_module {
	void *image;			/* dlopen's; read-only */

	/* Guarded by table_lock. */
	unsigned count;
	struct tp_list link;		/* in table */
};

static struct tp_mutex table_lock = TP_MUTEX_INIT(TP_RANK_LEAF);
static struct tp_list table = TP_LIST_INIT(table);

/*
 * The library of that address, or of that image; NULL: there is none. The
 * address may be anything: it is only compared.
 */
static struct tp_module *
find_locked(const struct tp_module *module, const void *image)
{
	tp_assert_held(&table_lock);
	for (struct tp_list *node = table.next; node != &table;
	     node = node->next) {
		struct tp_module *found =
			tp_container(node, struct tp_module, link);

		if (found == module || found->image == image)
			return found;
	}
	return NULL;
}

/* One reference less; true: it was the last, and the table has none. */
static bool
drop_locked(struct tp_module *module)
{
	tp_assert_held(&table_lock);
	if (--module->count > 0)
		return false;
	tp_list_remove(&module->link);
	return true;
}

/* The last reference is gone, by call. */
static void
unload(struct tp_module *module, const char *call)
{
	tp_assert_no_locks();
	tp_library_check_unload(module, module->image, call);
	(void)dlclose(module->image);
	free(module);
}

/* See library.h. */
bool
tp_library_use(HMODULE module)
{
	bool known;

	tp_lock(&table_lock);
	known = find_locked(module, NULL) != NULL;
	if (known)
		module->count++;
	tp_unlock(&table_lock);
	return known;
}

/* See library.h. */
void
tp_library_unuse(HMODULE module)
{
	bool last;

	tp_lock(&table_lock);
	last = drop_locked(module);
	tp_unlock(&table_lock);
	if (last)
		unload(module, "SetThreadpoolCallbackLibrary");
}

/* ---- Loading ---- */

#define PATH_SIZE	4096

/* Appends ".so" to a name without a dot, as Windows does with ".dll". */
static bool
with_suffix(char path[PATH_SIZE], const char *folder, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *suffix =
		strchr(slash != NULL ? slash : name, '.') != NULL ? "" : ".so";
	int length = snprintf(path, PATH_SIZE, "%s%s%s", folder, name, suffix);

	return length > 0 && length < PATH_SIZE;
}

/* The program's own folder, which Windows looks into first; or "". */
static void
own_folder(char folder[PATH_SIZE])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_SIZE - 1);
	char *slash;

	folder[length > 0 ? length : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL)
		slash[1] = '\0';
	else
		folder[0] = '\0';
}

static void *
open_image(const char *name)
{
	char folder[PATH_SIZE], path[PATH_SIZE];
	void *image = NULL;

	if (strchr(name, '/') == NULL) {
		own_folder(folder);
		if (folder[0] != '\0' && with_suffix(path, folder, name))
			image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	}
	if (image == NULL && with_suffix(path, "", name))
		image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	return image;
}

/* Counts an image that has just been opened. NULL: no memory. */
static struct tp_module *
count_image(void *image)
{
	struct tp_module *module, *new = calloc(1, sizeof(*new));

	tp_lock(&table_lock);
	module = find_locked(NULL, image);
	if (module == NULL && new != NULL) {
		module = new;
		module->image = image;
		tp_list_append(&table, &module->link);
	}
	if (module != NULL)
		module->count++;
	tp_unlock(&table_lock);
	if (module != new) {
		/* The table has a reference of its own already. */
		free(new);
		(void)dlclose(image);
	}
	return module;
}

/*
 * LoadLibraryA: loads a library, or counts it once more.
 *
 *	lpLibFileName	with a slash: a path; else the name of a file, looked
 *			for beside the program, and then where the system
 *			looks. ".so" is appended if there is no dot in it.
 *
 * Returns:	the library, to be freed.
 * Fails:	NULL; ERROR_MOD_NOT_FOUND, ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	none held: the library's constructors run here.
 * Source:	KOBJ-24.
 * Differs:	there are no DllMain and no search path to be changed.
 */
HMODULE WINAPI
LoadLibraryA(LPCSTR lpLibFileName)
{
	void *image = lpLibFileName == NULL || *lpLibFileName == '\0' ?
		NULL : open_image(lpLibFileName);
	HMODULE module;

	if (image == NULL) {
		SetLastError(ERROR_MOD_NOT_FOUND);
		return NULL;
	}
	module = count_image(image);
	if (module == NULL) {
		(void)dlclose(image);
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
	}
	return module;
}

/*
 * GetProcAddress: a function of a library, to be cast to its type.
 *
 *	hModule		the library
 *	lpProcName	the function's name; there are no ordinals
 *
 * Fails:	NULL; ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND.
 * Locks:	none held. The library must not be freed meanwhile.
 */
FARPROC WINAPI
GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
	void *image = NULL, *symbol = NULL;
	FARPROC function = NULL;

	tp_lock(&table_lock);
	if (find_locked(hModule, NULL) != NULL)
		image = hModule->image;
	tp_unlock(&table_lock);
	/* On Windows a small number would be an ordinal. */
	if (image != NULL && (ULONG_PTR)lpProcName > UINT16_MAX)
		symbol = dlsym(image, lpProcName);
	if (symbol == NULL)
		SetLastError(image == NULL ? ERROR_MOD_NOT_FOUND :
			ERROR_PROC_NOT_FOUND);
	/* POSIX has the two kinds of pointers alike; C has no cast. */
	memcpy(&function, &symbol, sizeof(function));
	return function;
}

/*
 * FreeLibrary: counts a library once less; it is unloaded with the last.
 *
 *	hLibModule	the library
 *
 * Fails:	FALSE; ERROR_MOD_NOT_FOUND if it is none, or not loaded.
 * Misuse:	library-in-use: a callback of it is queued or runs, and its
 *		object does not hold the library.
 * Locks:	none held: the library's destructors run here.
 * Source:	KOBJ-24.
 */
BOOL WINAPI
FreeLibrary(HMODULE hLibModule)
{
	bool known, last = false;

	tp_lock(&table_lock);
	known = find_locked(hLibModule, NULL) != NULL;
	if (known)
		last = drop_locked(hLibModule);
	tp_unlock(&table_lock);
	if (!known)
		SetLastError(ERROR_MOD_NOT_FOUND);
	if (last)
		unload(hLibModule, "FreeLibrary");
	return known;
}
