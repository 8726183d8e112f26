/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation for test code: ends the process when there is none. */
#ifndef ORACLE_MEMORY_H
#define ORACLE_MEMORY_H

#include "base/memory.h"

#include <stdlib.h>

/* count * size zeroed bytes, never NULL; free with kv_free. */
static inline void *oracle_alloc(size_t count, size_t size)
{
    void *memory = kv_alloc(count, size);
    if (!memory) {
        abort();
    }
    return memory;
}

/* Room for one more item behind `count` items; grows *items. */
static inline void oracle_room(void **items, size_t *capacity, size_t count, size_t size)
{
    if (kv_reserve(items, capacity, count + 1, size) != 0) {
        abort();
    }
}

#endif
