/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress of a solve: kept for progress.csv and shown on standard error. */
#ifndef KV_CLI_PROGRESS_H
#define KV_CLI_PROGRESS_H

#include "solver/engine.h"

typedef struct cli_progress {
    int quiet;           /* 1 = show nothing */
    int terminal;        /* 1 = redraw one line, 0 = plain lines */
    double start;        /* kv_clock of the start */
    double seconds;      /* the time limit, for the bar; 1e30 = none */
    double do_nothing;   /* MEUR; NaN = not known */
    const char *stage;   /* what is being solved, before the phase */
    double last_shown;   /* kv_clock */
    int line_open;       /* 1 = a line on the terminal is to be ended */
    const char *phase;   /* as last shown */
    kv_progress *points; /* owned; what changed, in order */
    size_t n_points, room;
    int failed; /* 1 = a point could not be kept: no memory */
} cli_progress;

/* Begin now. `seconds` is the time limit. */
void cli_progress_start(cli_progress *progress, int quiet, double seconds);

/* What is being solved now; `stage` lives as long as it is shown. */
void cli_progress_stage(cli_progress *progress, const char *stage);

/* For kv_limits: progress_context is the cli_progress. Keeps the point when it says anything new,
 * and shows it now and then. */
void cli_progress_step(void *context, const kv_progress *point);

/* The same, shown but not kept: for solves that only prepare the one that counts. */
void cli_progress_show_only(void *context, const kv_progress *point);

/* Ends the open line; called before anything else is printed. */
void cli_progress_end_line(cli_progress *progress);

/* Ends the line and frees the points. */
void cli_progress_clear(cli_progress *progress);

#endif
