/* test_httpd.c - the web server of chapter 04, and clients of every kind */
/* SPDX-License-Identifier: MIT */
/*
 * Each test starts the server, and ends it by a signal: so each shows, too,
 * that it ends with status 0, and under a sanitizer without a leak. Most
 * have clients that mean no good, and while those are at it, the
 * well-behaved are served.
 *
 * Nothing is timed. Where a time-out of the server is due, a test waits for
 * what it does; how soon it does that is not asked.
 */
#define _XOPEN_SOURCE 700	/* mkdtemp, setrlimit, SO_LINGER */

#include <poll.h>

#include "serving.h"

#define OPTIONS(...)	((char *[]){ __VA_ARGS__, NULL })
#define NO_OPTIONS	((char *[]){ NULL })
#define H		" HTTP/1.1\r\nHost: a\r\n"
#define CLOSE		H "Connection: close\r\n\r\n"

/* ---- What is answered ---- */

struct exchange {
	const char *request;
	int status;
	bool keep;
	const char *in_head;		/* NULL: anything */
	const char *body;		/* NULL: anything */
};

static void
check_exchange(const struct serving *serving, const struct exchange *exchange)
{
	int client = dial(serving);
	struct reply reply;

	put(client, exchange->request);
	if (strncmp(exchange->request, "HEAD", 4) == 0)
		ck_assert(get_head(client, &reply));
	else
		get_reply(client, &reply);
	ck_assert_msg(reply.status == exchange->status &&
		reply.keep == exchange->keep, "%s is answered by %s",
		exchange->request, reply.head);
	if (exchange->in_head != NULL)
		ck_assert_msg(strstr(reply.head, exchange->in_head) != NULL,
			"%s is answered by %s", exchange->request, reply.head);
	if (exchange->body != NULL)
		ck_assert_str_eq(reply.body, exchange->body);
	if (exchange->keep) {
		ask(client, "/sub/", &reply);
		ck_assert_str_eq(reply.body, "sub\n");
		close(client);
	} else {
		ck_assert_uint_eq(await_over(client), 0);
	}
}

static void
check_exchanges(const struct exchange *exchanges, size_t count)
{
	struct serving serving = { .pid = 0 };

	start_serving(&serving, NO_OPTIONS);
	for (size_t i = 0; i < count; i++)
		check_exchange(&serving, &exchanges[i]);
	end_serving(&serving);
}

START_TEST(requests_are_answered_as_the_protocol_has_it)
{
	static const struct exchange exchanges[] = {
		{ "GET /" H "\r\n", 200, true, "text/html", "index\n" },
		{ "\r\nGET /" H "\r\n", 200, true, NULL, "index\n" },
		{ "GET /\tx" H "\r\n", 404, true, NULL, NULL },
		{ "GET / HTTP/1.0\r\n\r\n", 200, false, NULL, "index\n" },
		{ "GET / HTTP/1.0\n\n", 200, false, NULL, "index\n" },
		{ "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 200,
			true, NULL, "index\n" },
		{ "GET /" H "Connection: te, Close\r\n\r\n", 200, false, NULL,
			"index\n" },
		{ "GET http://a/sub/" H "\r\n", 200, true, NULL, "sub\n" },
		{ "GET /?x=/../y" H "\r\n", 200, true, NULL, "index\n" },
		{ "GET /a%20b.txt" H "\r\n", 200, true, "text/plain",
			"blank\n" },
		{ "GET /%73ub/" H "\r\n", 200, true, NULL, "sub\n" },
		{ "GET /empty.css" H "\r\n", 200, true, "text/css", "" },
		{ "GET /" H "Content-Length: 0\r\n\r\n", 200, true, NULL,
			"index\n" },
		{ "HEAD /" H "\r\n", 200, true, "Content-Length: 6\r\n",
			NULL },
		{ "HEAD /none" H "\r\n", 404, true, NULL, NULL },
		{ "GET /none" H "\r\n", 404, true, NULL, NULL },
		{ "GET /sub" H "\r\n", 301, true, "Location: /sub/\r\n",
			NULL },
		{ "GET /bare/" H "\r\n", 404, true, NULL, NULL },
		{ "GET /index.html/" H "\r\n", 404, true, NULL, NULL }
	};

	check_exchanges(exchanges, sizeof(exchanges) / sizeof(*exchanges));
}
END_TEST

