/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/names.h"

#include "base/text.h"

#include <string.h>

/* A name that holds the other one is near to it, however long it is. */
static int distance_of(const char *written, const char *name)
{
    int distance = kv_text_distance(written, name);
    int holds = strlen(written) > 2 && (strstr(name, written) || strstr(written, name));
    return holds && distance > 2 ? 2 : distance;
}

int kv_names_nearest_table(const char *name)
{
    int nearest = 0, least = 100;
    for (int t = 0; t < KV_TABLES; t++) {
        int distance = distance_of(name, kv_schema[t].name);
        if (distance < least) {
            least = distance;
            nearest = t;
        }
    }
    return nearest;
}

const kv_column *kv_names_nearest_column(int table, const char *name)
{
    const kv_column *nearest = kv_schema[table].columns;
    int least = 100;
    for (const kv_column *c = kv_schema[table].columns; c->name; c++) {
        int distance = distance_of(name, c->name);
        if (distance < least) {
            least = distance;
            nearest = c;
        }
    }
    return nearest;
}

int kv_names_table(const char *name, const kv_where *where, kv_messages *messages)
{
    int table = kv_schema_find(name);
    if (table >= 0)
        return table;
    kv_text mend = {0};
    kv_text_addf(&mend, "did you mean '%s'?", kv_schema[kv_names_nearest_table(name)].name);
    kv_messages_add(messages, KV_FAULT, where, mend.data, "there is no table '%.60s'", name);
    kv_text_clear(&mend);
    return -1;
}

const kv_column *kv_names_column(int table, const char *name, const kv_where *where,
                                 kv_messages *messages)
{
    const kv_column *column = kv_schema_column(&kv_schema[table], name);
    if (column)
        return column;
    kv_text mend = {0};
    kv_text_addf(&mend, "did you mean '%s'?", kv_names_nearest_column(table, name)->name);
    kv_messages_add(messages, KV_FAULT, where, mend.data, "there is no column '%.60s' in %s", name,
                    kv_table_file(table));
    kv_text_clear(&mend);
    return NULL;
}

void kv_names_key_mend(int table, const kv_where *where, kv_messages *messages)
{
    kv_text mend = {0};
    int parts = 0;
    kv_text_add(&mend, "write ");
    for (const kv_column *c = kv_schema[table].columns; c->name; c++)
        if (c->in_key)
            kv_text_addf(&mend, "%s%s", parts++ ? "/" : "", c->name);
    kv_text_add(&mend, parts ? " (blank parts empty, * for any), or *" : "*");
    kv_messages_add(messages, KV_FAULT, where, mend.data,
                    "the key has more parts than the key of %s", kv_table_file(table));
    kv_text_clear(&mend);
}
