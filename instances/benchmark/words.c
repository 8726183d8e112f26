/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/benchmark/words.h"

#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_NUMBER = 100, SHOWN = 40, MOST_DIGITS = 15, MESSAGE = 200 };

void kv_words_start(kv_words *words, const char *bytes, size_t length, const char *file,
                    kv_messages *messages)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skipped = length >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
    *words = (kv_words){.at = bytes + skipped,
                        .end = bytes + length,
                        .file = file,
                        .messages = messages,
                        .line = 1};
}

/* Any byte that prints nothing parts words; the end of a line is '\n' alone. */
static int is_blank(char c)
{
    return c != '\n' && ((unsigned char)c <= ' ' || c == '\x7f');
}

static void skip_blanks(kv_words *words)
{
    while (words->at < words->end && is_blank(*words->at))
        words->at++;
}

int kv_words_in_line(kv_words *words, kv_word *word)
{
    skip_blanks(words);
    if (words->at == words->end || *words->at == '\n')
        return 0;
    *word = (kv_word){.text = words->at, .line = words->line, .field = ++words->field};
    while (words->at < words->end && *words->at != '\n' && !is_blank(*words->at))
        words->at++;
    word->length = (size_t)(words->at - word->text);
    return 1;
}

int kv_words_line(kv_words *words)
{
    if (words->on_line || words->field > 0) { /* leave this line */
        const char *stop = memchr(words->at, '\n', kv_words_left(words));
        words->at = stop ? stop : words->end;
    }
    skip_blanks(words);
    while (words->at < words->end && *words->at == '\n') {
        words->at++;
        words->line++;
        skip_blanks(words);
    }
    words->field = 0;
    words->on_line = words->at < words->end;
    return words->on_line;
}

int kv_words_next(kv_words *words, kv_word *word)
{
    return kv_words_in_line(words, word) || (kv_words_line(words) && kv_words_in_line(words, word));
}

size_t kv_words_left(const kv_words *words)
{
    return (size_t)(words->end - words->at);
}

int kv_words_count_in_line(const kv_words *words)
{
    kv_words copy = *words;
    kv_word word;
    int count = 0;
    while (kv_words_in_line(&copy, &word))
        count++;
    return count;
}

int kv_word_is(const kv_word *word, const char *text)
{
    return strlen(text) == word->length && memcmp(word->text, text, word->length) == 0;
}

void kv_words_fault(kv_words *words, const kv_word *word, const char *name, const char *mend,
                    const char *what, ...)
{
    char text[MESSAGE], value[SHOWN + 4] = "";
    kv_where where = {.file = words->file, .line = words->line, .column = name};
    va_list arguments;
    if (word) {
        int shown = word->length > SHOWN ? SHOWN : (int)word->length;
        snprintf(value, sizeof value, "%.*s%s", shown, word->text,
                 word->length > SHOWN ? "..." : "");
        where.line = word->line;
        where.field = word->field;
        where.value = value;
    }
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    kv_messages_add(words->messages, KV_FAULT, &where, mend, "%s", text);
    words->faults++;
}

static void warn(kv_words *words, const kv_word *word, const char *name, const char *text,
                 double value, const char *why)
{
    kv_where where = {words->file, word->line, word->field, name, text};
    char read[KV_NUMBER_SIZE];
    kv_format_number(value, read);
    kv_messages_add(words->messages, KV_WARNING, &where, NULL, "%s: read as %s", why, read);
}

/* Digits of a number from the first that is not 0 to the last before its exponent. */
static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        if (*text < '0' || *text > '9')
            continue;
        if (*text == '0') {
            zeros += digits > 0; /* counted once another digit follows */
        } else {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits;
}

/* The number as it is kept. */
static double keep(kv_words *words, const kv_word *word, const kv_word_rule *rule, const char *text,
                   double value)
{
    double kept = value;
    char decimal[KV_NUMBER_SIZE];
    if (rule->amount) {
        kv_format_decimal(value, KV_AMOUNT_DECIMALS, decimal);
        kv_parse_number(decimal, '.', &kept);
    }
    if (kept != value)
        warn(words, word, rule->name, text, kept, "more than 9 decimals");
    else if (significant_digits(text) > MOST_DIGITS)
        warn(words, word, rule->name, text, kept, "more than 15 significant digits");
    return kept;
}

static int out_of_range(kv_words *words, const kv_word *word, const kv_word_rule *rule)
{
    char low[KV_NUMBER_SIZE], high[KV_NUMBER_SIZE], mend[MESSAGE];
    kv_format_number(rule->low, low);
    kv_format_number(rule->high, high);
    if (rule->high < 1e29)
        snprintf(mend, sizeof mend, "give a number from %s to %s", low, high);
    else
        snprintf(mend, sizeof mend, "give a number from %s on", low);
    kv_words_fault(words, word, rule->name, mend, "it is out of range");
    return -1;
}

int kv_word_number(kv_words *words, const kv_word *word, const kv_word_rule *rule, double *value)
{
    char text[LONGEST_NUMBER + 1];
    double number = 0;
    int state = -1;
    if (word->length <= LONGEST_NUMBER && !memchr(word->text, 0, word->length)) {
        memcpy(text, word->text, word->length);
        text[word->length] = 0;
        state = kv_parse_number(text, '.', &number);
    }
    if (state == -1) {
        kv_words_fault(words, word, rule->name, "write it with digits, such as 12 or 0.5",
                       "it is not a number");
        return -1;
    }
    if (state == 0 && number < 0 && number >= -rule->noise) {
        warn(words, word, rule->name, text, 0, "a demand is not negative");
        *value = 0;
        return 0;
    }
    if (state == -2 || number < rule->low || number > rule->high)
        return out_of_range(words, word, rule);
    if (rule->whole && number != floor(number)) {
        kv_words_fault(words, word, rule->name, NULL, "it is not a whole number");
        return -1;
    }
    *value = keep(words, word, rule, text, number);
    return 0;
}

int kv_word_integer(kv_words *words, const kv_word *word, const kv_word_rule *rule, int *value)
{
    kv_word_rule whole = {rule->name, rule->low, fmin(rule->high, INT_MAX), 1, 0, 0};
    double number;
    if (kv_word_number(words, word, &whole, &number) != 0)
        return -1;
    *value = (int)number;
    return 0;
}
