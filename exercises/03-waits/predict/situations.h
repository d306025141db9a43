/* situations.h - seven situations of a wait object */
/* SPDX-License-Identifier: MIT */
#ifndef SITUATIONS_H
#define SITUATIONS_H

enum object { AUTO_RESET, MANUAL_RESET, SEMAPHORE };
enum timeout { NEVER, IN_A_WHILE, AT_ONCE };

#define SITUATIONS 7

static const struct situation {
	enum object object;
	unsigned sets_before;	/* calls of SetEvent before the wait is set */
	unsigned sets_after;	/* and after it; or of ReleaseSemaphore, by 2 */
	enum timeout timeout;	/* of the wait */
	unsigned again;		/* times that the callback sets it again */
} situations[SITUATIONS] = {
	{ AUTO_RESET, 0, 2, NEVER, 0 },
	{ SEMAPHORE, 0, 1, NEVER, 0 },
	{ AUTO_RESET, 0, 1, IN_A_WHILE, 0 },
	{ MANUAL_RESET, 0, 1, NEVER, 0 },
	{ MANUAL_RESET, 0, 1, NEVER, 1 },
	{ AUTO_RESET, 0, 1, AT_ONCE, 0 },
	{ AUTO_RESET, 1, 0, AT_ONCE, 0 }
};

#endif /* SITUATIONS_H */
