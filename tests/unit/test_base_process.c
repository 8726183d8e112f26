/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs as child processes: their lines, their end, limits and the request to stop. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* All lines, joined by '|'; `stop_at` asks for a stop when it comes. */
typedef struct heard {
    kv_text text;
    int lines;
    double last; /* s */
    const char *stop_at;
} heard;

static void hear(void *context, const char *line, double seconds)
{
    heard *h = context;
    cr_assert_geq(seconds, h->last);
    h->last = seconds;
    kv_text_addf(&h->text, "%s%s", h->lines++ ? "|" : "", line);
    if (h->stop_at && strcmp(line, h->stop_at) == 0)
        kv_stop_request();
}

#define SHELL(script) ((const char *const[]){"sh", "-c", script, NULL})

static kv_process_end run(const char *script, kv_process process, heard *h)
{
    kv_process_end end;
    const char *const words[] = {"sh", "-c", script, NULL};
    process.words = words;
    process.line = h ? hear : NULL;
    process.context = h;
    cr_assert_eq(kv_process_run(&process, &end), KV_OK);
    return end;
}

static void expect_lines(const char *script, int by_lines, const char *lines)
{
    heard h = {0};
    kv_process_end end = run(script, (kv_process){.by_lines = by_lines}, &h);
    cr_assert_eq(end.status, 0);
    cr_assert_str_eq(h.text.data ? h.text.data : "", lines);
    kv_text_clear(&h.text);
}

Test(base_process, hands_over_each_line)
{
    for (int by_lines = 0; by_lines < 2; by_lines++) {
        expect_lines("echo one; echo two >&2; printf 'three\\r\\n'", by_lines, "one|two|three");
        expect_lines("printf 'no end'", by_lines, "no end");
        expect_lines("echo; echo; printf 'a\\000b\\n'", by_lines, "||a b");
        expect_lines("true", by_lines, "");
        expect_lines("cat", by_lines, ""); /* nothing is on standard input */
    }
}

Test(base_process, hands_over_many_lines_whole)
{
    heard h = {0};
    kv_process_end end =
        run("i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done", (kv_process){0}, &h);
    cr_assert_eq(end.status, 0);
    cr_assert_eq(h.lines, 3000);
    const char *tail = h.text.data + h.text.length - strlen("|2998|2999");
    cr_assert_str_eq(tail, "|2998|2999");
    kv_text_clear(&h.text);
}

Test(base_process, tells_how_it_ended_and_what_it_took)
{
    kv_process_end end = run("exit 3", (kv_process){0}, NULL);
    cr_assert_eq(end.status, 3);
    cr_assert_eq(end.signal, 0);
    cr_assert_eq(end.overran, 0);
    cr_assert_gt(end.wall, 0);
    cr_assert_gt(end.peak_mb, 0.1);
    end = run("kill -9 $$", (kv_process){0}, NULL);
    cr_assert_eq(end.status, -1);
    cr_assert_eq(end.signal, SIGKILL);
    end = run("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done", (kv_process){0}, NULL);
    cr_assert_gt(end.cpu, 0);
}

/* The shell's own child goes too; otherwise its pipe would stay open for half a minute. */
Test(base_process, ends_the_whole_group_at_a_limit)
{
    kv_process_end end =
        run("sleep 30 & sleep 30", (kv_process){.wall_limit = 0.2, .grace = 10}, NULL);
    cr_assert_eq(end.overran, 1);
    cr_assert_eq(end.stopped, 0);
    cr_assert_eq(end.signal, SIGTERM);
    cr_assert_lt(end.wall, 9);
}

Test(base_process, ends_what_does_not_listen)
{
    heard h = {0};
    kv_process_end end = run("trap '' TERM; echo ready; while :; do sleep 0.1; done",
                             (kv_process){.wall_limit = 0.5, .grace = 0.2}, &h);
    cr_assert_eq(end.overran, 1);
    cr_assert_eq(end.signal, SIGKILL);
    cr_assert_str_eq(h.text.data, "ready");
    kv_text_clear(&h.text);
}

Test(base_process, lets_it_end_in_its_grace)
{
    heard h = {0};
    kv_process_end end =
        run("trap 'echo saved; exit 4' TERM; echo ready; while :; do sleep 0.05; done",
            (kv_process){.wall_limit = 0.5, .grace = 20}, &h);
    cr_assert_eq(end.overran, 1);
    cr_assert_eq(end.status, 4);
    cr_assert(strncmp(h.text.data, "ready|", 6) == 0 && strstr(h.text.data, "|saved"), "%s",
              h.text.data);
    kv_text_clear(&h.text);
}

Test(base_process, holds_to_a_limit_of_processor_time)
{
    kv_process_end end =
        run("while :; do :; done", (kv_process){.cpu_limit = 0.1, .grace = 10}, NULL);
    cr_assert_eq(end.overran, 1);
    cr_assert_geq(end.cpu, 0.1);
}

Test(base_process, ends_it_when_a_stop_is_asked_for)
{
    heard h = {.stop_at = "go"};
    kv_process_end end = run("echo go; sleep 30", (kv_process){.grace = 10}, &h);
    kv_stop_reset();
    cr_assert_eq(end.stopped, 1);
    cr_assert_eq(end.overran, 0);
    cr_assert_lt(end.wall, 9);
    kv_text_clear(&h.text);
}

Test(base_process, says_what_can_not_be_started)
{
    kv_process_end end;
    kv_process process = {.words = (const char *const[]){"/nowhere/at-all", NULL}};
    cr_assert_eq(kv_process_run(&process, &end), KV_ERR_IO);
    process.words = (const char *const[]){NULL};
    cr_assert_eq(kv_process_run(&process, &end), KV_ERR_ARGUMENT);
}

Test(base_process, tells_of_a_lost_line)
{
    kv_process_end end;
    heard h = {0};
    kv_process process = {.words = SHELL("echo one"), .line = hear, .context = &h};
    kv_memory_fail_at(1, 1);
    kv_status status = kv_process_run(&process, &end);
    kv_memory_fail_at(0, 0);
    cr_assert_eq(status, KV_ERR_MEMORY);
    cr_assert_eq(end.status, 0);
    kv_text_clear(&h.text);
}

Test(base_process, finds_programs_on_the_path)
{
    char *folder = test_folder(), *program = test_path(folder, "bar"), found[4096];
    char *inner = test_path(folder, "inner"), *search = test_path(folder, "none:");
    test_write(program, "#!/bin/sh\n");
    cr_assert_eq(mkdir(inner, 0777), 0);
    cr_assert_eq(chmod(program, 0755), 0);
    search = realloc(search, strlen(search) + strlen(folder) + 1);
    strcat(search, folder);
    cr_assert_eq(setenv("PATH", search, 1), 0);
    cr_assert_eq(kv_process_find("bar", found, sizeof found), 0);
    cr_assert_str_eq(found, program);
    cr_assert_eq(kv_process_find("foo", found, sizeof found), -1);
    cr_assert_eq(kv_process_find("inner", found, sizeof found), -1, "a folder is no program");
    cr_assert_eq(kv_process_find("bar", found, 5), -1, "no room");
    cr_assert_eq(kv_process_find(program, found, sizeof found), 0);
    test_remove(folder);
    free(folder);
    free(program);
    free(inner);
    free(search);
}
