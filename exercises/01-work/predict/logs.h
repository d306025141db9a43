/* logs.h - the logs in question, and what can be said of them */
/* SPDX-License-Identifier: MIT */
#ifndef LOGS_H
#define LOGS_H

/* s1: callback 1 starts; e1: it ends; done: the wait has returned. */
#define LOGS(LOG)						\
	LOG(A, "s1 e1 s2 e2 s3 e3 done")			\
	LOG(B, "s1 e1 done")					\
	LOG(C, "s1 s2 e1 e2 s3 e3 done")			\
	LOG(D, "s1 s2 e2 e1 s3 e3 done")			\
	LOG(E, "s1 s2 e1 s3 e3 done e2")			\
	LOG(F, "s1 s2 s3 e1 e2 e3 done")			\
	LOG(G, "s1 s2 e3 s3 e1 e2 done")			\
	LOG(H, "s1 e1 s2 e2 done")				\
	LOG(I, "s1 s2 e2 s3 e3 e1 done")			\
	LOG(J, "s1 e1 done s2 e2 s3 e3")			\
	LOG(K, "s1 e1 s2 s3 e2 e3 done")			\
	LOG(L, "s1 s2 e1 s3 e2 e3 done")

#define LOG_LETTER(letter, text) letter,
enum letter { LOGS(LOG_LETTER) LOG_COUNT };

enum answer { UNDECIDED, POSSIBLE, IMPOSSIBLE };

/* Yours to write. */
extern const enum answer answers[LOG_COUNT];

#endif /* LOGS_H */
