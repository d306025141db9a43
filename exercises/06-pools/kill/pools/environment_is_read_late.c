/* environment_is_read_late.c - which pool it is, is asked at each post */
/* SPDX-License-Identifier: MIT */
/*
 * A wrong pool: an object that is posted goes, if it is idle, to the pool
 * which the environment that it was created with names by now.
 */
#include "pool.h"

static DWORD right_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ);
static void right_post(struct tp_object *object);

#define tp_object_init right_init
#define tp_object_post right_post
#include "../../../../ref/object.c"
#undef tp_object_init
#undef tp_object_post

#include "../../../../ref/factory.c"
#include "../../../../ref/pool.c"
#include "../../../../ref/queue.c"

#define OBJECTS 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct {
	const struct tp_object *object;
	const TP_CALLBACK_ENVIRON *environ;
} created[OBJECTS];

DWORD
tp_object_init(struct tp_object *object, const struct tp_ops *ops,
	void *context, const TP_CALLBACK_ENVIRON *environ)
{
	DWORD error = right_init(object, ops, context, environ);
	unsigned i = 0;

	if (error != 0)
		return error;
	pthread_mutex_lock(&lock);
	while (i < OBJECTS - 1 && created[i].object != object &&
	    created[i].object != NULL)
		i++;
	created[i].object = object;
	created[i].environ = environ;
	pthread_mutex_unlock(&lock);
	return 0;
}

static TP_POOL *
pool_by_now(const struct tp_object *object)
{
	TP_POOL *pool = object->pool;

	pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < OBJECTS; i++)
		if (created[i].object == object &&
		    created[i].environ != NULL &&
		    created[i].environ->Pool != NULL)
			pool = created[i].environ->Pool;
	pthread_mutex_unlock(&lock);
	return pool;
}

void
tp_object_post(struct tp_object *object)
{
	TP_POOL *before = object->pool, *pool = pool_by_now(object);
	bool idle;

	tp_lock(&before->lock);
	idle = pool != before && object->refs == 1;
	if (idle)
		tp_pool_unbind_locked(object);
	tp_unlock(&before->lock);
	if (idle) {
		object->pool = pool;
		(void)tp_pool_bind(object);
	}
	right_post(object);
}
