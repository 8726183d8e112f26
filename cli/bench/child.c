/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs of ours and of other programs have in common. */
#define _XOPEN_SOURCE 700
#include "base/file.h"
#include "base/memory.h"
#include "cli/bench/solvers.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* From being asked to end to being ended: time to write what is in hand. */
static const double grace = 5; /* s */

double cli_bench_patience(double limit)
{
    return 1.1 * limit + 5;
}

static void take_line(void *context, const char *line, double seconds)
{
    cli_bench_output *output = context;
    kv_text_addf(&output->text, "[%9.3f] %s\n", seconds, line);
    if (output->read)
        output->read(&output->log, line, seconds);
}

kv_status cli_bench_spawn(const cli_bench_setup *setup, const char *const *words, double patience,
                          kv_log_reader *read, cli_bench_output *output, kv_process_end *end)
{
    kv_process process = {.words = words,
                          .wall_limit = patience,
                          .grace = grace,
                          .by_lines = 1,
                          .line = take_line,
                          .context = output};
    *output = (cli_bench_output){.read = read};
    kv_log_begin(&output->log);
    kv_status status = kv_process_run(&process, end);
    kv_log_end(&output->log, end->wall);
    if (status == KV_ERR_IO)
        kv_messages_add(setup->messages, KV_FAULT, NULL, "see that it can be run", "%s: %s",
                        words[0], "the program can't be started");
    if (status == KV_OK && (output->text.failed || output->log.trace.failed))
        status = KV_ERR_MEMORY;
    return status == KV_OK && end->stopped ? KV_ERR_LIMIT : status;
}

void cli_bench_output_clear(cli_bench_output *output)
{
    kv_log_clear(&output->log);
    kv_text_clear(&output->text);
}

kv_status cli_bench_keep(const cli_bench_setup *setup, const kv_bench_run *run,
                         const cli_bench_output *output, const kv_trace *trace)
{
    kv_text name = {0};
    char *folder = kv_path_join(setup->out, "logs"), *path = NULL;
    kv_bench_file_name(run, ".log", &name);
    kv_status status =
        folder && !name.failed ? kv_folder_make(folder, setup->messages) : KV_ERR_MEMORY;
    if (status == KV_OK && (path = kv_path_join(folder, name.data)) == NULL)
        status = KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_file_write(path, output->text.data ? output->text.data : "",
                               output->text.length, setup->messages);
    if (status == KV_OK)
        status = kv_bench_trace_write(run, trace, setup->out, setup->messages);
    kv_free(path);
    kv_free(folder);
    kv_text_clear(&name);
    return status;
}

kv_status cli_bench_take_end(const kv_process_end *end, kv_bench_run *run)
{
    kv_text note = {0};
    run->seconds = end->wall;
    run->cpu = end->cpu;
    run->peak_mb = end->peak_mb;
    if (end->overran)
        kv_text_addf(&note, "ended after %.1f s", end->wall);
    else if (end->signal)
        kv_text_addf(&note, "signal %d", end->signal);
    else if (end->status)
        kv_text_addf(&note, "exit status %d", end->status);
    kv_status status =
        note.failed ? KV_ERR_MEMORY : kv_bench_run_text(&run->note, note.data ? note.data : "");
    kv_text_clear(&note);
    return status;
}

/* The first line without its time; the text is cut behind it. */
static const char *first_line(kv_text *text)
{
    char *begin = text->data ? strstr(text->data, "] ") : NULL;
    if (!begin)
        return "it says nothing";
    begin += 2;
    begin[strcspn(begin, "\n")] = 0;
    return begin;
}

kv_status cli_bench_export(const cli_bench_setup *setup, const cli_bench_instance *instance,
                           const char *formulation, const char *model)
{
    enum { OWN = 8 };
    const char *words[OWN + CLI_CASE_WORDS] = {
        setup->program, "export", instance->path, "-o", model, "--formulation", formulation};
    cli_bench_output output;
    kv_process_end end;
    cli_bench_case_words(instance, 1, words + OWN - 1);
    kv_status status = cli_bench_spawn(setup, words, 0, NULL, &output, &end);
    if (status == KV_OK && (end.status != 0 || end.signal != 0)) {
        kv_messages_add(setup->messages, KV_FAULT, NULL, NULL, "%s: no %s model of it: %s",
                        instance->name, formulation, first_line(&output.text));
        status = KV_ERR_INPUT;
    }
    cli_bench_output_clear(&output);
    return status;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    return remove(path) == 0 ? 0 : -1;
}

void cli_bench_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
