/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a text in memory, one after the other, each with its line and its place in the line,
 * and the numbers among them. Internal to instances/benchmark.
 */
#ifndef KV_INSTANCES_BENCHMARK_WORDS_H
#define KV_INSTANCES_BENCHMARK_WORDS_H

#include "base/messages.h"

#include <stddef.h>

typedef struct kv_word {
    const char *text; /* not ended by 0 */
    size_t length;
    long line; /* from 1 */
    int field; /* from 1 */
} kv_word;

typedef struct kv_words {
    const char *at, *end; /* what is not read yet */
    const char *file;     /* for messages */
    kv_messages *messages;
    long line;   /* of `at`, from 1 */
    int field;   /* words given out of this line */
    int on_line; /* 1 = the line was gone to by kv_words_line */
    long faults; /* found so far */
} kv_words;

/* The bytes must outlive it. A byte-order mark is skipped. */
void kv_words_start(kv_words *words, const char *bytes, size_t length, const char *file,
                    kv_messages *messages);

/* The next word on the line; 0 at its end. */
int kv_words_in_line(kv_words *words, kv_word *word);
/* Go to the next line, the first at the start, that holds a word; 0 when there is none. What is left
 * of the current line is passed over. */
int kv_words_line(kv_words *words);
/* The next word, on whatever line; 0 at the end of the text. */
int kv_words_next(kv_words *words, kv_word *word);
/* Bytes not read yet. */
size_t kv_words_left(const kv_words *words);
/* Words on the line that was gone to and not yet read from. */
int kv_words_count_in_line(const kv_words *words);

enum { KV_AMOUNT_DECIMALS = 9 };

/* What a number has to be. */
typedef struct kv_word_rule {
    const char *name; /* "capacity" */
    double low, high; /* both included */
    int whole;        /* 1 = a whole number */
    int amount;       /* 1 = an amount of flow: rounded to KV_AMOUNT_DECIMALS, with a warning */
    double noise;     /* >= 0: a negative number no less than minus this is read as 0, with a
                       * warning */
} kv_word_rule;

/* The word's number; 0, or -1 with a fault. More than 15 significant digits are rounded, with a
 * warning: what the file says then is the shortest decimal that gives the same double. */
int kv_word_number(kv_words *words, const kv_word *word, const kv_word_rule *rule, double *value);
/* The same for a whole number in the range of int. */
int kv_word_integer(kv_words *words, const kv_word *word, const kv_word_rule *rule, int *value);

/* 1 = the word is this text. */
int kv_word_is(const kv_word *word, const char *text);

/* Add a fault at a word (NULL: at the current line), about a field of that name (may be NULL). */
void kv_words_fault(kv_words *words, const kv_word *word, const char *name, const char *mend,
                    const char *what, ...) __attribute__((format(printf, 5, 6)));

#endif
