/* loaded.h - the library that the checks have in the place of a real one */
/* SPDX-License-Identifier: MIT */
#ifndef LOADED_H
#define LOADED_H

#include <stdbool.h>

/* How many references are there? 0: it is not loaded. */
unsigned references(void);

/* Fails the check if the plug-in is not loaded; who: "it paints a wall". */
void require_loaded(const char *who);

#endif /* LOADED_H */
