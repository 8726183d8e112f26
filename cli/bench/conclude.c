/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the runs of a comparison. */
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"
#include "base/memory.h"
#include "cli/bench/comparison.h"
#include "reports/bench/profile.h"

#include <string.h>
#include <unistd.h>

static kv_status draw(const cli_bench_comparison *c, const kv_bench_summary *summary,
                      kv_messages *messages)
{
    kv_profile profile;
    kv_text note = {0}, drawing = {0};
    double gap = c->values->profile_gap;
    kv_status status = kv_profile_create(&c->runs, summary, c->setup.out, gap, &profile, messages);
    kv_text_addf(&note, "%d instances; %d thread%s and %g s a run; others: the better of ",
                 summary->n_instances, c->setup.threads, c->setup.threads == 1 ? "" : "s",
                 c->setup.limit);
    kv_text_add(&note, "their formulations");
    if (status == KV_OK)
        status = note.failed ? KV_ERR_MEMORY : kv_profile_draw(&profile, gap, note.data, &drawing);
    if (status == KV_OK)
        status = kv_report_write_text(&drawing, c->setup.out, "profile.svg", messages);
    kv_profile_clear(&profile);
    kv_text_clear(&note);
    kv_text_clear(&drawing);
    return status;
}

static kv_status write_all(const cli_bench_comparison *c, kv_messages *messages)
{
    kv_bench_summary summary;
    kv_text text = {0};
    kv_status status = kv_bench_summarise(&c->runs, &summary);
    if (status == KV_OK)
        status = kv_bench_summary_write(&summary, c->setup.out, messages);
    if (status == KV_OK)
        status = draw(c, &summary, messages);
    if (status == KV_OK) {
        kv_bench_summary_text(&summary, &text);
        if (cli_print_text(&text) != CLI_DONE)
            status = KV_ERR_MEMORY;
    }
    kv_bench_contradictions(&c->runs, messages);
    kv_bench_summary_clear(&summary);
    kv_text_clear(&text);
    return status;
}

/* 1 = a run of ours failed, or its plan was refused. */
static int ours_failed(const kv_bench_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        const kv_bench_run *run = &runs->run[i];
        if (strncmp(run->solver, "kvarken-", 8) == 0 &&
            (run->status == KV_BENCH_FAILED || strcmp(run->checked, "refused") == 0))
            return 1;
    }
    return 0;
}

/* The folder of plans holds those that were refused, mostly none. */
static void remove_empty(const char *out)
{
    char *plans = kv_path_join(out, "plans");
    if (plans)
        rmdir(plans);
    kv_free(plans);
}

cli_exit cli_bench_conclude(const cli_bench_comparison *comparison, kv_status made,
                            kv_messages *messages)
{
    remove_empty(comparison->setup.out);
    kv_status status = write_all(comparison, messages);
    if (status != KV_OK)
        return cli_exit_of(status);
    fprintf(stderr, "the results are in %s\n", comparison->setup.out);
    if (made == KV_ERR_LIMIT) {
        fputs("stopped; the same command goes on from here\n", stderr);
        return CLI_STOPPED;
    }
    if (made != KV_OK)
        return cli_exit_of(made);
    return ours_failed(&comparison->runs) ? CLI_NO_PLAN : CLI_DONE;
}
