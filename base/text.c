/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/memory.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the "C" locale, whatever the program has set ---- */

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void c_locale_make(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Switches this thread to the "C" locale; gives what locale_leave needs. */
static locale_t locale_enter(void)
{
    pthread_once(&c_locale_once, c_locale_make);
    return c_locale ? uselocale(c_locale) : (locale_t)0;
}

static void locale_leave(locale_t before)
{
    if (before)
        uselocale(before);
}

/* ---- growing text ---- */

static int text_reserve(kv_text *text, size_t more)
{
    if (text->failed)
        return -1;
    void *data = text->data;
    if (more >= (size_t)-1 - text->length ||
        kv_reserve(&data, &text->capacity, text->length + more + 1, 1) != 0) {
        text->failed = 1;
        return -1;
    }
    text->data = data;
    return 0;
}

void kv_text_add_bytes(kv_text *text, const char *bytes, size_t n)
{
    if (text_reserve(text, n) != 0)
        return;
    if (n > 0)
        memcpy(text->data + text->length, bytes, n);
    text->length += n;
    text->data[text->length] = 0;
}

void kv_text_add(kv_text *text, const char *bytes)
{
    if (bytes)
        kv_text_add_bytes(text, bytes, strlen(bytes));
}

void kv_text_addv(kv_text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    locale_t before = locale_enter();
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        text->failed = 1;
    } else if (text_reserve(text, (size_t)length) == 0) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    locale_leave(before);
    va_end(again);
}

void kv_text_addf(kv_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(text, format, arguments);
    va_end(arguments);
}

void kv_text_clear(kv_text *text)
{
    kv_free(text->data);
    *text = (kv_text){0};
}

/* ---- fields of CSV and JSON ---- */

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int needs_quotes(const char *value, size_t length)
{
    if (length == 0)
        return 0;
    return is_blank(value[0]) || is_blank(value[length - 1]) || strpbrk(value, ",\"\r\n") != NULL;
}

void kv_text_add_field(kv_text *text, const char *value)
{
    if (!value)
        return;
    size_t length = strlen(value);
    if (!needs_quotes(value, length)) {
        kv_text_add_bytes(text, value, length);
        return;
    }
    kv_text_add_bytes(text, "\"", 1);
    for (const char *quote; (quote = strchr(value, '"')) != NULL; value = quote + 1) {
        kv_text_add_bytes(text, value, (size_t)(quote - value) + 1);
        kv_text_add_bytes(text, "\"", 1);
    }
    kv_text_add(text, value);
    kv_text_add_bytes(text, "\"", 1);
}

/* Bytes of the UTF-8 character at `s`, its number into *code; 0 when it is malformed (overlong,
 * surrogate, cut short, or out of range). RFC 3629. */
static int utf8_decode(const char *s, unsigned long *code)
{
    static const unsigned long least[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)s[0];
    int length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 0 || lead > 0xf4)
        return 0;
    unsigned long value = length == 1 ? lead : lead & (0x7fu >> length);
    for (int i = 1; i < length; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (c & 0x3fu);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *code = value;
    return length;
}

/* The two-character escape of an ASCII character, or NULL. */
static const char *json_escape(char c)
{
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return NULL;
    }
}

void kv_text_add_json(kv_text *text, const char *value)
{
    if (!value) {
        kv_text_add(text, "null");
        return;
    }
    kv_text_add_bytes(text, "\"", 1);
    while (*value) {
        unsigned long code;
        int length = utf8_decode(value, &code);
        const char *escape = json_escape(*value);
        if (length == 0) {
            kv_text_add(text, "\xef\xbf\xbd"); /* U+FFFD: JSON is always valid UTF-8 */
            length = 1;
        } else if (escape) {
            kv_text_add(text, escape);
        } else if (code < 0x20) {
            kv_text_addf(text, "\\u%04lx", code);
        } else {
            kv_text_add_bytes(text, value, (size_t)length);
        }
        value += length;
    }
    kv_text_add_bytes(text, "\"", 1);
}

/* ---- numbers ---- */

/* Normal numbers of at most 15 digits come back from %.15g as they went in, so nothing shorter is
 * missed by starting there; subnormal numbers have fewer digits and start at 1. */
