/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CASE may be a benchmark file: which options go with it, and which with a folder of tables. */
#include "cli/planning.h"

#include "base/file.h"

int cli_is_benchmark(const char *path)
{
    return kv_path_exists(path) && !kv_path_is_folder(path);
}

/* 1 with a fault when the option was given. */
static int refuse(int given, const char *option, const char *what, kv_messages *messages)
{
    if (given)
        kv_messages_add(messages, KV_FAULT, NULL, "leave it out", "%s is for %s", option, what);
    return given;
}

kv_status cli_read_benchmark(const char *path, const cli_case_values *values, const char *scenario,
                             kv_benchmark **benchmark, kv_messages *messages)
{
    static const char tables[] = "cases that are folders of tables, and this is a file";
    kv_benchmark_options options = {.topology = values->topology,
                                    .capacity = values->capacity,
                                    .modules = values->modules,
                                    .commodities = values->commodities};
    int bad = refuse(values->set.count > 0, "--set", tables, messages);
    bad |= refuse(scenario != NULL, "--scenario", tables, messages);
    kv_status status = kv_benchmark_read(path, &options, benchmark, messages);
    if (status == KV_OK && bad) {
        kv_benchmark_free(*benchmark);
        *benchmark = NULL;
        status = KV_ERR_INPUT;
    }
    return status;
}

kv_status cli_refuse_benchmark_options(const cli_case_values *values, kv_messages *messages)
{
    static const char files[] = "benchmark files, and this case is a folder of tables";
    int bad = refuse(values->topology != NULL, "--topology", files, messages);
    bad |= refuse(values->capacity > 0, "--capacity", files, messages);
    bad |= refuse(values->modules >= 0, "--modules", files, messages);
    bad |= refuse(values->commodities >= 0, "--commodities", files, messages);
    return bad ? KV_ERR_INPUT : KV_OK;
}
