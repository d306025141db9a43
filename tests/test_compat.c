/* test_compat.c - the small change of Win32 */
/* SPDX-License-Identifier: MIT */
/*
 * The functions of ref/compat/: no rule of the pool speaks of them, so each
 * test names the promise only. That a thread sleeps is never guessed: a
 * thread that sleeps on a condition variable has let go of its lock, and
 * one that waits to write keeps new readers out.
 */
#include <limits.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <unistd.h>

#include "harness.h"

/* ---- Threads ---- */

#define CREW_MAX 8

struct crew {
	pthread_t threads[CREW_MAX];
	unsigned size;
};

/* Starts `size` threads that run body(argument). */
static void
crew_start(struct crew *crew, unsigned size, void *(*body)(void *),
	void *argument)
{
	crew->size = size;
	for (unsigned i = 0; i < size; i++)
		ck_assert_int_eq(pthread_create(&crew->threads[i], NULL, body,
			argument), 0);
}

static void
crew_join(struct crew *crew)
{
	for (unsigned i = 0; i < crew->size; i++)
		ck_assert_int_eq(pthread_join(crew->threads[i], NULL), 0);
}

/* ---- Interlocked ---- */

START_TEST(interlocked_functions_give_the_new_or_the_old_value)
{
	LONG n = 5;

	ck_assert_int_eq(InterlockedIncrement(&n), 6);
	ck_assert_int_eq(InterlockedDecrement(&n), 5);
	ck_assert_int_eq(InterlockedAdd(&n, 3), 8);
	ck_assert_int_eq(InterlockedExchangeAdd(&n, -2), 8);
	ck_assert_int_eq(InterlockedExchange(&n, 12), 6);
	ck_assert_int_eq(InterlockedAnd(&n, 10), 12);
	ck_assert_int_eq(InterlockedOr(&n, 3), 8);
	ck_assert_int_eq(InterlockedXor(&n, 6), 11);
	ck_assert_int_eq(n, 13);
	ck_assert_int_eq(InterlockedCompareExchange(&n, 1, 2), 13);
	ck_assert_int_eq(n, 13);
	ck_assert_int_eq(InterlockedCompareExchange(&n, 1, 13), 13);
	ck_assert_int_eq(n, 1);
	n = INT_MAX;
	ck_assert_int_eq(InterlockedIncrement(&n), INT_MIN);
}
END_TEST

START_TEST(interlocked_functions_have_64_bit_forms)
{
	const LONG64 high = (LONG64)1 << 40;
	LONG64 n = high;

	ck_assert_int_eq(InterlockedIncrement64(&n), high + 1);
	ck_assert_int_eq(InterlockedDecrement64(&n), high);
	ck_assert_int_eq(InterlockedAdd64(&n, high), 2 * high);
	ck_assert_int_eq(InterlockedExchangeAdd64(&n, -high), 2 * high);
	ck_assert_int_eq(InterlockedOr64(&n, 3), high);
	ck_assert_int_eq(InterlockedXor64(&n, high), high + 3);
	ck_assert_int_eq(InterlockedAnd64(&n, 2), 3);
	ck_assert_int_eq(InterlockedExchange64(&n, high), 2);
	ck_assert_int_eq(InterlockedCompareExchange64(&n, 7, 0), high);
	ck_assert_int_eq(InterlockedCompareExchange64(&n, 7, high), high);
	ck_assert_int_eq(n, 7);
}
END_TEST

START_TEST(interlocked_functions_exchange_pointers)
{
	int a, b;
	PVOID p = &a;

	ck_assert_ptr_eq(InterlockedExchangePointer(&p, &b), &a);
	ck_assert_ptr_eq(InterlockedCompareExchangePointer(&p, NULL, &a), &b);
	ck_assert_ptr_eq(p, &b);
	ck_assert_ptr_eq(InterlockedCompareExchangePointer(&p, NULL, &b), &b);
	ck_assert_ptr_null(p);
}
END_TEST

#define ROUNDS 50000

struct counters {
	LONG n;
	LONG64 wide;
	LONG by_compare;
};

static void *
count_up(void *argument)
{
	struct counters *c = argument;
	LONG seen;

	for (int i = 0; i < ROUNDS; i++) {
		InterlockedIncrement(&c->n);
		InterlockedExchangeAdd64(&c->wide, (LONG64)1 << 32);
		do
			seen = InterlockedOr(&c->by_compare, 0);
		while (InterlockedCompareExchange(&c->by_compare, seen + 1,
			seen) != seen);
	}
	return NULL;
}

