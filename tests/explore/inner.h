/* inner.h - the explorer's parts, and what they say to each other */
/* SPDX-License-Identifier: MIT */
/*
 * An explored program runs one thread at a time. Every call that may block,
 * wake, make a thread or tell the time is intercepted (ld --wrap), and every
 * intercepted call is an operation: the thread says what it is about to do
 * (xp_step), the strategy picks one thread whose operation can proceed, and
 * that thread gets the token. It does what it announced, on a shadow object
 * that is kept here, and runs on to its next operation.
 *
 *	driver.c	main: one process per execution, seeds, verdicts
 *	schedule.c	threads, operations, who runs next; token.c
 *	ending.c	verdicts, and programs that end by themselves
 *	strategy.c	which thread next: POS, PCT, random, replay, search
 *	clock.c		virtual time, and the calls that tell it or sleep
 *	object.c	shadow objects and their names
 *	wrap_*.c	the intercepted calls, by family
 *	callbacks.c	what the compiler calls at each access (__tsan_...)
 *	access.c	plain accesses: which are steps; places.c: where
 *	atomic.c	C11 atomics: steps, and what they order
 *	race.c		vector clocks: which accesses are ordered
 *	shadow.c	what is remembered of each byte; calls.c: of calls
 *	blocks.c	blocks of memory, and those that were freed
 *	minimise.c	a failing schedule with fewer switches
 *	report.c ...	what a failure reads like
 *
 * Locks: none. All of this belongs to the thread that holds the token; the
 * driver looks at a record only when the execution has ended. For the same
 * reason these files are compiled without sanitizers: to them, the token is
 * invisible, and only the program's own synchronisation orders its threads.
 *
 * Names: xp_, so that they do not meet those of the explored program.
 */
#ifndef INNER_H
#define INNER_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "explore.h"

/* The linker's --wrap of these is not for the explorer itself. */
__asm__("memcpy = __real_memcpy");
__asm__("memmove = __real_memmove");
__asm__("memset = __real_memset");

#define XP_THREADS	32	/* of one execution */
#define XP_OBJECTS	1024	/* shadow objects of one execution */
#define XP_FRAMES	8	/* return addresses kept per event */
#define XP_STEPS	65536	/* events that are kept per execution */
#define XP_DUMP		4096	/* bytes of the pool's own account */
#define XP_TEXT		512	/* bytes of a verdict's sentence */
#define XP_DEPTH_MAX	8	/* d of PCT */
#define XP_DEAD		0xDD	/* fills what was freed or destroyed */
#define XP_NOTES	64	/* lines of the program that are kept */
#define XP_NOTE_TEXT	64	/* bytes of one of them */

typedef int64_t xp_time;	/* ns */
#define XP_MS		((xp_time)1000000)
#define XP_SECOND	(1000 * XP_MS)
#define XP_FOREVER	INT64_MAX
#define XP_HOUR		(3600 * XP_SECOND)

/* ---- What is written down about an execution (shared with the driver) -- */

enum xp_verdict {
	XP_NONE,		/* ended without a verdict: crash, early _exit */
	XP_PASS, XP_DEADLOCK, XP_LIVELOCK, XP_HANG, XP_CRASH, XP_SANITIZER,
	XP_ASSERTION, XP_MISUSE, XP_RACE, XP_LEFTOVER, XP_EXIT,
	XP_TROUBLE		/* the explorer's own: too many threads, ... */
};

enum xp_kind {			/* of an operation; words in words.c */
	XP_START, XP_END, XP_CREATE, XP_JOIN, XP_DETACH, XP_YIELD,
	XP_PAUSE,		/* nothing: others may come in between here */
	XP_LOCK, XP_TRYLOCK, XP_UNLOCK,
	XP_WAIT,		/* releases the mutex and falls asleep, at once */
	XP_WAKE,		/* is asleep on a condition until woken; XP_LOCK
				   of the mutex follows */
	XP_SIGNAL, XP_BROADCAST,
	XP_READ_LOCK, XP_WRITE_LOCK, XP_RW_UNLOCK,
	XP_SEM_WAIT, XP_SEM_POST,
	XP_ONCE, XP_BARRIER,
	XP_SLEEP, XP_STILL,
	XP_POLL, XP_READ, XP_WRITE,	/* data: 1 + fault, or 0 */
	XP_ACCEPT,		/* likewise */
	XP_SHUTDOWN, XP_FUTEX_WAIT, XP_FUTEX_WAKE,
	XP_ATOMIC, XP_ACCESS,	/* in memory: data is the address */
	XP_NOTE,		/* a line of the program's own: note.c */
	XP_KINDS
};

enum xp_outcome {
	XP_READY,		/* it can proceed */
	XP_TIMED_OUT,		/* its deadline has come */
	XP_SPURIOUS		/* a condition wait that nobody has woken */
};

