/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader of cases. The first byte chooses a table, the rest is its file among the files of a
 * small valid case; a first byte of 255 takes the rest as a setting of --set. What is read must pass
 * its own check and give a view for each scenario.
 */
#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "instances/schema.h"
#include "instances/select.h"
#include "support/tables.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void use(const kv_case *the_case)
{
    int *rows = kv_alloc((size_t)the_case->sites.count + 1, sizeof(int));
    unsigned char *used = kv_alloc((size_t)the_case->freight.count + 1, 1);
    for (int s = 0; s < the_case->scenarios.count; s++) {
        kv_case *view = NULL;
        fuzz_must(kv_case_view(the_case, s, &view) == KV_OK, "a case that was read has no view");
        fuzz_must(kv_freight_in_force(view, s, used) == KV_OK, "no freight");
        for (int t = 0; t < the_case->periods.count; t++)
            kv_sites_in_force(view, s, t, rows);
        kv_case_view_free(view);
    }
    fuzz_must(kv_case_check(the_case, NULL) == KV_OK, "a case that was read fails its check");
    kv_free(rows);
    kv_free(used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tables files;
    kv_case *the_case = NULL;
    char *set = NULL;
    kv_messages *messages = kv_messages_create();
    if (size == 0)
        goto out;
    tables_valid(&files);
    if (data[0] == 255) {
        set = kv_alloc(size, 1);
        memcpy(set, data + 1, size - 1);
    } else {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", kv_schema[data[0] % KV_TABLES].name);
        for (int i = 0; i < files.count; i++) {
            if (strcmp(files.files[i].name, name) != 0)
                continue;
            files.files[i].bytes = (const char *)data + 1;
            files.files[i].length = size - 1;
        }
    }
    kv_status status = tables_read(&files, set, &the_case, messages);
    fuzz_must(status == KV_OK || status == KV_ERR_INPUT, "another status than done or faults");
    fuzz_must((status == KV_OK) == (the_case != NULL), "a case with faults");
    fuzz_must((status == KV_OK) == (kv_messages_faults(messages) == 0), "faults with a case");
    if (the_case)
        use(the_case);
    fuzz_messages(messages);
out:
    kv_case_free(the_case);
    kv_messages_free(messages);
    kv_free(set);
    return 0;
}