START_TEST(interlocked_functions_lose_nothing)
{
	struct counters c = { 0, 0, 0 };
	struct crew crew;

	crew_start(&crew, 4, count_up, &c);
	crew_join(&crew);
	ck_assert_int_eq(c.n, 4 * ROUNDS);
	ck_assert_int_eq(c.wide, (LONG64)(4 * ROUNDS) << 32);
	ck_assert_int_eq(c.by_compare, 4 * ROUNDS);
}
END_TEST

/*
 * Two threads each write their own variable and read the other's. A
 * processor may read before its write is seen by others: then both read 0.
 */
struct crossing {
	struct {
		alignas(64) atomic_int by;	/* a cache line each */
	} written[2];
	int read[2];
	LONG next_name;
	atomic_int arrived;
	unsigned both_blind;
};

/* Until both threads have come to this place for the n-th time. */
static void
meet(struct crossing *c, LONG n)
{
	unsigned looks = 0;

	atomic_fetch_add(&c->arrived, 1);
	while (atomic_load(&c->arrived) < 2 * n)
		if (++looks % 1000 == 0)
			YieldProcessor();
}

static void *
write_then_read(void *argument)
{
	struct crossing *c = argument;
	LONG me = InterlockedIncrement(&c->next_name) - 1;
	LONG n = 0;

	for (int round = 0; round < ROUNDS; round++) {
		atomic_store_explicit(&c->written[me].by, 0,
			memory_order_relaxed);
		meet(c, ++n);
		atomic_store_explicit(&c->written[me].by, 1,
			memory_order_relaxed);
		MemoryBarrier();
		c->read[me] = atomic_load_explicit(&c->written[1 - me].by,
			memory_order_relaxed);
		meet(c, ++n);
		if (me == 0 && c->read[0] == 0 && c->read[1] == 0)
			c->both_blind++;
	}
	return NULL;
}

START_TEST(a_barrier_keeps_a_read_behind_a_write)
{
	static struct crossing c;
	struct crew crew;

	crew_start(&crew, 2, write_then_read, &c);
	crew_join(&crew);
	ck_assert_uint_eq(c.both_blind, 0);
}
END_TEST

/* ---- Slim locks ---- */

START_TEST(a_slim_lock_has_many_readers_or_one_writer)
{
	static SRWLOCK zeroed;
	SRWLOCK lock = SRWLOCK_INIT;

	ck_assert_int_eq(memcmp(&zeroed, &lock, sizeof(lock)), 0);
	AcquireSRWLockExclusive(&lock);
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ck_assert(!TryAcquireSRWLockShared(&lock));
	ReleaseSRWLockExclusive(&lock);
	AcquireSRWLockShared(&lock);
	ck_assert(TryAcquireSRWLockShared(&lock));
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ReleaseSRWLockShared(&lock);
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ReleaseSRWLockShared(&lock);
	ck_assert(TryAcquireSRWLockExclusive(&lock));
	InitializeSRWLock(&lock);
	ck_assert(TryAcquireSRWLockShared(&lock));
	ReleaseSRWLockShared(&lock);
}
END_TEST

struct guarded {
	SRWLOCK lock;
	struct tally inside;
	unsigned writer_turn;	/* how many had been inside when it wrote */
};

static void *
write_once(void *argument)
{
	struct guarded *g = argument;

	AcquireSRWLockExclusive(&g->lock);
	g->writer_turn = (unsigned)tally_add(&g->inside);
	ReleaseSRWLockExclusive(&g->lock);
	return NULL;
}

static void *
read_together(void *argument)
{
	struct guarded *g = argument;

	AcquireSRWLockShared(&g->lock);
	tally_add(&g->inside);
	tally_await(&g->inside, 2);	/* both are inside at once */
	ReleaseSRWLockShared(&g->lock);
	return NULL;
}

/* A new reader is kept out of a lock that is held by a reader. */
static bool
a_writer_waits(void *argument)
{
	PSRWLOCK lock = argument;

	if (!TryAcquireSRWLockShared(lock))
		return true;
	ReleaseSRWLockShared(lock);
	return false;
}

START_TEST(readers_are_inside_together)
{
	struct guarded g = { SRWLOCK_INIT, TALLY_INIT, 0 };
	struct crew readers;

	AcquireSRWLockExclusive(&g.lock);
	crew_start(&readers, 2, read_together, &g);
	ReleaseSRWLockExclusive(&g.lock);
	crew_join(&readers);
	ck_assert(TryAcquireSRWLockExclusive(&g.lock));
}
END_TEST

