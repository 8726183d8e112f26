/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing text and the one way to write numbers. Independent of the C locale. */
#ifndef KV_BASE_TEXT_H
#define KV_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

typedef struct kv_text {
    char *data;    /* always ends in 0 once something was added; NULL at the start */
    size_t length; /* bytes without the ending 0 */
    size_t capacity;
    int failed; /* 1 = out of memory at some point; the text is then incomplete */
} kv_text;      /* start with {0}; end with kv_text_clear */

void kv_text_add(kv_text *text, const char *bytes); /* a whole C string */
void kv_text_add_bytes(kv_text *text, const char *bytes, size_t n);
void kv_text_addf(kv_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kv_text_addv(kv_text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* A CSV field: quoted where it holds a comma, a quote, a line break, or blanks at an end. */
void kv_text_add_field(kv_text *text, const char *value);
/* A JSON string with its quotes, null for NULL; malformed UTF-8 becomes U+FFFD. */
void kv_text_add_json(kv_text *text, const char *value);
/* The shortest decimal that reads back as `value` ("0.1", "1e-09", "-3"); "" for NaN. */
void kv_text_add_number(kv_text *text, double value);
void kv_text_clear(kv_text *text);

enum { KV_NUMBER_SIZE = 40 }; /* room for any number text */
/* The shortest decimal that reads back as `value`, into buffer[KV_NUMBER_SIZE]: "" for NaN, "inf"
 * and "-inf", "0" for both zeros. */
void kv_format_number(double value, char *buffer);
/* `value` rounded to `decimals` (0..12) places, without trailing zeros, never "-0". */
void kv_format_decimal(double value, int decimals, char *buffer);

/* Parse a whole string as a decimal number with `point` as the decimal sign ('.' or ',').
 * Returns 0, or -1 (not a number, trailing characters) or -2 (not finite). Hexadecimal, "inf" and
 * "nan" are refused. Thousands separators are refused. */
int kv_parse_number(const char *text, char point, double *value);

/* Levenshtein distance of two UTF-8 strings in letters, capped at 99 (also when one has more than
 * 256 letters and they differ). For "did you mean". */
int kv_text_distance(const char *a, const char *b);

#endif
