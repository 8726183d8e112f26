/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/cells.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

int kv_is_identifier(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        int fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                   c == ':' || c == '-';
        if (!fine)
            return 0;
    }
    return length > 0;
}

void kv_help_mend(const char *doing, const char *help, kv_text *out)
{
    size_t length = strlen(help);
    kv_text_addf(out, "%s: ", doing);
    kv_text_add_bytes(out, help, length - (length > 0 && help[length - 1] == '.'));
}

/* ---- ranges ---- */

void kv_range_text(const kv_column *column, double low, double high, kv_text *out)
{
    int years = column->type == KV_TYPE_YEAR;
    if (isfinite(low) && isfinite(high)) {
        kv_text_add_number(out, low);
        kv_text_add(out, " to ");
        kv_text_add_number(out, high);
    } else if (isfinite(low)) {
        kv_text_add(out, "at least ");
        kv_text_add_number(out, low);
    } else {
        kv_text_add(out, "at most ");
        kv_text_add_number(out, high);
    }
    if (column->unit && !years && strcmp(column->unit, "unit") != 0 &&
        strcmp(column->unit, "capacity_unit") != 0 && strcmp(column->unit, "share") != 0 &&
        strcmp(column->unit, "factor") != 0)
        kv_text_addf(out, " %s", column->unit);
}

int kv_range_check(const kv_column *column, double value, const kv_where *where,
                   kv_messages *messages)
{
    if (value >= column->odd_low && value <= column->odd_high && value >= column->low &&
        value <= column->high)
        return 0;
    kv_text range = {0};
    char number[KV_NUMBER_SIZE];
    kv_format_number(value, number);
    int outside = !(value >= column->low && value <= column->high);
    if (outside) {
        kv_range_text(column, column->low, column->high, &range);
        kv_messages_add(messages, KV_FAULT, where, "check the figure and its unit",
                        "%s is outside of the allowed range, %s", number,
                        range.data ? range.data : "");
    } else {
        kv_range_text(column, column->odd_low, column->odd_high, &range);
        kv_messages_add(messages, KV_WARNING, where, "check the figure and its unit",
                        "%s is unusual, mostly %s", number, range.data ? range.data : "");
    }
    kv_text_clear(&range);
    return outside ? -1 : 0;
}

/* ---- numbers ---- */

/*
 * A plain decimal of up to 15 digits is exact as digits / 10^k for k <= 22 (Clinger 1990, section
 * 4); others go to kv_parse_number. `point` is the decimal sign found.
 */
static int number_fast(const char *text, char point, double *value)
{
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    int64_t digits = 0;
    int n = 0, decimals = 0, seen_point = 0, negative = *text == '-';
    for (const char *s = text + negative; *s; s++) {
        if (*s >= '0' && *s <= '9' && n < 15) {
            digits = digits * 10 + (*s - '0');
            n++;
            decimals += seen_point;
        } else if (*s == point && !seen_point && n > 0) {
            seen_point = 1;
        } else {
            return -1;
        }
    }
    if (n == 0 || (seen_point && decimals == 0))
        return -1;
    double magnitude = (double)digits / tens[decimals];
    *value = negative ? -magnitude : magnitude;
    return 0;
}

/* "1,500": one to three digits, a comma, three digits. */
static int ambiguous(const char *text)
{
    const char *s = text + (*text == '-' || *text == '+');
    size_t before = strspn(s, "0123456789");
    return *s != '0' && before >= 1 && before <= 3 && s[before] == ',' &&
           strspn(s + before + 1, "0123456789") == 3 && s[before + 4] == 0;
}

static kv_status number_read(const char *text, int commas, double *value, const kv_where *where,
                             kv_messages *messages)
{
    char point = strchr(text, ',') ? ',' : '.';
    if (commas && point == ',' && ambiguous(text)) {
        kv_messages_add(messages, KV_FAULT, where,
                        "write 1500 or 1.5 without separators of thousands",
                        "may mean thousands or decimals");
        return KV_ERR_INPUT;
    }
    if (number_fast(text, point, value) == 0)
        return KV_OK;
    int failed = kv_parse_number(text, point, value);
    if (failed == -2)
        kv_messages_add(messages, KV_FAULT, where, "write a finite number", "not a finite number");
    else if (failed)
        kv_messages_add(messages, KV_FAULT, where,
                        "write digits, with . or , before the decimals only", "not a number");
    return failed ? KV_ERR_INPUT : KV_OK;
}

static kv_status double_cell(const kv_column *column, const char *text, int commas, void *row,
                             const kv_where *where, kv_messages *messages)
{
    double value;
    kv_status status = number_read(text, commas, &value, where, messages);
    if (status == KV_OK && kv_range_check(column, value, where, messages) != 0)
        status = KV_ERR_INPUT;
    if (status == KV_OK)
        *kv_cell_double(column, row) = value;
    return status;
}

