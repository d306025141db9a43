/* SPDX-License-Identifier: MIT */
/*
 * http_play.h - the client that httpd.c plays, to show what it answers
 *
 * Each text has a connection of its own, and asks the server to close that,
 * or leaves it no choice: what comes until then is the answer.
 *
 * Interface: play_all.
 */
#ifndef HTTP_PLAY_H
#define HTTP_PLAY_H

#include <string.h>

#include "must.h"
#include "stream.h"

/* Sends a text, and prints its first line, and those of all responses. */
static inline void
play(unsigned short port, const char *text)
{
	HANDLE socket = tp_connect("127.0.0.1", port);
	OVERLAPPED overlapped = { 0 };
	char all[4096] = "", *status = all;
	DWORD bytes, size = 0;

	must(socket != NULL, "tp_connect");
	must_be_made(WriteFile(socket, text, (DWORD)strlen(text), NULL,
		&overlapped));
	must(GetOverlappedResult(socket, &overlapped, &bytes, TRUE),
		"write");
	do {
		must_be_made(ReadFile(socket, all + size,
			sizeof(all) - 1 - size, NULL, &overlapped));
		must(GetOverlappedResult(socket, &overlapped, &bytes, TRUE),
			"read");
		size += bytes;
	} while (bytes > 0);
	CloseHandle(socket);
	printf("%-28.*s", (int)strcspn(text, "\r"), text);
	while ((status = strstr(status, "HTTP/1.1 ")) != NULL) {
		status += strlen("HTTP/1.1 ");
		printf("  %.*s", (int)strcspn(status, "\r"), status);
	}
	putchar('\n');
}

/* One request of every kind, and one that is none. */
static inline void
play_all(unsigned short port)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		"HEAD /index.html HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0\r\nRange: bytes=-6\r\n\r\n",
		("GET / HTTP/1.1\r\nHost: a\r\n\r\n"	/* two at once */
		"GET /no HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
		"GET /../index.html HTTP/1.0\r\n\r\n",
		"DELETE / HTTP/1.0\r\n\r\n",
		"How do you do?\r\n\r\n"
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		play(port, texts[i]);
}

#endif /* HTTP_PLAY_H */
