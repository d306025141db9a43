/* ok_memory_orders.c - ten ways to publish a value, all right */
/* SPDX-License-Identifier: MIT */
/*
 * In each case one thread writes a price and publishes it by a flag, and
 * another one that sees the flag reads the price. Correct, because in each
 * the store, or a fence before it, releases; the load, or a fence after it,
 * acquires; and what is loaded is that store, or one that continues its
 * release sequence. bug_relaxed_store.c, bug_relaxed_load.c,
 * bug_fence_too_early.c, bug_sequence_ended.c and bug_failed_exchange.c are
 * what becomes of it when one of the parts is missing. ThreadSanitizer knows
 * nothing of fences, and sees races here.
 *
 * verdict: pass
 * needs: accesses
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int price;
static atomic_int known;

static void
store(memory_order order)
{
	price = 42;
	atomic_store_explicit(&known, 1, order);
}

static void
store_released(void)
{
	store(memory_order_release);
}

static void
store_in_one_order(void)
{
	store(memory_order_seq_cst);
}

static void
store_after_a_fence(void)
{
	price = 42;
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&known, 1, memory_order_relaxed);
}

/* The second one is not released, but comes from the same thread. */
static void
store_twice(void)
{
	store(memory_order_release);
	atomic_store_explicit(&known, 2, memory_order_relaxed);
}

static void
exchange_released(void)
{
	int none = 0;

	price = 42;
	(void)atomic_compare_exchange_strong_explicit(&known, &none, 1,
	    memory_order_release, memory_order_relaxed);
}

/* Whoever reads its result has heard of the store that it read itself. */
static void
add_relaxed(void)
{
	atomic_fetch_add_explicit(&known, 4, memory_order_relaxed);
}

static void
load_acquired(void)
{
	if ((atomic_load_explicit(&known, memory_order_acquire) & 3) != 0)
		assert(price == 42);
}

static void
load_in_one_order(void)
{
	if (atomic_load(&known) != 0)
		assert(price == 42);
}

/* As every compiler has it, that is to acquire. */
static void
load_to_consume(void)
{
	if (atomic_load_explicit(&known, memory_order_consume) != 0)
		assert(price == 42);
}

static void
load_before_a_fence(void)
{
	if (atomic_load_explicit(&known, memory_order_relaxed) == 0)
		return;
	atomic_thread_fence(memory_order_acquire);
	assert(price == 42);
}

/* If it fails it is a load, by the last order. */
static void
exchange_that_fails(void)
{
	int seen = 99;

	if (!atomic_compare_exchange_strong_explicit(&known, &seen, 0,
	    memory_order_acquire, memory_order_acquire) && seen != 0)
		assert(price == 42);
}

static const struct {
	void (*one)(void), (*other)(void);
	void (*third)(void);		/* or NULL */
} cases[] = {
	{ store_released, load_acquired, NULL },
	{ store_in_one_order, load_in_one_order, NULL },
	{ store_released, load_to_consume, NULL },
	{ store_after_a_fence, load_before_a_fence, NULL },
	{ store_released, load_before_a_fence, NULL },
	{ store_after_a_fence, load_acquired, NULL },
	{ store_twice, load_acquired, NULL },
	{ exchange_released, load_acquired, NULL },
	{ store_released, exchange_that_fails, NULL },
	{ store_released, load_acquired, add_relaxed },
};

static void *
body(void *part)
{
	void (*const *function)(void) = part;

	(*function)();
	return NULL;
}

/* Runs it on a thread of its own, if there is anything to run. */
static void
start(pthread_t *thread, void (*const *part)(void))
{
	int error = *part == NULL ? 0 :
	    pthread_create(thread, NULL, body, (void *)part);

	assert(error == 0);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pthread_t one, third = 0;

		price = 0;
		atomic_store(&known, 0);
		start(&one, &cases[i].one);
		start(&third, &cases[i].third);
		cases[i].other();
		pthread_join(one, NULL);
		if (cases[i].third != NULL)
			pthread_join(third, NULL);
	}
	return 0;
}
