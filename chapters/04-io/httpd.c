/* SPDX-License-Identifier: MIT */
/*
 * httpd.c - a small HTTP/1.1 server for static files, on the pool
 *
 *	httpd [-p PORT] [-a ADDRESS] [-c CONNECTIONS] [-t SECONDS] ROOT
 *
 * serves the files below ROOT until SIGINT or SIGTERM, and on SIGUSR1
 * says on standard error what the pool is doing. Without arguments it
 * plays client and server both, for the book. No thread waits for a client
 * or a disk: each connection has at most one request under way, and the
 * callback of its end makes the next one. What that callback finds in its
 * struct client is its own; it needs no lock. One timer for each connection
 * bounds every step; a timer's callback may come at any moment, and so what
 * it uses is under client->lock.
 *
 * http.h has the protocol. Symbolic links are followed, but not out of
 * ROOT; who can change the tree while it is served can get around that.
 *
 * explore: native
 */
#define _XOPEN_SOURCE 700		/* realpath, mkdtemp */
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dump.h"
#include "http.h"
#include "http_play.h"
#include "must.h"
#include "stream.h"

enum {
	HEAD_MAX = 8192,		/* bytes of a request */
	CHUNK = 65536,			/* bytes of a response, at once */
	BACKLOG = 128,			/* connections not yet accepted */
	RETRY_MS = 100
};

enum step {
	READING,			/* until there is a whole request */
	LOADING,			/* a part of the file */
	SENDING,			/* a part of the response */
	LINGERING			/* until the client closes, too */
};

/* One connection, or a place for one. */
struct client {
	/* Read-only after init. */
	PTP_TIMER timer;

	/* Guarded by server.lock. */
	struct client *next_free;

	/*
	 * Guarded by lock. Only the callback writes socket and step: it may
	 * read them without.
	 */
	SRWLOCK lock;
	HANDLE socket;			/* NULL: the place is free */
	enum step step;
	ULONGLONG deadline;		/* of this step, ms */
	bool expired;			/* it was missed */

	/* The callback's, or of whoever has just made the connection. */
	PTP_IO socket_io;
	HANDLE file;			/* NULL: none */
	PTP_IO file_io;
	OVERLAPPED overlapped;		/* of the one request */
	uint64_t offset, left;		/* of the file, to be loaded */
	bool keep;			/* and read another request */
	size_t received, filled;	/* bytes in in and out */
	char in[HEAD_MAX], out[CHUNK];
};

static struct {
	/* Read-only after init. */
	char *root;			/* "": all files */
	DWORD patience;			/* ms for each step */
	struct client *clients;		/* all places */
	unsigned limit;			/* how many */
	PTP_CLEANUP_GROUP group;
	TP_CALLBACK_ENVIRON environ;	/* names the group */
	HANDLE listener, drained;	/* drained: no client is left */
	PTP_IO listener_io;
	PTP_TIMER retry;

	/* Guarded by lock. */
	SRWLOCK lock;
	struct client *free;
	unsigned used;			/* places that are not free */
	bool accepting;			/* a request is under way */
	OVERLAPPED overlapped;		/* that one's */
	HANDLE arrival;			/* what it brings */

	LONG stopping;			/* Interlocked only */
} server = { .limit = 256, .patience = 30000 };

static bool
stopping(void)
{
	return InterlockedCompareExchange(&server.stopping, 0, 0) != 0;
}

/* Has the timer's callback posted in so many ms. */
static void
set_timer(PTP_TIMER timer, DWORD ms)
{
	ULARGE_INTEGER ticks = { .QuadPart = 0 - (ULONGLONG)ms * 10000 };
	FILETIME due = { ticks.u.LowPart, ticks.u.HighPart };

	SetThreadpoolTimer(timer, &due, 0, 0);
}

/* ---- Connections come and go ---- */

/* After what may have been the last. The server's lock is held. */
static void
tell_if_drained_locked(void)
{
	if (stopping() && server.used == 0 && !server.accepting)
		SetEvent(server.drained);
}