START_TEST(a_waiting_writer_comes_before_later_readers)
{	/* no rule: decided here, not known of Windows */
	struct guarded g = { SRWLOCK_INIT, TALLY_INIT, 0 };
	struct crew writer, readers;

	AcquireSRWLockShared(&g.lock);
	crew_start(&writer, 1, write_once, &g);
	await(a_writer_waits, &g.lock);
	crew_start(&readers, 2, read_together, &g);
	ck_assert_uint_eq(tally_read(&g.inside), 0);
	ReleaseSRWLockShared(&g.lock);
	crew_join(&writer);
	crew_join(&readers);
	ck_assert_uint_eq(g.writer_turn, 1);
	ck_assert(TryAcquireSRWLockExclusive(&g.lock));
}
END_TEST

struct pair {
	SRWLOCK lock;
	int first, second;	/* always equal, seen by a reader */
	LONG torn;
};

static void *
read_and_write(void *argument)
{
	struct pair *p = argument;

	for (int i = 0; i < ROUNDS / 5; i++) {
		AcquireSRWLockShared(&p->lock);
		if (p->first != p->second)
			InterlockedIncrement(&p->torn);
		ReleaseSRWLockShared(&p->lock);
		AcquireSRWLockExclusive(&p->lock);
		p->first++;
		p->second++;
		ReleaseSRWLockExclusive(&p->lock);
	}
	return NULL;
}

START_TEST(a_slim_lock_guards_under_load)
{
	struct pair p = { SRWLOCK_INIT, 0, 0, 0 };
	struct crew crew;

	crew_start(&crew, CREW_MAX, read_and_write, &p);
	crew_join(&crew);
	ck_assert_int_eq(p.torn, 0);
	ck_assert_int_eq(p.first, CREW_MAX * (ROUNDS / 5));
	ck_assert_int_eq(p.second, p.first);
	ck_assert(TryAcquireSRWLockExclusive(&p.lock));
}
END_TEST

static void
release_a_free_lock(void *argument)
{
	SRWLOCK lock = SRWLOCK_INIT;

	UNREFERENCED_PARAMETER(argument);
	ReleaseSRWLockExclusive(&lock);
}

static void
release_as_a_reader_what_a_writer_holds(void *argument)
{
	SRWLOCK lock = SRWLOCK_INIT;

	UNREFERENCED_PARAMETER(argument);
	AcquireSRWLockExclusive(&lock);
	ReleaseSRWLockShared(&lock);
}

START_TEST(releasing_a_slim_lock_that_is_not_held_is_reported)
{
	const char *report = report_of(release_a_free_lock, NULL, true);

	ck_assert_ptr_nonnull(strstr(report, "slim-lock-not-held"));
	ck_assert_ptr_nonnull(strstr(report, "ReleaseSRWLockExclusive"));
	report = report_of(release_as_a_reader_what_a_writer_holds, NULL,
		true);
	ck_assert_ptr_nonnull(strstr(report, "slim-lock-not-held"));
	ck_assert_ptr_nonnull(strstr(report, "ReleaseSRWLockShared"));
}
END_TEST

/* ---- Condition variables ---- */

struct bedroom {
	CRITICAL_SECTION section;
	SRWLOCK lock;
	CONDITION_VARIABLE variable;
	unsigned asleep;	/* have been counted, and let go of the lock */
	unsigned awake;		/* have come back */
	unsigned phase;
	unsigned sum_of_phases;	/* at each return */
};

static void
enter(struct bedroom *room)
{
	EnterCriticalSection(&room->section);
}

static void
leave(struct bedroom *room)
{
	LeaveCriticalSection(&room->section);
}

static void *
sleep_once(void *argument)
{
	struct bedroom *room = argument;

	enter(room);
	room->asleep++;
	ck_assert(SleepConditionVariableCS(&room->variable, &room->section,
		INFINITE));
	room->awake++;
	room->sum_of_phases += room->phase;
	leave(room);
	return NULL;
}

static bool
both_asleep(void *argument)
{
	struct bedroom *room = argument;
	bool asleep;

	enter(room);
	asleep = room->asleep == 2;
	leave(room);
	return asleep;
}

static bool
one_awake(void *argument)
{
	struct bedroom *room = argument;
	bool awake;

	enter(room);
	awake = room->awake > 0;
	leave(room);
	return awake;
}

START_TEST(wake_wakes_one_and_wake_all_the_rest)
{
	static struct bedroom room;
	struct crew crew;

	InitializeCriticalSection(&room.section);
	crew_start(&crew, 2, sleep_once, &room);
	await(both_asleep, &room);
	enter(&room);
	room.phase = 1;
	leave(&room);
	WakeConditionVariable(&room.variable);
	await(one_awake, &room);
	enter(&room);
	ck_assert_uint_eq(room.awake, 1);
	room.phase = 10;
	leave(&room);
	WakeAllConditionVariable(&room.variable);
	crew_join(&crew);
	ck_assert_uint_eq(room.awake, 2);
	ck_assert_uint_eq(room.sum_of_phases, 11);
	DeleteCriticalSection(&room.section);
}
END_TEST

