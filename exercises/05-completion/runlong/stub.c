/* runlong.c - callbacks that say that they take long */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write this function.
 */
#include <stdlib.h>

#include "pool.h"

/*
 * The callback is going to take long: its worker counts as one that does not
 * compute. True: there is another thread for the rest.
 */
bool
tp_instance_run_long(TP_CALLBACK_INSTANCE *instance)
{
	(void)instance;
	abort();			/* TODO */
}
