/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kv_case_check on cases that no reader has looked at, and the description of the tables itself. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/schema.h"
#include "support/tables.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static kv_case *valid_case(void)
{
    tables files;
    kv_case *the_case = NULL;
    tables_valid(&files);
    cr_assert_eq(tables_read(&files, NULL, &the_case, NULL), KV_OK);
    return the_case;
}

static void expect_check(kv_case *the_case, const char *expected)
{
    kv_messages *messages = kv_messages_create();
    kv_text text = {0};
    kv_status status = kv_case_check(the_case, messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        kv_text_addf(&text, "%s\n", line);
        kv_free(line);
    }
    kv_text_add(&text, "");
    cr_expect_str_eq(text.data, expected, "%s", text.data);
    cr_expect_eq(status, *expected ? KV_ERR_INPUT : KV_OK);
    cr_expect_eq(kv_case_check(the_case, NULL), status, "without a list the status is the same");
    kv_text_clear(&text);
    kv_messages_free(messages);
}

Test(tables_check, values)
{
    kv_case *c = valid_case();
    expect_check(c, "");
    c->links.rows[0].length_km = -1;
    expect_check(c, "links.csv:2: length_km: -1 is outside of the allowed range, 0.001 to 50000 "
                    "km; check the figure and its unit\n");
    c->links.rows[0].length_km = NAN;
    expect_check(c, "links.csv:2: length_km: a value is missing; fill it in\n");
    c->links.rows[0].length_km = 120;
    c->links.rows[0].to = 3;
    expect_check(c, "links.csv:2: to: 3 is not from 0 to 2\n");
    c->links.rows[0].to = -2;
    expect_check(c, "links.csv:2: to: -2 is not from 0 to 2\n");
    c->links.rows[0].to = 1;
    c->links.rows[0].mode = KV_MODES;
    expect_check(c, "links.csv:2: mode: 7 is not from 0 to 6\n");
    c->links.rows[0].mode = KV_MODE_ROAD;
    c->links.rows[0].open = 2;
    expect_check(c, "links.csv:2: open: 'yes': 2 is not from 0 to 1\n");
    c->links.rows[0].open = 1;
    c->links.rows[0].link = "Road E4";
    expect_check(c, "links.csv:2: link: 'Road E4': not a valid short name; use lower-case letters "
                    "a-z, digits and _ . : - only\n");
    c->links.rows[0].link = "road";
    c->periods.rows[0].first_year = 0;
    expect_check(c, "periods.csv:2: first_year: a value is missing; fill it in\n");
    c->periods.rows[0].first_year = 2026;
    c->projects.rows[0].max_units = 0;
    expect_check(c, "projects.csv:2: max_units: 0 is outside of the allowed range, 1 to 100000 "
                    "units; check the figure and its unit\n");
    c->projects.rows[0].max_units = 1;
    int scenarios = c->scenarios.count;
    c->scenarios.count = 0;
    c->changes.count = 0;
    c->sites.count = 0;
    expect_check(c, "scenarios.csv: 0 rows\n");
    c->scenarios.count = scenarios;
    kv_case_free(c);
}

Test(tables_check, relations)
{
    kv_case *c = valid_case();
    c->links.rows[0].to = c->links.rows[0].from;
    expect_check(c, "links.csv:2: to: the link goes from 'town' to itself; give two different "
                    "places\n");
    c->links.rows[0].to = 1;
    c->links.rows[1].link = c->links.rows[0].link;
    expect_check(c, "links.csv:3: link: the key 'road' is there already in line 2; remove one of "
                    "them or change its key\n");
    kv_case_free(c);
}

/* ---- the description ---- */

static void expect_column(const kv_table *table, const kv_column *column)
{
    cr_expect_not_null(column->help, "%s.%s", table->name, column->name);
    cr_expect_eq(column->help[strlen(column->help) - 1], '.', "%s.%s", table->name, column->name);
    cr_expect_leq(column->low, column->high, "%s.%s", table->name, column->name);
    cr_expect(column->odd_low >= column->low || column->type == KV_TYPE_YEAR ||
                  column->odd_low == -HUGE_VAL,
              "%s.%s", table->name, column->name);
    cr_expect_eq(column->type == KV_TYPE_REF, column->ref >= 0, "%s.%s", table->name, column->name);
    cr_expect_eq(column->type == KV_TYPE_CHOICE, column->choices != NULL, "%s.%s", table->name,
                 column->name);
    cr_expect(column->need == KV_OPTIONAL || !column->default_text, "%s.%s", table->name,
              column->name);
    cr_expect(!column->may_vary || column->type == KV_TYPE_NUMBER, "%s.%s", table->name,
              column->name);
    cr_expect_lt(column->offset, table->row_size, "%s.%s", table->name, column->name);
    cr_expect_eq(kv_schema_column(table, column->name), column, "%s.%s is there twice", table->name,
                 column->name);
    if (column->type == KV_TYPE_NUMBER && !column->unit)
        cr_expect_str_eq(table->name, "changes", "%s.%s has no unit", table->name, column->name);
    if (column->ref >= 0)
        cr_expect_eq(kv_schema[column->ref].columns[0].type, KV_TYPE_KEY);
}

Test(tables_check, description)
{
    for (int t = 0; t < KV_TABLES; t++) {
        cr_assert_not_null(kv_schema[t].name);
        cr_expect_eq(kv_schema_find(kv_schema[t].name), t);
        cr_expect_not_null(kv_schema_column(&kv_schema[t], "source"), "%s", kv_schema[t].name);
        for (const kv_column *c = kv_schema[t].columns; c->name; c++)
            expect_column(&kv_schema[t], c);
    }
    cr_expect_eq(kv_schema_find("nothing"), -1);
    cr_expect_eq(kv_schema_find(NULL), -1);
    cr_expect_null(kv_schema_column(&kv_schema[0], "nothing"));
}