static void *
try_enter(void *argument)
{
	struct bedroom *room = argument;

	ck_assert(!TryEnterCriticalSection(&room->section));
	ck_assert(!TryAcquireSRWLockShared(&room->lock));
	return NULL;
}

START_TEST(a_sleep_that_times_out_comes_back_with_the_lock)
{
	struct bedroom room = { .variable = CONDITION_VARIABLE_INIT };
	struct crew crew;

	InitializeCriticalSection(&room.section);
	enter(&room);
	AcquireSRWLockExclusive(&room.lock);
	/* Nobody is asleep yet: this is forgotten. */
	WakeAllConditionVariable(&room.variable);
	SetLastError(ERROR_SUCCESS);
	ck_assert(!SleepConditionVariableCS(&room.variable, &room.section,
		0));
	ck_assert_uint_eq(GetLastError(), ERROR_TIMEOUT);
	SetLastError(ERROR_SUCCESS);
	ck_assert(!SleepConditionVariableSRW(&room.variable, &room.lock, 1,
		0));
	ck_assert_uint_eq(GetLastError(), ERROR_TIMEOUT);
	crew_start(&crew, 1, try_enter, &room);
	crew_join(&crew);
	ReleaseSRWLockExclusive(&room.lock);
	leave(&room);
	DeleteCriticalSection(&room.section);
}
END_TEST

static void *
sleep_as_a_writer(void *argument)
{
	struct bedroom *room = argument;

	AcquireSRWLockExclusive(&room->lock);
	room->asleep++;
	while (room->phase == 0)
		ck_assert(SleepConditionVariableSRW(&room->variable,
			&room->lock, INFINITE, 0));
	ck_assert(!TryAcquireSRWLockShared(&room->lock));
	room->awake++;
	ReleaseSRWLockExclusive(&room->lock);
	return NULL;
}

static bool
both_writers_asleep(void *argument)
{
	struct bedroom *room = argument;
	bool asleep;

	AcquireSRWLockShared(&room->lock);
	asleep = room->asleep == 2;
	ReleaseSRWLockShared(&room->lock);
	return asleep;
}

START_TEST(a_writer_sleeps_on_a_condition_variable)
{
	struct bedroom room = { .lock = SRWLOCK_INIT };
	struct crew crew;

	InitializeConditionVariable(&room.variable);
	crew_start(&crew, 2, sleep_as_a_writer, &room);
	await(both_writers_asleep, &room);
	AcquireSRWLockExclusive(&room.lock);
	room.phase = 1;
	WakeAllConditionVariable(&room.variable);
	ReleaseSRWLockExclusive(&room.lock);
	crew_join(&crew);
	ck_assert_uint_eq(room.awake, 2);
}
END_TEST

static void *
sleep_counted_as_a_reader(void *argument)
{
	struct bedroom *room = argument;

	enter(room);
	room->asleep = 2;
	AcquireSRWLockShared(&room->lock);
	leave(room);
	ck_assert(SleepConditionVariableSRW(&room->variable, &room->lock,
		INFINITE, CONDITION_VARIABLE_LOCKMODE_SHARED));
	ck_assert(!TryAcquireSRWLockExclusive(&room->lock));
	ck_assert(TryAcquireSRWLockShared(&room->lock));
	ReleaseSRWLockShared(&room->lock);
	ReleaseSRWLockShared(&room->lock);
	return NULL;
}

START_TEST(a_reader_sleeps_on_a_condition_variable)
{
	static struct bedroom room;
	struct crew crew;

	InitializeCriticalSection(&room.section);
	crew_start(&crew, 1, sleep_counted_as_a_reader, &room);
	await(both_asleep, &room);
	/* It holds the lock, or has let go of it to sleep. */
	AcquireSRWLockExclusive(&room.lock);
	ReleaseSRWLockExclusive(&room.lock);
	WakeConditionVariable(&room.variable);
	crew_join(&crew);
	ck_assert(TryAcquireSRWLockExclusive(&room.lock));
	DeleteCriticalSection(&room.section);
}
END_TEST

START_TEST(an_unknown_flag_of_a_sleep_is_refused)
{
	CONDITION_VARIABLE variable = CONDITION_VARIABLE_INIT;
	SRWLOCK lock = SRWLOCK_INIT;

	AcquireSRWLockExclusive(&lock);
	ck_assert(!SleepConditionVariableSRW(&variable, &lock, INFINITE, 2));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert(!TryAcquireSRWLockShared(&lock));
}
END_TEST

#define SLEEPERS 4

