/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demand served and unserved, with the bottleneck named. */
#include "base/memory.h"
#include "reports/summary.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 12 };
static const double least_t = 1; /* t/yr; less is dust of the flow grid */

/* Unserved amounts of one product, place and reason, over all blocks. */
typedef struct group {
    int commodity, place, unsold, first; /* first: its first row in report->unserved */
    int first_period, last_period;
    double penalty_meur, largest_t;
} group;

static const char *place_name(const kv_report *report, int place)
{
    const kv_place *row = &report->the_case->places.rows[place];
    return row->name ? row->name : row->place;
}

/* ---- obstacles in words ---- */

static void add_full(const kv_report *report, const char *name, kv_text *out)
{
    const kv_case *c = report->the_case;
    for (int r = 0; r < report->problem->n_resources; r++) {
        const kv_resource_info *info = &report->map->resource[r];
        if (strcmp(report->problem->resource_name[r], name) != 0)
            continue;
        if (info->kind == KV_RESOURCE_LINK) {
            const kv_link *link = &c->links.rows[info->link];
            kv_text_addf(out, "no room on %s (%s-%s)", link->name ? link->name : link->link,
                         place_name(report, link->from), place_name(report, link->to));
        } else if (info->kind == KV_RESOURCE_TERMINAL) {
            const kv_terminal *terminal = &c->terminals.rows[info->terminal];
            kv_text_addf(out, "%s is full", terminal->name ? terminal->name : terminal->terminal);
        } else if (info->kind == KV_RESOURCE_FLEET) {
            const kv_technology *technology = &c->technologies.rows[info->technology];
            kv_text_addf(out, "no more vehicles: %s",
                         technology->name ? technology->name : technology->technology);
        } else if (info->kind == KV_RESOURCE_ENERGY) {
            const kv_carrier *carrier = &c->carriers.rows[info->carrier];
            kv_text_addf(out, "no more %s at %s", carrier->name ? carrier->name : carrier->carrier,
                         place_name(report, info->place));
        } else {
            kv_text_add(out, "the cap on carbon is reached");
        }
        return;
    }
    kv_text_addf(out, "%s is full", name);
}

static void add_closed(const kv_report *report, char *projects, kv_text *out)
{
    int n = 0;
    for (char *at = projects; at;) {
        char *next = strchr(at, '/');
        if (next)
            *next++ = 0;
        const char *name = at;
        for (int p = 0; p < report->the_case->projects.count; p++) {
            const kv_project *row = &report->the_case->projects.rows[p];
            if (strcmp(row->project, at) == 0 && row->name)
                name = row->name;
        }
        kv_text_addf(out, "%s%s", n++ ? " or " : "", name);
        at = next;
    }
    kv_text_add(out, " is not built");
}

static void add_one(const kv_report *report, char *obstacle, kv_text *out)
{
    static const char *const words[][2] = {
        {"supply", "no supplier has more"},
        {"demand", "nobody asks for more"},
        {"price", "serving it would cost more than leaving it"},
        {"no_route", "no route, whatever is built"},
        {"unexplained", "not a single obstacle: shares, empty vehicles, or the plan's gap"},
    };
    if (strncmp(obstacle, "full:", 5) == 0) {
        add_full(report, obstacle + 5, out);
        return;
    }
    if (strncmp(obstacle, "closed:", 7) == 0) {
        add_closed(report, obstacle + 7, out);
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], obstacle) == 0)
            kv_text_add(out, words[i][1]);
    }
}

void kv_summary_obstacle(const kv_report *report, const char *bottleneck, kv_text *out)
{
    char *copy = kv_strdup(bottleneck);
    int n = 0;
    out->failed |= !copy;
    for (char *at = copy; at;) {
        char *next = strchr(at, '+');
        if (next)
            *next++ = 0;
        if (n++)
            kv_text_add(out, "; ");
        add_one(report, at, out);
        at = next;
    }
    kv_free(copy);
}

/* ---- the part ---- */