START_TEST(what_is_no_request_is_refused)
{
	static const struct exchange exchanges[] = {
		{ "How do you do?\r\n\r\n", 400, false, NULL, NULL },
		{ "GET\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /\r\n\r\n", 400, false, NULL, NULL },
		{ "GET / x" H "\r\n", 400, false, NULL, NULL },
		{ "GET x" H "\r\n", 400, false, NULL, NULL },
		{ "GET *" H "\r\n", 400, false, NULL, NULL },
		{ "GET / HTTP/1.1\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "Host: b\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "a b\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "a : b\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "a: b\r\n c\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "a: b\rc\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "a: \001\r\n\r\n", 400, false, NULL, NULL },
		{ "GET /" H "Content-Length: -1\r\n\r\n", 400, false, NULL,
			NULL },
		{ "GET / HTTP/2.0\r\n\r\n", 505, false, NULL, NULL },
		{ "GET / http/1.1\r\n\r\n", 400, false, NULL, NULL },
		{ "DELETE /" H "\r\n", 405, false, "Allow: GET, HEAD", NULL },
		{ "get /" H "\r\n", 405, false, NULL, NULL },
		{ "GET /" H "Content-Length: 1\r\n\r\nx", 413, false, NULL,
			NULL },
		{ "GET /" H "Transfer-Encoding: chunked\r\n\r\n1\r\nx", 413,
			false, NULL, NULL }
	};

	check_exchanges(exchanges, sizeof(exchanges) / sizeof(*exchanges));
}
END_TEST

START_TEST(ranges_are_cut_out)
{
	static const struct exchange exchanges[] = {
		{ "GET /" H "Range: bytes=1-3\r\n\r\n", 206, true,
			"Content-Range: bytes 1-3/6\r\n", "nde" },
		{ "GET /" H "Range: bytes=0-0\r\n\r\n", 206, true,
			"Content-Range: bytes 0-0/6\r\n", "i" },
		{ "GET /" H "Range: bytes=4-\r\n\r\n", 206, true,
			"Content-Range: bytes 4-5/6\r\n", "x\n" },
		{ "GET /" H "Range: bytes=-2\r\n\r\n", 206, true,
			"Content-Range: bytes 4-5/6\r\n", "x\n" },
		{ "GET /" H "Range: bytes=-99\r\n\r\n", 206, true,
			"Content-Range: bytes 0-5/6\r\n", "index\n" },
		{ "GET /" H "Range: bytes=5-99999999999999999999\r\n\r\n", 206,
			true, "Content-Range: bytes 5-5/6\r\n", "\n" },
		{ "GET /" H "Range: bytes=6-\r\n\r\n", 416, true,
			"Content-Range: bytes */6\r\n", "" },
		{ "GET /" H "Range: bytes=-0\r\n\r\n", 416, true, NULL, "" },
		{ "GET /empty.css" H "Range: bytes=0-\r\n\r\n", 416, true,
			"Content-Range: bytes */0\r\n", "" },
		{ "GET /" H "Range: bytes=3-1\r\n\r\n", 200, true, NULL,
			"index\n" },
		{ "GET /" H "Range: bytes=-\r\n\r\n", 200, true, NULL,
			"index\n" },
		{ "GET /" H "Range: bytes=0-1,3-4\r\n\r\n", 200, true, NULL,
			"index\n" },
		{ "GET /" H "Range: lines=0-1\r\n\r\n", 200, true, NULL,
			"index\n" },
		{ "GET /" H "Range: bytes=3-4\r\nRange: bytes=5\r\n\r\n", 200,
			true, NULL, "index\n" },
		{ "GET /" H "Range: bytes=1-2\r\nIf-Range: x\r\n\r\n", 200,
			true, NULL, "index\n" },
		{ "HEAD /" H "Range: bytes=1-2\r\n\r\n", 200, true, NULL,
			NULL }
	};

	check_exchanges(exchanges, sizeof(exchanges) / sizeof(*exchanges));
}
END_TEST

