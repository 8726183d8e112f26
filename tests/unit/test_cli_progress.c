/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress: what is kept for progress.csv and what is shown. */
#include "cli/progress.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>

static kv_progress point(double incumbent, double bound, const char *phase)
{
    return (kv_progress){.seconds = 1,
                         .work = 2,
                         .has_incumbent = incumbent < 1e29,
                         .incumbent = incumbent,
                         .bound = bound,
                         .phase = phase};
}

Test(cli_progress, keeps_what_is_new)
{
    cli_progress progress;
    kv_progress first = point(1e30, 5, "root"), same = first, second = point(9, 5, "search");
    kv_progress third = point(9, 8, "search");
    cli_progress_start(&progress, 1, 10);
    cli_progress_step(&progress, &first);
    cli_progress_step(&progress, &same);
    cli_progress_step(&progress, &second);
    cli_progress_step(&progress, &third);
    cli_progress_show_only(&progress, &first);
    cr_assert_eq(progress.n_points, 3);
    cr_assert_eq(progress.points[1].incumbent, 9);
    cr_assert_eq(progress.points[2].bound, 8);
    cr_assert_eq(progress.failed, 0);
    cli_progress_clear(&progress);
    cr_assert_eq(progress.n_points, 0);
}

static void read_errors(char *text, size_t size)
{
    fflush(stderr);
    FILE *errors = cr_get_redirected_stderr();
    size_t n = fread(text, 1, size - 1, errors);
    text[n] = 0;
}

Test(cli_progress, plain_lines_where_there_is_no_terminal, .init = cr_redirect_stderr)
{
    cli_progress progress;
    char text[1000];
    kv_progress first = point(110, 100, "root"), second = point(105, 100, "search");
    cli_progress_start(&progress, 0, 10);
    progress.terminal = 0;
    progress.do_nothing = 150;
    cli_progress_step(&progress, &first);
    cli_progress_step(&progress, &first); /* too soon to be shown again */
    cli_progress_step(&progress, &second);
    cli_progress_clear(&progress);
    fclose(stderr);
    read_errors(text, sizeof text);
    cr_assert(
        strstr(text, "plan, root  cost 110.00  bound 100.00  gap 9.09 %  decision gap 20.00 %\n"),
        "%s", text);
    cr_assert(strstr(text, "plan, search  cost 105.00  bound 100.00"), "%s", text);
    int lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    cr_assert_eq(lines, 2, "%s", text);
}

Test(cli_progress, a_bar_on_a_terminal, .init = cr_redirect_stderr)
{
    cli_progress progress;
    char text[1000];
    kv_progress first = point(1e30, -1e30, "root");
    cli_progress_start(&progress, 0, 1000);
    progress.terminal = 1;
    cli_progress_stage(&progress, "doing nothing");
    cli_progress_step(&progress, &first);
    cr_assert_eq(progress.line_open, 1);
    cli_progress_clear(&progress);
    fclose(stderr);
    read_errors(text, sizeof text);
    cr_assert(strstr(text, "\r[....................]"), "%s", text);
    cr_assert(strstr(text, "doing nothing, root\033[K\n"), "%s", text);
    cr_assert_null(strstr(text, "bound"));
}

Test(cli_progress, quiet_shows_nothing, .init = cr_redirect_stderr)
{
    cli_progress progress;
    char text[100];
    kv_progress first = point(3, 2, "root");
    cli_progress_start(&progress, 1, 1000);
    cli_progress_step(&progress, &first);
    cli_progress_clear(&progress);
    fclose(stderr);
    read_errors(text, sizeof text);
    cr_assert_str_eq(text, "");
}