/* Accepts another connection if there is a place for it. */
static void
accept_next(void)
{
	AcquireSRWLockExclusive(&server.lock);
	if (!stopping() && !server.accepting && server.free != NULL) {
		StartThreadpoolIo(server.listener_io);
		server.accepting = tp_accept(server.listener,
			&server.arrival, &server.overlapped) ||
			GetLastError() == ERROR_IO_PENDING;
		if (!server.accepting) {
			CancelThreadpoolIo(server.listener_io);
			set_timer(server.retry, RETRY_MS);
		}
	}
	ReleaseSRWLockExclusive(&server.lock);
}

static VOID CALLBACK
accept_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	accept_next();
}

/* The place is free again. */
static void
give_back(struct client *client)
{
	AcquireSRWLockExclusive(&server.lock);
	client->next_free = server.free;
	server.free = client;
	server.used--;
	tell_if_drained_locked();
	ReleaseSRWLockExclusive(&server.lock);
	accept_next();
}

static void
close_file(struct client *client)
{
	if (client->file == NULL)
		return;
	CloseThreadpoolIo(client->file_io);
	CloseHandle(client->file);
	client->file = NULL;
}

/* Ends a connection that has no request under way. */
static void
hang_up(struct client *client)
{
	SetThreadpoolTimer(client->timer, NULL, 0, 0);
	close_file(client);
	CloseThreadpoolIo(client->socket_io);
	AcquireSRWLockExclusive(&client->lock);
	CloseHandle(client->socket);
	client->socket = NULL;
	ReleaseSRWLockExclusive(&client->lock);
	give_back(client);
}

/* ---- One step after the other ---- */

/* From now on there is so much time for what comes next. */
static void
give_time(struct client *client)
{
	AcquireSRWLockExclusive(&client->lock);
	client->deadline = GetTickCount64() + server.patience;
	ReleaseSRWLockExclusive(&client->lock);
	set_timer(client->timer, server.patience);
}

/*
 * The timer's callback. It may have been posted just before the timer was
 * set anew, or the place be free, or have another client in it: so it looks
 * at the clock again.
 */
static VOID CALLBACK
time_out(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct client *client = context;

	(void)instance, (void)timer;
	AcquireSRWLockExclusive(&client->lock);
	if (client->socket != NULL &&
	    GetTickCount64() >= client->deadline) {
		client->expired = true;
		CancelIoEx(client->socket, NULL);
	}
	ReleaseSRWLockExclusive(&client->lock);
}

/* Announces the request of this step, and makes it. */
static bool
issue(struct client *client, void *data, size_t size)
{
	bool of_file = client->step == LOADING;
	PTP_IO io = of_file ? client->file_io : client->socket_io;
	HANDLE handle = of_file ? client->file : client->socket;
	OVERLAPPED *overlapped = &client->overlapped;
	BOOL done;

	StartThreadpoolIo(io);
	if (client->step == SENDING)
		done = WriteFile(handle, data, (DWORD)size, NULL, overlapped);
	else
		done = ReadFile(handle, data, (DWORD)size, NULL, overlapped);
	if (done || GetLastError() == ERROR_IO_PENDING)
		return true;
	CancelThreadpoolIo(io);
	return false;
}

/*
 * Makes the request of that step, unless the time is up. After this the
 * connection is that of its callback, on another thread perhaps, or gone.
 * The flag is looked at and the request made in one step: a time-out comes
 * before, and is seen here, or after, and cancels it.
 */
static void
start(struct client *client, enum step step, void *data, size_t size)
{
	bool begun;

	AcquireSRWLockExclusive(&client->lock);
	client->step = step;
	begun = !client->expired && !(step == READING && stopping()) &&
		issue(client, data, size);
	ReleaseSRWLockExclusive(&client->lock);
	if (!begun)
		hang_up(client);
}

