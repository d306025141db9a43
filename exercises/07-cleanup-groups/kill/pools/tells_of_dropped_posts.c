/* tells_of_dropped_posts.c - tells only of members with posts to drop */
/* SPDX-License-Identifier: MIT */
#include "../../members/mutant/tells_of_dropped_posts.c"
