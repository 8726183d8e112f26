/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/file.h"
#include "base/memory.h"
#include "instances/case.h"
#include "reports/geojson.h"

#include <inttypes.h>
#include <jansson.h>
#include <stddef.h>
#include <string.h>

typedef struct report_values {
    int geojson;
    const char *case_folder;
} report_values;

static const kv_option options[] = {
    {"geojson", KV_OPTION_FLAG, offsetof(report_values, geojson), NULL, 0, 0, NULL, NULL,
     "write the map layers places.geojson, links.geojson and projects.geojson"},
    {"case", KV_OPTION_TEXT, offsetof(report_values, case_folder), NULL, 0, 0, NULL, NULL,
     "folder of the case; needed when it is no longer where plan.json says"},
    {.name = NULL},
};

/* plan.json of the folder; NULL with a fault where it can't be read. */
static json_t *read_plan(const char *folder, kv_messages *messages)
{
    json_error_t error;
    char *path = kv_path_join(folder, "plan.json"), *text = NULL;
    size_t length = 0;
    json_t *plan = NULL;
    if (path && kv_file_read(path, &text, &length, messages) == KV_OK) {
        plan = json_loadb(text, length, 0, &error);
        kv_where where = {.file = path, .line = error.line};
        if (!plan)
            kv_messages_add(messages, KV_FAULT, &where, "solve the case again",
                            "the file is not whole: %s", error.text);
    }
    kv_free(text);
    kv_free(path);
    return plan;
}

static kv_status no_case(kv_messages *messages)
{
    kv_messages_add(messages, KV_FAULT, NULL, "give it with --case",
                    "plan.json does not say where the case is");
    return KV_ERR_INPUT;
}

/* A changed case is worth a warning: the plan may not fit it. */
static void compare_hash(const json_t *plan, const kv_case *the_case, kv_messages *messages)
{
    char hash[32];
    const char *written = json_string_value(json_object_get(plan, "case_hash"));
    snprintf(hash, sizeof hash, "%016" PRIx64, the_case->hash);
    if (written && strcmp(written, hash) != 0)
        kv_messages_add(messages, KV_WARNING, NULL, "solve it again",
                        "the case has changed since the plan was made");
}

static kv_status report_map(const char *folder, const char *case_folder, kv_messages *messages)
{
    kv_status status = KV_ERR_INPUT;
    kv_case *the_case = NULL;
    kv_messages *found = kv_messages_create();
    json_t *plan = read_plan(folder, messages);
    if (!plan || !found)
        goto out;
    if (!case_folder)
        case_folder = json_string_value(json_object_get(plan, "case_folder"));
    status = case_folder ? kv_case_read(case_folder, NULL, 0, &the_case, found) : no_case(messages);
    if (status != KV_OK) {
        cli_print_messages(stderr, found, KV_FAULT);
        goto out;
    }
    compare_hash(plan, the_case, messages);
    status = kv_report_geojson(the_case, folder, messages);
out:
    json_decref(plan);
    kv_case_free(the_case);
    kv_messages_free(found);
    return status;
}

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const report_values *values = given;
    (void)n_arguments;
    if (!values->geojson) {
        kv_messages_add(messages, KV_FAULT, NULL, "give --geojson", "no report is asked for");
        return CLI_INPUT;
    }
    return cli_exit_of(report_map(arguments[0], values->case_folder, messages));
}

const cli_command cli_report = {
    .line = {.name = "report",
             .arguments = "DIR",
             .summary = "Write further reports into a folder of results.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(report_values),
    .run = run,
};
