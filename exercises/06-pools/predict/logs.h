/* logs.h - the logs in question, and what can be said of them */
/* SPDX-License-Identifier: MIT */
#ifndef LOGS_H
#define LOGS_H

/* a: the callback of the first object begins; A: it ends; so b, B, c, C. */
#define LOGS(LOG)						\
	LOG(A, "a c A C b B")					\
	LOG(B, "b c B C a A")					\
	LOG(C, "b a B c C A")					\
	LOG(D, "b B a A c C")					\
	LOG(E, "a A b B c C")					\
	LOG(F, "a b B A c C")					\
	LOG(G, "a b A B c C")					\
	LOG(H, "a c b C B A")					\
	LOG(I, "c b B a C A")					\
	LOG(J, "c C b B a A")					\
	LOG(K, "c C a A b B")					\
	LOG(L, "c b a B A C")

#define LOG_LETTER(letter, text) letter,
enum letter { LOGS(LOG_LETTER) LOG_COUNT };

enum answer { UNDECIDED, POSSIBLE, IMPOSSIBLE };

/* Yours to write. */
extern const enum answer answers[LOG_COUNT];

#endif /* LOGS_H */
