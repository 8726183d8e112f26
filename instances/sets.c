/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option --set TABLE.KEY.COLUMN=VALUE. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/cells.h"
#include "instances/names.h"
#include "instances/resolve.h"

#include <string.h>

typedef struct set_parts {
    char *copy; /* cut into the parts */
    const char *table, *key, *column, *value;
} set_parts;

/* Cut at the first '=', and before it at the first and the last '.'. Of the table case, which has
 * one row, the key may be left out. 0, or -1 when the form is another. */
static int setting_cut(set_parts *setting)
{
    char *equals = strchr(setting->copy, '=');
    if (!equals)
        return -1;
    *equals = 0;
    char *first = strchr(setting->copy, '.');
    char *last = strrchr(setting->copy, '.');
    if (!first)
        return -1;
    *first = 0;
    *last = 0;
    setting->table = setting->copy;
    setting->key = first == last ? "" : first + 1;
    setting->column = last + 1;
    setting->value = equals + 1;
    if (first != last)
        return 0;
    setting->key = "*";
    return strcmp(setting->table, "case") == 0 ? 0 : -1;
}

static kv_status rows_set(kv_case *the_case, int table, const kv_column *column,
                          const set_parts *setting, const kv_where *where, kv_messages *messages)
{
    kv_key_pattern pattern;
    kv_status status = kv_key_pattern_make(table, setting->key, &pattern);
    if (status == KV_ERR_INPUT) {
        kv_names_key_mend(table, where, messages);
        return KV_OK;
    }
    int count = kv_table_count(the_case, table), found = 0;
    size_t length = strlen(setting->value);
    for (int i = 0; i < count && status == KV_OK; i++) {
        void *row = kv_table_row(the_case, table, i);
        if (!kv_key_pattern_matches(&pattern, the_case, row, 1))
            continue;
        found = 1;
        if (length == 0)
            status = kv_cell_default(the_case->pool, column, row);
        else
            status = kv_cell_read(the_case->pool, column, setting->value, length, 0, row, where,
                                  messages);
    }
    kv_key_pattern_clear(&pattern);
    if (!found && status == KV_OK)
        kv_messages_add(messages, KV_FAULT, where, "check the key", "no row of %s has this key",
                        kv_table_file(table));
    return status == KV_ERR_INPUT ? KV_OK : status; /* told already */
}

static kv_status set_apply(kv_case *the_case, set_parts *setting, const char *text,
                           kv_messages *messages)
{
    kv_where where = {.value = text};
    if (setting_cut(setting) != 0) {
        kv_messages_add(messages, KV_FAULT, &where, "write TABLE.KEY.COLUMN=VALUE",
                        "not of the right form");
        return KV_OK;
    }
    int table = kv_names_table(setting->table, &where, messages);
    if (table < 0)
        return KV_OK;
    const kv_column *column = kv_names_column(table, setting->column, &where, messages);
    if (!column)
        return KV_OK;
    if (column->in_key || (column->need == KV_REQUIRED && *setting->value == 0)) {
        kv_messages_add(messages, KV_FAULT, &where, "choose another column or value",
                        column->in_key ? "a column of the key cannot be set"
                                       : "the column cannot be blank");
        return KV_OK;
    }
    return rows_set(the_case, table, column, setting, &where, messages);
}

kv_status kv_sets_apply(kv_case *the_case, const char *const *sets, int n_sets,
                        kv_messages *messages)
{
    kv_status status = KV_OK;
    for (int i = 0; i < n_sets && status == KV_OK; i++) {
        set_parts setting = {.copy = kv_strdup(sets[i])};
        if (!setting.copy)
            return KV_ERR_MEMORY;
        status = set_apply(the_case, &setting, sets[i], messages);
        kv_free(setting.copy);
    }
    return status;
}
