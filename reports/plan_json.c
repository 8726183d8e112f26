/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.json: what was solved, how good the plan is, how it was found. */
#include "reports/report.h"

#include "base/memory.h"
#include "base/version.h"

#include <math.h>
#include <string.h>

/* The values of kv_plan_fields, gathered in any order and written in theirs. */
typedef struct fields {
    int count;
    kv_text *value; /* [count] as JSON; empty = not given */
    int unknown;    /* 1 = a name is not in kv_plan_fields: a fault of the program */
} fields;

static kv_text *field(fields *f, const char *name)
{
    for (int i = 0; i < f->count; i++) {
        if (strcmp(kv_plan_fields[i].name, name) == 0)
            return &f->value[i];
    }
    f->unknown = 1;
    return &f->value[0];
}

static void add_number(kv_text *text, double value)
{
    if (isfinite(value) && fabs(value) < 1e30)
        kv_text_add_number(text, value);
    else
        kv_text_add(text, "null");
}

static void set_number(fields *f, const char *name, double value)
{
    add_number(field(f, name), value);
}

static void set_text(fields *f, const char *name, const char *value)
{
    kv_text_add_json(field(f, name), value);
}

/* The unit of money, and what was read. */
static void set_origin(fields *f, const kv_result *result)
{
    const kv_case *the_case = result->the_case;
    const kv_case_row *row = &the_case->the_case.rows[0];
    kv_text text = {0};
    set_text(f, "case_folder", the_case->folder);
    kv_text_addf(&text, "million %s of %d, present value", row->currency ? row->currency : "EUR",
                 row->price_year);
    set_text(f, "money", text.data);
    kv_text_clear(&text);
}

/* The same of a benchmark file, with what was chosen beside it. */
static void set_benchmark(fields *f, const kv_benchmark *b)
{
    kv_text *text = field(f, "benchmark");
    set_text(f, "case_folder", b->file);
    set_text(f, "money", "of the file");
    kv_text_addf(text, "{\"format\": \"%s\"", kv_benchmark_format_name(b->format));
    if (b->topology) {
        kv_text_add(text, ", \"topology\": ");
        kv_text_add_json(text, b->topology);
    }
    if (b->capacity_option > 0) {
        kv_text_add(text, ", \"capacity\": ");
        kv_text_add_number(text, b->capacity_option);
    }
    if (b->format == KV_BENCHMARK_SNDLIB)
        kv_text_addf(text, ", \"modules\": \"%s\", \"commodities\": \"%s\"",
                     kv_benchmark_modules_names[b->modules],
                     kv_benchmark_commodities_names[b->commodities]);
    kv_text_add(text, "}");
}

static void set_case(fields *f, const kv_report *report)
{
    const kv_result *result = report->result;
    kv_text text = {0};
    kv_text_addf(&text, "%016llx", (unsigned long long)kv_result_case_hash(result));
    set_text(f, "case", kv_result_case_name(result));
    set_text(f, "case_hash", text.data);
    kv_text_clear(&text);
    set_text(f, "program_version", KV_VERSION);
    set_text(f, "scenario", result->scenario);
    set_text(f, "status", kv_plan_status_name(result->plan));
    if (result->benchmark)
        set_benchmark(f, result->benchmark);
    else
        set_origin(f, result);
}

static void set_quality(fields *f, const kv_report *report)
{
    const kv_plan *plan = report->result->plan, *nothing = report->result->do_nothing;
    int have = kv_result_has_plan(report->result);
    double objective = have ? plan->objective : (double)NAN;
    double idle = nothing && report->has_nothing ? nothing->objective : (double)NAN;
    double gap = kv_gap(objective, plan->certified_bound);
    kv_text_add(field(f, "proved"), gap <= 1e-6 ? "true" : "false");
    set_number(f, "certified_bound", plan->certified_bound);
    set_number(f, "certified_gap", gap);
    set_number(f, "certified_decision_gap",
               kv_decision_gap(objective, plan->certified_bound,
                               report->has_nothing ? nothing->certified_bound : (double)NAN));
    set_number(f, "objective", objective);
    set_number(f, "bound", plan->bound);
    set_number(f, "gap", kv_gap(objective, plan->bound));
    set_number(f, "decision_gap", kv_decision_gap(objective, plan->bound, idle));
    set_number(f, "do_nothing", idle);
    set_number(f, "do_nothing_bound", report->has_nothing ? nothing->certified_bound : (double)NAN);
    set_number(f, "saving", idle - objective);
    set_number(f, "constant", report->problem->constant);
}

static void set_violation(fields *f, const kv_report *report)
{
    kv_text *text = field(f, "largest_violation");
    kv_violation v;
    if (!report->design) {
        kv_text_add(text, "null");
        return;
    }
    kv_problem_violation(report->problem, report->design, report->flow, &v);
    const char *const names[] = {"balance", "resource", "opening",    "coupling",
                                 "side",    "bounds",   "integrality"};
    const double values[] = {v.balance, v.resource, v.opening,    v.coupling,
                             v.side,    v.bounds,   v.integrality};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        kv_text_addf(text, "%s\"%s\": ", i ? ", " : "{", names[i]);
        add_number(text, values[i]);
    }
    kv_text_add(text, "}");
}

static void set_search(fields *f, const kv_report *report)
{
    static const char *const ends[] = {"goal", "work", "time"};
    const kv_result *result = report->result;
    const kv_plan *plan = result->plan;
    int end = plan->ended_by_limit >= 0 && plan->ended_by_limit < 3 ? plan->ended_by_limit : 2;
    set_number(f, "flow_grid", report->problem->flow_grid);
    set_violation(f, report);
    set_text(f, "ended_by", ends[end]);
    set_number(f, "seconds", plan->seconds);
    kv_text_addf(field(f, "work"), "%ld", plan->work);
    kv_text_addf(field(f, "nodes"), "%ld", plan->nodes);
    set_text(f, "engine", plan->engine && *plan->engine ? plan->engine : result->engine);
    kv_text_addf(field(f, "seed"), "%lu", result->seed);
    kv_text_addf(field(f, "threads"), "%d", result->threads);
}

static void write_fields(const fields *f, kv_text *text)
{
    kv_text_add(text, "{\n");
    for (int i = 0; i < f->count; i++) {
        kv_text_addf(text, "  \"%s\": ", kv_plan_fields[i].name);
        kv_text_add(text, f->value[i].length ? f->value[i].data : "null");
        kv_text_add(text, i + 1 < f->count ? ",\n" : "\n");
        text->failed |= f->value[i].failed;
    }
    kv_text_add(text, "}\n");
}

kv_status kv_report_plan_json(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_status status = KV_ERR_MEMORY;
    kv_text text = {0};
    fields f = {0};
    while (kv_plan_fields[f.count].name)
        f.count++;
    f.value = kv_alloc((size_t)f.count, sizeof *f.value);
    if (!f.value)
        return status;
    set_case(&f, report);
    set_quality(&f, report);
    set_search(&f, report);
    write_fields(&f, &text);
    status = f.unknown ? KV_ERR_INTERNAL : kv_report_write_text(&text, dir, "plan.json", messages);
    for (int i = 0; i < f.count; i++)
        kv_text_clear(&f.value[i]);
    kv_free(f.value);
    kv_text_clear(&text);
    return status;
}
