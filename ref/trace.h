/* trace.h - the event trace, and what people call things: see trace.c */
/* SPDX-License-Identifier: MIT */
/*
 * A trace point is one call in the file where the thing happens. While no
 * trace is written it costs a load and a branch that always goes the same
 * way; tp_tracing is written once, before there is a pool, so it needs no
 * lock and no atomic.
 *
 * Nothing is ever called by its address. Threads, pools and objects have a
 * kind and a number ("work 2"), and get the number when the trace or the
 * dump first speaks of them, so that a run that happens again in the same
 * order has the same names.
 */
#ifndef TRACE_H
#define TRACE_H

#include "engine.h"

/* What a thread or a pool is called. */
struct tp_label {
	const char *kind;	/* "worker"; a static string */
	unsigned number;	/* see tp_number */
};

#define TP_UNNUMBERED	0u		/* not spoken of yet */
#define TP_ONLY_ONE	(~0u)		/* there is one: needs no number */
#define TP_NAME_SIZE	40		/* bytes of a name, with its end */

enum tp_event {
	TP_EVENT_POOL_MADE,
	TP_EVENT_POOL_CLOSED,
	TP_EVENT_POST,			/* count: pending now */
	TP_EVENT_CANCEL,		/* count: posts dropped */
	TP_EVENT_CALLBACK,
	TP_EVENT_CALLBACK_END,
	TP_EVENT_WAIT,
	TP_EVENT_WAIT_END,
	TP_EVENT_IDLE,
	TP_EVENT_IDLE_END,
	TP_EVENT_BORN,
	TP_EVENT_RETIRED,
	TP_EVENT_REFUSED,		/* count: threads not made */
	TP_EVENT_EXPIRY
};

/* Written by tp_trace_open only. */
extern bool tp_tracing;

/*
 * Opens the trace if TP_TRACE names a file: the first call decides. Every
 * pool, and the dispatcher, calls it before it makes a thread.
 */
void tp_trace_open(void);

/* The label of the calling thread; valid until it ends. */
struct tp_label *tp_thread_label(void);

/* Says what kind of thread the calling one is, or the only one of it. */
void tp_thread_is(const char *kind, unsigned number);

/* The number of a thing of this kind; gives it one if it has none yet. */
unsigned tp_number(const char *kind, unsigned *number);

/* The same while every other thread stands still: takes no lock. */
unsigned tp_number_stopped(const char *kind, unsigned *number);

/* Writes "work 2", or the kind alone if there is only one. */
void tp_name(char name[TP_NAME_SIZE], const char *kind, unsigned number);

#if defined(__GNUC__)
#define TP_COLD __attribute__((cold))	/* a call of it is unlikely */
#else
#define TP_COLD
#endif

/* Writes an event of the calling thread. kind NULL: of nothing else. */
TP_COLD void tp_trace_write(enum tp_event event, const char *kind,
	unsigned *number, unsigned long count);

/* ---- Trace points ---- */

/* Something happened to the calling thread. */
static inline void
tp_trace(enum tp_event event)
{
	if (tp_tracing)
		tp_trace_write(event, NULL, NULL, 0);
}

/* The calling thread did something with a pool. */
static inline void
tp_trace_pool(enum tp_event event, struct tp_label *pool)
{
	if (tp_tracing)
		tp_trace_write(event, pool->kind, &pool->number, 0);
}

/* The system refused so many threads. */
static inline void
tp_trace_refused(unsigned threads)
{
	if (tp_tracing)
		tp_trace_write(TP_EVENT_REFUSED, NULL, NULL, threads);
}

/* The calling thread did something with an object. */
static inline void
tp_trace_object(enum tp_event event, struct tp_object *object,
	unsigned long count)
{
	if (tp_tracing)
		tp_trace_write(event, object->ops->kind, &object->number,
			count);
}

#endif /* TRACE_H */
