/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header line of a table, and one record's fields. Internal to instances/. */
#ifndef KV_INSTANCES_HEADER_H
#define KV_INSTANCES_HEADER_H

#include "instances/lines.h"
#include "instances/table.h"

enum { KV_MOST_FIELDS = 256 };

/* The fields of one record, one after the other, each ending in 0. Start with {0}. */
typedef struct kv_record {
    char *bytes;
    size_t length, capacity;
    size_t start[KV_MOST_FIELDS + 1];
    int count; /* fields seen; those beyond KV_MOST_FIELDS are only counted */
    int last;  /* the last one that is not blank, -1 = none */
} kv_record;

int kv_record_add(kv_record *record, const char *bytes, size_t length); /* 0, or -1: no memory */
void kv_record_reset(kv_record *record);
void kv_record_clear(kv_record *record);
const char *kv_record_field(const kv_record *record, int field, size_t *length);
int kv_record_blank_from(const kv_record *record, int field); /* 1 = blank from `field` on */

/* What stands in each field of a table's rows. */
typedef struct kv_header {
    const kv_column *columns[KV_MOST_FIELDS]; /* NULL = not read */
    int count;
} kv_header;

/* ',', ';' or tab: whichever there is most of outside of quotes. */
char kv_header_separator(const char *line, size_t length);
/* Faults are added to the lines' messages. */
void kv_header_read(kv_header *header, int table, const kv_record *record, const kv_lines *lines,
                    kv_positions *positions);

#endif