START_TEST(nothing_outside_the_root_is_served)
{
	static const char *const targets[] = {
		"/../secret.txt", "/sub/../../secret.txt", "/..",
		"/%2e%2e/secret.txt", "/%2E./secret.txt", "/.%2e/secret.txt",
		"/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
		"/sub%2findex.html", "/..%5csecret.txt", "/..\\secret.txt",
		"/sub\\index.html", "//etc/passwd", "//../secret.txt",
		"/./../secret.txt", "/%2fetc/passwd", "http://a/../secret.txt",
		"/outside.txt", "/beside/secret.txt", "/near/secret.txt",
		"/.secret", "/pipe", "/%252e%252e/secret.txt",
		"/%c0%ae%c0%ae/secret.txt"
	};
	static const char nul[] = "GET /\0" H "\r\n";
	static const char *const broken[] = {
		"/%00", "/index.html%00.txt", "/%", "/%2", "/%zz", "/%-1", "..",
		"../secret.txt", "file:///etc/passwd", "http://a"
	};
	struct serving serving = { .pid = 0 };
	struct reply reply;
	int client;

	start_serving(&serving, NO_OPTIONS);
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		client = dial(&serving);
		ask(client, targets[i], &reply);
		ck_assert_msg(reply.status == 404, "%s: %s", targets[i],
			reply.head);
		close(client);
	}
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		client = dial(&serving);
		ask(client, broken[i], &reply);
		ck_assert_msg(reply.status == 400, "%s: %s", broken[i],
			reply.head);
		close(client);
	}
	client = dial(&serving);
	ask(client, "/inside.html", &reply);
	ck_assert_str_eq(reply.body, "sub\n");
	ck_assert(put_bytes(client, nul, sizeof(nul) - 1));
	get_reply(client, &reply);
	ck_assert_int_eq(reply.status, 400);
	ck_assert_uint_eq(await_over(client), 0);
	end_serving(&serving);
}
END_TEST

START_TEST(large_files_arrive_whole_and_in_order)
{
	struct serving serving = { .pid = 0 };
	struct reply reply;
	int client;

	start_serving(&serving, NO_OPTIONS);
	client = dial(&serving);
	for (int i = 0; i < 3; i++) {
		put(client, "GET /pattern.bin" H "\r\n");
		ck_assert(get_head(client, &reply));
		ck_assert_uint_eq(reply.length, PATTERN_SIZE);
		ck_assert_uint_eq(get_body(client, PATTERN_SIZE, 0),
			PATTERN_SIZE);
	}
	put(client, "GET /pattern.bin" H "Range: bytes=100001-900000\r\n\r\n");
	ck_assert(get_head(client, &reply));
	ck_assert_uint_eq(reply.length, 800000);
	ck_assert_uint_eq(get_body(client, 800000, 100001), 800000);
	ask(client, "/", &reply);
	ck_assert_str_eq(reply.body, "index\n");
	close(client);
	end_serving(&serving);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
	struct serving serving = { .pid = 0 };
	struct reply reply;
	int client;

	start_serving(&serving, NO_OPTIONS);
	client = dial(&serving);
	for (int i = 0; i < 1000; i++)
		put(client, i % 3 == 0 ? "GET /" H "\r\n" : i % 3 == 1 ?
			"GET /sub/" H "\r\n" : "HEAD /none" H "\r\n");
	put(client, "GET /" CLOSE "GET /sub/" H "\r\n");
	for (int i = 0; i < 1000; i++) {
		if (i % 3 == 2) {
			ck_assert(get_head(client, &reply));
			ck_assert_int_eq(reply.status, 404);
			continue;
		}
		get_reply(client, &reply);
		ck_assert_str_eq(reply.body, i % 3 == 0 ? "index\n" :
			"sub\n");
	}
	get_reply(client, &reply);
	ck_assert_str_eq(reply.body, "index\n");
	ck_assert_uint_eq(await_over(client), 0);	/* and no other */
	end_serving(&serving);
}
END_TEST

