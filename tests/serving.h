/* serving.h - the web server of chapter 04 as a child, and its clients */
/* SPDX-License-Identifier: MIT */
/*
 * The server is the program of the same build as the suite, started as
 * anybody would start it, on a free port that it prints. Its clients are
 * plain sockets that block: what does not come is waited for, until the
 * watchdog ends the test. If a test fails, Check kills the server with it.
 *
 * Everything here is inline, as in the other headers of this folder.
 */
#ifndef SERVING_H
#define SERVING_H

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define PATTERN_SIZE	(1 << 20)	/* of pattern.bin, bytes */
#define HUGE_SIZE	(64l << 20)	/* of huge.bin, which is all zeros */

struct serving {
	char base[64];		/* has root, and a secret beside it */
	char program[256];
	pid_t pid;
	unsigned short port;
	rlim_t descriptors;	/* it may have so many; 0: as we do */
	int errors;		/* its standard error; 0: ours */
	const char *trace;	/* its TP_TRACE; NULL: none */
};

/* ---- What it serves ---- */

static inline char
pattern(size_t offset)
{
	return (char)('a' + (offset * 7 + offset / 4096) % 23);
}

static inline void
put_file(const struct serving *serving, const char *name, const char *text,
	size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", serving->base, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, size, file), size);
	ck_assert_int_eq(fclose(file), 0);
}

static inline void
put_link(const struct serving *serving, const char *name, const char *to)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", serving->base, name);
	ck_assert_int_eq(to != NULL ? symlink(to, path) :
		mkfifo(path, 0600), 0);
}

static inline void
put_folder(const struct serving *serving, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", serving->base, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static inline void
put_root(struct serving *serving)
{
	char path[128], *bytes = malloc(PATTERN_SIZE);

	strcpy(serving->base, "build/serving.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(serving->base));
	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < PATTERN_SIZE; i++)
		bytes[i] = pattern(i);
	put_folder(serving, "root");
	put_folder(serving, "root/sub");
	put_folder(serving, "root/bare");
	put_folder(serving, "rootless");
	put_folder(serving, "near");
	put_file(serving, "secret.txt", "secret", 6);
	put_file(serving, "rootless/secret.txt", "secret", 6);
	put_file(serving, "near/secret.txt", "secret", 6);
	put_file(serving, "root/.secret", "secret", 6);
	put_file(serving, "root/index.html", "index\n", 6);
	put_file(serving, "root/sub/index.html", "sub\n", 4);
	put_file(serving, "root/a b.txt", "blank\n", 6);
	put_file(serving, "root/empty.css", "", 0);
	put_file(serving, "root/pattern.bin", bytes, PATTERN_SIZE);
	put_file(serving, "root/huge.bin", "", 0);
	snprintf(path, sizeof(path), "%s/root/huge.bin", serving->base);
	ck_assert_int_eq(truncate(path, HUGE_SIZE), 0);
	put_link(serving, "root/inside.html", "sub/index.html");
	put_link(serving, "root/outside.txt", "../secret.txt");
	put_link(serving, "root/beside", "../rootless");
	put_link(serving, "root/near", "../near");
	put_link(serving, "root/pipe", NULL);
	free(bytes);
}

/* ---- The server ---- */

/* The program beside this suite, which is BUILD/suite/httpd. */
static inline void
find_program(struct serving *serving)
{
	ssize_t length = readlink("/proc/self/exe", serving->program,
		sizeof(serving->program) - 32);
	char *end;

	ck_assert_int_gt(length, 0);
	serving->program[length] = '\0';
	end = strstr(serving->program, "/suite/");
	ck_assert_ptr_nonnull(end);
	strcpy(end, "/bin/04-io/httpd");
}

static inline void
become_server(struct serving *serving, int output, char **options)
{
	struct rlimit limit = { serving->descriptors, serving->descriptors };
	char root[80], *argv[12] = {
		serving->program, "-p", "0", "-t", "600"
	};
	int n = 5;

	snprintf(root, sizeof(root), "%s/root", serving->base);
	while (*options != NULL)
		argv[n++] = *options++;
	argv[n] = root;
	if (serving->descriptors > 0)
		setrlimit(RLIMIT_NOFILE, &limit);
	dup2(output, STDOUT_FILENO);
	if (serving->errors > 0)
		dup2(serving->errors, STDERR_FILENO);
	if (serving->trace != NULL)
		setenv("TP_TRACE", serving->trace, 1);
	for (int i = STDERR_FILENO + 1; i < 64; i++)
		close(i);
	execv(serving->program, argv);
	perror(serving->program);
	_exit(127);
}

/*
 * Starts the server; options: -c and -t and their values, then NULL. Without
 * -t no time-out comes that a test would live to see: one that asks for one
 * must not mind if a slow machine has it come early.
 */
static inline void
start_serving(struct serving *serving, char **options)
{
	char line[512];
	int ends[2];
	FILE *output;

	put_root(serving);
	find_program(serving);
	ck_assert_int_eq(pipe(ends), 0);
	serving->pid = fork();
	if (serving->pid == 0)
		become_server(serving, ends[1], options);
	close(ends[1]);
	output = fdopen(ends[0], "r");
	ck_assert_ptr_nonnull(output);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), output));
	fclose(output);
	ck_assert_int_eq(sscanf(strrchr(line, ':'), ":%hu/",
		&serving->port), 1);
}

