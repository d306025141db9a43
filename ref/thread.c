/* thread.c - threads: their objects, their numbers, their end */
/* SPDX-License-Identifier: MIT */
/*
 * A thread's object becomes signalled when the thread has ended and stays
 * so. CreateThread makes one for each thread; for a thread that came from
 * elsewhere (main, a worker of a pool, pthread_create) it is made when the
 * thread first asks for a handle to itself.
 *
 * What ends a thread, here: its function returns, or it calls ExitThread.
 * Both run thread_ended at once. Any other way, pthread_exit for one, is
 * noticed by the destructor of a thread-specific value. First the thread's
 * mutexes are abandoned, then its object is signalled, in one step under
 * the lock: whoever has waited for the thread finds its mutexes free.
 *
 * Interface: CreateThread, ExitThread, GetExitCodeThread, TerminateThread,
 * GetCurrentThread, GetCurrentThreadId, SwitchToThread, Sleep, SleepEx;
 * inside, tp_self, tp_self_known and tp_self_use_thread.
 *
 * Locks: tp_waitable_lock; a lock of its own for the numbers.
 */
#include "waitable.h"

struct thread {
	struct tp_waitable waitable;

	/* Read-only after init. */
	LPTHREAD_START_ROUTINE start;	/* NULL: not made by CreateThread */
	LPVOID parameter;
	DWORD id;

	/* Guarded by tp_waitable_lock. */
	bool ended;
	DWORD exit_code;		/* STILL_ACTIVE while it runs */
};

static _Thread_local struct tp_self self;
static _Thread_local DWORD self_id;	/* 0: not yet given */

/* Guarded by tp_waitable_lock. */
static bool have_key;
static pthread_key_t key;		/* set, in a thread, to its self */

static struct tp_mutex id_lock = TP_MUTEX_INIT(TP_RANK_LEAF);
static DWORD last_id;			/* guarded by id_lock */

/* ---- The thread as a kernel object ---- */

static bool
thread_signalled(const struct tp_waitable *object, const struct tp_self *asker)
{
	(void)asker;
	return ((const struct thread *)object)->ended;
}

static bool
thread_consume(struct tp_waitable *object, struct tp_self *asker)
{
	(void)object;
	(void)asker;
	return false;
}

static const struct tp_waitable_kind thread_kind = {
	.name = "thread object", .signalled = thread_signalled,
	.consume = thread_consume
};

static struct thread *
new_thread(const SECURITY_ATTRIBUTES *attributes)
{
	struct thread *thread = tp_waitable_new(sizeof(*thread),
		&thread_kind, attributes, NULL, NULL);

	if (thread != NULL)
		thread->exit_code = STILL_ACTIVE;
	return thread;
}

/* ---- The end of a thread ---- */

/*
 * The calling thread is about to end. It may come back here, from code that
 * runs still later and acquires a mutex; then only that is left to do.
 */
static void
thread_ended(DWORD exit_code)
{
	struct thread *thread = self.thread;

	tp_lock(&tp_waitable_lock);
	if (self.watched)
		tp_mutex_abandon_all_locked(&self);
	if (thread != NULL) {
		self.thread = NULL;
		thread->ended = true;
		thread->exit_code = exit_code;
		tp_waitable_signalled_locked(&thread->waitable);
		tp_waitable_unuse_locked(&thread->waitable);
	}
	tp_waitable_unlock();
}

/* A thread with a key value ends. The system has set the value to NULL. */
static void
key_destructor(void *unused)
{
	(void)unused;
	thread_ended(0);
	self.watched = false;
}

/* Has the end of this thread noticed. False if the system refuses. */
static bool
watch_end(void)
{
	bool ready;

	tp_lock(&tp_waitable_lock);
	if (!have_key)
		have_key = pthread_key_create(&key, key_destructor) == 0;
	ready = have_key;
	tp_unlock(&tp_waitable_lock);
	return ready && pthread_setspecific(key, &self) == 0;
}

/* What the kernel objects know of the calling thread; NULL: no memory. */
struct tp_self *
tp_self(void)
{
	if (self.watched)
		return &self;
	if (!watch_end())
		return NULL;
	tp_list_init(&self.mutexes);
	self.watched = true;
	return &self;
}

