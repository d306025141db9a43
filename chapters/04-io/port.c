/* SPDX-License-Identifier: MIT */
/*
 * port.c - a completion port
 *
 * A queue of packets, and the threads that wait for them. It knows two
 * things that other queues do not. The limit: a thread that was given a
 * packet counts until it comes back for the next one, and no more threads
 * than the limit count at a time. And the order of threads: who came last
 * goes first, so that few threads do all the work, and the others sleep.
 *
 * A packet is posted by anybody, or by a file that is bound to the port: at
 * the end of each request that was announced.
 */
#include "sample.h"

enum { QUEUE = 64 };

struct packet {
	DWORD bytes;
	ULONG_PTR key;		/* the file's, or whatever was posted */
	OVERLAPPED *overlapped;
};

/* A thread that waits, on its stack. */
struct waiter {
	CONDITION_VARIABLE wake;
	struct packet packet;
	BOOL served;
	struct waiter *below;	/* who came before */
};

struct port {
	CRITICAL_SECTION lock;	/* guards what follows */
	struct packet queue[QUEUE];
	unsigned first, count;
	unsigned limit, active;	/* threads that have a packet */
	struct waiter *top;	/* who came last */
};

static _Thread_local struct port *counted;	/* by it; NULL: by none */

static void
port_open(struct port *port, unsigned limit)
{
	*port = (struct port){ .limit = limit };
	InitializeCriticalSection(&port->lock);
}

/* Nobody uses it any more. */
static void
port_close(struct port *port)
{
	DeleteCriticalSection(&port->lock);
}

/* Gives packets away while there are all three: packet, thread, room. */
static void
serve_locked(struct port *port)
{
	while (port->count > 0 && port->top != NULL &&
	    port->active < port->limit) {
		struct waiter *waiter = port->top;

		port->top = waiter->below;
		waiter->packet = port->queue[port->first];
		port->first = (port->first + 1) % QUEUE;
		port->count--;
		port->active++;
		waiter->served = TRUE;
		WakeConditionVariable(&waiter->wake);
	}
}

/* PostQueuedCompletionStatus. FALSE: the queue is full. */
static BOOL
port_post(struct port *port, struct packet packet)
{
	BOOL room;

	EnterCriticalSection(&port->lock);
	room = port->count < QUEUE;
	if (room) {
		port->queue[(port->first + port->count++) % QUEUE] = packet;
		serve_locked(port);
	}
	LeaveCriticalSection(&port->lock);
	return room;
}

/* The calling thread is done with its packet, and counts no more. */
static void
come_back_locked(struct port *port)
{
	if (counted == port)
		port->active--;
	counted = NULL;
}

/* GetQueuedCompletionStatus: waits for a packet. */
static struct packet
port_get(struct port *port)
{
	struct waiter self = { .served = FALSE };

	InitializeConditionVariable(&self.wake);
	EnterCriticalSection(&port->lock);
	come_back_locked(port);
	self.below = port->top;
	port->top = &self;
	serve_locked(port);
	while (!self.served)
		SleepConditionVariableCS(&self.wake, &port->lock, INFINITE);
	counted = port;
	LeaveCriticalSection(&port->lock);
	return self.packet;
}

/* A thread that will not come back says so; on Windows, its end does. */
static void
port_leave(struct port *port)
{
	EnterCriticalSection(&port->lock);
	come_back_locked(port);
	serve_locked(port);
	LeaveCriticalSection(&port->lock);
}

/* The other half of CreateIoCompletionPort: a file, and its key. */
struct binding {
	struct port *port;
	ULONG_PTR key;
	PTP_IO io;		/* announce here */
};

static VOID CALLBACK
completed(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct binding *binding = context;
	struct packet packet = { (DWORD)bytes, binding->key, overlapped };

	(void)instance, (void)io;
	must(error == NO_ERROR, "a request");
	must(port_post(binding->port, packet), "room in the queue");
}

static void
port_bind(struct binding *binding, struct port *port, HANDLE file,
	ULONG_PTR key)
{
	*binding = (struct binding){ .port = port, .key = key };
	binding->io = new_io(file, completed, binding, NULL);
}

/* ---- A program that uses it ---- */

enum { THREADS = 3, PACKETS = 12, BLOCK = 512 };
enum { POSTED, OF_FILE, STOP };			/* keys */

static struct port port;
static LONG now, seen[STOP], bytes_read;	/* Interlocked only */
static HANDLE handled;				/* semaphore */

/* Takes packets until it is told to stop, and counts them. */
static DWORD WINAPI
serve(PVOID packets)
{
	struct packet packet;

	while ((packet = port_get(&port)).key != STOP) {
		must(InterlockedIncrement(&now) <= (LONG)port.limit,
			"no more threads than the limit");
		InterlockedIncrement(&seen[packet.key]);
		InterlockedExchangeAdd(&bytes_read, (LONG)packet.bytes);
		++*(int *)packets;
		InterlockedDecrement(&now);
		ReleaseSemaphore(handled, 1, NULL);
	}
	port_leave(&port);
	return 0;
}

/* Has three threads take so many packets. Returns how many got any. */
static int
take_all(int count)
{
	int packets[THREADS] = { 0 }, busy = 0;
	HANDLE threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		threads[i] = CreateThread(NULL, 0, serve, &packets[i], 0,
			NULL);
		must(threads[i] != NULL, "CreateThread");
	}
	for (int i = 0; i < count; i++)
		await(handled);
	for (int i = 0; i < THREADS; i++)
		must(port_post(&port, (struct packet){ .key = STOP }),
			"a post");
	for (int i = 0; i < THREADS; i++) {
		await(threads[i]);
		CloseHandle(threads[i]);
		busy += packets[i] > 0;
	}
	return busy;
}

/* Packets that were posted before anybody came. */
static void
take_posted(void)
{
	int busy;

	port_open(&port, 1);
	for (int i = 0; i < PACKETS; i++)
		must(port_post(&port, (struct packet){ 0 }), "a post");
	busy = take_all(PACKETS);
	port_close(&port);
	printf("limit 1: %ld posted packets, taken by %d of %d threads\n",
		(long)seen[POSTED], busy, THREADS);
}

/* Packets of a file: each brings a block. */
static void
take_blocks(void)
{
	static OVERLAPPED requests[PACKETS];
	static unsigned char blocks[PACKETS][BLOCK];
	struct binding binding;
	char path[PATH_SIZE];
	HANDLE file;

	name_file(path, "port");
	make_file(path, PACKETS * BLOCK);
	file = open_file(path, OPEN_EXISTING);
	port_open(&port, 2);
	port_bind(&binding, &port, file, OF_FILE);
	for (DWORD i = 0; i < PACKETS; i++) {
		requests[i].Offset = i * BLOCK;
		StartThreadpoolIo(binding.io);
		must_be_made(ReadFile(file, blocks[i], BLOCK, NULL,
			&requests[i]));
	}
	must(take_all(PACKETS) > 0, "somebody");
	WaitForThreadpoolIoCallbacks(binding.io, FALSE);
	CloseThreadpoolIo(binding.io);
	CloseHandle(file);
	port_close(&port);
	printf("limit 2: %ld packets of a file, %ld bytes\n",
		(long)seen[OF_FILE], (long)bytes_read);
}

int
main(void)
{
	handled = CreateSemaphore(NULL, 0, PACKETS, NULL);
	must(handled != NULL, "CreateSemaphore");
	take_posted();
	take_blocks();
	CloseHandle(handled);
	return 0;
}