/* It has been told to end, and does, without complaint. */
static inline void
await_end(struct serving *serving)
{
	char command[128];
	int status;

	ck_assert_int_eq(waitpid(serving->pid, &status, 0), serving->pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"the server ended with wait status %d", status);
	snprintf(command, sizeof(command), "rm -r '%s'", serving->base);
	ck_assert_int_eq(system(command), 0);
}

static inline void
end_serving(struct serving *serving)
{
	ck_assert_int_eq(kill(serving->pid, SIGTERM), 0);
	await_end(serving);
}

/* Its resident memory, KiB. */
static inline long
resident(const struct serving *serving)
{
	char path[64];
	long total, pages;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/statm", (long)serving->pid);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%ld %ld", &total, &pages), 2);
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* How many sockets it has open. */
static inline unsigned
open_sockets(const struct serving *serving)
{
	char path[64], target[16];
	unsigned number = 0;
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)serving->pid);
	folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL)
		if (readlinkat(dirfd(folder), entry->d_name, target,
		    sizeof(target)) > 7 && memcmp(target, "socket:", 7) == 0)
			number++;
	closedir(folder);
	return number;
}

/* Has it no socket left but the one that it accepts from? For await. */
static inline bool
has_let_go(void *serving)
{
	return open_sockets(serving) == 1;
}

/* ---- Clients ---- */

static inline int
dial(const struct serving *serving)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(serving->port)
	};
	int client = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(client, 0);
	ck_assert_int_eq(connect(client, (struct sockaddr *)&address,
		sizeof(address)), 0);
	return client;
}

/* Sends bytes; false: the other side does not want them any more. */
static inline bool
put_bytes(int client, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = send(client, bytes, size, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

static inline void
put(int client, const char *text)
{
	ck_assert(put_bytes(client, text, strlen(text)));
}

struct reply {
	int status;
	bool keep;			/* the server will */
	unsigned long length;		/* of the body */
	char head[2048];
	char body[256];			/* the beginning of it */
};

/* Reads a head, byte by byte; false: the connection ended before. */
static inline bool
get_head(int client, struct reply *reply)
{
	const char *length;
	size_t n = 0;

	memset(reply, 0, sizeof(*reply));
	while (strstr(reply->head, "\r\n\r\n") == NULL) {
		ck_assert_uint_lt(n, sizeof(reply->head) - 1);
		if (recv(client, reply->head + n++, 1, 0) != 1)
			return false;
	}
	ck_assert_int_eq(sscanf(reply->head, "HTTP/1.1 %d ",
		&reply->status), 1);
	length = strstr(reply->head, "\r\nContent-Length: ");
	ck_assert_ptr_nonnull(length);
	ck_assert_int_eq(sscanf(length + 18, "%lu", &reply->length), 1);
	reply->keep = strstr(reply->head, "\r\nConnection: keep-alive\r\n")
		!= NULL;
	ck_assert(reply->keep ||
		strstr(reply->head, "\r\nConnection: close\r\n") != NULL);
	return true;
}

/*
 * Reads so many bytes of a body; fewer only if the connection ends. Each
 * must be that of the pattern, from that offset on, unless it is negative.
 */
static inline unsigned long
get_body(int client, unsigned long size, long offset)
{
	char buffer[1 << 14];
	unsigned long done = 0;
	ssize_t n = 1;

	while (done < size && n > 0) {
		unsigned long more = size - done;

		n = recv(client, buffer, more < sizeof(buffer) ? more :
			sizeof(buffer), 0);
		for (ssize_t i = 0; i < n && offset >= 0; i++)
			if (buffer[i] != pattern((size_t)offset + done +
			    (size_t)i))
				ck_abort_msg("a byte is wrong");
		done += n > 0 ? (unsigned long)n : 0;
	}
	return done;
}

/* Reads one response, with a short body. */
static inline void
get_reply(int client, struct reply *reply)
{
	size_t n = 0;

	ck_assert(get_head(client, reply));
	ck_assert_uint_lt(reply->length, sizeof(reply->body));
	while (n < reply->length) {
		ssize_t more = recv(client, reply->body + n,
			reply->length - n, 0);

		ck_assert_int_gt(more, 0);
		n += (size_t)more;
	}
}

/* Waits until the server has ended the connection. Returns what came, bytes. */
static inline unsigned long
await_over(int client)
{
	unsigned long bytes = get_body(client, ~0ul, -1);

	close(client);
	return bytes;
}

/* One request, on a connection that goes on. */
static inline void
ask(int client, const char *target, struct reply *reply)
{
	char text[200];

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
		target);
	put(client, text);
	get_reply(client, reply);
}

/* Is one who behaves well served? For await, where the server is hasty. */
static inline bool
is_served(void *serving)
{
	int client = dial(serving);
	struct reply reply;
	bool served;

	(void)put_bytes(client, "GET / HTTP/1.0\r\n\r\n", 18);
	served = get_head(client, &reply) && reply.status == 200 &&
		get_body(client, reply.length, -1) == 6;
	close(client);
	return served;
}

/* The well-behaved are served meanwhile. */
static inline void
check_served(const struct serving *serving)
{
	int client = dial(serving);
	struct reply reply;

	for (int i = 0; i < 3; i++) {
		ask(client, "/", &reply);
		ck_assert_int_eq(reply.status, 200);
		ck_assert_str_eq(reply.body, "index\n");
		ck_assert(reply.keep);
	}
	close(client);
}

#endif /* SERVING_H */
