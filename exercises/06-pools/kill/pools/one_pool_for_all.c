/* one_pool_for_all.c - a wrong pool: two at once are one and the same */
/* SPDX-License-Identifier: MIT */
#include "pool.h"

static TP_POOL *right_new(void);
static void right_close(TP_POOL *pool);

#define tp_pool_new right_new
#define tp_pool_close right_close
#include "../../../../ref/pool.c"
#undef tp_pool_new
#undef tp_pool_close

#include "../../../../ref/factory.c"
#include "../../../../ref/object.c"
#include "../../../../ref/queue.c"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TP_POOL *only;			/* guarded by lock */
static unsigned handles;		/* guarded by lock */

TP_POOL *
tp_pool_new(void)
{
	TP_POOL *pool;

	pthread_mutex_lock(&lock);
	if (handles == 0)
		only = right_new();
	pool = only;
	if (pool != NULL)
		handles++;
	pthread_mutex_unlock(&lock);
	return pool;
}

void
tp_pool_close(TP_POOL *pool)
{
	bool last;

	pthread_mutex_lock(&lock);
	last = --handles == 0;
	if (!last)		/* the other handle is still good */
		tp_register(&pool->registered, pool, "pool");
	pthread_mutex_unlock(&lock);
	if (last)
		right_close(pool);
}