START_TEST(curl_gets_what_it_asks_for)
{
	struct serving serving = { .pid = 0 };
	char command[512];

	if (system("command -v curl >/dev/null && command -v cmp "
	    ">/dev/null") != 0) {
		puts("httpd: curl skipped: it is not installed");
		return;
	}
	start_serving(&serving, NO_OPTIONS);
	snprintf(command, sizeof(command), "cd %s && u=http://127.0.0.1:%u &&"
		" curl -sS -o 1 $u/pattern.bin -o 2 -L $u/sub && "
		"cmp 1 root/pattern.bin && cmp 2 root/sub/index.html && "
		"curl -sS -r 1000-499999 -o 3 $u/pattern.bin && "
		"curl -sSI $u/pattern.bin | grep -q 'Length: 1048576' && "
		"tail -c +1001 1 | head -c 499000 | cmp - 3",
		serving.base, serving.port);
	ck_assert_int_eq(system(command), 0);
	end_serving(&serving);
}
END_TEST

/* ---- Those who mean no good ---- */

/* Memory that a server may take, KiB; a sanitizer's own is not counted. */
static void
check_memory(const struct serving *serving, long before, long more)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	long now = resident(serving);

	ck_assert_msg(now <= before + more, "from %ld to %ld KiB", before,
		now);
#else
	(void)serving, (void)before, (void)more;
#endif
}

START_TEST(half_a_request_does_not_stay_for_ever)
{
	struct serving serving = { .pid = 0 };
	int halves[20], kept;

	start_serving(&serving, OPTIONS("-t", "1"));
	for (int i = 0; i < 20; i++) {
		halves[i] = dial(&serving);
		put(halves[i], &"GET / HTTP/1.1\r\nHost: a\r\n"[i]);
	}
	await(is_served, &serving);
	kept = dial(&serving);
	put(kept, "GET /sub/" H "\r\n");	/* and then nothing */
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(await_over(halves[i]), 0);
	(void)await_over(kept);
	await(is_served, &serving);
	end_serving(&serving);
}
END_TEST

/* Sends a byte whenever a little time has gone by; how many it could. */
static unsigned
drip(int client)
{
	struct pollfd end = { .fd = client, .events = POLLIN };
	unsigned bytes = 0;

	while (poll(&end, 1, 20) == 0)
		if (put_bytes(client, "x", 1))
			bytes++;
	return bytes;
}

START_TEST(a_byte_now_and_then_is_not_enough)
{
	struct serving serving = { .pid = 0 };
	int client;

	start_serving(&serving, OPTIONS("-t", "1"));
	client = dial(&serving);
	ck_assert_uint_lt(drip(client), 8192);
	await(is_served, &serving);
	(void)await_over(client);
	end_serving(&serving);
}
END_TEST

START_TEST(endless_heads_and_bodies_are_refused)
{
	struct serving serving = { .pid = 0 };
	struct reply reply;
	long before;

	start_serving(&serving, NO_OPTIONS);
	check_served(&serving);
	before = resident(&serving);
	for (int i = 0; i < 20; i++) {
		int client = dial(&serving);

		put(client, i % 2 == 0 ? "GET /" H : "GET /" H
			"Content-Length: 999999999\r\n\r\n");
		for (int lines = 0; lines < 1000; lines++)
			put(client, "More: and more, and more, and more\r\n");
		check_served(&serving);
		get_reply(client, &reply);
		ck_assert_int_eq(reply.status, i % 2 == 0 ? 431 : 413);
		shutdown(client, SHUT_WR);
		ck_assert_uint_eq(await_over(client), 0);
	}
	check_memory(&serving, before, 4096);
	end_serving(&serving);
}
END_TEST

