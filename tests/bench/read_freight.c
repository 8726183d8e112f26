/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a case with a large freight.csv, reads and checks it, and prints the seconds, the peak
 * memory, and the ratio to a plain pass of libcsv over the same bytes.
 *
 *     bench.read_freight [ROWS]        1,000,000 without ROWS
 *
 * Exit status 1 when 1,000,000 rows take 2 s of processor time or 500 MB, or reading fails.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "instances/case.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { PLACES = 2000 };

static int put(const char *folder, const char *name, kv_text *text)
{
    char *path = kv_path_join(folder, name);
    int failed =
        !path || text->failed || kv_file_write(path, text->data, text->length, NULL) != KV_OK;
    kv_free(path);
    kv_text_clear(text);
    return failed;
}

static int put_small_tables(const char *folder)
{
    kv_text text = {0};
    kv_text_add(&text, "name,price_year,discount_rate_per_year\nlarge,2025,0.03\n");
    int failed = put(folder, "case.csv", &text);
    kv_text_add(&text, "period,first_year,last_year\np1,2026,2030\np2,2031,2040\n");
    failed |= put(folder, "periods.csv", &text);
    kv_text_add(&text, "product,name\ngeneral,General freight\nore,Ore\nsteel,Steel\n");
    failed |= put(folder, "products.csv", &text);
    kv_text_add(&text, "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km\n"
                       "truck,road,28,70,1.2\n");
    failed |= put(folder, "technologies.csv", &text);
    kv_text_add(&text, "place,country,latitude_deg,longitude_deg\n");
    for (int i = 0; i < PLACES; i++)
        kv_text_addf(&text, "place-%d,SE,%.4f,%.4f\n", i, 55 + i % 40 * 0.3, 12 + i / 40 * 0.2);
    failed |= put(folder, "places.csv", &text);
    kv_text_add(&text, "link,from,to,mode,length_km\n");
    for (int i = 0; i < PLACES; i++)
        kv_text_addf(&text, "road-%d,place-%d,place-%d,road,%d\n", i, i, (i + 1) % PLACES,
                     i % 40 == 39 ? 1700 : 40);
    return failed | put(folder, "links.csv", &text);
}

/* Pairs in a scattered order, none twice, as a real table has them. */
static int put_freight(const char *folder, int rows)
{
    static const char *const products[] = {"general", "ore", "steel"};
    kv_text text = {0};
    kv_random random;
    kv_random_seed(&random, 1);
    kv_text_add(&text, "from,to,product,t_per_year,growth_per_year,source\n");
    for (long i = 0; i < rows; i++) {
        long pair = i * 7919 % ((long)PLACES * (PLACES - 1)); /* 7919 is prime */
        int from = (int)(pair / (PLACES - 1)), to = (int)(pair % (PLACES - 1));
        kv_text_addf(&text, "place-%d,place-%d,%s,%.3f,0.01,survey of 2024\n", from,
                     to + (to >= from), products[i % 3], kv_random_uniform(&random) * 1e5);
    }
    return put(folder, "freight.csv", &text);
}

static void count_field(void *bytes, size_t length, void *context)
{
    (void)bytes;
    *(size_t *)context += length;
}

static void count_row(int ending, void *context)
{
    (void)ending;
    ++*(size_t *)context;
}

/* Seconds of a pass of libcsv over the file in blocks, as the reader reads it. */
static double plain_pass(const char *folder)
{
    char *path = kv_path_join(folder, "freight.csv");
    static char block[1 << 16];
    struct csv_parser parser;
    size_t n, seen = 0;
    double start = kv_clock();
    FILE *file = fopen(path, "rb");
    csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL);
    while (file && (n = fread(block, 1, sizeof block, file)) > 0)
        csv_parse(&parser, block, n, count_field, count_row, &seen);
    csv_fini(&parser, count_field, count_row, &seen);
    csv_free(&parser);
    if (file)
        fclose(file);
    kv_free(path);
    return seen > 0 ? kv_clock() - start : 0;
}

static double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* Processor seconds: on a busy machine they tell more than the clock. */
static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static int measure(const char *folder, int rows)
{
    kv_case *the_case = NULL;
    kv_messages *messages = kv_messages_create();
    double before = peak_mb(), start = kv_clock(), work = processor_seconds();
    kv_status status = kv_case_read(folder, NULL, 0, &the_case, messages);
    double seconds = kv_clock() - start, memory = peak_mb();
    double plain_work = processor_seconds();
    work = plain_work - work;
    double plain = plain_pass(folder);
    plain_work = processor_seconds() - plain_work;
    int read = the_case ? the_case->freight.count : 0;
    printf("%d rows read and checked in %.2f s (%.2f s of processor time), peak %.0f MB (%.0f MB "
           "before); a plain pass of libcsv takes %.2f s (%.2f s): %.1f times as long\n",
           read, seconds, work, memory, before, plain, plain_work,
           plain_work > 0 ? work / plain_work : 0);
    for (size_t i = 0; status != KV_OK && i < kv_messages_count(messages) && i < 5; i++) {
        char *line = kv_message_text(kv_messages_get(messages, i));
        printf("%s\n", line);
        kv_free(line);
    }
    kv_case_free(the_case);
    kv_messages_free(messages);
    int slow = rows == 1000000 && (work >= 2 || memory >= 500);
    return status != KV_OK || read != rows || slow;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/kvarken-freight-XXXXXX", command[128];
    int rows = argc > 1 ? atoi(argv[1]) : 1000000;
    if (rows < 1 || rows > PLACES * (PLACES - 1) || !mkdtemp(folder))
        return 2;
    int failed = put_small_tables(folder) || put_freight(folder, rows) || measure(folder, rows);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0 || failed;
}
