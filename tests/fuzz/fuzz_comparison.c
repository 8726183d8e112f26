/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a comparison of solvers reads: the first byte chooses a log of CBC, GLPK, HiGHS or SCIP, line
 * by line, or the list of instances.
 */
#include "base/memory.h"
#include "cli/bench/list.h"
#include "fuzz/fuzz.h"
#include "reports/bench/log.h"

#include <math.h>
#include <string.h>

static kv_log_reader *const readers[] = {kv_log_cbc, kv_log_glpsol, kv_log_highs, kv_log_scip};
enum { N_READERS = sizeof readers / sizeof *readers };

static void check_trace(const kv_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        const kv_trace_point *at = &trace->point[i], *before = i ? at - 1 : at;
        fuzz_must(at->seconds >= before->seconds, "time runs backwards");
        fuzz_must(!(at->primal > before->primal), "a plan is lost");
        fuzz_must(!(at->bound < before->bound), "a bound is lost");
        fuzz_must(fabs(at->seconds) < 1e30, "a time without meaning");
    }
}

static void read_log(kv_log_reader *reader, char *text)
{
    kv_log log;
    double seconds = 0;
    kv_log_begin(&log);
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        reader(&log, line, seconds += 0.5);
    }
    kv_log_end(&log, seconds + 1);
    check_trace(&log.trace);
    fuzz_must(log.nodes >= -1, "fewer than no nodes");
    kv_log_clear(&log);
}

static void read_list(const char *text)
{
    kv_messages *messages = kv_messages_create();
    cli_bench_list list;
    kv_status status = cli_bench_list_parse(text, "list", "", &list, messages);
    fuzz_must((status == KV_OK) == (kv_messages_faults(messages) == 0), "a status without faults");
    for (size_t i = 0; status == KV_OK && i < list.count; i++) {
        fuzz_must(list.instance[i].path && list.instance[i].name, "an instance without its name");
        fuzz_must(!(fabs(list.instance[i].best_known) > 1e308), "a cost without meaning");
    }
    fuzz_messages(messages);
    cli_bench_list_clear(&list);
    kv_messages_free(messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = size > 0 ? kv_alloc(size, 1) : NULL;
    if (!text)
        return 0;
    memcpy(text, data + 1, size - 1);
    int which = data[0] % (N_READERS + 1);
    if (which < N_READERS)
        read_log(readers[which], text);
    else
        read_list(text);
    kv_free(text);
    return 0;
}