/* Ends it in a way that the other side gets an error for. */
static void
reset(int client)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	ck_assert_int_eq(setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once,
		sizeof(at_once)), 0);
	close(client);
}

START_TEST(resets_harm_nobody_else)
{
	static const char *const texts[] = {
		"", "GET", "GET /" H "\r\n", "GET /huge.bin" H "\r\n",
		"GET / HTTP/1.0\r\n\r\n", "nonsense\r\n\r\n"
	};
	struct serving serving = { .pid = 0 };
	struct reply reply;
	long before;

	start_serving(&serving, OPTIONS("-c", "8"));
	check_served(&serving);
	before = resident(&serving);
	for (unsigned i = 0; i < 300; i++) {
		int client = dial(&serving);

		put(client, texts[i % 6]);
		if (i % 12 == 3)
			ck_assert(get_head(client, &reply));
		reset(client);
		if (i % 30 == 0)
			check_served(&serving);
	}
	check_served(&serving);
	check_memory(&serving, before, 4096);
	end_serving(&serving);
}
END_TEST

START_TEST(slow_readers_take_no_more_memory_than_their_part)
{
	enum { READERS = 40 };
	struct serving serving = { .pid = 0 };
	struct reply reply;
	int readers[READERS];
	long before;

	start_serving(&serving, NO_OPTIONS);
	check_served(&serving);
	before = resident(&serving);
	for (int i = 0; i < READERS; i++) {
		readers[i] = dial(&serving);
		put(readers[i], "GET /huge.bin" H "\r\n");
		ck_assert(get_head(readers[i], &reply));
		ck_assert_uint_eq(reply.length, HUGE_SIZE);
	}
	for (int i = 0; i < 10; i++)
		check_served(&serving);
	check_memory(&serving, before, READERS * 80 + 2048);
	for (int i = 0; i < READERS; i++)
		close(readers[i]);
	check_served(&serving);
	end_serving(&serving);
}
END_TEST

START_TEST(who_reads_nothing_is_dropped_in_the_end)
{
	enum { READERS = 10 };
	struct serving serving = { .pid = 0 };
	int readers[READERS];

	start_serving(&serving, OPTIONS("-t", "1"));
	for (int i = 0; i < READERS; i++) {
		readers[i] = dial(&serving);
		put(readers[i], "GET /huge.bin" H "\r\n");
	}
	await(is_served, &serving);	/* so they have been accepted */
	await(has_let_go, &serving);
	for (int i = 0; i < READERS; i++)
		ck_assert_uint_lt(await_over(readers[i]), HUGE_SIZE);
	await(is_served, &serving);
	end_serving(&serving);
}
END_TEST

/* May this process have so many descriptors, and does it? */
static bool
allow_descriptors(rlim_t number)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < number) {
		printf("httpd: 1,000 connections skipped: %lu descriptors "
			"allowed\n", (unsigned long)limit.rlim_max);
		return false;
	}
	limit.rlim_cur = number;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

START_TEST(a_thousand_idle_connections_take_little)
{
	enum { IDLE = 1000 };
	static int idle[IDLE];
	struct serving serving = { .pid = 0 };
	struct reply reply;
	long before;

	if (!allow_descriptors(IDLE + 200))
		return;
	start_serving(&serving, OPTIONS("-c", "1100"));
	check_served(&serving);
	before = resident(&serving);
	for (int i = 0; i < IDLE; i++) {
		idle[i] = dial(&serving);
		if (i % 2 == 0)
			ask(idle[i], "/", &reply);
		if (i % 100 == 0)
			check_served(&serving);
	}
	check_served(&serving);
	check_memory(&serving, before, IDLE * 24);
	for (int i = 0; i < IDLE; i++) {
		ask(idle[i], "/sub/", &reply);
		close(idle[i]);
	}
	check_served(&serving);
	end_serving(&serving);
}
END_TEST

