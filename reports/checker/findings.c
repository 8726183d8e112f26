/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/findings.h"

#include <stdarg.h>

enum { MOST_LINES = 40 };

void kvc_findings_make(kvc_world *world, kvc_findings *findings)
{
    *findings = (kvc_findings){.world = world, .arena.no_memory = world->arena->no_memory};
    for (int i = 0; i < KVC_KINDS; i++)
        findings->tally[i].worst = kvc_numbers(world->arena, 1);
    findings->violation = kvc_numbers(world->arena, 1);
    findings->ratio = kvc_numbers(world->arena, 1);
    findings->tolerance = kvc_numbers(world->arena, 1);
    findings->cent = kvc_numbers(world->arena, 1);
    kvc_set_power(*findings->tolerance, 1, -6);
    kvc_parse(*findings->cent, "5e-9"); /* MEUR: half a cent */
    findings->off_grid = kvc_numbers(world->arena, 1);
    kvc_parse(*findings->off_grid, "5e-7"); /* t */
    findings->rounding = kvc_numbers(world->arena, 1);
    kvc_parse(*findings->rounding, "2e-6"); /* of sums of figures with six decimals */
}

void kvc_findings_clear(kvc_findings *findings)
{
    kv_text_clear(&findings->failures);
    kv_text_clear(&findings->report);
    kvc_arena_free(&findings->arena);
}

/* A balance of flows on a grid and a figure have to hold exactly, a budget to the cent, others to 1e-6 of their size. */
static int does_fail(const kvc_findings *f, kvc_kind kind)
{
    if (kind == KVC_BALANCES && !f->world->has_grid)
        return mpq_cmp(*f->violation, *f->off_grid) >= 0;
    if (kind == KVC_BALANCES || kind == KVC_FIGURE)
        return 1;
    if (kind == KVC_BUDGETS)
        return mpq_cmp(*f->violation, *f->cent) >= 0;
    return mpq_cmp(*f->ratio, *f->tolerance) > 0;
}

int kvc_row_seen(kvc_findings *findings, kvc_kind kind, const mpq_t violation, const mpq_t size)
{
    kvc_findings *f = findings;
    kvc_tally *tally = &f->tally[kind];
    tally->rows++;
    if (mpq_sgn(violation) <= 0)
        return 0;
    f->kind = kind;
    mpq_set(*f->violation, violation);
    mpq_div(*f->ratio, violation, size);
    f->fails = does_fail(f, kind);
    f->is_worst = mpq_cmp(*f->ratio, *tally->worst) > 0;
    tally->failed += f->fails;
    f->failed += f->fails;
    return f->fails || f->is_worst;
}

static void add_line(kvc_findings *f, const char *text)
{
    if (f->failed <= MOST_LINES) {
        kv_text_add(&f->failures, "  ");
        kv_text_add(&f->failures, text);
        kv_text_add(&f->failures, "\n");
    }
}

void kvc_blame(kvc_findings *findings, kv_text *name, const char *unit)
{
    kvc_findings *f = findings;
    char *text = kvc_take(&f->arena, name);
    kv_text line = {0};
    if (f->is_worst) {
        mpq_set(*f->tally[f->kind].worst, *f->ratio);
        f->tally[f->kind].worst_at = text;
    }
    if (!f->fails)
        return;
    kv_text_addf(&line, "%s: off by ", text);
    kvc_add_decimal(&line, *f->violation, 6);
    kv_text_addf(&line, "%s%s", *unit ? " " : "", unit);
    add_line(f, kvc_take(&f->arena, &line));
}

void kvc_fail(kvc_findings *findings, const char *format, ...)
{
    kv_text line = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&line, format, arguments);
    va_end(arguments);
    findings->failed++;
    add_line(findings, kvc_take(&findings->arena, &line));
}
