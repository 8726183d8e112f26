/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/builder.h"

#include "base/memory.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

void *kv_list_push(kv_list *list)
{
    if (list->count == INT_MAX)
        return NULL;
    void *items = list->items;
    if (kv_reserve(&items, &list->capacity, (size_t)list->count + 1, list->size) != 0)
        return NULL;
    list->items = items;
    char *item = (char *)items + (size_t)list->count * list->size;
    memset(item, 0, list->size);
    list->count++;
    return item;
}

void *kv_list_take(kv_list *list)
{
    void *items = list->items ? list->items : kv_alloc(0, list->size);
    if (!items)
        return NULL;
    list->items = NULL;
    list->capacity = 0;
    list->count = 0;
    return items;
}

void kv_list_clear(kv_list *list)
{
    kv_free(list->items);
    list->items = NULL;
    list->capacity = 0;
    list->count = 0;
}

void *kv_alloc_grid(size_t count_a, size_t count_b, size_t size)
{
    if (count_b != 0 && count_a > SIZE_MAX / count_b)
        return NULL;
    return kv_alloc(count_a * count_b, size);
}
