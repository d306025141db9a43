/* logs.h - the logs in question, and what can be said of them */
/* SPDX-License-Identifier: MIT */
#ifndef LOGS_H
#define LOGS_H

/* Letter, situation, log. */
#define LOGS(LOG)							\
	LOG(A, 1, "set set signal left")				\
	LOG(B, 1, "set signal set left")				\
	LOG(C, 1, "set set signal signal taken")			\
	LOG(D, 1, "set set signal taken")				\
	LOG(E, 2, "set signal left")					\
	LOG(F, 2, "set signal signal taken")				\
	LOG(G, 2, "set signal taken")					\
	LOG(H, 3, "set signal taken")					\
	LOG(I, 3, "timeout set left")					\
	LOG(J, 3, "set timeout left")					\
	LOG(K, 3, "timeout set signal taken")				\
	LOG(L, 3, "signal set left")					\
	LOG(M, 4, "set signal left")					\
	LOG(N, 4, "set signal signal signal left")			\
	LOG(O, 5, "set signal signal left")				\
	LOG(P, 5, "set signal left")					\
	LOG(Q, 5, "set signal taken")					\
	LOG(R, 6, "timeout set left")					\
	LOG(S, 6, "set signal taken")					\
	LOG(T, 7, "set signal taken")					\
	LOG(U, 7, "set timeout left")

#define LOG_LETTER(letter, situation, text) letter,
enum letter { LOGS(LOG_LETTER) LOG_COUNT };

enum answer { UNDECIDED, POSSIBLE, IMPOSSIBLE };

/* Yours to write. */
extern const enum answer answers[LOG_COUNT];

#endif /* LOGS_H */
