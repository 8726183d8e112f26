/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a comparison: our program or another one as a child process, and what it did. */
#ifndef KV_CLI_BENCH_SOLVERS_H
#define KV_CLI_BENCH_SOLVERS_H

#include "base/process.h"
#include "base/text.h"
#include "cli/bench/list.h"
#include "reports/bench/log.h"
#include "reports/bench/runs.h"

/* What all runs of a comparison share. */
typedef struct cli_bench_setup {
    const char *program; /* ours */
    const char *out;     /* folder of the comparison */
    const char *work;    /* folder for what is needed for a while */
    double limit, gap;   /* s; share */
    int threads;
    kv_messages *messages;
} cli_bench_setup;

/* Another solver. */
typedef struct cli_bench_peer {
    const char *name;    /* also of the program */
    const char *package; /* where to find it */
    int expected;        /* 1 = taken without being asked for, and missed when it is not there */
    kv_log_reader *read;
    const char *words[16]; /* of its command line; words in capitals stand for values */
    const char *options;   /* contents of the file OPTIONS, with the same words; or NULL */
} cli_bench_peer;

extern const cli_bench_peer cli_bench_peers[];               /* ends with name == NULL */
const cli_bench_peer *cli_bench_find_peer(const char *name); /* NULL = there is none */

/* A process is ended when it runs longer than this under a limit of so many seconds. */
double cli_bench_patience(double limit);

/*
 * `kvarken solve` of the instance with that engine, then `kvarken check` of the plan. `run` was begun
 * and is filled in; its trace and log are written into the comparison's folder. A plan that was
 * refused stays in its folder `plans`. KV_OK whatever became
 * of the solver; KV_ERR_LIMIT when a stop was requested (nothing is written); KV_ERR_IO,
 * KV_ERR_MEMORY with a message.
 */
kv_status cli_bench_run_ours(const cli_bench_setup *setup, const cli_bench_instance *instance,
                             const char *engine, kv_bench_run *run);

/* The same of another program on the exported model. */
kv_status cli_bench_run_peer(const cli_bench_setup *setup, const cli_bench_peer *peer,
                             const char *model, kv_bench_run *run);

/* Removes a folder of ours and what is in it; nothing happens when it is not there. */
void cli_bench_remove(const char *folder);

/* The model of the instance into `model`. KV_OK; KV_ERR_INPUT with a message when it can't be;
 * KV_ERR_LIMIT, KV_ERR_IO, KV_ERR_MEMORY. */
kv_status cli_bench_export(const cli_bench_setup *setup, const cli_bench_instance *instance,
                           const char *formulation, const char *model);

/* ---- for the parts ---- */

/* A child's output being read and kept with its times. */
typedef struct cli_bench_output {
    kv_log_reader *read; /* NULL = only kept */
    kv_log log;
    kv_text text; /* each line after "[   1.234] " */
} cli_bench_output;

/* Runs the words; `output` is begun here and ended by cli_bench_output_clear. KV_OK, KV_ERR_LIMIT
 * (stop requested), KV_ERR_IO (with a message), KV_ERR_MEMORY. */
kv_status cli_bench_spawn(const cli_bench_setup *setup, const char *const *words, double patience,
                          kv_log_reader *read, cli_bench_output *output, kv_process_end *end);
void cli_bench_output_clear(cli_bench_output *output);
/* Writes the run's log and trace. */
kv_status cli_bench_keep(const cli_bench_setup *setup, const kv_bench_run *run,
                         const cli_bench_output *output, const kv_trace *trace);
/* Time, memory and, where it is out of the ordinary, how it ended. KV_OK or KV_ERR_MEMORY. */
kv_status cli_bench_take_end(const kv_process_end *end, kv_bench_run *run);

#endif