/* One step. The frames are the call's return addresses, innermost first. */
struct xp_event {
	uint8_t thread;
	uint8_t kind;
	uint8_t outcome;
	uint8_t woke;		/* 1 + the thread that a signal chose; or 0 */
	uint16_t object;	/* its number; 0: none */
	uint8_t before;		/* the thread that ran before this step */
	bool write;		/* XP_ATOMIC, XP_ACCESS; XP_TRYLOCK: taken */
	uint32_t size;		/* XP_ATOMIC, XP_ACCESS: bytes; 0: frees it */
	uint32_t ready;		/* threads that could proceed: bit per number */
	uint32_t waiters;	/* XP_SIGNAL: those it could wake, likewise */
	xp_time time;		/* steady, since the start */
	uintptr_t data;		/* address, thread made or joined, note */
	uintptr_t frames[XP_FRAMES];
};

enum xp_object_kind {
	XP_MUTEX, XP_SPIN, XP_COND, XP_RWLOCK, XP_SEM, XP_ONCE_OBJECT,
	XP_BARRIER_OBJECT, XP_FUTEX, XP_DESCRIPTOR, XP_MEMORY,
	XP_OBJECT_KINDS
};

/* What the report knows about an object. Number n is at index n - 1. */
struct xp_object_note {
	uint8_t kind;
	uint16_t rank;		/* first, second, ... of its kind, from 1 */
	uintptr_t address;
	uint8_t stack_of;	/* 1 + the thread on whose stack it is; 0 */
	char name[40];		/* given by the program, or empty */
	uintptr_t frames[XP_FRAMES];	/* where it was first used */
};

/* Where a thread stood at the end. */
struct xp_thread_note {
	bool lives;
	uint8_t kind;		/* of the operation that it waits with */
	uint16_t object;	/* number; 0: none */
	int8_t holder;		/* the thread that has what it waits for; -1 */
	xp_time deadline;
	char name[16];
	uintptr_t frames[XP_FRAMES];
};

struct xp_race_note {		/* the two accesses of XP_RACE */
	uint8_t thread[2];
	bool write[2], atomic[2];
	bool frees;			/* [0] is a call of free */
	uintptr_t address;
	size_t size;
	uintptr_t frames[2][XP_FRAMES];	/* [0]: the later one */
};

struct xp_record {
	enum xp_verdict verdict;
	char text[XP_TEXT];		/* one sentence, no full stop */
	uint8_t culprit;		/* the thread that ran when it ended */
	uintptr_t frames[XP_FRAMES];	/* where, for assertions and misuse */
	uint32_t threads, objects;	/* how many there were */
	uint32_t steps;			/* made; events kept: up to XP_STEPS */
	uint32_t asked[EXPLORE_FAULTS];	/* by enum explore_fault */
	uint32_t searched_from;		/* the step; see explore_search_here */
	xp_time time;			/* virtual, at the end */
	bool misfit;			/* a replayed schedule did not fit */
	char dump[XP_DUMP];		/* what the pool says of itself, or "" */
	struct xp_race_note race;
	struct xp_thread_note thread[XP_THREADS];
	char notes[XP_NOTES][XP_NOTE_TEXT];	/* XP_NOTE: by data */
	struct xp_object_note object[XP_OBJECTS];
	struct xp_event events[XP_STEPS];
};

/* ---- How to run one execution (driver to child) ---- */

enum xp_strategy {
	XP_FIRST,		/* stay with a thread as long as it can run */
	XP_POS, XP_PCT, XP_RANDOM, XP_REPLAY
};

struct xp_plan {
	enum xp_strategy strategy;
	unsigned depth;			/* XP_PCT: d */
	uint64_t seed;
	uint32_t length;		/* XP_PCT: steps to expect */
	bool spurious;			/* condition waits may return at will */
	bool slow;			/* "race" time: time-outs may come first */
	bool fine;			/* more steps: see xp_pause */
	uint32_t step_limit;
	xp_time time_limit;
	unsigned long fail[EXPLORE_FAULTS];	/* the n-th; 0: none */
	bool leftovers;			/* threads, memory, descriptors */
	const char *allow;		/* names of threads that may stay */
	bool races;			/* a data race is a verdict */
	bool finish;			/* explore_finish_line must be called */
	/* XP_REPLAY: then stay with a thread as long as it can run. */
	const struct xp_choice *choices;
	uint32_t choice_count;
	bool tolerant;			/* skip what does not fit */
};

/* One step of a schedule to be replayed. */
struct xp_choice {
	uint8_t thread;
	uint8_t woke;			/* as in the event */
};

/* ---- Threads and steps (schedule.c) ---- */

struct xp_object;

/*
 * An operation that a thread is about to perform. ready says whether it can
 * proceed (NULL: always) and must have no effect.
 */
