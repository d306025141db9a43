/* statements.h - the statements in question, and what can be said of them */
/* SPDX-License-Identifier: MIT */
#ifndef STATEMENTS_H
#define STATEMENTS_H

/* The words are explained in README.md. */
#define STATEMENTS(STATEMENT)						\
	STATEMENT(A, "event: the last line is executed")		\
	STATEMENT(B, "finalization: the event is not set yet")		\
	STATEMENT(C, "section: the last line is executed")		\
	STATEMENT(D, "event: the section is free")			\
	STATEMENT(E, "section: the event is set")			\
	STATEMENT(F, "section: the event is not set yet")		\
	STATEMENT(G, "wait: the last line is executed")			\
	STATEMENT(H, "wait: the event is set")				\
	STATEMENT(I, "wait: the section is free")			\
	STATEMENT(J, "event: the other wait is over")			\
	STATEMENT(K, "event: the other wait is not over yet")		\
	STATEMENT(L, "last line: the other wait is not over yet")

#define STATEMENT_LETTER(letter, text) letter,
enum letter { STATEMENTS(STATEMENT_LETTER) STATEMENT_COUNT };

enum answer {
	UNDECIDED,
	PROMISED,	/* always so, with every pool that keeps the promises */
	ONLY_HERE,	/* unspecified; with the pool of this book always so */
	NOT_EVEN_HERE	/* unspecified; and with this pool not always so */
};

/* Yours to write. */
extern const enum answer answers[STATEMENT_COUNT];

#endif /* STATEMENTS_H */
