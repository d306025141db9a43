/* count.h - what is to be written */
/* SPDX-License-Identifier: MIT */
#ifndef COUNT_H
#define COUNT_H

int count(void);	/* two threads add 1 each; the sum */

#endif /* COUNT_H */