struct xp_op {
	enum xp_kind kind;
	struct xp_object *object;	/* or NULL */
	bool (*ready)(struct xp_op *op);
	xp_time deadline;		/* steady; 0 is "none", too */
	bool by_wall;			/* the deadline was one of the wall clock */
	uintptr_t data;
	bool write;
	uint32_t size;
	bool woken;			/* XP_WAKE: somebody has */
	/* kept by schedule.c: */
	uintptr_t frames[XP_FRAMES];
	struct xp_event *event;		/* where it was written down */
};

struct xp_thread {
	uint8_t number;
	char name[16];
	_Atomic uint32_t token;		/* 1: this thread runs */
	struct xp_op *op;		/* announced; NULL while it runs */
	bool ended, detached, joined;
	pthread_t handle;
	void *(*body)(void *);
	void *argument, *result;
	uint64_t priority;		/* strategy.c */
	uint32_t in_a_row;		/* steps; strategy.c */
	uint32_t clock[XP_THREADS];	/* race.c: what it has seen of each */
	const char *stack_low, *stack_high;
};

extern bool xp_exploring;		/* in an execution, and not stopped */
extern _Thread_local struct xp_thread *xp_self;	/* NULL: not explored */
extern struct xp_thread xp_threads[XP_THREADS];
extern unsigned xp_thread_count;
extern struct xp_record *xp_record;
extern const struct xp_plan *xp_plan;

/* The bit that stands for the thread of that number in a set of threads. */
static inline uint32_t
xp_bit(unsigned number)
{
	return (uint32_t)1 << number;
}

/* Is the calling thread one that is explored? Else: call the real one. */
static inline bool
xp_active(void)
{
	return xp_exploring && xp_self != NULL;
}

/* Announces the operation, and returns when this thread may perform it. */
enum xp_outcome xp_step(struct xp_op *op);

/* The same for one that is always ready. */
void xp_simple_step(enum xp_kind kind, struct xp_object *object,
	uintptr_t data);

/* What a call returns that leaves its error in errno. */
static inline int
xp_fail(int error)
{
	errno = error;
	return -1;
}

/*
 * A bit for each thread that waits for the object by that ready function,
 * and has not been woken.
 */
static inline uint32_t
xp_waiters(const struct xp_object *object, bool (*ready)(struct xp_op *op))
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < xp_thread_count; i++) {
		const struct xp_op *op = xp_threads[i].op;

		if (op != NULL && op->object == object &&
		    op->ready == ready && !op->woken)
			mask |= xp_bit(i);
	}
	return mask;
}

/*
 * A step more, if the plan is a fine one: before something is released, so
 * that others may find it held; after a signal or post, so that others act
 * on it at once.
 */
void xp_pause(struct xp_object *object);

/* Ends the execution. The text: one sentence, no full stop. */
_Noreturn void xp_verdict(enum xp_verdict verdict, const char *format, ...);

/* The call stack, innermost first; the explorer's part is on it, too. */
void xp_frames(uintptr_t frames[XP_FRAMES]);

void xp_prepare(void);			/* once, in the driver */
void xp_begin(const struct xp_plan *plan, struct xp_record *record);
_Noreturn void xp_end(int status);	/* main has returned, or exit */
_Noreturn void xp_end_now(int status);	/* _exit */
void xp_note_end(void);		/* writes down where all threads are */
struct xp_thread *xp_thread_new(void);	/* its first operation: XP_START */
void xp_thread_run(struct xp_thread *thread);	/* on it: awaits the token */
void xp_thread_end(void);		/* on it: gives the token away */

/* What a condition wait does to its mutex (wrap_mutex.c). */
struct xp_object *xp_mutex_leave(pthread_mutex_t *mutex);
void xp_mutex_enter(pthread_mutex_t *mutex);

/* Runs the hook when the calling thread ends, however it does. */
void xp_thread_watch_end(void);		/* wrap_thread.c */
int xp_stack_of(pthread_t thread, pthread_attr_t *attributes);

void xp_crash_watch(void);		/* crash.c */
void xp_leftovers_begin(void);		/* leftovers.c */
void xp_leftovers_check(void);		/* a verdict, or returns */

_Noreturn void __real_exit(int status);

/* ---- The token (token.c) ---- */

void xp_token_give(struct xp_thread *to);
void xp_token_await(struct xp_thread *self);

/* ---- Strategies (strategy.c) ---- */

void xp_strategy_begin(const struct xp_plan *plan);
void xp_strategy_thread(struct xp_thread *thread);	/* is new */

/*
 * Picks one of the threads in ready (a bit each, at least one); or one of
 * those in forced, which could only wake for no reason or ahead of time.
 */
struct xp_thread *xp_strategy_pick(struct xp_thread *current, uint32_t ready,
	uint32_t forced);
