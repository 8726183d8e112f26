/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison consists of: names of solvers, programs, the list, and the folder's runs. */
#define _XOPEN_SOURCE 700
#include "base/file.h"
#include "base/memory.h"
#include "cli/bench/comparison.h"
#include "cli/planning.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

/* ---- names between commas ---- */

kv_status cli_bench_names(const char *names, int (*take)(void *context, const char *name),
                          void *context)
{
    kv_status status = KV_OK;
    if (strcmp(names, "none") == 0)
        return KV_OK;
    char *copy = kv_strdup(names);
    if (!copy)
        return KV_ERR_MEMORY;
    for (char *name = copy, *comma; name; name = comma) {
        comma = strchr(name, ',');
        if (comma)
            *comma++ = 0;
        if (take(context, name) != 0)
            status = KV_ERR_INPUT;
    }
    kv_free(copy);
    return status;
}

/* A comparison while its names are taken. */
typedef struct taking {
    cli_bench_comparison *c;
    kv_messages *messages;
} taking;

/* The choice of that name, NULL with a fault that lists all and names the option. */
static const char *choice_of(const char *const *choices, const char *name, const char *option,
                             kv_messages *messages)
{
    kv_text mend = {0};
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], name) == 0)
            return choices[i];
    for (int i = 0; choices[i]; i++)
        kv_text_addf(&mend, "%s%s", i ? ", " : "choose of ", choices[i]);
    kv_messages_add(messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data,
                    "%s: '%s' is none of its names", option, name);
    kv_text_clear(&mend);
    return NULL;
}

static int given_twice(const char *option, const char *name, kv_messages *messages)
{
    kv_messages_add(messages, KV_FAULT, NULL, "name each once", "%s: '%s' is there twice", option,
                    name);
    return -1;
}

static int take_word(const char **words, int *count, const char *const *choices, const char *option,
                     const char *name, kv_messages *messages)
{
    const char *word = choice_of(choices, name, option, messages);
    if (!word)
        return -1;
    for (int i = 0; i < *count; i++)
        if (words[i] == word)
            return given_twice(option, name, messages);
    words[(*count)++] = word;
    return 0;
}

static int take_engine(void *context, const char *name)
{
    taking *t = context;
    return take_word(t->c->engine, &t->c->n_engines, cli_engine_names, "--engines", name,
                     t->messages);
}

static int take_formulation(void *context, const char *name)
{
    taking *t = context;
    return take_word(t->c->formulation, &t->c->n_formulations, cli_strength_names, "--formulations",
                     name, t->messages);
}

static void tell_missing(const cli_bench_peer *peer, kv_severity severity, kv_messages *messages)
{
    kv_text mend = {0};
    kv_text_addf(&mend, "install it (%s), or name the others with --peers", peer->package);
    kv_messages_add(messages, severity, NULL, mend.failed ? NULL : mend.data,
                    "%s is not on the PATH%s", peer->name,
                    severity == KV_WARNING ? "; the comparison goes on without it" : "");
    kv_text_clear(&mend);
}

static int is_there(const cli_bench_peer *peer)
{
    char path[PATH_ROOM];
    return kv_process_find(peer->words[0], path, sizeof path) == 0;
}

static int take_peer(void *context, const char *name)
{
    taking *t = context;
    const char *names[CLI_BENCH_PEERS + 1] = {NULL};
    for (int i = 0; cli_bench_peers[i].name; i++)
        names[i] = cli_bench_peers[i].name;
    if (!choice_of(names, name, "--peers", t->messages))
        return -1;
    const cli_bench_peer *peer = cli_bench_find_peer(name);
    for (int i = 0; i < t->c->n_peers; i++)
        if (t->c->peer[i] == peer)
            return given_twice("--peers", name, t->messages);
    t->c->peer[t->c->n_peers++] = peer;
    if (is_there(peer))
        return 0;
    tell_missing(peer, KV_FAULT, t->messages);
    return -1;
}

/* Those that are there; a warning for each that is expected and is not. */
static void take_usual_peers(cli_bench_comparison *c, kv_messages *messages)
{
    for (const cli_bench_peer *peer = cli_bench_peers; peer->name; peer++) {
        if (is_there(peer))
            c->peer[c->n_peers++] = peer;
        else if (peer->expected)
            tell_missing(peer, KV_WARNING, messages);
    }
}

