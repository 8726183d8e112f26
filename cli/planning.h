/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the words of a command line to a design problem and its plan; shared by solve, sweep and
 * export. */
#ifndef KV_CLI_PLANNING_H
#define KV_CLI_PLANNING_H

#include "base/options.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "formulations/benchmark.h"
#include "formulations/build.h"
#include "solver/engine.h"

#include <float.h>
#include <stddef.h>

/* What CASE is read with; the first member of a command's struct. */
typedef struct cli_case_values {
    kv_option_list set; /* --set */
    /* for benchmark files; of the commands that have them */
    const char *topology;
    double capacity;
    int modules, commodities;
} cli_case_values;

/* How plans are searched for; the first member of a command's struct. */
typedef struct cli_search_values {
    cli_case_values tables;
    const char *out;
    double gap, decision_gap, seconds;
    long work, threads, seed;
    int engine, strength, quiet;
} cli_search_values;

extern const char *const cli_engine_names[];   /* "auto" and all engines; NULL-ended */
extern const char *const cli_strength_names[]; /* by kv_strength; NULL-ended */

/* One row of an option table: an option that takes a number from 0 on. */
#define CLI_FROM_ZERO(name, type, row, field, unit, text, help)                                    \
    {                                                                                              \
        name, type, offsetof(row, field), unit, 0, DBL_MAX, text, NULL, help                       \
    }
/* Any other: a text, a flag or, with `words`, a choice. */
#define CLI_OPTION(name, type, row, field, text, words, help)                                      \
    {                                                                                              \
        name, type, offsetof(row, field), NULL, 0, 0, text, words, help                            \
    }

#define CLI_CASE_OPTIONS                                                                           \
    CLI_OPTION("set", KV_OPTION_LIST, cli_case_values, set, NULL, NULL,                            \
               "change a value of the tables for this run: TABLE.KEY.COLUMN=VALUE, KEY being the " \
               "row's key columns joined by '/', or '*' for all rows")

#define CLI_BENCHMARK_OPTIONS                                                                      \
    CLI_OPTION("topology", KV_OPTION_TEXT, cli_case_values, topology, NULL, NULL,                  \
               "of a scenario file: the .dow file of its network"),                                \
        CLI_FROM_ZERO("capacity", KV_OPTION_NUMBER, cli_case_values, capacity, NULL, NULL,         \
                      "of a warehouse location file: the capacity of the warehouses whose "        \
                      "capacity is the word 'capacity'"),                                          \
        CLI_OPTION("modules", KV_OPTION_CHOICE, cli_case_values, modules, NULL,                    \
                   kv_benchmark_modules_names,                                                     \
                   "of an SNDlib network: capacity modules of a link, any number of each (many) "  \
                   "or at most one in all (one); many when left out"),                             \
        CLI_OPTION("commodities", KV_OPTION_CHOICE, cli_case_values, commodities, NULL,            \
                   kv_benchmark_commodities_names,                                                 \
                   "of an SNDlib network: demands of one source together (sources) or each by "    \
                   "itself (pairs); sources when left out")

#define CLI_STRENGTH_OPTION(row)                                                                   \
    CLI_OPTION("formulation", KV_OPTION_CHOICE, row, strength, "strong", cli_strength_names,       \
               "rows that open an arc: one for each flow on it (strong) or one for all together "  \
               "(weak)")

