/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Side rows (mathematics.md, section 5): those of projects here; budgets and stock by their files. */
#include "reports/checker/world.h"

#include "base/memory.h"

#include <stdarg.h>

const char *kvc_slot_name(const kvc_world *world, int slot)
{
    return world->given->scenarios.rows[world->slot_row[slot]].scenario;
}

const char *kvc_row_scenario(const kvc_world *world, int differs, int slot)
{
    return differs ? kvc_slot_name(world, slot) : "all";
}

/* ---- rows ---- */

void kvc_side_begin(kvc_world *world, char sense, int dropped, const mpq_t rhs, const char *format,
                    ...)
{
    kvc_world *w = world;
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    char *name = kvc_take(w->arena, &text);
    kvc_row *row = kvc_push(w->arena, &w->side, sizeof *row);
    *row = (kvc_row){name, sense, dropped, w->side_entry.count, 0, kvc_numbers(w->arena, 1)};
    mpq_set(*row->rhs, rhs);
}

void kvc_side_entry(kvc_world *world, int design, const mpq_t value)
{
    if (mpq_sgn(value) == 0)
        return;
    kvc_entry *entry = kvc_push(world->arena, &world->side_entry, sizeof *entry);
    *entry = (kvc_entry){design, kvc_numbers(world->arena, 1)};
    mpq_set(*entry->value, value);
    KVC_AT(kvc_row, world->side, world->side.count - 1).count++;
}

void kvc_side_drop_empty(kvc_world *world)
{
    if (KVC_AT(kvc_row, world->side, world->side.count - 1).count == 0)
        world->side.count--;
}

/* ---- rows of projects ---- */

static int has_copies(const kvc_world *w, int project)
{
    for (int j = w->start_first[project]; j < w->start_first[project + 1]; j++) {
        if (KVC_AT(kvc_design, w->design, j).slot >= 0)
            return 1;
    }
    return 0;
}

/* value x the starts of a project in a slot; period >= 0: only those that serve it. */
static void starts(kvc_world *w, int project, int slot, int period, long value)
{
    mpq_t *number = kvc_numbers(w->arena, 1);
    mpq_set_si(*number, value, 1);
    for (int j = w->start_first[project]; j < w->start_first[project + 1]; j++) {
        if (kvc_in_slot(w, j, slot) &&
            (period < 0 || kvc_serves(w, j, slot * w->n_periods + period)))
            kvc_side_entry(w, j, *number);
    }
}

static void begin(kvc_world *w, char sense, int dropped, long rhs, char *name)
{
    mpq_t *number = kvc_numbers(w->arena, 1);
    mpq_set_si(*number, rhs, 1);
    kvc_side_begin(w, sense, dropped, *number, "%s", name);
}

static void size_rows(kvc_world *w)
{
    const kv_project *projects = w->given->projects.rows;
    const int count = w->given->projects.count;
    for (int i = 0; i < count; i++) {
        const char *size_of = projects[i].size_of;
        int first = size_of != NULL, differs = 0;
        for (int o = 0; o < count && first; o++) {
            if (projects[o].size_of != size_of)
                continue;
            first = o >= i;
            differs = differs || has_copies(w, o);
        }
        for (int s = 0; first && s < (differs ? w->n_slots : 1); s++) {
            begin(w, 'L', 0, 1,
                  kvc_format(w->arena, "size:%s:%s", size_of, kvc_row_scenario(w, differs, s)));
            for (int o = i; o < count; o++) {
                if (projects[o].size_of == size_of)
                    starts(w, o, s, -1, 1);
            }
            kvc_side_drop_empty(w);
        }
    }
}

static void unit_rows(kvc_world *w)
{
    for (int i = 0; i < w->given->projects.count; i++) {
        const kv_project *project = &w->given->projects.rows[i];
        const int differs = has_copies(w, i);
        if (w->start_first[i + 1] - w->start_first[i] < 2)
            continue;
        for (int s = 0; s < (differs ? w->n_slots : 1); s++) {
            begin(w, 'L', 0, project->max_units,
                  kvc_format(w->arena, "units:%s:%s", project->project,
                             kvc_row_scenario(w, differs, s)));
            starts(w, i, s, -1, 1);
        }
    }
}

static void requires_rows(kvc_world *w, int row, int differs, int s)
{
    const kv_rule *rule = &w->given->rules.rows[row];
    const kv_project *project = &w->given->projects.rows[rule->project];
    for (int period = 0; period < w->n_periods; period++) {
        int serves = 0;
        for (int j = w->start_first[rule->project]; j < w->start_first[rule->project + 1]; j++)
            serves |= kvc_serves(w, j, s * w->n_periods + period);
        if (!serves)
            continue;
        begin(w, 'L', 0, 0,
              kvc_format(w->arena, "rule:%d:%s:%s", row + 1, w->given->periods.rows[period].period,
                         kvc_row_scenario(w, differs, s)));
        starts(w, rule->project, s, period, 1);
        starts(w, rule->other, s, period, -(long)project->max_units);
    }
}

static void rule_rows(kvc_world *w, int row)
{
    const kv_rule *rule = &w->given->rules.rows[row];
    const int differs =
        has_copies(w, rule->project) || (rule->other >= 0 && has_copies(w, rule->other));
    for (int s = 0; s < (differs ? w->n_slots : 1); s++) {
        char *name = kvc_format(w->arena, "rule:%d:%s", row + 1, kvc_row_scenario(w, differs, s));
        switch (rule->rule) {
        case KV_RULE_REQUIRES: requires_rows(w, row, differs, s); break;
        case KV_RULE_EXCLUDES:
            begin(w, 'L', 0, 1, name);
            starts(w, rule->project, s, -1, 1);
            starts(w, rule->other, s, -1, 1);
            kvc_side_drop_empty(w);
            break;
        case KV_RULE_JOINTLY:
            begin(w, 'E', 1, 0, name);
            starts(w, rule->project, s, -1, 1);
            starts(w, rule->other, s, -1, -1);
            kvc_side_drop_empty(w);
            break;
        case KV_RULE_MANDATORY: /* kept when empty: then it cannot be met */
            begin(w, 'L', 1, -1, name);
            starts(w, rule->project, s, -1, -1);
            break;
        default: break;
        }
    }
}

void kvc_build_side(kvc_world *world)
{
    size_rows(world);
    unit_rows(world);
    for (int i = 0; i < world->given->rules.count; i++)
        rule_rows(world, i);
    kvc_budget_rows(world);
    kvc_stock_rows(world);
}