static kv_status take_names(cli_bench_comparison *c, kv_messages *messages)
{
    taking t = {c, messages};
    kv_status engines = cli_bench_names(c->values->engines, take_engine, &t);
    kv_status formulations = cli_bench_names(c->values->formulations, take_formulation, &t);
    kv_status peers = KV_OK;
    if (c->values->peers)
        peers = cli_bench_names(c->values->peers, take_peer, &t);
    else
        take_usual_peers(c, messages);
    if (engines != KV_OK || formulations != KV_OK)
        return engines != KV_OK ? engines : formulations;
    if (peers == KV_OK && c->n_engines + c->n_peers * c->n_formulations == 0) {
        kv_messages_add(messages, KV_FAULT, NULL, "name one with --engines or --peers",
                        "there is no solver to run");
        return KV_ERR_INPUT;
    }
    return peers;
}

/* ---- folders ---- */

/* The runs of a folder are comparable: one limit, one gap, as many threads. */
static kv_status check_runs(const cli_bench_comparison *c, kv_messages *messages)
{
    for (size_t i = 0; i < c->runs.count; i++) {
        const kv_bench_run *run = &c->runs.run[i];
        if (run->threads == c->setup.threads && run->limit == c->setup.limit &&
            run->asked == c->setup.gap)
            continue;
        kv_where where = {.file = c->values->out};
        kv_messages_add(messages, KV_FAULT, &where, "give the same, or another folder",
                        "its runs were made with --threads %ld --time %g --gap %g", run->threads,
                        run->limit, run->asked);
        return KV_ERR_INPUT;
    }
    return KV_OK;
}

static kv_status find_program(cli_bench_comparison *c, kv_messages *messages)
{
    char path[PATH_ROOM];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length > 0)
        path[length] = 0;
    else if (kv_process_find("kvarken", path, sizeof path) != 0) {
        kv_messages_add(messages, KV_FAULT, NULL, "put kvarken on the PATH",
                        "this program's own file is not found");
        return KV_ERR_IO;
    }
    c->program = kv_strdup(path);
    return c->program ? KV_OK : KV_ERR_MEMORY;
}

static kv_status make_work(cli_bench_comparison *c, kv_messages *messages)
{
    const char *parent = getenv("TMPDIR");
    char *path = kv_path_join(parent && *parent ? parent : "/tmp", "kvarken-bench-XXXXXX");
    if (!path)
        return KV_ERR_MEMORY;
    if (mkdtemp(path)) {
        c->work = path;
        return KV_OK;
    }
    kv_where where = {.file = path};
    kv_messages_add(messages, KV_FAULT, &where, "set TMPDIR to a folder that can be written",
                    "a folder for a while can't be made");
    kv_free(path);
    return KV_ERR_IO;
}

static kv_status open_folders(cli_bench_comparison *c, kv_messages *messages)
{
    kv_status status = kv_folder_make(c->values->out, messages);
    if (status == KV_OK)
        status = kv_bench_runs_read(c->values->out, &c->runs, messages);
    if (status == KV_OK)
        status = check_runs(c, messages);
    if (status == KV_OK)
        status = find_program(c, messages);
    if (status == KV_OK)
        status = make_work(c, messages);
    c->setup.program = c->program;
    c->setup.work = c->work;
    return status;
}

kv_status cli_bench_prepare(const cli_bench_values *values, const char *list,
                            cli_bench_comparison *comparison, kv_messages *messages)
{
    comparison->values = values;
    comparison->setup = (cli_bench_setup){.out = values->out,
                                          .limit = values->seconds,
                                          .gap = values->gap,
                                          .threads = cli_threads(values->threads),
                                          .messages = messages};
    kv_status names = take_names(comparison, messages);
    kv_status status = cli_bench_list_read(list, &comparison->list, messages);
    if (status == KV_OK)
        status = cli_bench_list_try(&comparison->list, list, messages);
    if (status == KV_OK)
        status = names;
    return status == KV_OK && values->out ? open_folders(comparison, messages) : status;
}

void cli_bench_clear(cli_bench_comparison *comparison)
{
    if (comparison->work)
        cli_bench_remove(comparison->work);
    cli_bench_list_clear(&comparison->list);
    kv_bench_runs_clear(&comparison->runs);
    kv_free(comparison->program);
    kv_free(comparison->work);
    *comparison = (cli_bench_comparison){0};
}