static VOID CALLBACK
meet_in_the_pool(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct bedroom *room = context;

	UNREFERENCED_PARAMETER(instance);
	UNREFERENCED_PARAMETER(work);
	AcquireSRWLockExclusive(&room->lock);
	if (++room->asleep == SLEEPERS)
		WakeAllConditionVariable(&room->variable);
	while (room->asleep < SLEEPERS)
		SleepConditionVariableSRW(&room->variable, &room->lock,
			INFINITE, 0);
	room->awake++;
	ReleaseSRWLockExclusive(&room->lock);
}

START_TEST(callbacks_asleep_do_not_keep_others_from_starting)
{
	struct bedroom room = { .lock = SRWLOCK_INIT };
	struct private_pool private;
	PTP_WORK work;

	private_pool_open(&private, 1, SLEEPERS);
	work = CreateThreadpoolWork(meet_in_the_pool, &room,
		&private.environ);
	ck_assert_ptr_nonnull(work);
	for (int i = 0; i < SLEEPERS; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
	ck_assert_uint_eq(room.awake, SLEEPERS);
}
END_TEST

struct market {
	SRWLOCK lock;
	CONDITION_VARIABLE filled, emptied;
	unsigned goods;		/* at most 2 */
	LONG made, sold;
};

#define TRADES (ROUNDS / 10)

static void *
produce(void *argument)
{
	struct market *m = argument;

	for (int i = 0; i < TRADES; i++) {
		AcquireSRWLockExclusive(&m->lock);
		while (m->goods == 2)
			SleepConditionVariableSRW(&m->emptied, &m->lock,
				INFINITE, 0);
		m->goods++;
		m->made++;
		ReleaseSRWLockExclusive(&m->lock);
		WakeConditionVariable(&m->filled);
	}
	return NULL;
}

static void *
consume(void *argument)
{
	struct market *m = argument;

	for (int i = 0; i < TRADES; i++) {
		AcquireSRWLockExclusive(&m->lock);
		while (m->goods == 0)
			SleepConditionVariableSRW(&m->filled, &m->lock,
				INFINITE, 0);
		m->goods--;
		m->sold++;
		ReleaseSRWLockExclusive(&m->lock);
		WakeConditionVariable(&m->emptied);
	}
	return NULL;
}

START_TEST(no_wake_up_is_lost_under_load)
{
	static struct market m;
	struct crew producers, consumers;

	crew_start(&producers, 3, produce, &m);
	crew_start(&consumers, 3, consume, &m);
	crew_join(&producers);
	crew_join(&consumers);
	ck_assert_int_eq(m.made, 3 * TRADES);
	ck_assert_int_eq(m.sold, 3 * TRADES);
	ck_assert_uint_eq(m.goods, 0);
}
END_TEST

/* ---- One-time initialisation ---- */

struct first_use {
	INIT_ONCE once;
	struct gate gate;
	LONG calls;
	LONG to_fail;		/* how many calls are to fail */
	LONG returned;
	alignas(max_align_t) char what[16];
};

static BOOL CALLBACK
first_use(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	struct first_use *f = parameter;

	ck_assert_ptr_eq(once, &f->once);
	if (InterlockedIncrement(&f->calls) <= f->to_fail) {
		SetLastError(ERROR_NOT_SUPPORTED);
		return FALSE;
	}
	gate_wait(&f->gate);
	*context = f->what;
	return TRUE;
}

static void *
use(void *argument)
{
	struct first_use *f = argument;
	PVOID context = NULL;

	ck_assert(InitOnceExecuteOnce(&f->once, first_use, f, &context));
	ck_assert_ptr_eq(context, f->what);
	InterlockedIncrement(&f->returned);
	return NULL;
}

START_TEST(the_first_use_initialises_and_others_wait_for_it)
{
	struct first_use f = { .once = INIT_ONCE_STATIC_INIT,
		.gate = GATE_INIT };
	struct crew crew;

	crew_start(&crew, 4, use, &f);
	gate_await_waiting(&f.gate, 1);
	ck_assert_int_eq(InterlockedOr(&f.returned, 0), 0);
	gate_open(&f.gate);
	crew_join(&crew);
	use(&f);
	ck_assert_int_eq(f.calls, 1);
	ck_assert(InitOnceExecuteOnce(&f.once, first_use, &f, NULL));
	ck_assert_int_eq(f.calls, 1);
}
END_TEST

START_TEST(an_initialisation_that_failed_is_tried_again)
{
	struct first_use f = { .gate = GATE_INIT, .to_fail = 2 };
	PVOID context = NULL;

	InitOnceInitialize(&f.once);
	gate_open(&f.gate);
	for (int i = 0; i < 2; i++) {
		SetLastError(ERROR_SUCCESS);
		ck_assert(!InitOnceExecuteOnce(&f.once, first_use, &f,
			&context));
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
		ck_assert_ptr_null(context);
	}
	use(&f);
	ck_assert_int_eq(f.calls, 3);
}
END_TEST

static BOOL CALLBACK
give_an_odd_context(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	UNREFERENCED_PARAMETER(once);
	*context = (char *)parameter + 1;
	return TRUE;
}

START_TEST(a_context_that_is_not_aligned_is_refused)
{	/* no rule: decided here, not known of Windows */
	struct first_use f = { .gate = GATE_INIT };
	PVOID context = NULL;

	ck_assert(!InitOnceExecuteOnce(&f.once, give_an_odd_context, f.what,
		&context));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	gate_open(&f.gate);
	use(&f);
}
END_TEST

#define ONCES 2000

struct onces {
	struct first_use uses[ONCES];
};

static void *
use_all(void *argument)
{
	struct onces *onces = argument;

	for (int i = 0; i < ONCES; i++) {
		struct first_use *f = &onces->uses[i];
		PVOID context;

		while (!InitOnceExecuteOnce(&f->once, first_use, f, &context))
			continue;
		ck_assert_ptr_eq(context, f->what);
	}
	return NULL;
}

START_TEST(initialisation_happens_once_under_load)
{
	static struct onces onces;
	struct crew crew;

	for (int i = 0; i < ONCES; i++) {
		onces.uses[i].gate = (struct gate)GATE_INIT;
		onces.uses[i].gate.open = true;
		onces.uses[i].to_fail = i % 3;
	}
	crew_start(&crew, CREW_MAX, use_all, &onces);
	crew_join(&crew);
	for (int i = 0; i < ONCES; i++)
		ck_assert_int_eq(onces.uses[i].calls,
			onces.uses[i].to_fail + 1);
}
END_TEST

/* ---- Thread-local slots ---- */

struct slot {
	DWORD index;
	struct gate stored;
};

static void *
store_and_look_again(void *argument)
{
	struct slot *slot = argument;
	int mine;

	ck_assert_ptr_null(TlsGetValue(slot->index));
	ck_assert(TlsSetValue(slot->index, &mine));
	ck_assert_ptr_eq(TlsGetValue(slot->index), &mine);
	gate_wait(&slot->stored);
	SetLastError(ERROR_NOACCESS);
	ck_assert_ptr_null(TlsGetValue(slot->index));
	ck_assert_uint_eq(GetLastError(), ERROR_SUCCESS);
	return NULL;
}

START_TEST(an_index_allocated_again_is_null_on_every_thread)
{
	struct slot slot = { TlsAlloc(), GATE_INIT };
	struct crew crew;
	int mine;

	ck_assert_uint_ne(slot.index, TLS_OUT_OF_INDEXES);
	ck_assert(TlsSetValue(slot.index, &mine));
	crew_start(&crew, 2, store_and_look_again, &slot);
	gate_await_waiting(&slot.stored, 2);
	ck_assert_ptr_eq(TlsGetValue(slot.index), &mine);
	ck_assert(TlsFree(slot.index));
	ck_assert_uint_eq(TlsAlloc(), slot.index);
	gate_open(&slot.stored);
	crew_join(&crew);
	ck_assert_ptr_null(TlsGetValue(slot.index));
	ck_assert(TlsFree(slot.index));
}
END_TEST

START_TEST(indexes_run_out_and_come_back)
{
	DWORD indexes[TLS_MINIMUM_AVAILABLE];
	unsigned n = 0;
	DWORD index;

	while ((index = TlsAlloc()) != TLS_OUT_OF_INDEXES) {
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_ne(indexes[i], index);
		ck_assert_uint_lt(n, TLS_MINIMUM_AVAILABLE);
		indexes[n++] = index;
	}
	ck_assert_uint_eq(GetLastError(), ERROR_NO_MORE_ITEMS);
	ck_assert_uint_eq(n, TLS_MINIMUM_AVAILABLE);
	while (n > 0)
		ck_assert(TlsFree(indexes[--n]));
	index = TlsAlloc();
	ck_assert_uint_ne(index, TLS_OUT_OF_INDEXES);
	ck_assert(TlsFree(index));
}
END_TEST

START_TEST(an_index_that_is_not_allocated_is_refused)
{	/* no rule: decided here, not known of Windows */
	const DWORD bad[] = { TlsAlloc(), TLS_MINIMUM_AVAILABLE,
		TLS_OUT_OF_INDEXES };

	ck_assert(TlsFree(bad[0]));
	for (size_t i = 0; i < ARRAYSIZE(bad); i++) {
		SetLastError(ERROR_SUCCESS);
		ck_assert_ptr_null(TlsGetValue(bad[i]));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
		SetLastError(ERROR_SUCCESS);
		ck_assert(!TlsSetValue(bad[i], NULL));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
		SetLastError(ERROR_SUCCESS);
		ck_assert(!TlsFree(bad[i]));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	}
}
END_TEST

/* ---- Memory ---- */

static bool
all_bytes_are(const unsigned char *bytes, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

START_TEST(the_heap_zeroes_grows_and_tells_sizes)
{
	HANDLE heap = GetProcessHeap();
	unsigned char *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);

	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq((ULONG_PTR)p % alignof(max_align_t), 0);
	ck_assert(all_bytes_are(p, 100, 0));
	ck_assert_uint_eq(HeapSize(heap, 0, p), 100);
	FillMemory(p, 100, 7);
	p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 5000);
	ck_assert_ptr_nonnull(p);
	ck_assert(all_bytes_are(p, 100, 7));
	ck_assert(all_bytes_are(p + 100, 4900, 0));
	ck_assert_ptr_eq(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 50),
		p);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 50);
	ck_assert_ptr_null(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p,
		51));
	ck_assert(HeapFree(heap, 0, p));
	ck_assert(HeapFree(heap, 0, NULL));
	p = HeapAlloc(heap, 0, 0);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 0);
	ck_assert(HeapFree(heap, 0, p));
}
END_TEST

