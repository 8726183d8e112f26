/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/progress.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 20 };

static const double terminal_pause = 0.1, plain_pause = 5.0; /* seconds between two showings */

void cli_progress_start(cli_progress *progress, int quiet, double seconds)
{
    *progress = (cli_progress){.quiet = quiet,
                               .terminal = isatty(STDERR_FILENO),
                               .start = kv_clock(),
                               .seconds = seconds,
                               .do_nothing = NAN,
                               .stage = "plan",
                               .last_shown = -1e30};
}

void cli_progress_stage(cli_progress *progress, const char *stage)
{
    progress->stage = stage;
    progress->phase = NULL; /* so that the next point is shown at once */
}

static void add_bar(kv_text *line, double share)
{
    int full = (int)(share * BAR_WIDTH + 0.5);
    kv_text_add(line, "[");
    for (int i = 0; i < BAR_WIDTH; i++)
        kv_text_add(line, i < full ? "#" : ".");
    kv_text_add(line, "] ");
}

/* Gaps over 1,000 % say nothing. */
static void add_percent(kv_text *line, const char *name, double share)
{
    if (share >= 0 && share < 10)
        kv_text_addf(line, "  %s %.2f %%", name, 100 * share);
}

static void add_figures(kv_text *line, const cli_progress *progress, const kv_progress *point)
{
    int has_bound = fabs(point->bound) < 1e29;
    if (point->has_incumbent)
        kv_text_addf(line, "  cost %.2f", point->incumbent);
    if (has_bound)
        kv_text_addf(line, "  bound %.2f", point->bound);
    if (!point->has_incumbent || !has_bound)
        return;
    double miss = point->incumbent - point->bound;
    if (miss < 0)
        miss = 0;
    if (point->incumbent != 0)
        add_percent(line, "gap", miss / fabs(point->incumbent));
    if (progress->do_nothing > point->bound)
        add_percent(line, "decision gap", miss / (progress->do_nothing - point->bound));
}

static void show(cli_progress *progress, const kv_progress *point)
{
    double now = kv_clock();
    double elapsed = now - progress->start;
    const char *phase = point->phase ? point->phase : "";
    int new_phase = !progress->phase || strcmp(progress->phase, phase) != 0;
    double pause = progress->terminal ? terminal_pause : plain_pause;
    if (progress->quiet || (now - progress->last_shown < pause && !new_phase))
        return;
    kv_text line = {0};
    if (progress->terminal)
        kv_text_add(&line, "\r");
    if (progress->terminal && progress->seconds < 1e29)
        add_bar(&line, fmin(1.0, elapsed / fmax(progress->seconds, 1e-3)));
    kv_text_addf(&line, "%7.1f s  %s, %s", elapsed, progress->stage, phase);
    add_figures(&line, progress, point);
    kv_text_add(&line, progress->terminal ? "\033[K" : "\n");
    if (!line.failed)
        fputs(line.data, stderr);
    kv_text_clear(&line);
    progress->line_open = progress->terminal;
    progress->last_shown = now;
    progress->phase = phase;
}

static int says_something_new(const cli_progress *progress, const kv_progress *point)
{
    if (progress->n_points == 0)
        return 1;
    const kv_progress *last = &progress->points[progress->n_points - 1];
    return last->has_incumbent != point->has_incumbent ||
           (point->has_incumbent && last->incumbent != point->incumbent) ||
           last->bound != point->bound;
}

static void keep(cli_progress *progress, const kv_progress *point)
{
    void *points = progress->points;
    if (kv_reserve(&points, &progress->room, progress->n_points + 1, sizeof(kv_progress)) != 0) {
        progress->failed = 1;
        return;
    }
    progress->points = points;
    progress->points[progress->n_points++] = *point;
}

void cli_progress_show_only(void *context, const kv_progress *point)
{
    show(context, point);
}

void cli_progress_step(void *context, const kv_progress *point)
{
    cli_progress *progress = context;
    if (says_something_new(progress, point))
        keep(progress, point);
    show(progress, point);
}

void cli_progress_end_line(cli_progress *progress)
{
    if (progress->line_open)
        fputs("\n", stderr);
    progress->line_open = 0;
}

void cli_progress_clear(cli_progress *progress)
{
    cli_progress_end_line(progress);
    kv_free(progress->points);
    progress->points = NULL;
    progress->n_points = progress->room = 0;
}