void kv_format_number(double value, char *buffer)
{
    buffer[0] = 0;
    if (isnan(value))
        return;
    if (isinf(value)) {
        strcpy(buffer, value < 0 ? "-inf" : "inf");
        return;
    }
    if (value == 0) {
        strcpy(buffer, "0"); /* -0 too: no reader should see a sign there */
        return;
    }
    locale_t before = locale_enter();
    for (int digits = isnormal(value) ? 15 : 1; digits <= 17; digits++) {
        snprintf(buffer, KV_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            break;
    }
    locale_leave(before);
}

static void strip_zeros(char *buffer)
{
    if (!strchr(buffer, '.'))
        return;
    char *end = buffer + strlen(buffer);
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    *end = 0;
}

void kv_format_decimal(double value, int decimals, char *buffer)
{
    if (!(fabs(value) < 1e22)) { /* too long for the buffer; NaN, too */
        kv_format_number(value, buffer);
        return;
    }
    int places = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
    locale_t before = locale_enter();
    snprintf(buffer, KV_NUMBER_SIZE, "%.*f", places, value);
    locale_leave(before);
    strip_zeros(buffer);
    if (strcmp(buffer, "-0") == 0)
        strcpy(buffer, "0");
}

void kv_text_add_number(kv_text *text, double value)
{
    char buffer[KV_NUMBER_SIZE];
    kv_format_number(value, buffer);
    kv_text_add(text, buffer);
}

static const char *skip_digits(const char *s, int *count)
{
    while (*s >= '0' && *s <= '9') {
        s++;
        (*count)++;
    }
    return s;
}

/* 1 when the whole text is [sign] digits [point digits] [e [sign] digits], a digit at least on one
 * side of the point. */
static int looks_like_number(const char *s, char point)
{
    int digits = 0;
    if (*s == '+' || *s == '-')
        s++;
    s = skip_digits(s, &digits);
    if (*s == point)
        s = skip_digits(s + 1, &digits);
    if (digits == 0)
        return 0;
    if (*s == 'e' || *s == 'E') {
        int exponent = 0;
        s++;
        if (*s == '+' || *s == '-')
            s++;
        s = skip_digits(s, &exponent);
        if (exponent == 0)
            return 0;
    }
    return *s == 0;
}

int kv_parse_number(const char *text, char point, double *value)
{
    enum { LONGEST = 1000 };
    char copy[LONGEST + 1];
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > LONGEST || !looks_like_number(text, point))
        return -1;
    memcpy(copy, text, length + 1);
    char *sign = strchr(copy, point);
    if (sign)
        *sign = '.';
    locale_t before = locale_enter();
    double number = strtod(copy, NULL);
    locale_leave(before);
    if (!isfinite(number))
        return -2;
    *value = number;
    return 0;
}

/* ---- distance ---- */

enum { DISTANCE_CAP = 99, DISTANCE_LETTERS = 256 };

/* The letters of a string, at most DISTANCE_LETTERS; a malformed byte counts as one letter.
 * Returns their number, or -1 when there are more. */
static int letters_of(const char *text, unsigned long *letters)
{
    int n = 0;
    while (*text) {
        unsigned long code = (unsigned char)*text;
        int length = utf8_decode(text, &code);
        if (n == DISTANCE_LETTERS)
            return -1;
        letters[n++] = length ? code : 0x110000 + code;
        text += length ? length : 1;
    }
    return n;
}

static int smallest(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

int kv_text_distance(const char *a, const char *b)
{
    unsigned long left[DISTANCE_LETTERS], right[DISTANCE_LETTERS];
    int row[DISTANCE_LETTERS + 1];
    if (strcmp(a, b) == 0)
        return 0;
    int rows = letters_of(a, left);
    int columns = letters_of(b, right);
    if (rows < 0 || columns < 0)
        return DISTANCE_CAP;
    for (int j = 0; j <= columns; j++)
        row[j] = j;
    for (int i = 1; i <= rows; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= columns; j++) {
            int above = row[j];
            int change = diagonal + (left[i - 1] != right[j - 1]);
            row[j] = smallest(above + 1, row[j - 1] + 1, change);
            diagonal = above;
        }
    }
    return row[columns] < DISTANCE_CAP ? row[columns] : DISTANCE_CAP;
}