START_TEST(the_heap_refuses_what_it_cannot_do)
{
	HANDLE heap = GetProcessHeap();
	void *p = HeapAlloc(heap, 0, 8);
	void *none, *same, *local;
	DWORD errors[2];

	ck_assert_ptr_null(HeapAlloc(NULL, 0, 8));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_HANDLE);
	ck_assert(!HeapFree(NULL, 0, p));
	ck_assert_ptr_null(HeapReAlloc(NULL, 0, p, 8));
	ck_assert_uint_eq(HeapSize(NULL, 0, p), (SIZE_T)-1);
	ck_assert_ptr_null(HeapReAlloc(heap, 0, NULL, 8));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_ptr_null(HeapAlloc(heap, 0, SIZE_MAX));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	fail_allocations(true);
	SetLastError(ERROR_SUCCESS);
	none = HeapAlloc(heap, 0, 8);
	errors[0] = GetLastError();
	same = HeapReAlloc(heap, 0, p, 16);
	SetLastError(ERROR_SUCCESS);
	local = LocalAlloc(LPTR, 8);
	errors[1] = GetLastError();
	fail_allocations(false);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(errors[0], ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_ptr_null(same);
	ck_assert_ptr_null(local);
	ck_assert_uint_eq(errors[1], ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_uint_eq(HeapSize(heap, 0, p), 8);
	ck_assert(HeapFree(heap, 0, p));
}
END_TEST

START_TEST(local_memory_is_zeroed_and_freed)
{
	unsigned char *p = LocalAlloc(LPTR, 100);

	ck_assert_ptr_nonnull(p);
	ck_assert(all_bytes_are(p, 100, 0));
	ck_assert_ptr_null(LocalFree(p));
	ck_assert_ptr_null(LocalFree(NULL));
	ck_assert_ptr_null(LocalAlloc(2, 100));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
}
END_TEST

/* ---- Messages ---- */

#define SYSTEM \
	(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS)

static DWORD
message(DWORD flags, DWORD code, void *buffer, DWORD size)
{
	SetLastError(ERROR_SUCCESS);
	return FormatMessageA(flags, NULL, code,
		MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), buffer, size, NULL);
}

