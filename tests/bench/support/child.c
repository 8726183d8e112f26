/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/child.h"

#include <string.h>

static void keep_line(void *context, const char *line, double seconds)
{
    bench_child *child = context;
    (void)seconds;
    kv_text_add(&child->out, line);
    kv_text_add(&child->out, "\n");
}

int bench_child_run(const char *const *words, double limit, bench_child *child)
{
    memset(child, 0, sizeof(*child));
    kv_process process = {.words = words,
                          .wall_limit = 4 * limit,
                          .cpu_limit = limit,
                          .line = keep_line,
                          .context = child};
    if (kv_process_run(&process, &child->end) == KV_OK)
        return 0;
    kv_text_clear(&child->out);
    return -1;
}

int bench_on_path(const char *program)
{
    char path[4096];
    return kv_process_find(program, path, sizeof path) == 0;
}
