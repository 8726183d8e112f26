/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/benchmarks.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

kv_status small_read(const small_reading *reading, kv_benchmark **benchmark, kv_messages *messages)
{
    size_t length = reading->length ? reading->length : strlen(reading->text);
    size_t topology_length = reading->topology ? strlen(reading->topology) : 0;
    return kv_benchmark_read_bytes(reading->text, length, reading->topology, topology_length,
                                   &reading->options, "small", benchmark, messages);
}

char *small_messages(const small_reading *reading)
{
    kv_messages *messages = kv_messages_create();
    kv_benchmark *benchmark = NULL;
    kv_text all = {0};
    kv_status status = small_read(reading, &benchmark, messages);
    cr_assert((status == KV_OK) == (kv_messages_faults(messages) == 0), "status %d", (int)status);
    cr_assert((status == KV_OK) == (benchmark != NULL));
    cr_assert(status == KV_OK || status == KV_ERR_INPUT, "status %d", (int)status);
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        kv_text_addf(&all, "%s%s", i ? "\n" : "", line);
        kv_free(line);
    }
    kv_benchmark_free(benchmark);
    kv_messages_free(messages);
    return all.data ? all.data : kv_strdup("");
}

char *small_edit(const char *text, const char *old, const char *now)
{
    const char *at = strstr(text, old);
    cr_assert(at != NULL, "no '%s' in the text", old);
    size_t before = (size_t)(at - text), size = strlen(text) + strlen(now) + 1;
    char *edited = malloc(size);
    cr_assert(edited != NULL);
    memcpy(edited, text, before);
    memcpy(edited + before, now, strlen(now));
    memcpy(edited + before + strlen(now), at + strlen(old), strlen(at + strlen(old)) + 1);
    return edited;
}

kv_problem *small_problem(const small_reading *reading)
{
    kv_benchmark *benchmark = NULL;
    kv_problem *problem = NULL;
    cr_assert(small_read(reading, &benchmark, NULL) == KV_OK);
    cr_assert(kv_benchmark_build(benchmark, &problem, NULL) == KV_OK);
    kv_messages *messages = kv_messages_create();
    kv_status status = kv_problem_check(problem, messages);
    cr_assert(status == KV_OK, "%s",
              kv_messages_count(messages) ? kv_messages_get(messages, 0)->what : "");
    kv_messages_free(messages);
    kv_benchmark_free(benchmark);
    return problem;
}