START_TEST(an_error_code_has_a_text)
{
	char text[128];
	char *allocated = NULL;
	WCHAR wide[128];
	DWORD length = message(SYSTEM, ERROR_TIMEOUT, text, sizeof(text));

	ck_assert_uint_gt(length, 10);
	ck_assert_uint_eq(strlen(text), length);
	ck_assert_str_eq(text + length - 3, ".\r\n");
	ck_assert_uint_eq(message(SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER,
		ERROR_TIMEOUT, &allocated, 0), length);
	ck_assert_str_eq(allocated, text);
	ck_assert_ptr_null(LocalFree(allocated));
	ck_assert_uint_eq(FormatMessageW(SYSTEM, NULL, ERROR_TIMEOUT, 0,
		wide, ARRAYSIZE(wide), NULL), length);
	for (DWORD i = 0; i <= length; i++)
		ck_assert_int_eq(wide[i], text[i]);
	ck_assert_uint_eq(message(SYSTEM | FORMAT_MESSAGE_MAX_WIDTH_MASK,
		ERROR_TIMEOUT, text, sizeof(text)), length - 1);
	ck_assert_str_eq(text + length - 3, ". ");
}
END_TEST

START_TEST(a_message_that_cannot_be_given_is_refused)
{
	const DWORD allocate = SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER;
	char text[128];
	char *allocated = NULL;
	DWORD length = message(SYSTEM, ERROR_TIMEOUT, text, sizeof(text));

	ck_assert_uint_eq(message(SYSTEM, 0x12345678, text, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_MR_MID_NOT_FOUND);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, text, length), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, text, length + 1),
		length);
	ck_assert_uint_eq(message(0, ERROR_TIMEOUT, text, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(message(FORMAT_MESSAGE_FROM_STRING, 0, text, 128),
		0);
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(message(SYSTEM, ERROR_TIMEOUT, NULL, 128), 0);
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	fail_allocations(true);
	length = message(allocate, ERROR_TIMEOUT, &allocated, 0);
	fail_allocations(false);
	ck_assert_uint_eq(length, 0);
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
}
END_TEST

/* ---- The machine and the process ---- */

START_TEST(the_system_is_described)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	ck_assert_int_eq(info.dwNumberOfProcessors,
		sysconf(_SC_NPROCESSORS_ONLN));
	ck_assert_int_eq(info.dwPageSize, sysconf(_SC_PAGESIZE));
	ck_assert_uint_ne(info.dwActiveProcessorMask, 0);
	ck_assert_uint_eq(info.dwAllocationGranularity % info.dwPageSize, 0);
	ck_assert_int_eq(GetCurrentProcessId(), getpid());
}
END_TEST