START_TEST(a_connection_too_many_waits_for_another_to_end)
{
	struct serving serving = { .pid = 0 };
	struct pollfd late = { .events = POLLIN };
	struct reply reply;
	int clients[3];

	start_serving(&serving, OPTIONS("-c", "2"));
	for (int i = 0; i < 2; i++) {
		clients[i] = dial(&serving);
		ask(clients[i], "/", &reply);
	}
	late.fd = clients[2] = dial(&serving);
	put(late.fd, "GET /sub/" H "\r\n");
	for (int i = 0; i < 200; i++) {
		ask(clients[i % 2], "/", &reply);
		ck_assert_str_eq(reply.body, "index\n");
		ck_assert_int_eq(poll(&late, 1, 0), 0);
	}
	close(clients[0]);
	get_reply(late.fd, &reply);
	ck_assert_str_eq(reply.body, "sub\n");
	ask(clients[1], "/", &reply);
	close(clients[1]);
	close(clients[2]);
	check_served(&serving);
	end_serving(&serving);
}
END_TEST

/* Does the server have what it takes to answer? For await. */
static bool
is_able(void *context)
{
	int client = dial(context);
	struct reply reply;

	ask(client, "/", &reply);
	ck_assert(reply.status == 200 || reply.status == 503);
	close(client);
	return reply.status == 200;
}

START_TEST(without_descriptors_the_server_goes_on_when_there_are_some)
{
	struct serving serving = { .pid = 0, .descriptors = 24 };
	struct reply reply;
	int clients[40];

	start_serving(&serving, OPTIONS("-c", "100"));
	for (int i = 0; i < 40; i++)
		clients[i] = dial(&serving);
	for (int i = 0; i < 40; i++) {
		put(clients[i], "GET /" CLOSE);
		if (i >= 10)
			close(clients[i]);
	}
	for (int i = 0; i < 10; i++) {
		get_reply(clients[i], &reply);
		ck_assert(reply.status == 200 || reply.status == 503);
		ck_assert_uint_eq(await_over(clients[i]), 0);
	}
	await(is_able, &serving);
	end_serving(&serving);
}
END_TEST

START_TEST(a_file_that_is_cut_meanwhile_ends_the_connection)
{
	struct serving serving = { .pid = 0 };
	struct reply reply;
	char path[128];
	int client;

	start_serving(&serving, NO_OPTIONS);
	client = dial(&serving);
	put(client, "GET /huge.bin" H "\r\n");
	ck_assert(get_head(client, &reply));
	snprintf(path, sizeof(path), "%s/root/huge.bin", serving.base);
	ck_assert_int_eq(truncate(path, 1000), 0);
	ck_assert_uint_lt(await_over(client), HUGE_SIZE);
	check_served(&serving);
	end_serving(&serving);
}
END_TEST

/* ---- Looking at it ---- */

#define REST	"open   pending 0, running 0, associated 0, refs 1, " \
	"waiters 0\n"
#define TO_COME	"open   pending 0, running 0, associated 0, refs 2, " \
	"waiters 0, more to come\n"

/* A server, and what it has written to standard error. */
struct shown {
	struct serving serving;
	char text[1 << 14];
};

/* Has it shown itself since it was asked, to the last line? */
static bool
has_shown(void *context)
{
	struct shown *shown = context;
	const char *due;
	ssize_t n = pread(shown->serving.errors, shown->text,
		sizeof(shown->text) - 1, 0);

	ck_assert_int_ge(n, 0);
	shown->text[n] = '\0';
	due = strstr(shown->text, "clock, to default pool\n");
	return due != NULL && strstr(due + 1, "clock, to default pool\n");
}

