/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bench/comparison.h"
#include "cli/interrupt.h"
#include "cli/planning.h"

#include <stddef.h>

static const kv_option options[] = {
    CLI_OPTION("o", KV_OPTION_TEXT, cli_bench_values, out, NULL, NULL,
               "folder for the results; runs that it has are not made again"),
    CLI_OPTION("engines", KV_OPTION_TEXT, cli_bench_values, engines, "auto", NULL,
               "NAME,NAME,... of our own algorithms, or none"),
    CLI_OPTION("peers", KV_OPTION_TEXT, cli_bench_values, peers, NULL, NULL,
               "other solvers, of cbc, glpsol, highs and scip, or none; left out: cbc and glpsol, "
               "and those of the others that are on the PATH"),
    CLI_OPTION("formulations", KV_OPTION_TEXT, cli_bench_values, formulations, "strong,weak", NULL,
               "of the models that other solvers are given; of several the better one counts"),
    CLI_FROM_ZERO("time", KV_OPTION_NUMBER, cli_bench_values, seconds, "s", "60",
                  "time limit of a run; one that overruns it by a tenth and 5 s is ended"),
    {"threads", KV_OPTION_INTEGER, offsetof(cli_bench_values, threads), NULL, 0, 256, "0", NULL,
     "threads of a run; 0: one for each processor, at most 8"},
    CLI_FROM_ZERO("gap", KV_OPTION_NUMBER, cli_bench_values, gap, NULL, "0.0001",
                  "share of the cost within which a plan is to be proved best"),
    CLI_FROM_ZERO("profile-gap", KV_OPTION_NUMBER, cli_bench_values, profile_gap, NULL, "0.01",
                  "gap whose times the performance profile compares"),
    {.name = NULL},
};

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const cli_bench_values *values = given;
    cli_bench_comparison comparison = {0};
    (void)n_arguments;
    kv_status status = cli_need_out(values->out, messages);
    cli_interrupt_start();
    kv_status prepared = cli_bench_prepare(values, arguments[0], &comparison, messages);
    if (status == KV_OK)
        status = prepared;
    cli_exit result = cli_exit_of(status);
    if (status == KV_OK) {
        status = cli_bench_make_runs(&comparison, messages);
        result = cli_bench_conclude(&comparison, status, messages);
    }
    cli_bench_clear(&comparison);
    return result;
}

const cli_command cli_bench = {
    .line = {.name = "bench",
             .arguments = "LIST -o DIR",
             .summary = "Compare our engines with other solvers on a list of instances.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(cli_bench_values),
    .run = run,
};
