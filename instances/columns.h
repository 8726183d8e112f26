/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the columns of the tables are written down; only the files schema*.c include this. */
#ifndef KV_INSTANCES_COLUMNS_H
#define KV_INSTANCES_COLUMNS_H

#include "instances/schema.h"

#include <math.h>
#include <stddef.h>

#define ANY_LOW  (-HUGE_VAL)
#define ANY_HIGH HUGE_VAL

/* An identifier. */
#define COLUMN_KEY(row, field, must, key, sample, meaning)                                         \
    {                                                                                              \
#field, KV_TYPE_KEY, offsetof(row, field), must, key, NULL, ANY_LOW, ANY_HIGH, ANY_LOW,    \
            ANY_HIGH, NULL, -1, NULL, 0, meaning, sample                                           \
    }

#define COLUMN_TEXT(row, field, must, key, preset, sample, meaning)                                \
    {                                                                                              \
#field, KV_TYPE_TEXT, offsetof(row, field), must, key, preset, ANY_LOW, ANY_HIGH, ANY_LOW, \
            ANY_HIGH, NULL, -1, NULL, 0, meaning, sample                                           \
    }

#define COLUMN_REF(row, field, must, key, table, sample, meaning)                                  \
    {                                                                                              \
#field, KV_TYPE_REF, offsetof(row, field), must, key, NULL, ANY_LOW, ANY_HIGH, ANY_LOW,    \
            ANY_HIGH, NULL, table, NULL, 0, meaning, sample                                        \
    }

/* low..high is allowed, odd_low..odd_high usual. */
#define COLUMN_NUMBER(row, field, must, preset, low, high, odd_low, odd_high, unit, vary, sample,  \
                      meaning)                                                                     \
    {                                                                                              \
#field, KV_TYPE_NUMBER, offsetof(row, field), must, 0, preset, low, high, odd_low,         \
            odd_high, unit, -1, NULL, vary, meaning, sample                                        \
    }

#define COLUMN_INTEGER(row, field, must, preset, low, high, unit, sample, meaning)                 \
    {                                                                                              \
#field, KV_TYPE_INTEGER, offsetof(row, field), must, 0, preset, low, high, ANY_LOW,        \
            ANY_HIGH, unit, -1, NULL, 0, meaning, sample                                           \
    }

#define COLUMN_YEAR(row, field, must, sample, meaning)                                             \
    {                                                                                              \
#field, KV_TYPE_YEAR, offsetof(row, field), must, 0, NULL, 1900, 2200, 1990, 2120, "year", \
            -1, NULL, 0, meaning, sample                                                           \
    }

#define COLUMN_CHOICE(row, field, must, key, preset, words, sample, meaning)                       \
    {                                                                                              \
#field, KV_TYPE_CHOICE, offsetof(row, field), must, key, preset, ANY_LOW, ANY_HIGH,        \
            ANY_LOW, ANY_HIGH, NULL, -1, words, 0, meaning, sample                                 \
    }

#define COLUMN_YESNO(row, field, preset, sample, meaning)                                          \
    {                                                                                              \
#field, KV_TYPE_YESNO, offsetof(row, field), KV_OPTIONAL, 0, preset, ANY_LOW, ANY_HIGH,    \
            ANY_LOW, ANY_HIGH, NULL, -1, NULL, 0, meaning, sample                                  \
    }

#define COLUMN_SOURCE(row)                                                                         \
    COLUMN_TEXT(row, source, KV_OPTIONAL, 0, NULL, NULL,                                           \
                "Where the figures of this row come from; kept through to the reports.")

#define COLUMN_END                                                                                 \
    {                                                                                              \
        NULL, KV_TYPE_TEXT, 0, KV_OPTIONAL, 0, NULL, 0, 0, 0, 0, NULL, -1, NULL, 0, NULL, NULL     \
    }

extern const kv_column kv_columns_case[], kv_columns_periods[], kv_columns_scenarios[],
    kv_columns_places[], kv_columns_products[], kv_columns_links[], kv_columns_terminals[],
    kv_columns_transfers[], kv_columns_carriers[], kv_columns_energy[], kv_columns_technologies[],
    kv_columns_technology_periods[], kv_columns_recipes[], kv_columns_sites[], kv_columns_freight[],
    kv_columns_funders[], kv_columns_budgets[], kv_columns_projects[], kv_columns_effects[],
    kv_columns_energy_points[], kv_columns_funding[], kv_columns_rules[], kv_columns_policies[],
    kv_columns_changes[];

extern const char *const kv_words_mode[], *const kv_words_handling[], *const kv_words_capacity[];

#endif
