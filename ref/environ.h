/* environ.h - callback environments: how an object asks for its settings */
/* SPDX-License-Identifier: MIT */
/*
 * A callback environment is a structure of the caller's own; every function
 * here only fills in a field, inline, as in the SDK. Nothing is allocated,
 * nothing can fail, and nothing is checked before an object is created with
 * the environment (POOL-26, POOL-32). Objects copy what they need, so that
 * the environment may be changed or destroyed afterwards (WORK-02).
 *
 * Two names for each: SetThreadpoolCallback... as programs write it, and
 * Tp... as the SDK's lower header does.
 *
 * Included by threadpool.h; never by itself.
 */
#ifndef ENVIRON_H
#define ENVIRON_H

/*
 * Makes an environment that asks for nothing: the default pool, no cleanup
 * group, normal priority (POOL-24). Call it before any other function here.
 */
static inline VOID
TpInitializeCallbackEnviron(PTP_CALLBACK_ENVIRON CallbackEnviron)
{
	ZeroMemory(CallbackEnviron, sizeof(*CallbackEnviron));
	CallbackEnviron->Version = 3;
	CallbackEnviron->CallbackPriority = TP_CALLBACK_PRIORITY_NORMAL;
	CallbackEnviron->Size = sizeof(*CallbackEnviron);
}

/* Ends the use of an environment. Objects made with it live on. */
static inline VOID
TpDestroyCallbackEnviron(PTP_CALLBACK_ENVIRON CallbackEnviron)
{
	UNREFERENCED_PARAMETER(CallbackEnviron);
}

/* Objects will run in this pool; NULL: in the default pool (POOL-27). */
static inline VOID
TpSetCallbackThreadpool(PTP_CALLBACK_ENVIRON CallbackEnviron, PTP_POOL Pool)
{
	CallbackEnviron->Pool = Pool;
}

/*
 * Objects will be members of this cleanup group; NULL: of none (GROUP-29).
 * CancelCallback may be NULL.
 */
static inline VOID
TpSetCallbackCleanupGroup(PTP_CALLBACK_ENVIRON CallbackEnviron,
	PTP_CLEANUP_GROUP CleanupGroup,
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK CancelCallback)
{
	CallbackEnviron->CleanupGroup = CleanupGroup;
	CallbackEnviron->CleanupGroupCancelCallback = CancelCallback;
}

/* Carried and ignored: POSIX has no activation contexts (POOL-39). */
static inline VOID
TpSetCallbackActivationContext(PTP_CALLBACK_ENVIRON CallbackEnviron,
	struct _ACTIVATION_CONTEXT *ActivationContext)
{
	CallbackEnviron->ActivationContext = ActivationContext;
}

/* The value that means "none, whatever the thread has". */
static inline VOID
TpSetCallbackNoActivationContext(PTP_CALLBACK_ENVIRON CallbackEnviron)
{
	CallbackEnviron->ActivationContext =
		(struct _ACTIVATION_CONTEXT *)(LONG_PTR)-1;
}

/* Callbacks may take long: the pool may add threads sooner (POOL-31). */
static inline VOID
TpSetCallbackLongFunction(PTP_CALLBACK_ENVIRON CallbackEnviron)
{
	CallbackEnviron->u.s.LongFunction = 1;
}

/* This library stays loaded while callbacks are outstanding (POOL-36). */
static inline VOID
TpSetCallbackRaceWithDll(PTP_CALLBACK_ENVIRON CallbackEnviron,
	PVOID DllHandle)
{
	CallbackEnviron->RaceDll = DllHandle;
}

/* Called on the worker after each callback has returned (INST-27). */
static inline VOID
TpSetCallbackFinalizationCallback(PTP_CALLBACK_ENVIRON CallbackEnviron,
	PTP_SIMPLE_CALLBACK FinalizationCallback)
{
	CallbackEnviron->FinalizationCallback = FinalizationCallback;
}

/* Which queued callbacks start first (POOL-33). */
static inline VOID
TpSetCallbackPriority(PTP_CALLBACK_ENVIRON CallbackEnviron,
	TP_CALLBACK_PRIORITY Priority)
{
	CallbackEnviron->CallbackPriority = Priority;
}

/* Callbacks should run on a thread that generally does not end (POOL-38). */
static inline VOID
TpSetCallbackPersistent(PTP_CALLBACK_ENVIRON CallbackEnviron)
{
	CallbackEnviron->u.s.Persistent = 1;
}

/* ---- The same under the names that programs use ---- */

static inline VOID
InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
	TpInitializeCallbackEnviron(pcbe);
}

static inline VOID
DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON pcbe)
{
	TpDestroyCallbackEnviron(pcbe);
}

static inline VOID
SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON pcbe, PTP_POOL ptpp)
{
	TpSetCallbackThreadpool(pcbe, ptpp);
}

static inline VOID
SetThreadpoolCallbackCleanupGroup(PTP_CALLBACK_ENVIRON pcbe,
	PTP_CLEANUP_GROUP ptpcg, PTP_CLEANUP_GROUP_CANCEL_CALLBACK pfng)
{
	TpSetCallbackCleanupGroup(pcbe, ptpcg, pfng);
}

static inline VOID
SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON pcbe)
{
	TpSetCallbackLongFunction(pcbe);
}

static inline VOID
SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON pcbe, PVOID mod)
{
	TpSetCallbackRaceWithDll(pcbe, mod);
}

static inline VOID
SetThreadpoolCallbackPriority(PTP_CALLBACK_ENVIRON pcbe,
	TP_CALLBACK_PRIORITY Priority)
{
	TpSetCallbackPriority(pcbe, Priority);
}

static inline VOID
SetThreadpoolCallbackPersistent(PTP_CALLBACK_ENVIRON pcbe)
{
	TpSetCallbackPersistent(pcbe);
}

#endif /* ENVIRON_H */
