/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/checker.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>

/* ---- messages ---- */

const char *kv_check_name(const kv_checker *checker, int table, int row)
{
    const char *name = kv_row_name(checker->the_case, table, row);
    return name ? name : "?";
}

void kv_check_add(kv_checker *checker, kv_severity severity, int table, int row, const char *column,
                  const char *mend, const char *what, ...)
{
    char buffer[KV_NUMBER_SIZE];
    kv_where where = {.file = kv_table_file(table)};
    if (row >= 0 && row < kv_table_count(checker->the_case, table)) {
        const void *data = kv_table_row(checker->the_case, table, row);
        const kv_column *c = kv_schema_column(&kv_schema[table], column);
        where.line = kv_row_line(table, data);
        if (c) {
            const char *value = kv_cell_text(checker->the_case, c, data, 0, buffer);
            where.value = *value ? value : NULL;
            if (checker->positions)
                where.field = checker->positions->field[table][kv_column_number(table, c)];
        }
    }
    where.column = column;
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, what);
    kv_text_addv(&text, what, arguments);
    va_end(arguments);
    if (text.failed)
        checker->status = KV_ERR_MEMORY;
    else
        kv_messages_add(checker->messages, severity, &where, mend, "%s", text.data);
    kv_text_clear(&text);
}

int kv_check_has_effect(const kv_checker *checker, int effect, int link, int terminal)
{
    for (int i = 0; i < checker->the_case->effects.count; i++) {
        const kv_effect *row = &checker->the_case->effects.rows[i];
        if (row->effect == effect && (link < 0 || row->link == link) &&
            (terminal < 0 || row->terminal == terminal))
            return 1;
    }
    return 0;
}

/* ---- the list of checks ---- */

typedef struct check {
    void (*run)(kv_checker *checker);
    unsigned long tables; /* bits by kv_table_id; skipped when one of them is damaged */
} check;

#define T(table) (1ul << KV_TABLE_##table)

static const check checks[] = {
    {kv_check_keys, 0},
    {kv_check_case, T(CASE) | T(PERIODS) | T(SCENARIOS) | T(POLICIES)},
    {kv_check_places, T(PLACES) | T(LINKS)},
    {kv_check_links, T(CASE) | T(PLACES) | T(LINKS) | T(TECHNOLOGIES) | T(EFFECTS)},
    {kv_check_terminals, T(CASE) | T(TERMINALS) | T(TRANSFERS) | T(EFFECTS)},
    {kv_check_transfers, T(LINKS) | T(TERMINALS) | T(TRANSFERS)},
    {kv_check_energy, T(PLACES) | T(CARRIERS) | T(ENERGY) | T(TECHNOLOGIES) | T(ENERGY_POINTS)},
    {kv_check_technologies, T(PERIODS) | T(PLACES) | T(LINKS) | T(CARRIERS) | T(ENERGY) |
                                T(TECHNOLOGIES) | T(TECHNOLOGY_PERIODS) | T(ENERGY_POINTS) |
                                T(EFFECTS)},
    {kv_check_recipes, T(PRODUCTS) | T(RECIPES) | T(SITES)},
    {kv_check_recipe_circles, T(PRODUCTS) | T(RECIPES) | T(SITES)},
    {kv_check_sites, T(PRODUCTS) | T(RECIPES) | T(SITES)},
    {kv_check_markets, T(CASE) | T(PRODUCTS) | T(RECIPES) | T(SITES)},
    {kv_check_freight, T(PLACES) | T(FREIGHT)},
    {kv_check_projects, T(PERIODS) | T(PROJECTS) | T(EFFECTS)},
    {kv_check_effects, T(LINKS) | T(TERMINALS) | T(TECHNOLOGIES) | T(EFFECTS)},
    {kv_check_funding,
     T(PERIODS) | T(SCENARIOS) | T(FUNDERS) | T(BUDGETS) | T(PROJECTS) | T(FUNDING) | T(RULES)},
    {kv_check_rules, T(PROJECTS) | T(RULES)},
    {kv_check_contradictions, T(PROJECTS) | T(RULES)},
    {kv_check_reach, T(PLACES) | T(PRODUCTS) | T(LINKS) | T(TERMINALS) | T(TRANSFERS) |
                         T(TECHNOLOGIES) | T(RECIPES) | T(SITES) | T(FREIGHT) | T(EFFECTS)},
    {kv_check_changes, ~0ul},
    {kv_check_neighbours, 0},
};

kv_status kv_checks_run(kv_checker *checker)
{
    unsigned long damaged = 0;
    for (int t = 0; t < KV_TABLES && checker->damaged; t++)
        damaged |= checker->damaged[t] ? 1ul << t : 0;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!(checks[i].tables & damaged) && checker->status == KV_OK)
            checks[i].run(checker);
    return checker->status;
}

kv_status kv_case_check(const kv_case *the_case, kv_messages *messages)
{
    kv_messages *own = messages ? NULL : kv_messages_create();
    kv_messages *list = messages ? messages : own;
    if (!list)
        return KV_ERR_MEMORY;
    size_t before = kv_messages_faults(list);
    kv_checker checker = {.the_case = the_case, .messages = list};
    kv_check_values(&checker);
    if (kv_messages_faults(list) == before && checker.status == KV_OK)
        kv_checks_run(&checker);
    kv_status status = checker.status;
    if (status == KV_OK && kv_messages_lost(list))
        status = KV_ERR_MEMORY;
    if (status == KV_OK && kv_messages_faults(list) > before)
        status = KV_ERR_INPUT;
    kv_messages_free(own);
    return status;
}
