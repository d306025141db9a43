/* low_is_normal.c - a wrong pool: knows two priorities only */
/* SPDX-License-Identifier: MIT */
#include "pool.h"

static DWORD right_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ);

#define tp_object_init right_init
#include "../../../../ref/object.c"
#undef tp_object_init

#include "../../../../ref/factory.c"
#include "../../../../ref/pool.c"
#include "../../../../ref/queue.c"

DWORD
tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ)
{
	DWORD error = right_init(object, ops, context, environ);

	if (object->priority > TP_CALLBACK_PRIORITY_NORMAL)
		object->priority = TP_CALLBACK_PRIORITY_NORMAL;
	return error;
}