/* Sends what there is of the response. */
static void
send_out(struct client *client)
{
	give_time(client);
	start(client, SENDING, client->out, client->filled);
}

/* Loads a part of the file, behind what is to be sent already. */
static void
load(struct client *client)
{
	size_t room = CHUNK - client->filled;

	client->overlapped.Offset = (DWORD)client->offset;
	client->overlapped.OffsetHigh = (DWORD)(client->offset >> 32);
	give_time(client);
	start(client, LOADING, client->out + client->filled,
		client->left < room ? (size_t)client->left : room);
}

/* A part of the file is here. */
static VOID CALLBACK
loaded(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct client *client = context;

	(void)instance, (void)overlapped, (void)io;
	if (error != NO_ERROR || bytes == 0) {
		hang_up(client);	/* the file has been cut */
		return;
	}
	client->filled += bytes;
	client->offset += bytes;
	client->left -= bytes;
	send_out(client);
}

/* ---- Responses ---- */

static const char *
reason(int status)
{
	switch (status) {
	case 200: return "200 OK";
	case 206: return "206 Partial Content";
	case 301: return "301 Moved Permanently";
	case 400: return "400 Bad Request";
	case 404: return "404 Not Found";
	case 405: return "405 Method Not Allowed";
	case 413: return "413 Content Too Large";
	case 416: return "416 Range Not Satisfiable";
	case 431: return "431 Request Header Fields Too Large";
	case 505: return "505 HTTP Version Not Supported";
	default: return "503 Service Unavailable";
	}
}

static const char *
type_of(const char *path)
{
	static const char *const types[][2] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" }, { ".png", "image/png" },
		{ ".jpg", "image/jpeg" }, { ".gif", "image/gif" },
		{ ".epub", "application/epub+zip" },
		{ ".txt", "text/plain; charset=utf-8" }
	};
	const char *suffix = strrchr(path, '.');

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (suffix != NULL && strcmp(suffix, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

/* Adds text to the response. It fits: a head is shorter than a chunk. */
static void
say(struct client *client, const char *format, ...)
{
	size_t room = CHUNK - client->filled;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(client->out + client->filled, room, format,
		arguments);
	va_end(arguments);
	must(length >= 0 && (size_t)length < room, "vsnprintf");
	client->filled += (size_t)length;
}

/* The first lines of a response whose body has so many bytes. */
static void
say_head(struct client *client, int status, const char *type,
	uint64_t length)
{
	time_t now = time(NULL);
	char date[40] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm) != NULL)
		strftime(date, sizeof(date), "%a, %d %b %Y %T GMT", &tm);
	say(client, "HTTP/1.1 %s\r\nDate: %s\r\nConnection: %s\r\n",
		reason(status), date,
		client->keep ? "keep-alive" : "close");
	say(client, "Content-Type: %s\r\nContent-Length: %llu\r\n", type,
		(unsigned long long)length);
}

/* A response that is no file: what went wrong. */
static void
say_status(struct client *client, int status, const struct request *request)
{
	const char *text = reason(status);

	say_head(client, status, "text/plain", strlen(text) + 1);
	if (status == 405)
		say(client, "Allow: GET, HEAD\r\n");
	if (status == 301)
		say(client, "Location: %.*s/\r\n",
			(int)strcspn(request->target, "?"),
			request->target);
	say(client, "\r\n");
	if (!request->head_only)
		say(client, "%s\n", text);
}

/* The file that is open, or the part of it that is asked for. */
static void
say_file(struct client *client, const struct request *request,
	const char *type, uint64_t size)
{
	uint64_t first, count;
	int status = cut_range(request, size, &first, &count);

	say_head(client, status, type, count);
	say(client, "Accept-Ranges: bytes\r\n");
	if (status == 416)
		say(client, "Content-Range: bytes */%llu\r\n",
			(unsigned long long)size);
	if (status == 206)
		say(client, "Content-Range: bytes %llu-%llu/%llu\r\n",
			(unsigned long long)first,
			(unsigned long long)(first + count - 1),
			(unsigned long long)size);
	say(client, "\r\n");
	client->offset = first;
	client->left = request->head_only ? 0 : count;
}

