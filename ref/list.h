/* list.h - intrusive doubly linked list */
/* SPDX-License-Identifier: MIT */
/*
 * A list is a ring: the head and every member have a node, and an empty
 * list is a head that points at itself. The node lives inside the member,
 * so that linking allocates nothing and cannot fail; a member's node that
 * is in no list points at itself too.
 *
 * Interface: tp_list_init, tp_list_empty (also: is this node in no list?),
 * tp_list_push (front), tp_list_append (back), tp_list_remove,
 * tp_list_first, and tp_container to get from a node to its member.
 *
 * No locks: a list is guarded by whatever guards its head.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

struct tp_list {
	struct tp_list *next, *prev;
};

/* The structure of type `type` whose field `field` is *node. */
#define tp_container(node, type, field) \
	((type *)(void *)((char *)(node) - offsetof(type, field)))

#define TP_LIST_INIT(list) { &(list), &(list) }

static inline void
tp_list_init(struct tp_list *list)
{
	list->next = list->prev = list;
}

static inline bool
tp_list_empty(const struct tp_list *list)
{
	return list->next == list;
}

static inline void
tp_list_link_between(struct tp_list *node, struct tp_list *prev,
	struct tp_list *next)
{
	node->prev = prev;
	node->next = next;
	prev->next = node;
	next->prev = node;
}

static inline void
tp_list_push(struct tp_list *list, struct tp_list *node)
{
	tp_list_link_between(node, list, list->next);
}

static inline void
tp_list_append(struct tp_list *list, struct tp_list *node)
{
	tp_list_link_between(node, list->prev, list);
}

/* Takes the node out of its list; harmless if it is in none. */
static inline void
tp_list_remove(struct tp_list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	tp_list_init(node);
}

/* The first node, or NULL of an empty list. */
static inline struct tp_list *
tp_list_first(const struct tp_list *list)
{
	return tp_list_empty(list) ? NULL : list->next;
}

#endif /* LIST_H */