static int by_penalty(const void *left, const void *right)
{
    const group *a = left, *b = right;
    if (a->penalty_meur != b->penalty_meur)
        return a->penalty_meur > b->penalty_meur ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static void add_to_group(const kv_report *report, const kv_unserved *row, int number, group *groups,
                         int *count)
{
    int period = report->map->block[row->block].period;
    for (int i = 0; i <= *count; i++) {
        group *at = &groups[i];
        if (i == *count) {
            *at = (group){row->commodity, row->place, row->unsold, number, period, period, 0, 0};
            ++*count;
        } else if (at->commodity != row->commodity || at->place != row->place ||
                   at->unsold != row->unsold ||
                   strcmp(report->unserved[at->first].bottleneck, row->bottleneck) != 0) {
            continue;
        }
        at->penalty_meur += row->penalty_meur;
        at->largest_t = row->amount_t > at->largest_t ? row->amount_t : at->largest_t;
        at->first_period = period < at->first_period ? period : at->first_period;
        at->last_period = period > at->last_period ? period : at->last_period;
        return;
    }
}

static void add_group(const kv_report *report, const group *at, kv_grid *grid)
{
    const kv_case *c = report->the_case;
    const kv_product *product = &c->products.rows[report->map->commodity[at->commodity].product];
    kv_text text = {0};
    kv_summary_obstacle(report, report->unserved[at->first].bottleneck, &text);
    kv_grid_cell(grid, "%s%s", product->name ? product->name : product->product,
                 at->unsold ? " (unsold)" : "");
    kv_grid_cell(grid, "%s", place_name(report, at->place));
    kv_grid_cell(grid, "%d-%d", c->periods.rows[at->first_period].first_year,
                 c->periods.rows[at->last_period].last_year);
    kv_grid_number(grid, at->largest_t / 1000);
    kv_grid_number(grid, at->penalty_meur);
    kv_grid_cell(grid, "%s", text.data ? text.data : "");
    grid->failed |= text.failed;
    kv_text_clear(&text);
}

static void add_periods(const kv_report *report, kv_text *out)
{
    char years[KV_NUMBER_SIZE];
    kv_grid grid;
    kv_grid_begin(&grid, report->has_nothing ? "lrrrr" : "lrrr");
    kv_grid_cell(&grid, "Period");
    kv_grid_cell(&grid, "Asked for, Mt/yr");
    kv_grid_cell(&grid, "Unserved, Mt/yr");
    kv_grid_cell(&grid, "Served");
    if (report->has_nothing)
        kv_grid_cell(&grid, "If nothing is built");
    for (int t = 0; t < report->figures.n_periods; t++) {
        double demand = kv_summary_expected(report, report->figures.demand_t, 1, 0, t);
        double unserved = kv_summary_expected(report, report->figures.unserved_t, 1, 0, t);
        kv_summary_years(report, t, years);
        kv_grid_cell(&grid, "%s", years);
        kv_grid_number(&grid, demand / 1e6);
        kv_grid_number(&grid, unserved / 1e6);
        kv_grid_percent(&grid, demand > 0 ? 1 - unserved / demand : 1);
        if (report->has_nothing) {
            double idle = kv_summary_expected(report, report->figures_nothing.unserved_t, 1, 0, t);
            kv_grid_percent(&grid, demand > 0 ? 1 - idle / demand : 1);
        }
    }
    kv_grid_write(&grid, out);
}

kv_status kv_summary_demand(const kv_report *report, kv_text *out)
{
    int count = 0;
    group *groups = kv_alloc((size_t)report->n_unserved + 1, sizeof *groups);
    if (!groups)
        return KV_ERR_MEMORY;
    for (int i = 0; i < report->n_unserved; i++) {
        if (report->unserved[i].amount_t >= least_t)
            add_to_group(report, &report->unserved[i], i, groups, &count);
    }
    qsort(groups, (size_t)count, sizeof *groups, by_penalty);
    kv_prose_title(out, "Demand served, and what is in the way of the rest", '-');
    add_periods(report, out);
    if (count == 0) {
        kv_prose_paragraph(out, "All demand is served%s.",
                           report->n_unserved ? ", but for less than a ton a year here and there"
                                              : "");
    } else {
        kv_grid grid;
        kv_grid_begin(&grid, "lllrrl");
        const char *const head[] = {"Product", "Place", "Years", "kt/yr", "MEUR", "In the way"};
        for (int c = 0; c < 6; c++)
            kv_grid_cell(&grid, "%s", head[c]);
        for (int i = 0; i < count && i < MOST_ROWS; i++)
            add_group(report, &groups[i], &grid);
        kv_grid_write(&grid, out);
        if (count > MOST_ROWS)
            kv_prose_paragraph(out, "%d smaller ones are in unserved.csv.", count - MOST_ROWS);
    }
    kv_free(groups);
    return KV_OK;
}
