/* client.c - two connections to the web server, for those who look at it */
/* SPDX-License-Identifier: MIT */
/*
 * usage: client PORT WHILE_SERVING WHILE_ENDING
 *
 * Opens two connections to httpd: one that has been answered and keeps open,
 * and one that has asked for the large file /huge.bin and does not read on.
 * Then it has the shell run the first command, and after that both must go
 * on: the first is answered again. The second command is to tell the server
 * to end; then the rest of the file must come, to the last byte.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "client: %s\n", what);
		exit(1);
	}
}

static int
dial(const char *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)strtoul(port, NULL, 10))
	};
	int client = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(client >= 0 && connect(client, (struct sockaddr *)&address,
		sizeof(address)) == 0, "the server cannot be reached");
	return client;
}

/* Reads so many bytes. */
static void
skip(int client, unsigned long size)
{
	static char buffer[1 << 16];

	while (size > 0) {
		ssize_t n = recv(client, buffer, size < sizeof(buffer) ?
			size : sizeof(buffer), 0);

		must(n > 0, "the connection has ended too early");
		size -= (size_t)n;
	}
}

/* Asks for it, and reads the head of the answer. Returns the body's size. */
static unsigned long
ask(int client, const char *path, const char *expected)
{
	char text[1024], *length;
	size_t n = 0;

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
		path);
	must(send(client, text, strlen(text), MSG_NOSIGNAL) ==
		(ssize_t)strlen(text), "the server takes no request");
	do {
		must(n < sizeof(text) - 1 && recv(client, text + n, 1, 0) == 1,
			"there is no answer");
		text[++n] = '\0';
	} while (strstr(text, "\r\n\r\n") == NULL);
	must(strncmp(text, expected, strlen(expected)) == 0, text);
	length = strstr(text, "\r\nContent-Length: ");
	must(length != NULL, text);
	return strtoul(length + 18, NULL, 10);
}

int
main(int argc, char **argv)
{
	unsigned long rest;
	int idle, slow;

	must(argc == 4, "usage: client PORT WHILE_SERVING WHILE_ENDING");
	idle = dial(argv[1]);
	skip(idle, ask(idle, "/none", "HTTP/1.1 404 "));
	slow = dial(argv[1]);
	rest = ask(slow, "/huge.bin", "HTTP/1.1 200 ");
	must(system(argv[2]) == 0, "the first command has failed");
	skip(idle, ask(idle, "/none", "HTTP/1.1 404 "));
	must(system(argv[3]) == 0, "the second command has failed");
	skip(slow, rest);
	must(close(idle) == 0 && close(slow) == 0, "close");
	return 0;
}
