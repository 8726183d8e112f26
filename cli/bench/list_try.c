/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each instance of a list is read before the first run: a fault in the last one is not to come up
 * after hours. */
#include "cli/bench/list.h"

#include "base/memory.h"
#include "base/text.h"
#include "cli/planning.h"

#include <string.h>

enum { FAULTS_SHOWN = 3 };

static int choice(const char *const *choices, const char *value)
{
    for (int i = 0; value && choices[i]; i++)
        if (strcmp(choices[i], value) == 0)
            return i;
    return -1;
}

static kv_status read_folder(const cli_bench_instance *instance, const cli_case_values *values,
                             kv_messages *found)
{
    kv_case *the_case = NULL;
    int scenario;
    kv_status status = cli_refuse_benchmark_options(values, found);
    if (status == KV_OK)
        status = cli_read_case(instance->path, values, &the_case, found);
    if (status == KV_OK)
        status = cli_find_scenario(the_case, instance->scenario, &scenario, found);
    kv_case_free(the_case);
    return status;
}

static kv_status read_one(const cli_bench_instance *instance, kv_messages *found)
{
    cli_case_values values = {.topology = instance->topology,
                              .modules = choice(kv_benchmark_modules_names, instance->modules),
                              .commodities =
                                  choice(kv_benchmark_commodities_names, instance->commodities)};
    kv_benchmark *benchmark = NULL;
    if (instance->capacity && kv_parse_number(instance->capacity, '.', &values.capacity) != 0)
        return KV_ERR_ARGUMENT;
    if (!cli_is_benchmark(instance->path))
        return read_folder(instance, &values, found);
    kv_status status =
        cli_read_benchmark(instance->path, &values, instance->scenario, &benchmark, found);
    kv_benchmark_free(benchmark);
    return status;
}

/* The first faults of the instance, each at its line of the list. */
static void pass_on(const cli_bench_instance *instance, const char *path, kv_messages *found,
                    kv_messages *messages)
{
    kv_where where = {.file = strcmp(path, "-") == 0 ? "standard input" : path,
                      .line = instance->line};
    int shown = 0;
    kv_messages_sort(found);
    for (size_t i = 0; i < kv_messages_count(found) && shown < FAULTS_SHOWN; i++) {
        if (kv_messages_get(found, i)->severity != KV_FAULT)
            continue;
        char *text = kv_message_text(kv_messages_get(found, i));
        kv_messages_add(messages, KV_FAULT, &where, NULL, "%s: %s", instance->name,
                        text ? text : "out of memory");
        kv_free(text);
        shown++;
    }
    if (shown == 0)
        kv_messages_add(messages, KV_FAULT, &where, NULL, "%s: it can't be read", instance->name);
    if (kv_messages_faults(found) > FAULTS_SHOWN)
        kv_messages_add(messages, KV_FAULT, &where, "kvarken validate lists them",
                        "%s: and %zu faults more", instance->name,
                        kv_messages_faults(found) - FAULTS_SHOWN);
}

kv_status cli_bench_list_try(const cli_bench_list *list, const char *path, kv_messages *messages)
{
    kv_status status = KV_OK;
    for (size_t i = 0; i < list->count && status != KV_ERR_MEMORY; i++) {
        kv_messages *found = kv_messages_create();
        kv_status read = found ? read_one(&list->instance[i], found) : KV_ERR_MEMORY;
        if (read != KV_OK && read != KV_ERR_MEMORY) {
            pass_on(&list->instance[i], path, found, messages);
            read = KV_ERR_INPUT;
        }
        if (read != KV_OK)
            status = read;
        kv_messages_free(found);
    }
    return status;
}
