/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another program, run as a child process with limits, and what it took. */
#ifndef KV_BASE_PROCESS_H
#define KV_BASE_PROCESS_H

#include "base/status.h"

#include <stddef.h>

typedef struct kv_process {
    const char *const
        *words;        /* the program, looked for on the PATH, and its arguments; NULL-ended */
    double wall_limit; /* s of the clock; 0 = none */
    double cpu_limit;  /* s of processor time of all its threads; 0 = none */
    double grace;      /* s from being asked to end (SIGTERM) to being ended (SIGKILL) */
    /* 1: it writes to a terminal of its own, so that the C library hands over each line when it is
     * ended; a pipe where no terminal is to be had. 0: it writes to a pipe. */
    int by_lines;
    /* Each line of its standard output and error without the line's end, and when it came, in
     * seconds since the start. May be NULL. */
    void (*line)(void *context, const char *line, double seconds);
    void *context;
} kv_process;

typedef struct kv_process_end {
    int status;       /* exit status, -1 when a signal ended it */
    int signal;       /* that signal, else 0 */
    int overran;      /* 1 = it was ended because of a limit */
    int stopped;      /* 1 = it was ended because of kv_stop_request */
    double wall, cpu; /* s; processor time of it and of the processes it waited for */
    double peak_mb;   /* largest resident memory, MB of 2^20 bytes; at least that of the caller */
} kv_process_end;

/*
 * Run it to its end, with nothing on standard input and in a process group of its own. The whole
 * group is ended at a limit, at kv_stop_request, and when the program itself has ended. KV_OK;
 * KV_ERR_IO when it can't be started; KV_ERR_MEMORY when a line was lost (*end is complete then).
 */
kv_status kv_process_run(const kv_process *process, kv_process_end *end);

/* Where on the PATH a program of that name is, into path[size]; 0, or -1: nowhere. A name with a
 * slash is taken as it is. */
int kv_process_find(const char *name, char *path, size_t size);

#endif
