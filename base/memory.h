/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory. All allocation of the library goes through here, so that sizes are multiplied with an
 * overflow check and a test can make the n-th allocation fail.
 */
#ifndef KV_BASE_MEMORY_H
#define KV_BASE_MEMORY_H

#include <stddef.h>

/* count * size bytes, zeroed; NULL when out of memory or on overflow. A count of 0 gives a valid,
 * freeable pointer. Free with kv_free. */
void *kv_alloc(size_t count, size_t size);

/* Resize to count * size bytes; new bytes are not zeroed. On failure NULL, and `old` is still
 * valid. */
void *kv_realloc(void *old, size_t count, size_t size);

/* Make room for `needed` items: grows *items geometrically and updates *capacity.
 * Returns 0, or -1 (out of memory; nothing changed). */
int kv_reserve(void **items, size_t *capacity, size_t needed, size_t size);

/* A copy of a string, NULL when out of memory. */
char *kv_strdup(const char *text);

/* Frees what the functions above gave; NULL is allowed. */
void kv_free(void *memory);

/* For tests: the n-th allocation from now on fails (1 = the next), and all after it when `sticky`;
 * n = 0 switches this off. */
void kv_memory_fail_at(long n, int sticky);

/* For tests: allocations asked for since the start of the process. */
long kv_memory_count(void);

#endif