/* The same, but NULL too if they have never had to know it. */
struct tp_self *
tp_self_known(void)
{
	return self.watched ? &self : NULL;
}

/*
 * The object of the calling thread, in use by the caller, made if there is
 * none. NULL: no memory.
 */
struct tp_waitable *
tp_self_use_thread(void)
{
	if (tp_self() == NULL)
		return NULL;
	if (self.thread == NULL) {
		self.thread = new_thread(NULL);	/* its use: the thread's */
		if (self.thread == NULL)
			return NULL;
		self.thread->id = GetCurrentThreadId();
	}
	tp_lock(&tp_waitable_lock);
	tp_waitable_use_locked(&self.thread->waitable);
	tp_unlock(&tp_waitable_lock);
	return &self.thread->waitable;
}

/* ---- CreateThread ---- */

static DWORD
new_id(void)
{
	DWORD id;

	tp_lock(&id_lock);
	id = last_id += 4;
	tp_unlock(&id_lock);
	return id;
}

/* The body of a thread made by CreateThread. */
static void *
thread_main(void *argument)
{
	struct thread *thread = argument;

	/* Should it fail, only an end by pthread_exit goes unnoticed. */
	(void)tp_self();
	tp_thread_name("thread");
	self.thread = thread;
	self_id = thread->id;
	thread_ended(thread->start(thread->parameter));
	return NULL;
}

/* Starts the thread, which takes over the use; or takes it back. */
static DWORD
start_thread(struct thread *thread, size_t stack)
{
	DWORD error;

	tp_lock(&tp_waitable_lock);
	tp_waitable_use_locked(&thread->waitable);
	tp_unlock(&tp_waitable_lock);
	error = tp_thread_start(thread_main, thread, stack);
	if (error != NO_ERROR) {
		tp_lock(&tp_waitable_lock);
		tp_waitable_unuse_locked(&thread->waitable);
		tp_waitable_unlock();
	}
	return error;
}

/* Flags that this pool cannot honour, or that mean nothing: why not. */
static DWORD
refuse_flags(DWORD flags)
{
	/* POSIX threads run from the start, and nobody could resume one. */
	if ((flags & CREATE_SUSPENDED) != 0)
		return ERROR_NOT_SUPPORTED;
	if ((flags & ~STACK_SIZE_PARAM_IS_A_RESERVATION) != 0)
		return ERROR_INVALID_PARAMETER;
	return NO_ERROR;
}

/*
 * CreateThread: starts a thread that runs lpStartAddress(lpParameter). Its
 * exit code is what that returns. Signals are blocked in it, but for those
 * that its own faults raise.
 *
 *	lpThreadAttributes	NULL, or without descriptor
 *	dwStackSize		bytes; 0: what the system thinks best
 *	lpStartAddress		the function
 *	lpParameter		its parameter
 *	dwCreationFlags		0 or STACK_SIZE_PARAM_IS_A_RESERVATION
 *	lpThreadId		receives its number before it runs; may be
 *				NULL
 *
 * Returns:	a handle to close, signalled when the thread has ended.
 * Fails:	NULL; ERROR_NOT_SUPPORTED for CREATE_SUSPENDED (there is no
 *		ResumeThread here), ERROR_INVALID_PARAMETER for other flags,
 *		a descriptor, or no function; ERROR_NOT_ENOUGH_MEMORY if the
 *		system refuses a thread.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-18.
 */
HANDLE WINAPI
CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, SIZE_T dwStackSize,
	LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter,
	DWORD dwCreationFlags, LPDWORD lpThreadId)
{
	DWORD error = refuse_flags(dwCreationFlags);
	struct thread *thread;
	HANDLE handle;

	if (error == NO_ERROR && lpStartAddress == NULL)
		error = ERROR_INVALID_PARAMETER;
	if (error != NO_ERROR) {
		SetLastError(error);
		return NULL;
	}
	thread = new_thread(lpThreadAttributes);
	if (thread == NULL)
		return NULL;
	thread->start = lpStartAddress;
	thread->parameter = lpParameter;
	thread->id = new_id();
	handle = tp_waitable_publish(&thread->waitable);
	if (handle == NULL)
		return NULL;
	if (lpThreadId != NULL)
		*lpThreadId = thread->id;
	error = start_thread(thread, dwStackSize);
	if (error != NO_ERROR) {
		CloseHandle(handle);
		SetLastError(error);
		return NULL;
	}
	return handle;
}