/* Asks. Is the slow one's write under way, and is nothing else to be done? */
static bool
is_at_rest(void *context)
{
	struct shown *shown = context;

	ck_assert_int_eq(ftruncate(shown->serving.errors, 0), 0);
	ck_assert_int_eq(kill(shown->serving.pid, SIGUSR1), 0);
	await(has_shown, shown);
	return strstr(shown->text, "  io 3               " TO_COME) != NULL &&
		strstr(shown->text, "  runs ") == NULL;
}

START_TEST(the_server_says_what_its_pool_is_doing)
{	/* DIAG-19 */
	static const char *const lines[] = {
		"default pool         open, 0 to 500 threads\n  threads ",
		/* To accept again, to accept; one for each place; */
		"\n  timer 1            " REST "  io 1               " TO_COME
		"  timer 2            " REST "  timer 3            " REST
		"  timer 4            " REST
		/* who is idle, who is slow, and the file. */
		"  io 2               " TO_COME
		"  io 3               " TO_COME
		"  io 4               " REST, "\n  worker ", "\ntimer 4 "
	};
	static struct shown shown;
	FILE *errors = tmpfile();
	struct reply reply;
	int idle, slow;

	ck_assert_ptr_nonnull(errors);
	shown.serving.errors = fileno(errors);
	ck_assert_int_ne(fcntl(fileno(errors), F_SETFL, O_APPEND), -1);
	start_serving(&shown.serving, OPTIONS("-c", "3"));
	idle = dial(&shown.serving);
	ask(idle, "/none", &reply);
	slow = dial(&shown.serving);
	put(slow, "GET /huge.bin" H "\r\n");
	ck_assert(get_head(slow, &reply));
	await(is_at_rest, &shown);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ck_assert_msg(strstr(shown.text, lines[i]) != NULL,
			"%s is not in %s", lines[i], shown.text);
	ask(idle, "/", &reply);
	ck_assert_str_eq(reply.body, "index\n");
	ck_assert_uint_eq(get_body(slow, reply.length, -1), reply.length);
	close(idle);
	close(slow);
	end_serving(&shown.serving);
	fclose(errors);
}
END_TEST

/* How many lines of the file have both in them? */
static unsigned
count_lines(const char *path, const char *one, const char *other)
{
	FILE *file = fopen(path, "r");
	unsigned count = 0;
	char line[512];

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file) != NULL)
		count += strstr(line, one) != NULL &&
			strstr(line, other) != NULL;
	fclose(file);
	return count;
}

START_TEST(a_trace_of_the_server_has_its_callbacks)
{
	char path[64];
	struct serving serving = { .trace = path };
	struct reply reply;
	unsigned begun;
	int client;

	snprintf(path, sizeof(path), "build/httpd-trace.%ld",
		(long)getpid());
	start_serving(&serving, NO_OPTIONS);
	client = dial(&serving);
	for (int i = 0; i < 10; i++)
		ask(client, "/", &reply);
	close(client);
	end_serving(&serving);
	/* Of each request: it has come, the file is loaded, all is sent. */
	begun = count_lines(path, "\"ph\":\"B\"", "\"name\":\"io ");
	ck_assert_uint_ge(begun, 1 + 3 * 10);
	ck_assert_uint_eq(count_lines(path, "\"ph\":\"E\"", "\"name\":\"io "),
		begun);
	ck_assert_uint_eq(count_lines(path, "\"cat\":\"post\"",
		"\"name\":\"post io "), begun);
	ck_assert_uint_eq(count_lines(path, "\"ph\":\"M\"",
		"\"name\":\"main\""), 1);
	ck_assert_int_eq(remove(path), 0);
}
END_TEST

/* ---- The end ---- */

