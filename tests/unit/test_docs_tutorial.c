/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that docs/tutorial.md quotes are those of the case, all of them, line by line. */
#include "instances/schema.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CASE KV_SOURCE_DIR "/instances/tutorial"

static const char block_start[] = "```csv ";
static const char rest_of_row[] = ",made up for the tutorial"; /* left out of the page */

/* The block that quotes the table, up to its end; NULL when there is none. Free it. */
static char *quoted(const char *page, const char *table)
{
    char start[80];
    snprintf(start, sizeof start, "%s%s.csv\n", block_start, table);
    const char *block = strstr(page, start);
    const char *end = block ? strstr(block + strlen(start), "```") : NULL;
    return end ? strndup(block + strlen(start), (size_t)(end - block) - strlen(start)) : NULL;
}

/* The table as the page should have it: without its last column. Free it. */
static char *without_source(char *text)
{
    char *result = calloc(1, strlen(text) + 1);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *end = strrchr(line, ',');
        cr_assert(end && (strcmp(end, rest_of_row) == 0 || strcmp(end, ",source") == 0),
                  "%s has no such source", line);
        *end = 0;
        strcat(strcat(result, line), "\n");
    }
    return result;
}

Test(docs_tutorial, quotes_every_table_as_it_is)
{
    char *page = test_read(KV_SOURCE_DIR "/docs/tutorial.md");
    cr_assert(page);
    for (int t = 0; t < KV_TABLES; t++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", kv_schema[t].name);
        char *path = test_path(CASE, name), *table = test_read(path);
        char *block = quoted(page, kv_schema[t].name);
        cr_assert_eq(!table, !block, "%s is in one of page and case only", name);
        if (table) {
            char *expected = without_source(table);
            cr_assert_str_eq(block, expected, "docs/tutorial.md: %s is not as in the case", name);
            free(expected);
        }
        free(block);
        free(table);
        free(path);
    }
    free(page);
}

/* The page without its blocks, in place. */
static void drop_blocks(char *page)
{
    char *to = page;
    for (char *from = page, *start; *from; from = start) {
        start = strstr(from, "```");
        size_t n = start ? (size_t)(start - from) : strlen(from);
        memmove(to, from, n);
        to += n;
        start = start ? strstr(start + 3, "```") : NULL;
        if (!start)
            break;
        start += 3;
    }
    *to = 0;
}

/* Each column that the case uses is named where its table is explained. */
Test(docs_tutorial, names_every_column)
{
    char *page = test_read(KV_SOURCE_DIR "/docs/tutorial.md");
    drop_blocks(page);
    for (int t = 0; t < KV_TABLES; t++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", kv_schema[t].name);
        char *path = test_path(CASE, name), *table = test_read(path);
        if (table)
            table[strcspn(table, "\n")] = 0;
        for (char *word = table ? strtok(table, ",") : NULL; word; word = strtok(NULL, ","))
            cr_assert(strstr(page, word), "docs/tutorial.md does not speak of %s in %s", word,
                      name);
        free(table);
        free(path);
    }
    free(page);
}

/* What it tells the reader to type. */
Test(docs_tutorial, commands_that_it_shows_exist)
{
    char *page = test_read(KV_SOURCE_DIR "/docs/tutorial.md");
    static const char *const shown[] = {"solve", "validate", "sweep", "report", "export", "new"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        char line[40];
        snprintf(line, sizeof line, "$ kvarken %s ", shown[i]);
        cr_assert(strstr(page, line), "%s", line);
        test_run run = test_kvarken((const char *const[]){"help", shown[i], NULL});
        cr_assert_eq(run.exit, 0);
        test_run_clear(&run);
    }
    free(page);
}

/* ---- links between the pages ---- */

static const char *const pages[] = {
    "README.md",           "docs/index.md",       "docs/tutorial.md",
    "docs/tables.md",      "docs/commands.md",    "docs/results.md",
    "docs/engines.md",     "docs/certificate.md", "docs/check.md",
    "docs/mathematics.md", "docs/benchmarks.md",  "instances/nordic-battery-belt/README.md"};

/* The file that the link in `page` leads to is there. */
static void follow(const char *page, const char *target, size_t length)
{
    char path[1000];
    const char *slash = strrchr(page, '/');
    snprintf(path, sizeof path, "%s/%.*s%.*s", KV_SOURCE_DIR, slash ? (int)(slash - page) + 1 : 0,
             page, (int)length, target);
    cr_assert(access(path, R_OK) == 0, "%s has a link to %.*s, which is not there", page,
              (int)length, target);
}

Test(docs_tutorial, links_lead_somewhere)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *path = test_path(KV_SOURCE_DIR, pages[i]), *text = test_read(path);
        cr_assert(text, "%s is missing", pages[i]);
        for (const char *link = text; (link = strstr(link, "](")) != NULL;) {
            link += 2;
            size_t length = strcspn(link, ")#");
            if (length > 0 && strncmp(link, "http", 4) != 0)
                follow(pages[i], link, length);
        }
        free(text);
        free(path);
    }
}