#define CLI_SEARCH_OPTIONS                                                                         \
    CLI_OPTION("o", KV_OPTION_TEXT, cli_search_values, out, NULL, NULL,                            \
               "folder for the results; made when it is not there"),                               \
        CLI_FROM_ZERO("gap", KV_OPTION_NUMBER, cli_search_values, gap, NULL, "0.01",               \
                      "stop when the plan is proved to cost at most this share more than the "     \
                      "best one, and --decision-gap is reached too"),                              \
        CLI_FROM_ZERO("decision-gap", KV_OPTION_NUMBER, cli_search_values, decision_gap, NULL,     \
                      "0.05",                                                                      \
                      "stop when the plan is proved to miss at most this share of what can be "    \
                      "saved over doing nothing, and --gap is reached too; 1 or more: do not "     \
                      "wait for it"),                                                              \
        CLI_FROM_ZERO("time", KV_OPTION_NUMBER, cli_search_values, seconds, "s", "600",            \
                      "stop after this time with the best plan found; such a run may differ when " \
                      "repeated"),                                                                 \
        CLI_FROM_ZERO("work", KV_OPTION_INTEGER, cli_search_values, work, "iterations and nodes",  \
                      "0",                                                                         \
                      "stop after this much work; unlike --time it gives the same plan when "      \
                      "repeated; 0: no limit"),                                                    \
        {"threads",                                                                                \
         KV_OPTION_INTEGER,                                                                        \
         offsetof(cli_search_values, threads),                                                     \
         NULL,                                                                                     \
         0,                                                                                        \
         256,                                                                                      \
         "0",                                                                                      \
         NULL,                                                                                     \
         "threads to use, on which the results do not depend; 0: one for each processor, at most " \
         "8"},                                                                                     \
        CLI_OPTION("engine", KV_OPTION_CHOICE, cli_search_values, engine, "auto",                  \
                   cli_engine_names, "algorithm; auto chooses by the size of the case"),           \
        CLI_STRENGTH_OPTION(cli_search_values),                                                    \
        CLI_FROM_ZERO("seed", KV_OPTION_INTEGER, cli_search_values, seed, NULL, "0",               \
                      "start of the random numbers"),                                              \
        CLI_OPTION("quiet", KV_OPTION_FLAG, cli_search_values, quiet, NULL, NULL,                  \
                   "show no progress and no summary")

/* The tables as a command needs them. */
kv_status cli_read_case(const char *folder, const cli_case_values *values, kv_case **the_case,
                        kv_messages *messages);

/* 1 = CASE is a benchmark file, not a folder of tables. */
int cli_is_benchmark(const char *path);

/* The benchmark file as a command needs it; `scenario` is the option's value, which it can't have. */
kv_status cli_read_benchmark(const char *path, const cli_case_values *values, const char *scenario,
                             kv_benchmark **benchmark, kv_messages *messages);

/* A folder of tables has none of the options for benchmark files. KV_OK, KV_ERR_INPUT. */
kv_status cli_refuse_benchmark_options(const cli_case_values *values, kv_messages *messages);

/* The row of scenarios of that name, -1 for "joint"; NULL: joint if there are several, else the
 * only one. KV_ERR_INPUT with a fault that names the nearest. */
kv_status cli_find_scenario(const kv_case *the_case, const char *name, int *scenario,
                            kv_messages *messages);

/* "joint" for -1; lives as long as the case. */
const char *cli_scenario_name(const kv_case *the_case, int scenario);

/* Limits as the options say; the time left is counted from progress->start. */
void cli_limits(const cli_search_values *values, cli_progress *progress, kv_limits *limits);

/* One for each processor, at most 8, when `asked` is 0. */
int cli_threads(long asked);

/* CLI_INPUT with a fault when there is no -o. */
kv_status cli_need_out(const char *out, kv_messages *messages);

/* A case, its problem and what was found. Zero at the start; ends with cli_planning_clear. */
typedef struct cli_planning {
    kv_case *the_case;
    kv_benchmark *benchmark; /* instead of the_case, or NULL */
    int scenario;            /* row of scenarios, or -1 = joint */
    kv_problem *problem;
    kv_map *map;
    const kv_engine *engine;
    kv_plan *do_nothing, *first, *plan; /* `first`: lawful, the search starts from it; or NULL */
    cli_progress progress;
} cli_planning;

/*
 * What each scenario could reach alone, which regret is counted from: *reference [scenarios], freed
 * by the caller; zeros, without any search, where the case does not count regret.
 * KV_ERR_INFEASIBLE, KV_ERR_LIMIT where one of them has no plan.
 */
kv_status cli_regret(const kv_case *the_case, const cli_search_values *values,
                     cli_progress *progress, double **reference, kv_messages *messages);

/* The design problem of the_case and scenario, or of the benchmark; `regret` as cli_regret gives
 * it. */
kv_status cli_build(cli_planning *planning, const double *regret, kv_messages *messages);

/* Doing nothing, then the plan. KV_OK also when a limit ended it; see plan->status. */
kv_status cli_search(cli_planning *planning, const cli_search_values *values,
                     kv_messages *messages);

void cli_planning_clear(cli_planning *planning);

#endif
