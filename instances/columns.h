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
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_KEY, .need = must,         \
        .low = ANY_LOW, .high = ANY_HIGH, .odd_low = ANY_LOW, .odd_high = ANY_HIGH, .ref = -1,     \
        .help = meaning, .example = sample, .in_key = key                                          \
    }

#define COLUMN_TEXT(row, field, must, key, preset, sample, meaning)                                \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_TEXT, .need = must,        \
        .low = ANY_LOW, .high = ANY_HIGH, .odd_low = ANY_LOW, .odd_high = ANY_HIGH, .ref = -1,     \
        .help = meaning, .example = sample, .in_key = key, .default_text = preset                  \
    }

#define COLUMN_REF(row, field, must, key, table, sample, meaning)                                  \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_REF, .need = must,         \
        .low = ANY_LOW, .high = ANY_HIGH, .odd_low = ANY_LOW, .odd_high = ANY_HIGH, .ref = table,  \
        .help = meaning, .example = sample, .in_key = key                                          \
    }

/* least..most is allowed, odd_least..odd_most usual. */
#define COLUMN_NUMBER(row, field, must, preset, least, most, odd_least, odd_most, measure, vary,   \
                      sample, meaning)                                                             \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_NUMBER, .need = must,      \
        .low = least, .high = most, .odd_low = odd_least, .odd_high = odd_most, .ref = -1,         \
        .help = meaning, .example = sample, .default_text = preset, .unit = measure,               \
        .may_vary = vary                                                                           \
    }

#define COLUMN_INTEGER(row, field, must, preset, least, most, measure, sample, meaning)            \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_INTEGER, .need = must,     \
        .low = least, .high = most, .odd_low = ANY_LOW, .odd_high = ANY_HIGH, .ref = -1,           \
        .help = meaning, .example = sample, .default_text = preset, .unit = measure                \
    }

#define COLUMN_YEAR(row, field, must, sample, meaning)                                             \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_YEAR, .need = must,        \
        .low = 1900, .high = 2200, .odd_low = 1990, .odd_high = 2120, .ref = -1, .help = meaning,  \
        .example = sample, .unit = "year"                                                          \
    }

#define COLUMN_CHOICE(row, field, must, key, preset, words, sample, meaning)                       \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_CHOICE, .need = must,      \
        .low = ANY_LOW, .high = ANY_HIGH, .odd_low = ANY_LOW, .odd_high = ANY_HIGH, .ref = -1,     \
        .help = meaning, .example = sample, .in_key = key, .default_text = preset,                 \
        .choices = words                                                                           \
    }

#define COLUMN_YESNO(row, field, preset, sample, meaning)                                          \
    {                                                                                              \
        .name = #field, .offset = offsetof(row, field), .type = KV_TYPE_YESNO,                     \
        .need = KV_OPTIONAL, .low = ANY_LOW, .high = ANY_HIGH, .odd_low = ANY_LOW,                 \
        .odd_high = ANY_HIGH, .ref = -1, .help = meaning, .example = sample,                       \
        .default_text = preset                                                                     \
    }

#define COLUMN_SOURCE(row)                                                                         \
    COLUMN_TEXT(row, source, KV_OPTIONAL, 0, NULL, NULL,                                           \
                "Where the figures of this row come from; kept through to the reports.")

#define COLUMN_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
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
