/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long asked_for; /* allocations asked for so far */
static atomic_long fail_at;   /* the value of asked_for that fails; 0 = never */
static atomic_int fail_after; /* 1 = all after it fail too */

/* 1 when this allocation is to fail. */
static int must_fail(void)
{
    long number = atomic_fetch_add(&asked_for, 1) + 1;
    long target = atomic_load(&fail_at);
    if (target == 0)
        return 0;
    return number == target || (number > target && atomic_load(&fail_after));
}

/* *bytes = count * size, at least 1; -1 when that is more than an object can hold. */
static int size_of(size_t count, size_t size, size_t *bytes)
{
    if (size != 0 && count > (size_t)PTRDIFF_MAX / size)
        return -1;
    *bytes = count * size;
    if (*bytes == 0)
        *bytes = 1;
    return 0;
}

void *kv_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (must_fail() || size_of(count, size, &bytes) != 0)
        return NULL;
    return calloc(1, bytes);
}

void *kv_realloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (must_fail() || size_of(count, size, &bytes) != 0)
        return NULL;
    return realloc(old, bytes);
}

int kv_reserve(void **items, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return 0;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < needed) {
        if (wanted > SIZE_MAX / 2) {
            wanted = needed;
            break;
        }
        wanted *= 2;
    }
    size_t bytes;
    if (size_of(wanted, size, &bytes) != 0)
        wanted = needed;
    void *grown = kv_realloc(*items, wanted, size);
    if (!grown)
        return -1;
    *items = grown;
    *capacity = wanted;
    return 0;
}

char *kv_strdup(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = kv_alloc(length, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void kv_free(void *memory)
{
    free(memory);
}

void kv_memory_fail_at(long n, int sticky)
{
    atomic_store(&fail_at, 0);
    atomic_store(&fail_after, sticky != 0);
    if (n > 0)
        atomic_store(&fail_at, atomic_load(&asked_for) + n);
}

long kv_memory_count(void)
{
    return atomic_load(&asked_for);
}
