/* accounts.h - the accounts in question, and what can be due */
/* SPDX-License-Identifier: MIT */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

/* The words are explained in README.md. */
#define ACCOUNTS(ACCOUNT)						\
	ACCOUNT(A, "nothing there; it comes")				\
	ACCOUNT(B, "nothing there; the other end is closed")		\
	ACCOUNT(C, "nothing there; CancelIoEx")				\
	ACCOUNT(D, "all is there")					\
	ACCOUNT(E, "no buffer")						\
	ACCOUNT(F, "a write; the other end is closed")			\
	ACCOUNT(G, "skipping; all is there")				\
	ACCOUNT(H, "skipping; nothing there; it comes")			\
	ACCOUNT(I, "skipping; it comes meanwhile")			\
	ACCOUNT(J, "not announced; nothing there; it comes")		\
	ACCOUNT(K, "nothing there; wait with TRUE; it comes")		\
	ACCOUNT(L, "the next read after that of K; both come")

#define ACCOUNT_LETTER(letter, text) letter,
enum letter { ACCOUNTS(ACCOUNT_LETTER) ACCOUNT_COUNT };

enum answer {
	UNDECIDED,
	CALLS_BACK,	/* one callback, and no CancelThreadpoolIo */
	CANCEL,		/* CancelThreadpoolIo, and no callback */
	BOTH,
	NEITHER,
	EITHER		/* CALLS_BACK in some runs, CANCEL in others */
};

/* Yours to write. */
extern const enum answer answers[ACCOUNT_COUNT];

#endif /* ACCOUNTS_H */