START_TEST(what_has_begun_is_finished_before_the_server_ends)
{
	struct serving serving = { .pid = 0 };
	int idle, fresh, half, busy;
	struct reply reply;

	start_serving(&serving, NO_OPTIONS);
	fresh = dial(&serving);
	half = dial(&serving);
	put(half, "GET / HTTP");
	idle = dial(&serving);
	ask(idle, "/", &reply);
	busy = dial(&serving);
	put(busy, "GET /huge.bin" H "\r\n");
	ck_assert(get_head(busy, &reply));
	ck_assert_int_eq(kill(serving.pid, SIGINT), 0);
	ck_assert_uint_eq(await_over(idle), 0);
	(void)await_over(half);			/* accepted, or reset */
	(void)await_over(fresh);
	ck_assert_uint_eq(await_over(busy), HUGE_SIZE);
	await_end(&serving);
}
END_TEST

START_TEST(who_reads_nothing_does_not_hold_up_the_end)
{
	struct serving serving = { .pid = 0 };
	struct reply reply;
	int clients[10];

	start_serving(&serving, OPTIONS("-t", "1"));
	for (int i = 0; i < 10; i++) {
		clients[i] = dial(&serving);
		put(clients[i], "GET /huge.bin" H "\r\n");
		(void)get_head(clients[i], &reply);
	}
	end_serving(&serving);
	for (int i = 0; i < 10; i++)
		ck_assert_uint_lt(await_over(clients[i]), HUGE_SIZE);
}
END_TEST

/* A client that never stops asking until it is cut off. */
static void *
insist(void *context)
{
	static const char request[] = "GET /pattern.bin" H "\r\n";
	int client = *(int *)context;

	while (put_bytes(client, request, sizeof(request) - 1) &&
	    get_body(client, PATTERN_SIZE, -1) == PATTERN_SIZE)
		;
	close(client);
	return NULL;
}

START_TEST(the_server_ends_under_load)
{
	enum { CLIENTS = 8 };
	struct serving serving = { .pid = 0 };
	pthread_t threads[CLIENTS];
	int clients[CLIENTS];

	for (int round = 0; round < 5; round++) {
		start_serving(&serving, NO_OPTIONS);
		for (int i = 0; i < CLIENTS; i++) {
			clients[i] = dial(&serving);
			ck_assert_int_eq(pthread_create(&threads[i], NULL,
				insist, &clients[i]), 0);
		}
		for (int i = 0; i < 10 * round; i++)
			check_served(&serving);
		end_serving(&serving);
		for (int i = 0; i < CLIENTS; i++)
			pthread_join(threads[i], NULL);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("httpd");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, requests_are_answered_as_the_protocol_has_it);
	tcase_add_test(large, what_is_no_request_is_refused);
	tcase_add_test(large, ranges_are_cut_out);
	tcase_add_test(large, nothing_outside_the_root_is_served);
	tcase_add_test(large, large_files_arrive_whole_and_in_order);
	tcase_add_test(large, pipelined_requests_are_answered_in_order);
	tcase_add_test(large, curl_gets_what_it_asks_for);
	tcase_add_test(large, half_a_request_does_not_stay_for_ever);
	tcase_add_test(large, a_byte_now_and_then_is_not_enough);
	tcase_add_test(large, endless_heads_and_bodies_are_refused);
	tcase_add_test(large, resets_harm_nobody_else);
	tcase_add_test(large,
		slow_readers_take_no_more_memory_than_their_part);
	tcase_add_test(large, who_reads_nothing_is_dropped_in_the_end);
	tcase_add_test(large, a_thousand_idle_connections_take_little);
	tcase_add_test(large,
		a_connection_too_many_waits_for_another_to_end);
	tcase_add_test(large,
		without_descriptors_the_server_goes_on_when_there_are_some);
	tcase_add_test(large,
		a_file_that_is_cut_meanwhile_ends_the_connection);
	tcase_add_test(large, the_server_says_what_its_pool_is_doing);
	tcase_add_test(large, a_trace_of_the_server_has_its_callbacks);
	tcase_add_test(large,
		what_has_begun_is_finished_before_the_server_ends);
	tcase_add_test(large, who_reads_nothing_does_not_hold_up_the_end);
	tcase_add_test(large, the_server_ends_under_load);
	return harness_run(suite);
}
