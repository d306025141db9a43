/* twice.h - what is to be written */
/* SPDX-License-Identifier: MIT */
#ifndef TWICE_H
#define TWICE_H

int twice(int n);	/* 2n */

#endif /* TWICE_H */