/*
 * ExitThread: ends the calling thread as if its function had returned.
 *
 *	dwExitCode	what GetExitCodeThread will say
 *
 * Misuse:	thread-exit, in a callback: the thread belongs to the pool.
 * Locks:	tp_waitable_lock.
 * Source:	INST-30.
 */
VOID WINAPI
ExitThread(DWORD dwExitCode)
{
	if (tp_current_instance() != NULL)
		tp_misuse(TP_MISUSE_THREAD_EXIT, "ExitThread", NULL);
	thread_ended(dwExitCode);
	pthread_exit(NULL);
}

/*
 * GetExitCodeThread: what a thread has left behind.
 *
 *	hThread		the thread; GetCurrentThread() will do
 *	lpExitCode	receives STILL_ACTIVE while it runs, then the code
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER if
 *		lpExitCode is NULL.
 * Locks:	tp_waitable_lock.
 */
BOOL WINAPI
GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode)
{
	struct thread *thread;

	if (lpExitCode == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	if (hThread == GetCurrentThread()) {
		*lpExitCode = STILL_ACTIVE;	/* it is asking */
		return TRUE;
	}
	tp_lock(&tp_waitable_lock);
	thread = tp_handle_to_locked(hThread, &thread_kind);
	if (thread != NULL)
		*lpExitCode = thread->exit_code;
	tp_waitable_unlock();
	return thread != NULL;
}

/*
 * TerminateThread: always fails. A thread that is ended at an arbitrary
 * instruction leaves locks held and memory half changed, in this pool and
 * in the C library; POSIX rightly has no such call.
 *
 * Fails:	FALSE; ERROR_NOT_SUPPORTED.
 * Differs:	Windows does it, and warns against it.
 */
BOOL WINAPI
TerminateThread(HANDLE hThread, DWORD dwExitCode)
{
	(void)hThread;
	(void)dwExitCode;
	SetLastError(ERROR_NOT_SUPPORTED);
	return FALSE;
}

/* ---- The calling thread ---- */

/*
 * GetCurrentThread: a pseudo handle that means, to every function, the
 * thread that calls it. DuplicateHandle makes a handle for others of it. It
 * need not be closed.
 */
HANDLE WINAPI
GetCurrentThread(VOID)
{
	return (HANDLE)(LONG_PTR)-2;
}

/*
 * GetCurrentThreadId: the number of the calling thread, a multiple of 4 as
 * on Windows. It is never used again for another thread.
 */
DWORD WINAPI
GetCurrentThreadId(VOID)
{
	if (self_id == 0)
		self_id = new_id();
	return self_id;
}

/*
 * SwitchToThread: lets another thread run.
 *
 * Returns:	TRUE.
 * Differs:	Windows returns FALSE if no other thread was ready; POSIX
 *		does not say.
 */
BOOL WINAPI
SwitchToThread(VOID)
{
	tp_thread_yield();
	return TRUE;
}

/*
 * SleepEx: suspends the calling thread.
 *
 *	dwMilliseconds	0: only lets another thread run; INFINITE: for ever
 *	bAlertable	no meaning: there are no APCs here
 *
 * Returns:	0.
 * Locks:	none may be held; a worker tells its pool that it is blocked.
 */
DWORD WINAPI
SleepEx(DWORD dwMilliseconds, BOOL bAlertable)
{
	(void)bAlertable;
	if (dwMilliseconds == 0) {
		tp_thread_yield();
		return 0;
	}
	tp_blocking_begin();
	do
		tp_thread_sleep(dwMilliseconds * TP_MS);
	while (dwMilliseconds == INFINITE);
	tp_blocking_end();
	return 0;
}

/* Sleep: SleepEx, not alertable. */
VOID WINAPI
Sleep(DWORD dwMilliseconds)
{
	SleepEx(dwMilliseconds, FALSE);
}
