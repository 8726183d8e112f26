/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one description of all tables. Reading, checking, `kvarken new`, the manual and
 * datapackage.json come from it.
 */
#ifndef KV_INSTANCES_SCHEMA_H
#define KV_INSTANCES_SCHEMA_H

#include "instances/case.h"

typedef enum kv_type {
    KV_TYPE_KEY,     /* const char *: identifier [a-z0-9_.:-]+ as written */
    KV_TYPE_TEXT,    /* const char *: any text */
    KV_TYPE_REF,     /* int: row index in table `ref` found by its key */
    KV_TYPE_NUMBER,  /* double */
    KV_TYPE_INTEGER, /* int */
    KV_TYPE_YEAR,    /* int, 1900..2200 */
    KV_TYPE_CHOICE,  /* int, index into choices (by position) */
    KV_TYPE_YESNO    /* int */
} kv_type;

typedef enum kv_need { KV_REQUIRED, KV_OPTIONAL } kv_need;

typedef struct kv_column {
    const char *name;
    kv_type type;
    kv_need need;  /* KV_REQUIRED: column and value must be there */
    int in_key;    /* 1 = part of the row's key */
    int may_vary;  /* 1 = changes.csv may change it (--set: any column outside the key) */
    size_t offset; /* of the field in the row's struct */
    const char *default_text;   /* for a blank or missing value; NULL = blank (NaN, -1, NULL, 0) */
    double low, high;           /* allowed range of a number */
    double odd_low, odd_high;   /* outside: lawful but suspicious, a warning */
    const char *unit;           /* NULL = none */
    const char *const *choices; /* NULL-ended for KV_TYPE_CHOICE; "" = a number not offered */
    int ref;                    /* kv_table_id for KV_TYPE_REF, else -1 */
    const char *help;           /* what it means, one or two sentences for a planner */
    const char *example;        /* a value for `kvarken new`; NULL = left blank there */
} kv_column;

typedef struct kv_table {
    const char *name; /* "links": links.csv */
    kv_need need;     /* KV_REQUIRED: the file must be there and have a row */
    int line_is_int;  /* 1: the line field is an int (freight), else a long */
    size_t row_size;
    size_t rows_offset;       /* of the { rows, count } pair in kv_case */
    size_t line_offset;       /* of the row's line field */
    const kv_column *columns; /* ends with name == NULL */
    const char *help;
} kv_table;

extern const kv_table kv_schema[KV_TABLES]; /* indexed by kv_table_id */

/* The table or column of that name, or NULL / -1. */
int kv_schema_find(const char *table);
const kv_column *kv_schema_column(const kv_table *table, const char *column);

#endif
