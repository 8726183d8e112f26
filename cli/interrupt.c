/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/interrupt.h"

#include "base/clock.h"
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void say(const char *text, size_t length)
{
    ssize_t written = write(STDERR_FILENO, text, length);
    (void)written; /* nothing can be done about it in a signal handler */
}

static void on_signal(int number)
{
    static const char stopping[] = "\nstopping; once more ends at once\n";
    static const char ended[] = "\nended without results\n";
    int saved = errno;
    (void)number;
    if (kv_stop_requested()) {
        say(ended, sizeof ended - 1);
        _exit(CLI_STOPPED_NONE);
    }
    kv_stop_request();
    say(stopping, sizeof stopping - 1);
    errno = saved;
}

void cli_interrupt_start(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}
