/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool of strings, each kept once; equal strings have equal pointers and equal numbers. */
#ifndef KV_BASE_INTERN_H
#define KV_BASE_INTERN_H

#include <stddef.h>

typedef struct kv_pool kv_pool;

kv_pool *kv_pool_create(void); /* NULL when out of memory */
void kv_pool_free(kv_pool *pool);

/* The number (0, 1, 2, ... in order of first sight) of the string, added when new; -1 when out of
 * memory. `length` bytes, no 0 inside. */
int kv_pool_add(kv_pool *pool, const char *text, size_t length);
/* The number of the string, or -1 when it is not in the pool. */
int kv_pool_find(const kv_pool *pool, const char *text, size_t length);
const char *kv_pool_text(const kv_pool *pool, int number); /* lives as long as the pool */
int kv_pool_count(const kv_pool *pool);

#endif
