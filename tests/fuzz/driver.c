/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a fuzz program without libFuzzer: first every file of the corpus as it is, then N mutants of
 * them. The same corpus and the same N give the same inputs in every run. An input that crashes is
 * written to fuzz-crash-<program> in the current folder.
 *
 *     fuzz.fuzz_x [--iterations N] [--seconds S] CORPUS-FOLDER|FILE
 */
#include "base/clock.h"
#include "base/random.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __attribute__((weak)) __sanitizer_set_death_callback(void (*callback)(void));

enum { MAX_SEEDS = 1000, MAX_INPUT = 1 << 20, MAX_PATH = 4096, MAX_MUTATIONS = 8 };

typedef struct input {
    uint8_t *bytes;
    size_t size;
} input;

static input seeds[MAX_SEEDS];
static int n_seeds;

/* What is being run, for the crash handler. */
static const uint8_t *running;
static size_t running_size;
static char crash_path[MAX_PATH];

/* Strings that readers of tables, numbers, JSON and XML trip over. */
static const char *const words[] = {"\"",
                                    "\"\"",
                                    "'",
                                    ",",
                                    ";",
                                    "\n",
                                    "\r\n",
                                    "\r",
                                    "\t",
                                    " ",
                                    "\xef\xbb\xbf",
                                    "\xff\xfe",
                                    "\xc3",
                                    "\xed\xa0\x80",
                                    "0",
                                    "-1",
                                    "-0",
                                    "1e999",
                                    "-1e999",
                                    "1e-999",
                                    "1e999999999",
                                    "1e-99999999999999999999",
                                    "[[[[[[[[[[[[[[[[",
                                    "4.9e-324",
                                    "9007199254740993",
                                    "2147483648",
                                    "-2147483649",
                                    "18446744073709551616",
                                    "0x1p4",
                                    "nan",
                                    "inf",
                                    "1,5",
                                    "1.5",
                                    "1 000",
                                    "%s%n",
                                    "../",
                                    "NAME",
                                    "<",
                                    "</",
                                    "<![CDATA[",
                                    "&lt;",
                                    "&",
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    ":",
                                    "null",
                                    "true",
                                    "\\u0000",
                                    "\\",
                                    "--",
                                    "=",
                                    "#"};

static void save_crash(void)
{
    int file = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    size_t done = 0;
    while (file >= 0 && done < running_size) {
        ssize_t n = write(file, running + done, running_size - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
}

static void on_signal(int number)
{
    save_crash();
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_crashes(const char *program)
{
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    const char *slash = strrchr(program, '/');
    snprintf(crash_path, sizeof crash_path, "fuzz-crash-%s", slash ? slash + 1 : program);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(save_crash);
        signal(SIGABRT, on_signal); /* of fuzz_must, which sanitizers leave alone */
        return;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], on_signal);
}

static void *must(void *memory)
{
    if (!memory) {
        fprintf(stderr, "the fuzz driver is out of memory\n");
        exit(2);
    }
    return memory;
}

static void add_seed(const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file || n_seeds == MAX_SEEDS || fstat(fileno(file), &about) != 0 ||
        !S_ISREG(about.st_mode)) {
        if (file)
            fclose(file);
        return;
    }
    uint8_t *bytes = must(malloc(MAX_INPUT));
    size_t size = fread(bytes, 1, MAX_INPUT, file);
    fclose(file);
    seeds[n_seeds++] = (input){must(realloc(bytes, size + 1)), size};
}

static int visible(const struct dirent *item)
{
    return item->d_name[0] != '.';
}

/* In order of names, so that runs repeat; a missing folder gives one empty seed. */
static void read_corpus(const char *path)
{
    struct dirent **items;
    int n = scandir(path, &items, visible, alphasort);
    if (n < 0)
        add_seed(path);
    for (int i = 0; i < n; i++) {
        char file[MAX_PATH];
        snprintf(file, sizeof file, "%s/%s", path, items[i]->d_name);
        add_seed(file);
        free(items[i]);
    }
    if (n >= 0)
        free(items);
    if (n_seeds == 0)
        seeds[n_seeds++] = (input){must(calloc(1, 1)), 0};
}

