/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* wait4 */
#include "bench/support/child.h"

#include "base/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int start(const char *const *words, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    int failed = posix_spawnp(pid, words[0], &actions, NULL, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed ? -1 : 0;
}

static double processor_time(pid_t pid)
{
    clockid_t clock;
    struct timespec now;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &now) != 0)
        return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Take in what it prints; 0 at the end of that. */
static int listen_to(int in, kv_text *out)
{
    char bytes[4096];
    struct pollfd waiting = {in, POLLIN, 0};
    if (poll(&waiting, 1, 50) <= 0)
        return 1;
    ssize_t n = read(in, bytes, sizeof bytes);
    if (n > 0)
        kv_text_add_bytes(out, bytes, (size_t)n);
    return n > 0;
}

int bench_child_run(const char *const *words, double limit, bench_child *child)
{
    int ends[2], open = 1, status = 0;
    pid_t pid = 0;
    struct rusage usage;
    memset(child, 0, sizeof(*child));
    if (pipe(ends) != 0)
        return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    double began = kv_clock();
    int failed = start(words, ends[1], &pid);
    close(ends[1]);
    while (!failed && wait4(pid, &status, WNOHANG, &usage) == 0) {
        if (open)
            open = listen_to(ends[0], &child->out);
        else
            nanosleep(&(struct timespec){0, 1000000}, NULL);
        if (!child->overran && (processor_time(pid) > limit || kv_clock() - began > 4 * limit)) {
            child->overran = 1;
            kill(pid, SIGKILL);
        }
    }
    child->wall = kv_clock() - began;
    while (!failed && open)
        open = listen_to(ends[0], &child->out);
    close(ends[0]);
    if (failed)
        return -1;
    child->cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    child->peak_mb = (double)usage.ru_maxrss / 1024;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return 0;
}

int bench_on_path(const char *program)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        char file[4096];
        int length = (int)strcspn(path, ":");
        snprintf(file, sizeof file, "%.*s/%s", length, path, program);
        if (access(file, X_OK) == 0)
            return 1;
        path += length + (path[length] == ':');
    }
    return 0;
}
