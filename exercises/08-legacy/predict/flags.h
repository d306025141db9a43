/* flags.h - the flags of three items, and how many of them can run */
/* SPDX-License-Identifier: MIT */
#ifndef FLAGS_H
#define FLAGS_H

#include "threadpool.h"

/* The flags of the first item, of the second, of the third. */
#define LONG_RUN	WT_EXECUTELONGFUNCTION
#define SET(limit)	((ULONG)(limit) << 16)
#define PERSISTENT	WT_EXECUTEINPERSISTENTTHREAD

#define ROWS(ROW)							\
	ROW(A, LONG_RUN, LONG_RUN, LONG_RUN)				\
	ROW(B, LONG_RUN, 0, 0)						\
	ROW(C, 0, LONG_RUN, LONG_RUN)					\
	ROW(D, SET(2) | LONG_RUN, SET(2) | LONG_RUN, SET(2) | LONG_RUN)	\
	ROW(E, SET(1) | LONG_RUN, LONG_RUN, LONG_RUN)			\
	ROW(F, SET(3), SET(3), SET(3))					\
	ROW(G, 0, WT_EXECUTEINIOTHREAD, WT_EXECUTEINIOTHREAD)		\
	ROW(H, 0, PERSISTENT, PERSISTENT)				\
	ROW(I, PERSISTENT | LONG_RUN, PERSISTENT | LONG_RUN,		\
		PERSISTENT | LONG_RUN)					\
	ROW(J, LONG_RUN | 2, LONG_RUN | 2, LONG_RUN | 2)		\
	ROW(K, WT_EXECUTEONLYONCE | LONG_RUN,				\
		WT_EXECUTEONLYONCE | LONG_RUN,				\
		WT_EXECUTEONLYONCE | LONG_RUN)				\
	ROW(L, 0x200 | LONG_RUN, 0x200 | LONG_RUN, 0x200 | LONG_RUN)

#define ITEMS 3

#define ROW_LETTER(letter, first, second, third) letter,
enum letter { ROWS(ROW_LETTER) ROW_COUNT };

/* How many items run when nothing more happens. */
enum answer { UNDECIDED, NONE, ONE, TWO, THREE };

/* Yours to write. */
extern const enum answer answers[ROW_COUNT];

#endif /* FLAGS_H */