/* Up to `most`, small numbers more often. */
static size_t pick(kv_random *random, size_t most)
{
    uint64_t draw = kv_random_next(random);
    size_t shift = (size_t)(kv_random_next(random) % 20);
    return (size_t)(draw % ((uint64_t)(most >> shift) + 1));
}

static size_t place(kv_random *random, const input *mutant)
{
    return (size_t)(kv_random_next(random) % (mutant->size + 1));
}

/* Replaces `removed` bytes at `at` by `size` others. */
static void splice(input *mutant, size_t at, size_t removed, const uint8_t *bytes, size_t size)
{
    if (removed > mutant->size - at)
        removed = mutant->size - at;
    if (mutant->size - removed + size > MAX_INPUT)
        return;
    memmove(mutant->bytes + at + size, mutant->bytes + at + removed, mutant->size - at - removed);
    if (size > 0)
        memcpy(mutant->bytes + at, bytes, size);
    mutant->size += size - removed;
}

/* Copies a part of a seed to any place of the mutant. */
static void splice_seed(kv_random *random, input *mutant)
{
    const input *seed = &seeds[kv_random_integer(random, 0, n_seeds - 1)];
    size_t from = place(random, seed);
    size_t size = pick(random, seed->size - from);
    size_t at = place(random, mutant);
    splice(mutant, at, kv_random_integer(random, 0, 1) ? size : 0, seed->bytes + from, size);
}

static void mutate(kv_random *random, input *mutant)
{
    size_t at = place(random, mutant);
    uint8_t byte = (uint8_t)kv_random_next(random);
    const char *word = words[kv_random_integer(random, 0, sizeof words / sizeof *words - 1)];
    switch (kv_random_integer(random, 0, 6)) {
    case 0:
        if (at < mutant->size)
            mutant->bytes[at] ^= (uint8_t)(1u << (byte & 7));
        break;
    case 1: splice(mutant, at, 1, &byte, 1); break;
    case 2: splice(mutant, at, pick(random, mutant->size - at), NULL, 0); break;
    case 3:
    case 4: splice(mutant, at, pick(random, 8), (const uint8_t *)word, strlen(word)); break;
    case 5: splice_seed(random, mutant); break;
    default: /* cut short */ mutant->size = at;
    }
}

/* In a block of exactly its size, so that a sanitizer sees each byte read too far. */
static void run(const input *tried)
{
    uint8_t *bytes = must(malloc(tried->size ? tried->size : 1));
    if (tried->size)
        memcpy(bytes, tried->bytes, tried->size);
    running = bytes;
    running_size = tried->size;
    LLVMFuzzerTestOneInput(bytes, tried->size);
    running_size = 0;
    free(bytes);
}

static long run_mutants(long iterations, double seconds)
{
    double start = kv_clock();
    input mutant = {must(malloc(MAX_INPUT)), 0};
    long i;
    for (i = 0; i < iterations && kv_clock() - start < seconds; i++) {
        kv_random random;
        kv_random_seed(&random, (uint64_t)i);
        const input *seed = &seeds[kv_random_integer(&random, 0, n_seeds - 1)];
        mutant.size = seed->size;
        if (seed->size)
            memcpy(mutant.bytes, seed->bytes, seed->size);
        for (int n = kv_random_integer(&random, 1, MAX_MUTATIONS); n > 0; n--)
            mutate(&random, &mutant);
        run(&mutant);
    }
    free(mutant.bytes);
    return i;
}

int main(int argc, char **argv)
{
    long iterations = 2000;
    double seconds = 1e9;
    const char *corpus = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--iterations") == 0 && i + 1 < argc)
            iterations = atol(argv[++i]);
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = atof(argv[++i]);
        else
            corpus = argv[i];
    }
    if (!corpus) {
        fprintf(stderr, "usage: %s [--iterations N] [--seconds S] CORPUS\n", argv[0]);
        return 2;
    }
    catch_crashes(argv[0]);
    read_corpus(corpus);
    for (int i = 0; i < n_seeds; i++)
        run(&seeds[i]);
    long done = run_mutants(iterations, seconds);
    printf("%d files and %ld mutants, no crash\n", n_seeds, done);
    for (int i = 0; i < n_seeds; i++)
        free(seeds[i].bytes);
    return 0;
}
