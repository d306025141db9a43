/* logs.h - the logs in question, and what can be said of them */
/* SPDX-License-Identifier: MIT */
#ifndef LOGS_H
#define LOGS_H

/* r1: callback 1 runs; c1: it is cancelled; closed: the call has returned. */
#define LOGS(LOG)						\
	LOG(A, "c1 closed r2")					\
	LOG(B, "c2 closed r1")					\
	LOG(C, "closed r1 r2")					\
	LOG(D, "r1 c1 closed r2")				\
	LOG(E, "r1 c2 closed")					\
	LOG(F, "r1 closed")					\
	LOG(G, "c2 r1 closed")					\
	LOG(H, "r2 c1 closed")					\
	LOG(I, "closed c1 c2")					\
	LOG(J, "c1 c2 closed")					\
	LOG(K, "c1 r2 closed")					\
	LOG(L, "r1 closed r2")

#define LOG_LETTER(letter, text) letter,
enum letter { LOGS(LOG_LETTER) LOG_COUNT };

enum answer { UNDECIDED, POSSIBLE, IMPOSSIBLE };

/* Yours to write. */
extern const enum answer answers[LOG_COUNT];

#endif /* LOGS_H */
