/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/planning.h"

#include "formulations/model.h"

#include <stddef.h>
#include <string.h>

typedef struct export_values {
    cli_case_values tables;
    const char *out, *scenario;
    int strength;
} export_values;

static const kv_option options[] = {
    {"o", KV_OPTION_TEXT, offsetof(export_values, out), NULL, 0, 0, NULL, NULL,
     "file to write: FILE.mps (free MPS) or FILE.lp (CPLEX LP)"},
    CLI_STRENGTH_OPTION(export_values),
    {"scenario", KV_OPTION_TEXT, offsetof(export_values, scenario), NULL, 0, 0, NULL, NULL,
     "the model of this scenario alone, or joint for all; joint when left out and there are "
     "several"},
    CLI_CASE_OPTIONS,
    CLI_BENCHMARK_OPTIONS,
    {.name = NULL},
};

static kv_status check_ending(const char *path, kv_messages *messages)
{
    const char *dot = strrchr(path, '.');
    if (dot && (strcmp(dot, ".mps") == 0 || strcmp(dot, ".lp") == 0))
        return KV_OK;
    kv_where where = {.file = path};
    kv_messages_add(messages, KV_FAULT, &where, "end it in .mps or .lp",
                    "the file's ending says no format");
    return KV_ERR_INPUT;
}

/* Regret is counted from plans that would have to be found first. */
static kv_status check_regret(const cli_planning *planning, kv_messages *messages)
{
    const kv_case_row *row = &planning->the_case->the_case.rows[0];
    if (planning->scenario >= 0 || row->risk != KV_RISK_REGRET || row->risk_weight == 0)
        return KV_OK;
    kv_messages_add(messages, KV_FAULT, NULL, "choose a scenario, or --set case.*.risk=expected",
                    "a model with regret needs each scenario's own plan first");
    return KV_ERR_INPUT;
}

static kv_status read_tables(cli_planning *planning, const export_values *values,
                             const char *folder, kv_messages *messages)
{
    kv_status status = cli_refuse_benchmark_options(&values->tables, messages);
    if (status == KV_OK)
        status = cli_read_case(folder, &values->tables, &planning->the_case, messages);
    if (status == KV_OK)
        status =
            cli_find_scenario(planning->the_case, values->scenario, &planning->scenario, messages);
    return status == KV_OK ? check_regret(planning, messages) : status;
}

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const export_values *values = given;
    cli_planning planning = {0};
    kv_model *model = NULL;
    (void)n_arguments;
    kv_status status = cli_need_out(values->out, messages);
    if (status == KV_OK)
        status = check_ending(values->out, messages);
    if (status == KV_OK)
        status = cli_is_benchmark(arguments[0])
                     ? cli_read_benchmark(arguments[0], &values->tables, values->scenario,
                                          &planning.benchmark, messages)
                     : read_tables(&planning, values, arguments[0], messages);
    if (status == KV_OK)
        status = cli_build(&planning, NULL, messages);
    if (status == KV_OK)
        status = kv_model_create(planning.problem, (kv_strength)values->strength, &model);
    if (status == KV_OK)
        status = kv_model_export(planning.problem, model, values->out, messages);
    kv_model_free(model);
    cli_planning_clear(&planning);
    return cli_exit_of(status);
}

const cli_command cli_export = {
    .line = {.name = "export",
             .arguments = "CASE -o FILE",
             .summary = "Write the model of a case for other solvers.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(export_values),
    .run = run,
};
