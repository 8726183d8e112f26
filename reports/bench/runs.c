/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bench/runs.h"

#include "base/file.h"
#include "base/memory.h"
#include "reports/csv_read.h"
#include "reports/result.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const double kv_bench_gaps[KV_BENCH_GAPS] = {0.05, 0.02, 0.01, 0.001};
const double kv_bench_decisions[KV_BENCH_DECISIONS] = {0.05, 0.02};
/* Share of a cost by which the figures of a log may be rounded. */
static const double rounding = 1e-6;

static const char *const status_names[KV_BENCH_STATUSES] = {
    [KV_BENCH_SOLVED] = "solved",   [KV_BENCH_LIMIT] = "limit",
    [KV_BENCH_OVERRAN] = "overran", [KV_BENCH_INFEASIBLE] = "infeasible",
    [KV_BENCH_FAILED] = "failed",
};

/* Where the values of the columns of runs.csv stand, in the order of the columns. */
typedef enum field_kind { TEXT, COUNT, STATUS, NUMBER, SECONDS, SHARE, MEGABYTES } field_kind;
static const struct field {
    field_kind kind;
    size_t offset;
} fields[] = {
    {TEXT, offsetof(kv_bench_run, instance)},
    {TEXT, offsetof(kv_bench_run, solver)},
    {TEXT, offsetof(kv_bench_run, formulation)},
    {TEXT, offsetof(kv_bench_run, version)},
    {COUNT, offsetof(kv_bench_run, threads)},
    {NUMBER, offsetof(kv_bench_run, limit)},
    {NUMBER, offsetof(kv_bench_run, asked)},
    {STATUS, offsetof(kv_bench_run, status)},
    {SECONDS, offsetof(kv_bench_run, to[0])},
    {SECONDS, offsetof(kv_bench_run, to[1])},
    {SECONDS, offsetof(kv_bench_run, to[2])},
    {SECONDS, offsetof(kv_bench_run, to[3])},
    {SECONDS, offsetof(kv_bench_run, to_asked)},
    {NUMBER, offsetof(kv_bench_run, primal)},
    {NUMBER, offsetof(kv_bench_run, bound)},
    {SHARE, offsetof(kv_bench_run, gap)},
    {SHARE, offsetof(kv_bench_run, certified_gap)},
    {TEXT, offsetof(kv_bench_run, checked)},
    {SECONDS, offsetof(kv_bench_run, check_seconds)},
    {NUMBER, offsetof(kv_bench_run, best_known)},
    {SECONDS, offsetof(kv_bench_run, primal_integral)},
    {NUMBER, offsetof(kv_bench_run, do_nothing)},
    {SHARE, offsetof(kv_bench_run, decision_gap)},
    {SECONDS, offsetof(kv_bench_run, to_decision[0])},
    {SECONDS, offsetof(kv_bench_run, to_decision[1])},
    {SECONDS, offsetof(kv_bench_run, seconds)},
    {SECONDS, offsetof(kv_bench_run, cpu)},
    {MEGABYTES, offsetof(kv_bench_run, peak_mb)},
    {COUNT, offsetof(kv_bench_run, nodes)},
    {TEXT, offsetof(kv_bench_run, note)},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static void *place(const kv_bench_run *run, int f)
{
    return (char *)(size_t)run + fields[f].offset;
}

/* ---- a run ---- */

kv_status kv_bench_run_text(char **text, const char *value)
{
    kv_free(*text);
    *text = kv_strdup(value);
    return *text ? KV_OK : KV_ERR_MEMORY;
}

kv_status kv_bench_run_begin(const char *instance, const char *solver, const char *formulation,
                             kv_bench_run *run)
{
    kv_status status = KV_OK;
    *run = (kv_bench_run){.status = KV_BENCH_FAILED, .nodes = -1};
    for (int f = 0; f < N_FIELDS; f++) {
        if (fields[f].kind == TEXT && kv_bench_run_text(place(run, f), "") != KV_OK)
            status = KV_ERR_MEMORY;
        if (fields[f].kind >= NUMBER)
            *(double *)place(run, f) = (double)NAN;
    }
    if (kv_bench_run_text(&run->instance, instance) != KV_OK ||
        kv_bench_run_text(&run->solver, solver) != KV_OK ||
        kv_bench_run_text(&run->formulation, formulation) != KV_OK)
        status = KV_ERR_MEMORY;
    return status;
}

void kv_bench_run_clear(kv_bench_run *run)
{
    for (int f = 0; f < N_FIELDS; f++)
        if (fields[f].kind == TEXT)
            kv_free(*(char **)place(run, f));
    *run = (kv_bench_run){0};
}

void kv_bench_run_measure(kv_bench_run *run, const kv_trace *trace)
{
    for (int i = 0; i < KV_BENCH_GAPS; i++)
        run->to[i] = kv_trace_time_to(trace, kv_bench_gaps[i]);
    run->to_asked = kv_trace_time_to(trace, run->asked);
    if (trace->count > 0) {
        run->primal = trace->point[trace->count - 1].primal;
        run->bound = trace->point[trace->count - 1].bound;
        run->gap = kv_gap(run->primal, run->bound);
        if (run->gap < 0 && run->gap >= -rounding)
            run->gap = 0;
    }
}

/* ---- all runs ---- */

void kv_bench_runs_clear(kv_bench_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        kv_bench_run_clear(&runs->run[i]);
    kv_free(runs->run);
    *runs = (kv_bench_runs){0};
}

kv_status kv_bench_runs_add(kv_bench_runs *runs, kv_bench_run *run)
{
    void *all = runs->run;
    if (kv_reserve(&all, &runs->capacity, runs->count + 1, sizeof *run) != 0)
        return KV_ERR_MEMORY;
    runs->run = all;
    runs->run[runs->count++] = *run;
    *run = (kv_bench_run){0};
    return KV_OK;
}

kv_bench_run *kv_bench_runs_find(const kv_bench_runs *runs, const char *instance,
                                 const char *solver, const char *formulation)
{
    for (size_t i = 0; i < runs->count; i++) {
        kv_bench_run *run = &runs->run[i];
        if (strcmp(run->instance, instance) == 0 && strcmp(run->solver, solver) == 0 &&
            strcmp(run->formulation, formulation) == 0)
            return run;
    }
    return NULL;
}

double kv_bench_best(const kv_bench_runs *runs, const char *instance)
{
    double best = (double)NAN;
    for (size_t i = 0; i < runs->count; i++)
        if (strcmp(runs->run[i].instance, instance) == 0)
            best = fmin(best, fmin(runs->run[i].primal, runs->run[i].best_known));
    return best;
}

static double do_nothing_of(const kv_bench_runs *runs, const char *instance)
{
    double cost = (double)NAN;
    for (size_t i = 0; i < runs->count; i++)
        if (strcmp(runs->run[i].instance, instance) == 0)
            cost = fmin(cost, runs->run[i].do_nothing);
    return cost;
}

static void refresh(kv_bench_run *run, const kv_trace *trace, double best, double do_nothing)
{
    double certified = run->primal - run->certified_gap * fabs(run->primal);
    run->primal_integral = kv_trace_primal_integral(trace, best, run->limit);
    run->decision_gap =
        kv_decision_gap(run->primal, isnan(certified) ? run->bound : certified, do_nothing);
    for (int i = 0; i < KV_BENCH_DECISIONS; i++)
        run->to_decision[i] = kv_trace_time_to_decision(trace, kv_bench_decisions[i], do_nothing);
}

kv_status kv_bench_refresh(kv_bench_runs *runs, const char *dir, const char *instance,
                           kv_messages *messages)
{
    double best = kv_bench_best(runs, instance), do_nothing = do_nothing_of(runs, instance);
    kv_status status = KV_OK;
    for (size_t i = 0; i < runs->count && status == KV_OK; i++) {
        kv_trace trace;
        if (strcmp(runs->run[i].instance, instance) != 0)
            continue;
        status = kv_bench_trace_read(&runs->run[i], dir, &trace, messages);
        if (status == KV_OK)
            refresh(&runs->run[i], &trace, best, do_nothing);
        kv_trace_clear(&trace);
    }
    return status;
}

/* ---- runs.csv ---- */

static void write_field(const kv_bench_run *run, int f, kv_out *out)
{
    const void *value = place(run, f);
    switch (fields[f].kind) {
    case TEXT: kv_out_text(out, *(char *const *)value); break;
    case STATUS: kv_out_text(out, status_names[*(const long *)value]); break;
    case NUMBER: kv_out_exact(out, *(const double *)value); break;
    case SECONDS: kv_out_rounded(out, *(const double *)value, 3); break;
    case SHARE: kv_out_rounded(out, *(const double *)value, 9); break;
    case MEGABYTES: kv_out_rounded(out, *(const double *)value, 1); break;
    case COUNT:
        if (*(const long *)value < 0)
            kv_out_text(out, NULL);
        else
            kv_out_integer(out, *(const long *)value);
        break;
    }
}

kv_status kv_bench_runs_write(const kv_bench_runs *runs, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin_table(&out, &kv_bench_tables[KV_BENCH_RUNS_TABLE]);
    for (size_t i = 0; i < runs->count; i++) {
        for (int f = 0; f < N_FIELDS; f++)
            write_field(&runs->run[i], f, &out);
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}

/* 0, -1 = it is no such value, -2 = out of memory. */
static int read_field(const char *text, kv_bench_run *run, int f)
{
    void *value = place(run, f);
    double number;
    if (fields[f].kind == TEXT)
        return kv_bench_run_text(value, text) == KV_OK ? 0 : -2;
    if (fields[f].kind == STATUS) {
        for (int i = 0; i < KV_BENCH_STATUSES; i++) {
            *(long *)value = i;
            if (strcmp(text, status_names[i]) == 0)
                return 0;
        }
        return -1;
    }
    if (*text == 0)
        return 0;
    if (kv_parse_number(text, '.', &number) != 0)
        return -1;
    if (fields[f].kind == COUNT && !(fabs(number) < 1e15))
        return -1;
    if (fields[f].kind == COUNT)
        *(long *)value = (long)number;
    else
        *(double *)value = number;
    return 0;
}

static kv_status read_row(const kv_csv *csv, int row, const char *path, kv_bench_run *run,
                          kv_messages *messages)
{
    const kv_report_column *columns = kv_bench_tables[KV_BENCH_RUNS_TABLE].columns;
    kv_status status = kv_bench_run_begin("", "", "", run);
    for (int f = 0; f < N_FIELDS && status != KV_ERR_MEMORY; f++) {
        const char *text = kv_csv_field(csv, row, kv_csv_column(csv, columns[f].name));
        kv_where where = {.file = path, .line = row + 2, .column = columns[f].name, .value = text};
        int failed = read_field(text, run, f);
        if (failed == -1) {
            kv_messages_add(messages, KV_FAULT, &where, "remove the row, and the run is made again",
                            "'%s' is no value of this column", text);
            status = KV_ERR_INPUT;
        } else if (failed) {
            status = KV_ERR_MEMORY;
        }
    }
    return status;
}

kv_status kv_bench_runs_read(const char *dir, kv_bench_runs *runs, kv_messages *messages)
{
    const char *name = kv_bench_tables[KV_BENCH_RUNS_TABLE].file;
    char *path = kv_path_join(dir, name);
    kv_status status = path ? KV_OK : KV_ERR_MEMORY;
    kv_csv csv = {0};
    *runs = (kv_bench_runs){0};
    if (status == KV_OK && kv_path_exists(path))
        status = kv_csv_read(dir, name, &csv, messages);
    for (int row = 0; row < kv_csv_rows(&csv) && status != KV_ERR_MEMORY; row++) {
        kv_bench_run run;
        kv_status found = read_row(&csv, row, path, &run, messages);
        if (found == KV_OK)
            found = kv_bench_runs_add(runs, &run);
        kv_bench_run_clear(&run);
        status = found == KV_OK ? status : found;
    }
    kv_csv_clear(&csv);
    kv_free(path);
    return status;
}

/* ---- traces ---- */

void kv_bench_file_name(const kv_bench_run *run, const char *ending, kv_text *name)
{
    kv_text_addf(name, "%s.%s%s%s", run->instance, run->solver, *run->formulation ? "." : "",
                 run->formulation);
    for (size_t i = 0; i < name->length && !name->failed; i++)
        if (!isalnum((unsigned char)name->data[i]) && !strchr("-_@+.", name->data[i]))
            name->data[i] = '_';
    kv_text_add(name, ending);
}

static const char traces[] = "traces";

kv_status kv_bench_trace_write(const kv_bench_run *run, const kv_trace *trace, const char *dir,
                               kv_messages *messages)
{
    kv_text name = {0};
    char *folder = kv_path_join(dir, traces), *path = NULL;
    kv_bench_file_name(run, ".csv", &name);
    kv_status status = folder && !name.failed ? kv_folder_make(folder, messages) : KV_ERR_MEMORY;
    if (status == KV_OK && (path = kv_path_join(folder, name.data)) == NULL)
        status = KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_trace_write(trace, path, messages);
    kv_free(path);
    kv_free(folder);
    kv_text_clear(&name);
    return status;
}

kv_status kv_bench_trace_read(const kv_bench_run *run, const char *dir, kv_trace *trace,
                              kv_messages *messages)
{
    kv_text name = {0};
    char *path = NULL;
    *trace = (kv_trace){0};
    kv_text_addf(&name, "%s/", traces);
    kv_text file = {0};
    kv_bench_file_name(run, ".csv", &file);
    kv_text_add(&name, file.failed ? "" : file.data);
    if (!name.failed && !file.failed)
        path = kv_path_join(dir, name.data);
    kv_status status = path ? KV_OK : KV_ERR_MEMORY;
    if (path && kv_path_exists(path))
        status = kv_trace_read(dir, name.data, trace, messages);
    kv_free(path);
    kv_text_clear(&file);
    kv_text_clear(&name);
    return status;
}
