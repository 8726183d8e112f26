/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/instance.h"

#include "base/memory.h"
#include "base/random.h"
#include "cli/planning.h"
#include "instances/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(const kv_messages *messages)
{
    for (size_t i = 0; i < kv_messages_count(messages) && i < 5; i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        fprintf(stderr, "%s\n", line ? line : "out of memory");
        kv_free(line);
    }
}

kv_problem *bench_read(const char *argument)
{
    cli_planning planning = {0};
    cli_case_values values = {.modules = -1, .commodities = -1};
    kv_messages *messages = kv_messages_create();
    char *path = kv_strdup(argument), *more = path ? strrchr(path, '@') : NULL;
    kv_problem *problem = NULL;
    if (!path || !messages)
        goto out;
    if (more)
        *more++ = 0;
    kv_status status;
    if (cli_is_benchmark(path)) {
        values.topology = more;
        status = cli_read_benchmark(path, &values, NULL, &planning.benchmark, messages);
    } else {
        status = cli_read_case(path, &values, &planning.the_case, messages);
        if (status == KV_OK)
            status = cli_find_scenario(planning.the_case, more, &planning.scenario, messages);
    }
    if (status == KV_OK)
        status = cli_build(&planning, NULL, messages);
    if (status == KV_OK) {
        problem = planning.problem;
        planning.problem = NULL;
    } else {
        fprintf(stderr, "%s: no problem can be made of it\n", argument);
        tell(messages);
    }
out:
    cli_planning_clear(&planning);
    kv_messages_free(messages);
    kv_free(path);
    return problem;
}

void bench_name(const char *argument, char *name, int size)
{
    const char *at = strrchr(argument, '@'), *start = argument;
    int length = at ? (int)(at - argument) : (int)strlen(argument);
    while (length > 1 && argument[length - 1] == '/')
        length--;
    for (int i = 0; i < length; i++)
        if (argument[i] == '/')
            start = argument + i + 1;
    length -= (int)(start - argument);
    for (int i = length - 1; i > 0; i--)
        if (start[i] == '.') {
            length = i;
            break;
        }
    snprintf(name, (size_t)size, "%.*s", length, start);
    if (at && !strchr(at, '/'))
        snprintf(name + strlen(name), (size_t)size - strlen(name), "%s", at);
}

/* A scenario file for the demands of the network. */
static void write_scenarios(const kv_benchmark *network, int scenarios, kv_text *out)
{
    kv_random random;
    kv_random_seed(&random, 1);
    kv_text_addf(out, "%d\n", scenarios);
    for (int s = 0; s < scenarios; s++) {
        kv_text_add_number(out, 1.0 / scenarios);
        for (int k = 0; k < network->n_demands; k++)
            kv_text_addf(out, " %.2f", network->demand[k] * (0.5 + kv_random_uniform(&random)));
        kv_text_add(out, "\n");
    }
}

kv_problem *bench_generate(int nodes, int arcs, int commodities, int scenarios)
{
    kv_generate_parameters parameters = {nodes, arcs, commodities, 'F', 'T', 1};
    kv_messages *messages = kv_messages_create();
    kv_text network = {0}, list = {0};
    kv_benchmark *benchmark = NULL, *with_scenarios = NULL;
    kv_problem *problem = NULL;
    kv_status status = kv_generate(&parameters, &network, messages);
    if (status == KV_OK)
        status = kv_benchmark_read_bytes(network.data, network.length, NULL, 0, NULL,
                                         "generated.dow", &benchmark, messages);
    if (status == KV_OK && scenarios > 0) {
        write_scenarios(benchmark, scenarios, &list);
        status = list.failed
                     ? KV_ERR_MEMORY
                     : kv_benchmark_read_bytes(list.data, list.length, network.data, network.length,
                                               NULL, "generated", &with_scenarios, messages);
    }
    if (status == KV_OK)
        status =
            kv_benchmark_build(with_scenarios ? with_scenarios : benchmark, &problem, messages);
    if (status != KV_OK) {
        tell(messages);
        exit(2);
    }
    kv_benchmark_free(benchmark);
    kv_benchmark_free(with_scenarios);
    kv_text_clear(&network);
    kv_text_clear(&list);
    kv_messages_free(messages);
    return problem;
}