void xp_strategy_announced(struct xp_thread *thread);	/* a new operation */
void xp_strategy_performed(struct xp_thread *thread, const struct xp_op *op);
/* Which of the waiters (a bit each) a signal wakes. */
struct xp_thread *xp_strategy_waiter(uint32_t waiters);

/* ---- Time (clock.c) ---- */

extern xp_time xp_now;			/* steady, since the start */

/* Has it as many nanoseconds as a second may have? */
static inline bool
xp_is_time(const struct timespec *time)
{
	return time->tv_nsec >= 0 && time->tv_nsec < XP_SECOND;
}

/* Gives the operation a deadline: an absolute time of that clock. */
void xp_op_until(struct xp_op *op, clockid_t clock,
	const struct timespec *when);
xp_time xp_deadline(clockid_t clock, const struct timespec *when);
	/* steady since the start, from an absolute time of that clock */

/* ---- Shadow objects (object.c) ---- */

struct xp_object {
	enum xp_object_kind kind;
	uint16_t number;
	const void *address;
	int type;			/* PTHREAD_MUTEX_... */
	struct xp_thread *owner;	/* who has locked it; or writes */
	unsigned count;			/* depth; value; readers; arrived */
	unsigned limit;			/* of a barrier */
	unsigned phase;			/* of a barrier; state of a once */
	uint32_t readers;		/* a bit per thread */
	uint8_t read_depth[XP_THREADS];	/* of a rwlock: its read locks */
	bool known;			/* initialised by a call, or used */
	uint32_t clock[XP_THREADS];	/* race.c: what its release has seen */
	uint32_t read_clock[XP_THREADS];	/* of a rwlock: of its readers */
	uint32_t next;			/* object.c */
};

/* The shadow of the object at this address; made if there is none. */
struct xp_object *xp_object(enum xp_object_kind kind, const void *address);
/* The same, as new: an initialising call. */
struct xp_object *xp_object_new(enum xp_object_kind kind,
	const void *address);
void xp_object_end(struct xp_object *object);	/* before it is destroyed */
void xp_object_bury(void *address, size_t size);	/* after that */
void xp_objects_forget(const void *start, size_t size);	/* memory is freed */
const char *xp_object_name(const struct xp_object *object); /* for verdicts */

/* ---- Happens-before (race.c), called by the wrappers ---- */

void xp_race_begin(void);
void xp_race_created(struct xp_thread *parent, struct xp_thread *child);
void xp_race_started(void);		/* on the new thread, as xp_self */
void xp_race_joined(struct xp_thread *self, struct xp_thread *ended);
void xp_race_acquire(const uint32_t clock[XP_THREADS]);
void xp_race_release(uint32_t clock[XP_THREADS]);	/* joins into it */
void xp_race_allocated(const void *start, size_t size);
void xp_race_access(const void *address, size_t size, bool write,
	bool atomic, uintptr_t caller);

/* Accesses at these places in the code become steps (shared, grows). */
struct xp_places {
	uint32_t count;
	uintptr_t place[256];
};
extern struct xp_places *xp_places;	/* read: frozen for this execution */
extern struct xp_places *xp_places_found;	/* written: shared */

/* ---- Faults (faults.c) ---- */

bool xp_fault(enum explore_fault what);	/* does this one fail? counts it */
const char *xp_fault_word(unsigned what);	/* as fail= has it */
unsigned xp_fault_of(const char *word, size_t length);

/* ---- Memory (wrap_memory.c) ---- */

void xp_memory_begin(void);
/* The block of freed memory that holds the address, or NULL. */
const void *xp_memory_dead(const void *address);
unsigned long xp_memory_live(void);	/* blocks */

/* ---- Reports (report.c, columns.c, svg.c, json.c, symbols.c) ---- */

struct xp_finding {
	const struct xp_record *record;	/* of the minimised execution */
	const char *program;		/* path, for symbols and replay */
	const char *replay;		/* command line that reproduces it */
	const char *schedule;		/* schedule string */
	long seed;			/* -1: none */
	unsigned long executions;	/* until it was found */
	unsigned preemptions;		/* left after minimising */
	const char *output;		/* of the execution: stdout, stderr */
	size_t output_length;
	unsigned width;			/* columns of text; 0: 78 */
	unsigned fold;			/* what has more rows; 0: 60 */
};

/* What has happened, in one sentence without a full stop. */
void xp_report_sentence(const struct xp_finding *finding, char *sentence,
	size_t size);
void xp_report_text(const struct xp_finding *finding, int descriptor);
void xp_report_svg(const struct xp_finding *finding, const char *file);
void xp_report_json(const struct xp_finding *finding, const char *file);
void xp_timeline(const struct xp_record *record, const char *file);
const char *xp_verdict_word(enum xp_verdict verdict);

#endif /* INNER_H */
