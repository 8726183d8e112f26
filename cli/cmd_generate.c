/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/planning.h"

#include "instances/generate.h"

#include <stddef.h>

typedef struct generate_values {
    const char *out;
    long nodes, arcs, commodities, seed;
    int fixed, capacity;
} generate_values;

static const char *const fixed_letters[] = {"F", "V", NULL};
static const char *const capacity_letters[] = {"T", "L", NULL};

static const kv_option options[] = {
    {"o", KV_OPTION_TEXT, offsetof(generate_values, out), NULL, 0, 0, NULL, NULL,
     "file to write (FILE.dow)"},
    {"nodes", KV_OPTION_INTEGER, offsetof(generate_values, nodes), NULL, 2, 10000, "20", NULL,
     "number of nodes"},
    {"arcs", KV_OPTION_INTEGER, offsetof(generate_values, arcs), NULL, 2, 1000000, "230", NULL,
     "number of arcs, at least that of the nodes"},
    {"commodities", KV_OPTION_INTEGER, offsetof(generate_values, commodities), NULL, 1, 1000000,
     "40", NULL, "number of commodities"},
    {"fixed", KV_OPTION_CHOICE, offsetof(generate_values, fixed), NULL, 0, 0, "F", fixed_letters,
     "which costs weigh more: fixed (F) or variable (V)"},
    {"capacity", KV_OPTION_CHOICE, offsetof(generate_values, capacity), NULL, 0, 0, "T",
     capacity_letters, "how scarce capacity is: tight (T) or loose (L)"},
    {"seed", KV_OPTION_INTEGER, offsetof(generate_values, seed), NULL, 0, DBL_MAX, "0", NULL,
     "start of the random numbers; the same seed gives the same file on every machine"},
    {.name = NULL},
};

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const generate_values *values = given;
    kv_generate_parameters parameters = {
        .nodes = (int)values->nodes,
        .arcs = (int)values->arcs,
        .commodities = (int)values->commodities,
        .fixed = fixed_letters[values->fixed][0],
        .capacity = capacity_letters[values->capacity][0],
        .seed = (uint64_t)values->seed,
    };
    (void)arguments;
    (void)n_arguments;
    kv_status status = cli_need_out(values->out, messages);
    if (status == KV_OK)
        status = kv_generate_file(&parameters, values->out, messages);
    return cli_exit_of(status);
}

const cli_command cli_generate = {
    .line = {.name = "generate",
             .arguments = "-o FILE",
             .summary = "Write a random benchmark instance in the manner of the Canad sets.",
             .options = options},
    .values_size = sizeof(generate_values),
    .run = run,
};