struct record {
	int before;
	FILETIME inside;
};

START_TEST(macros_take_values_apart)
{
	struct record r;

	ck_assert_ptr_eq(CONTAINING_RECORD(&r.inside, struct record, inside),
		&r);
	ck_assert_uint_eq(LOWORD(0x12345678), 0x5678);
	ck_assert_uint_eq(HIWORD(0x12345678), 0x1234);
	ck_assert_uint_eq(MAKELANGID(9, 2), 0x0809);
	ck_assert_str_eq(TEXT("text"), "text");
}
END_TEST

/* ---- The suite ---- */

static void
add_locks(TCase *small, TCase *large)
{
	tcase_add_test(small, a_slim_lock_has_many_readers_or_one_writer);
	tcase_add_test(small, readers_are_inside_together);
	tcase_add_test(small, a_waiting_writer_comes_before_later_readers);
	tcase_add_test(small,
		releasing_a_slim_lock_that_is_not_held_is_reported);
	tcase_add_test(large, a_slim_lock_guards_under_load);
	tcase_add_test(small, wake_wakes_one_and_wake_all_the_rest);
	tcase_add_test(small, a_sleep_that_times_out_comes_back_with_the_lock);
	tcase_add_test(small, a_writer_sleeps_on_a_condition_variable);
	tcase_add_test(small, a_reader_sleeps_on_a_condition_variable);
	tcase_add_test(small, an_unknown_flag_of_a_sleep_is_refused);
	tcase_add_test(small,
		callbacks_asleep_do_not_keep_others_from_starting);
	tcase_add_test(large, no_wake_up_is_lost_under_load);
	tcase_add_test(small,
		the_first_use_initialises_and_others_wait_for_it);
	tcase_add_test(small, an_initialisation_that_failed_is_tried_again);
	tcase_add_test(small, a_context_that_is_not_aligned_is_refused);
	tcase_add_test(large, initialisation_happens_once_under_load);
}

static void
add_small_change(TCase *small, TCase *large)
{
	tcase_add_test(small,
		interlocked_functions_give_the_new_or_the_old_value);
	tcase_add_test(small, interlocked_functions_have_64_bit_forms);
	tcase_add_test(small, interlocked_functions_exchange_pointers);
	tcase_add_test(large, interlocked_functions_lose_nothing);
	tcase_add_test(large, a_barrier_keeps_a_read_behind_a_write);
	tcase_add_test(small,
		an_index_allocated_again_is_null_on_every_thread);
	tcase_add_test(small, indexes_run_out_and_come_back);
	tcase_add_test(small, an_index_that_is_not_allocated_is_refused);
	tcase_add_test(small, the_heap_zeroes_grows_and_tells_sizes);
	tcase_add_test(small, the_heap_refuses_what_it_cannot_do);
	tcase_add_test(small, local_memory_is_zeroed_and_freed);
	tcase_add_test(small, an_error_code_has_a_text);
	tcase_add_test(small, a_message_that_cannot_be_given_is_refused);
	tcase_add_test(small, the_system_is_described);
	tcase_add_test(small, macros_take_values_apart);
}

int
main(void)
{
	Suite *suite = suite_create("compat");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	add_locks(small, large);
	add_small_change(small, large);
	return harness_run(suite);
}