/*
 * Finds the file that a target names: 200 and *path, to be freed, or the
 * status of the response. What is no ordinary file is not found: to open a
 * pipe would block.
 */
static int
find(const char *target, char **path)
{
	char name[HEAD_MAX + PATH_MAX];
	size_t root = strlen(server.root);
	struct stat status;
	int result;

	memcpy(name, server.root, root);
	result = decode_path(target, name + root, HEAD_MAX);
	if (result != 200)
		return result;
	if (name[strlen(name) - 1] == '/')
		strcat(name, "index.html");
	*path = realpath(name, NULL);
	if (*path == NULL)
		return 404;
	result = 404;
	if (strncmp(*path, server.root, root) == 0 &&
	    (*path)[root] == '/' && stat(*path, &status) == 0)
		result = S_ISDIR(status.st_mode) ? 301 :
			S_ISREG(status.st_mode) ? 200 : 404;
	if (result != 200) {
		free(*path);
		*path = NULL;
	}
	return result;
}

/* Opens the file, for overlapped reads: 200 and its size, or a status. */
static int
open_file(struct client *client, const char *path, uint64_t *size)
{
	LARGE_INTEGER length;
	HANDLE file = CreateFile(path, GENERIC_READ, FILE_SHARE_READ, NULL,
		OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

	if (file == INVALID_HANDLE_VALUE)
		return GetLastError() == ERROR_ACCESS_DENIED ||
			GetLastError() == ERROR_FILE_NOT_FOUND ? 404 : 503;
	client->file_io = CreateThreadpoolIo(file, loaded, client,
		&server.environ);
	if (client->file_io == NULL) {
		CloseHandle(file);
		return 503;
	}
	client->file = file;
	if (!GetFileSizeEx(file, &length))
		return 503;
	*size = (uint64_t)length.QuadPart;
	return 200;
}

/* Prepares the response. status: 200, or what is wrong with the request. */
static void
respond(struct client *client, int status, const struct request *request)
{
	char *path = NULL;
	uint64_t size;

	client->filled = 0;
	client->left = 0;
	client->keep = status == 200 && request->keep && !stopping();
	if (status == 200)
		status = find(request->target, &path);
	if (status == 200)
		status = open_file(client, path, &size);
	if (status == 200)
		say_file(client, request, type_of(path), size);
	else
		say_status(client, status, request);
	free(path);
}

/* ---- Requests ---- */

/* Forgets bytes of what has come in: they have been looked at. */
static void
drop(struct client *client, size_t bytes)
{
	client->received -= bytes;
	memmove(client->in, client->in + bytes, client->received);
}

/*
 * Looks whether a request is here as a whole, and answers it; if not, reads
 * more. Behind it there may be the next one, which stays where it is.
 */
static void
read_request(struct client *client)
{
	struct request request = { 0 };
	int status = 431;
	size_t length;

	drop(client, blank_length(client->in, client->received));
	length = head_length(client->in, client->received);
	if (length == 0 && client->received < HEAD_MAX) {
		start(client, READING, client->in + client->received,
			HEAD_MAX - client->received);
		return;
	}
	if (length > 0)
		status = parse_request(client->in, length, &request);
	respond(client, status, &request);
	drop(client, length);
	if (client->left > 0)
		load(client);
	else
		send_out(client);
}

/* All of the response has been sent, or a part of it. */
static void
sent(struct client *client)
{
	client->filled = 0;
	if (client->left > 0) {
		load(client);
		return;
	}
	close_file(client);
	give_time(client);
	if (client->keep) {
		read_request(client);
		return;
	}
	/* To close it now could take the response back: see the text. */
	(void)tp_shut_down(client->socket);
	start(client, LINGERING, client->out, CHUNK);
}

/* A read or a write of the connection has ended. */
static VOID CALLBACK
moved(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct client *client = context;

	(void)instance, (void)overlapped, (void)io;
	if (error != NO_ERROR || bytes == 0) {
		hang_up(client);
	} else if (client->step == SENDING) {
		sent(client);
	} else if (client->step == LINGERING) {
		start(client, LINGERING, client->out, CHUNK);
	} else {
		client->received += bytes;
		read_request(client);
	}
}

/* ---- Accepting ---- */

/* A connection begins, in this place. */
static void
welcome(struct client *client, HANDLE socket)
{
	client->socket_io = CreateThreadpoolIo(socket, moved, client,
		&server.environ);
	if (client->socket_io == NULL) {
		CloseHandle(socket);
		give_back(client);
		return;
	}
	client->received = 0;
	AcquireSRWLockExclusive(&client->lock);
	client->socket = socket;
	client->expired = false;
	client->deadline = UINT64_MAX;
	ReleaseSRWLockExclusive(&client->lock);
	give_time(client);
	read_request(client);
}

/* Somebody has connected, or nobody will. */
static VOID CALLBACK
accepted(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct client *client = NULL;
	HANDLE socket;

	(void)instance, (void)context, (void)overlapped, (void)bytes;
	(void)io;
	AcquireSRWLockExclusive(&server.lock);
	socket = server.arrival;
	server.accepting = false;
	if (error != NO_ERROR) {
		set_timer(server.retry, RETRY_MS);
	} else if (!stopping()) {
		client = server.free;	/* the accept has seen that one */
		server.free = client->next_free;
		server.used++;
	}
	tell_if_drained_locked();
	ReleaseSRWLockExclusive(&server.lock);
	if (client == NULL) {
		CloseHandle(socket);
		return;
	}
	accept_next();
	welcome(client, socket);
}

/* ---- The server as a whole ---- */

static void
prepare_places(void)
{
	server.clients = calloc(server.limit, sizeof(*server.clients));
	must(server.clients != NULL, "calloc");
	for (unsigned i = 0; i < server.limit; i++) {
		struct client *client = &server.clients[i];

		InitializeSRWLock(&client->lock);
		client->timer = CreateThreadpoolTimer(time_out, client,
			&server.environ);
		must(client->timer != NULL, "CreateThreadpoolTimer");
		client->next_free = server.free;
		server.free = client;
	}
}

/* Serves what is below root, at the first of these ports that is free. */
static void
serve(const char *root, const char *address, unsigned port, unsigned last)
{
	server.root = realpath(root, NULL);
	must(server.root != NULL, root);
	if (strcmp(server.root, "/") == 0)
		*server.root = '\0';
	do
		server.listener = tp_listen(address, (unsigned short)port,
			BACKLOG);
	while (server.listener == NULL && port++ < last &&
	    GetLastError() == ERROR_ADDRESS_ALREADY_ASSOCIATED);
	must(server.listener != NULL, "tp_listen");
	server.group = CreateThreadpoolCleanupGroup();
	server.drained = CreateEvent(NULL, TRUE, FALSE, NULL);
	must(server.group != NULL && server.drained != NULL, "Create...");
	InitializeThreadpoolEnvironment(&server.environ);
	SetThreadpoolCallbackCleanupGroup(&server.environ, server.group,
		NULL);
	server.retry = CreateThreadpoolTimer(accept_again, NULL,
		&server.environ);
	server.listener_io = CreateThreadpoolIo(server.listener, accepted,
		NULL, &server.environ);
	must(server.retry != NULL && server.listener_io != NULL,
		"CreateThreadpool...");
	prepare_places();
	accept_next();
}

/* Ends connections: all, or those that wait for a request. */
static void
dismiss(bool all)
{
	for (unsigned i = 0; i < server.limit; i++) {
		struct client *client = &server.clients[i];

		AcquireSRWLockExclusive(&client->lock);
		if (client->socket != NULL &&
		    (all || client->step == READING)) {
			client->expired = true;
			CancelIoEx(client->socket, NULL);
		}
		ReleaseSRWLockExclusive(&client->lock);
	}
}

/*
 * Ends the server: responses that have begun get the time of one step, then
 * all is cut off. The group closes what is left, and joins the callbacks.
 */
static void
stop(void)
{
	AcquireSRWLockExclusive(&server.lock);
	InterlockedExchange(&server.stopping, TRUE);
	CancelIoEx(server.listener, NULL);
	tell_if_drained_locked();
	ReleaseSRWLockExclusive(&server.lock);
	dismiss(false);
	if (WaitForSingleObject(server.drained, server.patience) !=
	    WAIT_OBJECT_0) {
		dismiss(true);
		WaitForSingleObject(server.drained, INFINITE);
	}
	CloseThreadpoolCleanupGroupMembers(server.group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(server.group);
	CloseHandle(server.listener);
	CloseHandle(server.drained);
	free(server.clients);
	free(server.root);
}

/* ---- The program ---- */

static unsigned
number(const char *text, unsigned min, unsigned max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (isdigit((unsigned char)*text) && *end == '\0' && value >= min &&
	    value <= max)
		return (unsigned)value;
	fprintf(stderr, "httpd: %s: not from %u to %u\n", text, min, max);
	exit(2);
}

/* Both sides, in a folder that is made for it. */
static void
demonstrate(void)
{
	char root[] = "httpd.XXXXXX", name[32];
	FILE *file;

	must(mkdtemp(root) != NULL, "mkdtemp");
	snprintf(name, sizeof(name), "%s/index.html", root);
	file = fopen(name, "w");
	must(file != NULL && fputs("<p>Hello\n", file) >= 0 &&
		fclose(file) == 0, name);
	serve(root, "127.0.0.1", 0, 0);
	play_all(tp_port_number(server.listener));
	stop();
	must(remove(name) == 0 && remove(root) == 0, "remove");
	puts("main: nothing is left");
}

/* What the pool is doing, and what is due: whose time runs out when. */
static void
show(void)
{
	tp_dump(stderr);
	(void)tp_dump_command(stderr, "tqueue");
}

/* Reads the options into server and these three. Returns the root. */
static const char *
read_options(int argc, char **argv, const char **address, unsigned *port,
	unsigned *last)
{
	int option;

	while ((option = getopt(argc, argv, "p:a:c:t:")) != -1)
		switch (option) {
		case 'p':
			*port = *last = number(optarg, 0, 65535);
			break;
		case 'a':
			*address = optarg;
			break;
		case 'c':
			server.limit = number(optarg, 1, 100000);
			break;
		case 't':
			server.patience = 1000 * number(optarg, 1, 86400);
			break;
		default:
			exit(2);
		}
	if (optind + 1 != argc) {
		fputs("httpd [-p PORT] [-a ADDRESS] [-c CONNECTIONS] "
			"[-t SECONDS] ROOT\n"
			"SIGUSR1: it says what the pool is doing\n",
			stderr);
		exit(2);
	}
	return argv[optind];
}

int
main(int argc, char **argv)
{
	const char *address = "127.0.0.1", *root;
	unsigned port = 8080, last = 8099;
	sigset_t signals;
	int signal;

	if (argc == 1) {
		demonstrate();
		return 0;
	}
	root = read_options(argc, argv, &address, &port, &last);
	sigemptyset(&signals);		/* before there are threads */
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	serve(root, address, port, last);
	printf("serving %s at http://%s%s%s:%u/\n", root,
		strchr(address, ':') ? "[" : "", address,
		strchr(address, ':') ? "]" : "",
		(unsigned)tp_port_number(server.listener));
	fflush(stdout);
	while (sigwait(&signals, &signal) == 0 && signal == SIGUSR1)
		show();
	stop();
	return 0;
}
