/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intern.h"

#include "base/memory.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

typedef struct pooled {
    char *text;
    size_t length;
    uint64_t hash;
} pooled;

struct kv_pool {
    pooled *strings; /* by number */
    size_t count, capacity;
    int *slots;     /* open addressing, linear probing: number + 1, 0 = free */
    size_t n_slots; /* a power of two, more than count */
};

enum { FIRST_SLOTS = 64 };

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

kv_pool *kv_pool_create(void)
{
    kv_pool *pool = kv_alloc(1, sizeof(kv_pool));
    if (!pool)
        return NULL;
    pool->slots = kv_alloc(FIRST_SLOTS, sizeof(int));
    if (!pool->slots) {
        kv_free(pool);
        return NULL;
    }
    pool->n_slots = FIRST_SLOTS;
    return pool;
}

void kv_pool_free(kv_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->count; i++)
        kv_free(pool->strings[i].text);
    kv_free(pool->strings);
    kv_free(pool->slots);
    kv_free(pool);
}

/* The slot that holds the string, or the free slot where it would go. */
static size_t slot_of(const kv_pool *pool, const char *text, size_t length, uint64_t hash)
{
    size_t mask = pool->n_slots - 1;
    size_t slot = (size_t)hash & mask;
    while (pool->slots[slot]) {
        const pooled *held = &pool->strings[pool->slots[slot] - 1];
        if (held->hash == hash && held->length == length && memcmp(held->text, text, length) == 0)
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* Doubles the slots before they are three quarters full. */
static int slots_grow(kv_pool *pool)
{
    if (pool->count + 1 < pool->n_slots / 4 * 3)
        return 0;
    size_t n_slots = pool->n_slots * 2;
    int *slots = kv_alloc(n_slots, sizeof(int));
    if (!slots)
        return -1;
    for (size_t i = 0; i < pool->count; i++) {
        size_t slot = (size_t)pool->strings[i].hash & (n_slots - 1);
        while (slots[slot])
            slot = (slot + 1) & (n_slots - 1);
        slots[slot] = (int)i + 1;
    }
    kv_free(pool->slots);
    pool->slots = slots;
    pool->n_slots = n_slots;
    return 0;
}

static int pool_append(kv_pool *pool, const char *text, size_t length, uint64_t hash)
{
    void *strings = pool->strings;
    if (pool->count >= INT_MAX - 1 || length == SIZE_MAX || slots_grow(pool) != 0)
        return -1;
    if (kv_reserve(&strings, &pool->capacity, pool->count + 1, sizeof(pooled)) != 0)
        return -1;
    pool->strings = strings;
    char *copy = kv_alloc(length + 1, 1);
    if (!copy)
        return -1;
    memcpy(copy, text, length);
    int number = (int)pool->count;
    pool->slots[slot_of(pool, text, length, hash)] = number + 1;
    pool->strings[pool->count++] = (pooled){copy, length, hash};
    return number;
}

int kv_pool_find(const kv_pool *pool, const char *text, size_t length)
{
    return pool->slots[slot_of(pool, text, length, hash_of(text, length))] - 1;
}

int kv_pool_add(kv_pool *pool, const char *text, size_t length)
{
    uint64_t hash = hash_of(text, length);
    int held = pool->slots[slot_of(pool, text, length, hash)];
    return held ? held - 1 : pool_append(pool, text, length, hash);
}

const char *kv_pool_text(const kv_pool *pool, int number)
{
    if (number < 0 || (size_t)number >= pool->count)
        return NULL;
    return pool->strings[number].text;
}

int kv_pool_count(const kv_pool *pool)
{
    return (int)pool->count;
}
