/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who pays: funding, funders, budgets. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>

static void check_shares(kv_checker *checker, const double *sums)
{
    char text[KV_NUMBER_SIZE];
    const kv_case *c = checker->the_case;
    for (int p = 0; p < c->projects.count; p++) {
        int first = -1;
        for (int i = c->funding.count - 1; i >= 0; i--)
            first = c->funding.rows[i].project == p ? i : first;
        if (first < 0 && c->projects.rows[p].cost_meur > 0)
            kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, p, "project",
                         "add its funders and their shares to funding.csv", "nobody pays for it");
        if (first < 0 || fabs(sums[p] - 1) <= 1e-6)
            continue;
        kv_format_decimal(sums[p], 7, text);
        kv_check_add(checker, KV_FAULT, KV_TABLE_FUNDING, first, "share",
                     "change them so that they sum to 1", "the shares of '%s' sum to %s, not to 1",
                     kv_check_name(checker, KV_TABLE_PROJECTS, p), text);
    }
}

static void check_funders(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int f = 0; f < c->funders.count; f++) {
        int budgets = 0, projects = 0;
        for (int i = 0; i < c->budgets.count; i++)
            budgets += c->budgets.rows[i].funder == f;
        for (int i = 0; i < c->funding.count; i++)
            projects += c->funding.rows[i].funder == f;
        if (c->budgets.count > 0 && budgets == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_FUNDERS, f, "funder",
                         "add its budgets to budgets.csv",
                         "it has no budget, so it can spend without limit");
        if (projects == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_FUNDERS, f, "funder",
                         "add its shares to funding.csv or remove it", "it pays for no project");
    }
}

/* A mandatory project's cost for each funder against all that the funder ever has. */
static void check_mandatory(kv_checker *checker, double *needed)
{
    const kv_case *c = checker->the_case;
    char need_text[KV_NUMBER_SIZE], have_text[KV_NUMBER_SIZE];
    double least = 1e300;
    for (int s = 0; s < c->scenarios.count; s++)
        least = fmin(least, c->scenarios.rows[s].budget_factor);
    for (int i = 0; i < c->funding.count; i++)
        for (int r = 0; r < c->rules.count; r++)
            if (c->rules.rows[r].rule == KV_RULE_MANDATORY &&
                c->rules.rows[r].project == c->funding.rows[i].project)
                needed[c->funding.rows[i].funder] +=
                    c->funding.rows[i].share *
                    c->projects.rows[c->funding.rows[i].project].cost_meur;
    for (int f = 0; f < c->funders.count; f++) {
        double have = 0;
        int rows = 0;
        for (int i = 0; i < c->budgets.count; i++) {
            if (c->budgets.rows[i].funder != f)
                continue;
            have += c->budgets.rows[i].amount_meur * least;
            rows++;
        }
        if (rows == 0 || needed[f] <= have * (1 + 1e-9))
            continue;
        kv_format_decimal(needed[f], 3, need_text);
        kv_format_decimal(have, 3, have_text);
        kv_check_add(checker, KV_WARNING, KV_TABLE_FUNDERS, f, "funder",
                     "raise its budgets or make fewer projects mandatory",
                     "mandatory projects cost it %s MEUR, and all its budgets hold %s MEUR",
                     need_text, have_text);
    }
}

void kv_check_funding(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    double *sums = kv_alloc((size_t)c->projects.count, sizeof(double));
    double *needed = kv_alloc((size_t)c->funders.count, sizeof(double));
    if (!sums || !needed) {
        checker->status = KV_ERR_MEMORY;
        goto out;
    }
    for (int i = 0; i < c->funding.count; i++)
        sums[c->funding.rows[i].project] += c->funding.rows[i].share;
    if (c->funders.count > 0)
        check_shares(checker, sums);
    check_funders(checker);
    check_mandatory(checker, needed);
out:
    kv_free(sums);
    kv_free(needed);
}