static kv_status whole_cell(const kv_column *column, const char *text, int commas, void *row,
                            const kv_where *where, kv_messages *messages)
{
    double value;
    kv_status status = number_read(text, commas, &value, where, messages);
    if (status != KV_OK)
        return status;
    if (value != floor(value)) {
        kv_messages_add(messages, KV_FAULT, where,
                        column->type == KV_TYPE_YEAR ? "write a year such as 2030"
                                                     : "write it without decimals",
                        column->type == KV_TYPE_YEAR ? "not a year" : "not a whole number");
        return KV_ERR_INPUT;
    }
    if (kv_range_check(column, value, where, messages) != 0)
        return KV_ERR_INPUT;
    *kv_cell_int(column, row) = (int)value;
    return KV_OK;
}

/* ---- words ---- */

static kv_status yesno_cell(const kv_column *column, const char *text, void *row,
                            const kv_where *where, kv_messages *messages)
{
    static const char *const yes[] = {"yes", "true", "1", "ja", "Yes", "YES", "TRUE", "True", NULL};
    static const char *const no[] = {"no", "false", "0", "nej", "No", "NO", "FALSE", "False", NULL};
    for (int i = 0; yes[i]; i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *kv_cell_int(column, row) = strcmp(text, yes[i]) == 0;
            return KV_OK;
        }
    }
    kv_messages_add(messages, KV_FAULT, where, "write yes or no", "neither yes nor no");
    return KV_ERR_INPUT;
}

static kv_status choice_cell(const kv_column *column, const char *text, void *row,
                             const kv_where *where, kv_messages *messages)
{
    for (int i = 0; column->choices[i]; i++) {
        if (strcmp(text, column->choices[i]) == 0) {
            *kv_cell_int(column, row) = i;
            return KV_OK;
        }
    }
    kv_text mend = {0};
    const char *nearest = NULL;
    int least = 3;
    for (int i = 0; column->choices[i]; i++) {
        int distance = *column->choices[i] ? kv_text_distance(text, column->choices[i]) : 99;
        if (distance < least) {
            least = distance;
            nearest = column->choices[i];
        }
    }
    if (nearest)
        kv_text_addf(&mend, "did you mean '%s'? ", nearest);
    kv_text_add(&mend, nearest ? "Choices: " : "write one of ");
    for (int i = 0, n = 0; column->choices[i]; i++)
        if (*column->choices[i])
            kv_text_addf(&mend, "%s%s", n++ ? ", " : "", column->choices[i]);
    kv_messages_add(messages, KV_FAULT, where, mend.data, "not one of the choices");
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

static kv_status text_cell(kv_pool *pool, const kv_column *column, const char *text, size_t length,
                           void *row, const kv_where *where, kv_messages *messages)
{
    if (column->type == KV_TYPE_KEY && !kv_is_identifier(text, length)) {
        kv_messages_add(messages, KV_FAULT, where,
                        "use lower-case letters a-z, digits and _ . : - only",
                        "not a valid short name");
        return KV_ERR_INPUT;
    }
    int number = kv_pool_add(pool, text, length);
    if (number < 0)
        return KV_ERR_MEMORY;
    if (column->type == KV_TYPE_REF)
        *kv_cell_int(column, row) = number;
    else
        *kv_cell_string(column, row) = kv_pool_text(pool, number);
    return KV_OK;
}

kv_status kv_cell_read(kv_pool *pool, const kv_column *column, const char *text, size_t length,
                       int commas, void *row, const kv_where *where, kv_messages *messages)
{
    switch (column->type) {
    case KV_TYPE_NUMBER: return double_cell(column, text, commas, row, where, messages);
    case KV_TYPE_INTEGER:
    case KV_TYPE_YEAR: return whole_cell(column, text, commas, row, where, messages);
    case KV_TYPE_YESNO: return yesno_cell(column, text, row, where, messages);
    case KV_TYPE_CHOICE: return choice_cell(column, text, row, where, messages);
    case KV_TYPE_KEY:
    case KV_TYPE_TEXT:
    case KV_TYPE_REF: return text_cell(pool, column, text, length, row, where, messages);
    }
    return KV_ERR_INTERNAL;
}

kv_status kv_cell_default(kv_pool *pool, const kv_column *column, void *row)
{
    const char *preset = column->default_text;
    kv_where nowhere = {0};
    if (preset) {
        kv_status status =
            kv_cell_read(pool, column, preset, strlen(preset), 0, row, &nowhere, NULL);
        return status == KV_ERR_INPUT ? KV_ERR_INTERNAL : status;
    }
    if (kv_column_is_text(column))
        *kv_cell_string(column, row) = NULL;
    else if (kv_column_is_number(column))
        *kv_cell_double(column, row) = NAN;
    else
        *kv_cell_int(column, row) =
            column->type == KV_TYPE_REF || column->type == KV_TYPE_CHOICE ? -1 : 0;
    return KV_OK;
}
