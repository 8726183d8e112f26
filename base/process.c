/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* wait4 */
#define _XOPEN_SOURCE   700
#include "base/process.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* A process at work. */
typedef struct running {
    const kv_process *process;
    kv_process_end *end;
    pid_t pid;
    int in, open; /* where its output is read; 0 = it has ended */
    double began;
    double asked; /* kv_clock of SIGTERM, 0 = not yet */
    kv_text line; /* not ended yet */
    int lost;
} running;

/* ---- its output ---- */

/* Both ends of a terminal that passes bytes on as they are. 0, or -1. */
static int open_terminal(int ends[2])
{
    struct termios settings;
    const char *name;
    ends[1] = -1;
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
    if (ends[0] < 0)
        return -1;
    if (grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0 && (name = ptsname(ends[0])) != NULL)
        ends[1] = open(name, O_RDWR | O_NOCTTY);
    if (ends[1] >= 0 && tcgetattr(ends[1], &settings) == 0) {
        settings.c_oflag &= ~(tcflag_t)OPOST;
        settings.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
        if (tcsetattr(ends[1], TCSANOW, &settings) == 0)
            return 0;
    }
    if (ends[1] >= 0)
        close(ends[1]);
    close(ends[0]);
    return -1;
}

static int open_ends(int by_lines, int ends[2])
{
    if ((!by_lines || open_terminal(ends) != 0) && pipe(ends) != 0)
        return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

static void give_line(running *r)
{
    static const char no_text[] = "";
    double now = kv_clock() - r->began;
    if (r->line.failed)
        r->lost = 1;
    else if (r->process->line)
        r->process->line(r->process->context, r->line.data ? r->line.data : no_text, now);
    kv_text_clear(&r->line);
}

/* Cuts the bytes into lines; a carriage return before the line's end is left out, 0 bytes are
 * shown as blanks. */
static void take_bytes(running *r, char *bytes, size_t n)
{
    for (size_t i = 0, start = 0; i < n; i++) {
        if (bytes[i] == 0)
            bytes[i] = ' ';
        int ended = bytes[i] == '\n';
        if (!ended && i + 1 < n)
            continue;
        kv_text_add_bytes(&r->line, bytes + start, i - start + !ended);
        start = i + 1;
        if (!ended)
            continue;
        if (r->line.length > 0 && r->line.data[r->line.length - 1] == '\r')
            r->line.data[--r->line.length] = 0;
        give_line(r);
    }
}

/* Waits up to `milliseconds` for output and takes it in; 1 = there was some. */
static int listen_to(running *r, int milliseconds)
{
    char bytes[4096];
    struct pollfd waiting = {r->in, POLLIN, 0};
    if (poll(&waiting, 1, milliseconds) <= 0)
        return 0;
    ssize_t n = read(r->in, bytes, sizeof bytes);
    if (n > 0)
        take_bytes(r, bytes, (size_t)n);
    else if (n == 0 || errno != EINTR)
        r->open = 0; /* a terminal whose other end is closed gives EIO */
    return n > 0;
}

/* ---- its life ---- */

static int start(const char *const *words, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed = -1;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    if (posix_spawnattr_init(&attributes) != 0)
        goto out;
    sigemptyset(&none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    failed =
        posix_spawnp(pid, words[0], &actions, &attributes, (char *const *)words, environ) ? -1 : 0;
    posix_spawnattr_destroy(&attributes);
out:
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static double processor_time(pid_t pid)
{
    clockid_t clock;
    struct timespec now;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &now) != 0)
        return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Ends the group when it is time: first with a request, then without asking. */
static void hold_to_limits(running *r)
{
    const kv_process *p = r->process;
    double now = kv_clock();
    if (r->asked > 0) {
        if (now - r->asked >= p->grace)
            kill(-r->pid, SIGKILL);
        return;
    }
    r->end->overran = (p->wall_limit > 0 && now - r->began > p->wall_limit) ||
                      (p->cpu_limit > 0 && processor_time(r->pid) > p->cpu_limit);
    r->end->stopped = !r->end->overran && kv_stop_requested();
    if (r->end->overran || r->end->stopped) {
        kill(-r->pid, SIGTERM);
        r->asked = now;
    }
}

/* 1 once the program itself has ended; it is not yet forgotten, so its number is still its own. */
static int has_ended(pid_t pid)
{
    siginfo_t about = {0};
    return waitid(P_PID, (id_t)pid, &about, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           about.si_pid == pid;
}

static void take_leave(running *r)
{
    struct rusage usage = {0};
    int status = 0;
    kill(-r->pid, SIGKILL); /* what is left of its group */
    while (wait4(r->pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    r->end->wall = kv_clock() - r->began;
    while (r->open && listen_to(r, 100)) {
    }
    if (r->line.length > 0)
        give_line(r);
    r->end->cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                  1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    r->end->peak_mb = (double)usage.ru_maxrss / 1024;
    r->end->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    r->end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

kv_status kv_process_run(const kv_process *process, kv_process_end *end)
{
    static const struct timespec moment = {0, 1000000};
    running r = {.process = process, .end = end, .open = 1};
    int ends[2];
    *end = (kv_process_end){0};
    if (!process->words || !process->words[0])
        return KV_ERR_ARGUMENT;
    if (open_ends(process->by_lines, ends) != 0)
        return KV_ERR_IO;
    r.in = ends[0];
    r.began = kv_clock();
    int failed = start(process->words, ends[1], &r.pid);
    close(ends[1]);
    while (!failed && !has_ended(r.pid)) {
        if (r.open)
            listen_to(&r, 20);
        else
            nanosleep(&moment, NULL);
        hold_to_limits(&r);
    }
    if (!failed)
        take_leave(&r);
    close(ends[0]);
    kv_text_clear(&r.line);
    return failed ? KV_ERR_IO : r.lost ? KV_ERR_MEMORY : KV_OK;
}

static int is_program(const char *path)
{
    return access(path, X_OK) == 0 && !kv_path_is_folder(path);
}

int kv_process_find(const char *name, char *path, size_t size)
{
    const char *folders = getenv("PATH");
    if (strchr(name, '/')) {
        int length = snprintf(path, size, "%s", name);
        return length >= 0 && (size_t)length < size && is_program(path) ? 0 : -1;
    }
    while (folders && *folders) {
        int n = (int)strcspn(folders, ":");
        int length = n > 0 ? snprintf(path, size, "%.*s/%s", n, folders, name)
                           : snprintf(path, size, "./%s", name);
        if (length >= 0 && (size_t)length < size && is_program(path))
            return 0;
        folders += n + (folders[n] == ':');
    }
    return -1;
}
