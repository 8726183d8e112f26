/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other solvers: programs on the PATH, never linked, given the exported model. */
#include "base/file.h"
#include "base/memory.h"
#include "cli/bench/solvers.h"

#include <math.h>
#include <string.h>

/*
 * MODEL and OPTIONS are files; SECONDS the time limit, WHOLE the same rounded up; GAP the relative
 * gap; THREADS the threads, of which CBC wants to hear 0 for one; ONOFF "on" for several.
 */
const cli_bench_peer cli_bench_peers[] = {
    {.name = "cbc",
     .package = "Debian and Ubuntu: coinor-cbc",
     .expected = 1,
     .read = kv_log_cbc,
     .words = {"cbc", "MODEL", "-threads", "WORKERS", "-timeMode", "elapsed", "-seconds", "SECONDS",
               "-ratioGap", "GAP", "-solve", NULL}},
    {.name = "glpsol",
     .package = "Debian and Ubuntu: glpk-utils",
     .expected = 1,
     .read = kv_log_glpsol,
     .words = {"glpsol", "--freemps", "MODEL", "--cuts", "--tmlim", "WHOLE", "--mipgap", "GAP",
               NULL}},
    {.name = "highs",
     .package = "highs.dev",
     .read = kv_log_highs,
     .words = {"highs", "--options_file", "OPTIONS", "MODEL", NULL},
     .options = "time_limit = SECONDS\nmip_rel_gap = GAP\nthreads = THREADS\nparallel = ONOFF\n"},
    {.name = "scip",
     .package = "scipopt.org",
     .read = kv_log_scip,
     .words = {"scip", "-c", "set limits time SECONDS", "-c", "set limits gap GAP", "-c",
               "read MODEL", "-c", "optimize", "-c", "quit", NULL}},
    {.name = NULL},
};

const cli_bench_peer *cli_bench_find_peer(const char *name)
{
    for (const cli_bench_peer *peer = cli_bench_peers; peer->name; peer++)
        if (strcmp(peer->name, name) == 0)
            return peer;
    return NULL;
}

/* A word in capitals of a peer's command line, and its value. */
typedef struct value {
    const char *word;
    char text[KV_NUMBER_SIZE];
    const char *path; /* instead of the text, or NULL */
} value;

enum { N_VALUES = 8 };

static void set_values(const cli_bench_setup *setup, const char *model, const char *options,
                       value *values)
{
    value all[N_VALUES] = {{.word = "MODEL", .path = model},
                           {.word = "OPTIONS", .path = options},
                           {.word = "SECONDS"},
                           {.word = "WHOLE"},
                           {.word = "GAP"},
                           {.word = "THREADS"},
                           {.word = "WORKERS"},
                           {.word = "ONOFF"}};
    kv_format_number(setup->limit, all[2].text);
    kv_format_number(fmax(1, ceil(setup->limit)), all[3].text);
    kv_format_number(setup->gap, all[4].text);
    kv_format_number(setup->threads, all[5].text);
    kv_format_number(setup->threads > 1 ? setup->threads : 0, all[6].text);
    strcpy(all[7].text, setup->threads > 1 ? "on" : "off");
    memcpy(values, all, sizeof all);
}

/* The text with all words in capitals replaced; NULL when out of memory, freed by the caller. */
static char *replaced(const char *text, const value *values)
{
    kv_text out = {0};
    kv_text_add(&out, "");
    while (*text) {
        int v = 0;
        while (v < N_VALUES && strncmp(text, values[v].word, strlen(values[v].word)) != 0)
            v++;
        if (v == N_VALUES) {
            kv_text_add_bytes(&out, text++, 1);
            continue;
        }
        kv_text_add(&out, values[v].path ? values[v].path : values[v].text);
        text += strlen(values[v].word);
    }
    char *copy = out.failed || !out.data ? NULL : kv_strdup(out.data);
    kv_text_clear(&out);
    return copy;
}

static kv_status write_options(const cli_bench_peer *peer, const value *values, const char *path,
                               kv_messages *messages)
{
    char *text = replaced(peer->options, values);
    kv_status status = text ? kv_file_write(path, text, strlen(text), messages) : KV_ERR_MEMORY;
    kv_free(text);
    return status;
}

static void judge(const cli_bench_output *output, const kv_process_end *end, kv_bench_run *run)
{
    kv_log_outcome outcome = output->log.outcome;
    int in_time = run->to_asked <= run->limit;
    run->status = end->overran                   ? KV_BENCH_OVERRAN
                  : outcome == KV_LOG_INFEASIBLE ? KV_BENCH_INFEASIBLE
                  : outcome == KV_LOG_SOLVED     ? KV_BENCH_SOLVED
                  : outcome == KV_LOG_LIMIT      ? (in_time ? KV_BENCH_SOLVED : KV_BENCH_LIMIT)
                                                 : KV_BENCH_FAILED;
    run->nodes = output->log.nodes;
}

static kv_status run_words(const cli_bench_setup *setup, const cli_bench_peer *peer,
                           const char *const *words, kv_bench_run *run)
{
    cli_bench_output output;
    kv_process_end end;
    kv_status status =
        cli_bench_spawn(setup, words, cli_bench_patience(setup->limit), peer->read, &output, &end);
    if (status == KV_OK)
        status = cli_bench_take_end(&end, run);
    if (status == KV_OK)
        status = kv_bench_run_text(&run->version, output.log.version);
    if (status == KV_OK) {
        kv_bench_run_measure(run, &output.log.trace);
        judge(&output, &end, run);
        status = cli_bench_keep(setup, run, &output, &output.log.trace);
    }
    cli_bench_output_clear(&output);
    return status;
}

kv_status cli_bench_run_peer(const cli_bench_setup *setup, const cli_bench_peer *peer,
                             const char *model, kv_bench_run *run)
{
    enum { MOST = sizeof peer->words / sizeof *peer->words };
    char *words[MOST + 1] = {NULL}, *options = kv_path_join(setup->work, "options");
    value values[N_VALUES];
    kv_status status = options ? KV_OK : KV_ERR_MEMORY;
    set_values(setup, model, options, values);
    for (int i = 0; i < MOST && peer->words[i] && status == KV_OK; i++)
        if ((words[i] = replaced(peer->words[i], values)) == NULL)
            status = KV_ERR_MEMORY;
    if (status == KV_OK && peer->options)
        status = write_options(peer, values, options, setup->messages);
    if (status == KV_OK)
        status = run_words(setup, peer, (const char *const *)words, run);
    for (int i = 0; i < MOST; i++)
        kv_free(words[i]);
    kv_free(options);
    return status;
}
