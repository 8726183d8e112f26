/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of solvers: what it consists of, its runs in turns, and what follows from them. */
#ifndef KV_CLI_BENCH_COMPARISON_H
#define KV_CLI_BENCH_COMPARISON_H

#include "cli/bench/solvers.h"
#include "cli/cli.h"

/* The options of `kvarken bench`. */
typedef struct cli_bench_values {
    const char *out, *engines, *peers, *formulations;
    double seconds, gap, profile_gap;
    long threads;
} cli_bench_values;

enum { CLI_BENCH_ENGINES = 8, CLI_BENCH_PEERS = 8, CLI_BENCH_FORMULATIONS = 2 };

typedef struct cli_bench_comparison {
    const cli_bench_values *values;
    cli_bench_list list;
    const char *engine[CLI_BENCH_ENGINES]; /* [n_engines] */
    const cli_bench_peer *peer[CLI_BENCH_PEERS];
    const char *formulation[CLI_BENCH_FORMULATIONS];
    int n_engines, n_peers, n_formulations;
    kv_bench_runs runs;
    cli_bench_setup setup;
    char *program, *work; /* owned; of the setup */
    int n_all, n_there;   /* runs of the list, and those that were there at the start */
    int n_made;
} cli_bench_comparison; /* start with {0}; end with cli_bench_clear */

/* Reads the list and the folder and looks for the solvers; all faults at once. KV_OK, KV_ERR_INPUT,
 * KV_ERR_IO, KV_ERR_MEMORY. */
kv_status cli_bench_prepare(const cli_bench_values *values, const char *list,
                            cli_bench_comparison *comparison, kv_messages *messages);

/* All runs that are not there yet, instance by instance. KV_OK; KV_ERR_LIMIT when a stop was
 * requested; KV_ERR_INPUT when an instance could not be exported (the others are done); KV_ERR_IO,
 * KV_ERR_MEMORY. */
kv_status cli_bench_make_runs(cli_bench_comparison *comparison, kv_messages *messages);

/* summary.csv, profile.svg, and the summary on standard output, of the runs that there are; `made` is
 * what cli_bench_make_runs gave. The exit status of the command. */
cli_exit cli_bench_conclude(const cli_bench_comparison *comparison, kv_status made,
                            kv_messages *messages);

void cli_bench_clear(cli_bench_comparison *comparison);

/* ---- for the parts ---- */

/* Cuts NAME,NAME,... (copied) at the commas: takes each name with `take`, which gives 0 or -1 with a
 * fault. "none" has no name. KV_OK, KV_ERR_INPUT, KV_ERR_MEMORY. */
kv_status cli_bench_names(const char *names, int (*take)(void *context, const char *name),
                          void *context);

#endif
