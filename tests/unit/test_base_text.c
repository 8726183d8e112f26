/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *number(double value)
{
    static char buffer[KV_NUMBER_SIZE];
    kv_format_number(value, buffer);
    return buffer;
}

static const char *decimal(double value, int decimals)
{
    static char buffer[KV_NUMBER_SIZE];
    memset(buffer, 'x', sizeof buffer);
    kv_format_decimal(value, decimals, buffer);
    return buffer;
}

Test(text, grows)
{
    kv_text text = {0};
    for (int i = 0; i < 1000; i++)
        kv_text_add(&text, "Skellefteå ");
    cr_assert_eq(text.length, 12000);
    cr_assert_eq(text.data[text.length], 0);
    cr_assert_not(text.failed);
    kv_text_clear(&text);
    cr_assert_null(text.data);
    cr_assert_eq(text.length, 0);
}

Test(text, nothing_added_is_an_empty_string)
{
    kv_text text = {0};
    kv_text_add(&text, NULL);
    cr_assert_null(text.data);
    kv_text_add(&text, "");
    cr_assert_str_eq(text.data, "");
    kv_text_add_bytes(&text, NULL, 0);
    cr_assert_str_eq(text.data, "");
    kv_text_clear(&text);
}

Test(text, formats)
{
    kv_text text = {0};
    kv_text_addf(&text, "%d places, %s", 6, "three countries");
    kv_text_addf(&text, "%s", "");
    kv_text_addf(&text, ", %.2f", 0.5);
    cr_assert_str_eq(text.data, "6 places, three countries, 0.50");
    kv_text_clear(&text);
}

/* A locale with a decimal comma, in a folder of our own so that none has to be installed. */
static int set_comma_locale(void)
{
    static const char *const names[] = {"sv_SE.UTF-8", "fi_FI.UTF-8", "nb_NO.UTF-8", "de_DE.UTF-8"};
    for (int i = 0; i < 4; i++) {
        if (setlocale(LC_ALL, names[i]))
            return 1;
    }
    char folder[] = "/tmp/kvarken-locale-XXXXXX";
    char command[400];
    int made = 0;
    if (!mkdtemp(folder))
        return 0;
    snprintf(command, sizeof command, "localedef -i sv_SE -f UTF-8 %s/sv_SE.UTF-8 >/dev/null 2>&1",
             folder);
    if (system(command) == 0) {
        setenv("LOCPATH", folder, 1);
        made = setlocale(LC_ALL, "sv_SE.UTF-8") != NULL;
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 && made;
}

Test(text, numbers_do_not_depend_on_the_locale)
{
    double value;
    if (!set_comma_locale())
        cr_skip_test("no locale with a decimal comma can be had");
    cr_assert_str_eq(localeconv()->decimal_point, ",");
    cr_assert_str_eq(number(0.5), "0.5");
    cr_assert_str_eq(number(0.1 + 0.2), "0.30000000000000004");
    cr_assert_str_eq(decimal(1234.5678, 2), "1234.57");
    kv_text text = {0};
    kv_text_addf(&text, "%.1f", 2.5);
    cr_assert_str_eq(text.data, "2.5");
    kv_text_clear(&text);
    cr_assert_eq(kv_parse_number("1.25", '.', &value), 0);
    cr_assert_eq(value, 1.25);
    cr_assert_eq(kv_parse_number("1,25", ',', &value), 0);
    cr_assert_eq(value, 1.25);
    cr_assert_eq(kv_parse_number("1,25", '.', &value), -1);
    cr_assert_str_eq(localeconv()->decimal_point, ",", "the program's locale must be left alone");
}

static const char *field(const char *value)
{
    static char buffer[200];
    kv_text text = {0};
    kv_text_add_field(&text, value);
    snprintf(buffer, sizeof buffer, "%s", text.data ? text.data : "");
    kv_text_clear(&text);
    return buffer;
}

Test(text, csv_fields)
{
    cr_assert_str_eq(field("Umeå"), "Umeå");
    cr_assert_str_eq(field(""), "");
    cr_assert_str_eq(field(NULL), "");
    cr_assert_str_eq(field("a,b"), "\"a,b\"");
    cr_assert_str_eq(field("say \"no\""), "\"say \"\"no\"\"\"");
    cr_assert_str_eq(field("\""), "\"\"\"\"");
    cr_assert_str_eq(field("two\nlines"), "\"two\nlines\"");
    cr_assert_str_eq(field("two\rlines"), "\"two\rlines\"");
    cr_assert_str_eq(field(" before"), "\" before\"");
    cr_assert_str_eq(field("after "), "\"after \"");
    cr_assert_str_eq(field("after\t"), "\"after\t\"");
    cr_assert_str_eq(field("in between"), "in between");
}

static const char *json(const char *value)
{
    static char buffer[200];
    kv_text text = {0};
    kv_text_add_json(&text, value);
    snprintf(buffer, sizeof buffer, "%s", text.data);
    kv_text_clear(&text);
    return buffer;
}

Test(text, json_strings)
{
    cr_assert_str_eq(json(NULL), "null");
    cr_assert_str_eq(json(""), "\"\"");
    cr_assert_str_eq(json("Mo i Rana"), "\"Mo i Rana\"");
    cr_assert_str_eq(json("Skellefteå €𝄞"), "\"Skellefteå €𝄞\"");
    cr_assert_str_eq(json("\"\\/\b\f\n\r\t"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    cr_assert_str_eq(json("\x01\x1f"), "\"\\u0001\\u001f\"");
}

Test(text, json_is_valid_utf8_whatever_came_in)
{
    static const char *const malformed[] = {"\x80",             /* a continuation alone */
                                            "\xc3",             /* cut short */
                                            "\xc0\xaf",         /* overlong */
                                            "\xe0\x80\xaf",     /* overlong */
                                            "\xf0\x80\x80\xaf", /* overlong */
                                            "\xed\xa0\x80",     /* a surrogate */
                                            "\xf4\x90\x80\x80", /* beyond U+10FFFF */
                                            "\xf5\x80\x80\x80",
                                            "\xff"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        const char *got = json(malformed[i]);
        cr_assert_eq(strncmp(got, "\"\xef\xbf\xbd", 4), 0, "case %zu", i);
        for (const char *c = got + 1; c[1]; c += 3)
            cr_assert_eq(strncmp(c, "\xef\xbf\xbd", 3), 0, "case %zu: %s", i, got);
    }
}

Test(text, shortest_numbers)
{
    cr_assert_str_eq(number(0.1), "0.1");
    cr_assert_str_eq(number(1e-9), "1e-09");
    cr_assert_str_eq(number(-3), "-3");
    cr_assert_str_eq(number(0), "0");
    cr_assert_str_eq(number(-0.0), "0");
    cr_assert_str_eq(number(1.0 / 3), "0.3333333333333333");
    cr_assert_str_eq(number(0.1 + 0.2), "0.30000000000000004");
    cr_assert_str_eq(number(123456789), "123456789");
    cr_assert_str_eq(number(5e-324), "5e-324");
    cr_assert_str_eq(number(DBL_MAX), "1.7976931348623157e+308");
    cr_assert_str_eq(number((double)NAN), "");
    cr_assert_str_eq(number(HUGE_VAL), "inf");
    cr_assert_str_eq(number(-HUGE_VAL), "-inf");
}

Test(text, numbers_come_back_bit_for_bit)
{
    kv_random random;
    kv_random_seed(&random, 1);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = kv_random_next(&random);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        cr_assert_eq(kv_parse_number(number(value), '.', &back), 0);
        cr_assert_eq(back, value, "%a", value);
    }
}

Test(text, decimals)
{
    cr_assert_str_eq(decimal(1.005, 1), "1");
    cr_assert_str_eq(decimal(2.5, 0), "2");
    cr_assert_str_eq(decimal(1.10, 4), "1.1");
    cr_assert_str_eq(decimal(100, 3), "100");
    cr_assert_str_eq(decimal(1000, 0), "1000");
    cr_assert_str_eq(decimal(-0.0004, 3), "0");
    cr_assert_str_eq(decimal(-0.0, 3), "0");
    cr_assert_str_eq(decimal(-1.5, 1), "-1.5");
    cr_assert_str_eq(decimal(0.123456789012345, 12), "0.123456789012");
    cr_assert_str_eq(decimal(0.123456789012345, 99), "0.123456789012");
    cr_assert_str_eq(decimal(7.7, -1), "8");
    cr_assert_str_eq(decimal((double)NAN, 2), "");
    cr_assert_str_eq(decimal(HUGE_VAL, 2), "inf");
    cr_assert_str_eq(decimal(1e300, 12), "1e+300");
    cr_assert_str_eq(decimal(-9.99999999999999e21, 12), "-9999999999999989514240");
}

static int parse(const char *text, char point)
{
    double value = 77;
    int failed = kv_parse_number(text, point, &value);
    cr_assert(!failed || value == 77, "'%s' changed the value", text);
    return failed;
}

Test(text, parses_numbers)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},   {"-0", 0},     {"12", 12},        {"+12", 12},    {"-1.5", -1.5},
                {".5", .5}, {"5.", 5},     {"1e3", 1000},     {"1E+3", 1000}, {"1.5e-3", 0.0015},
                {"007", 7}, {"1e-999", 0}, {"5e-324", 5e-324}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = 77;
        cr_assert_eq(kv_parse_number(good[i].text, '.', &value), 0, "%s", good[i].text);
        cr_assert_eq(value, good[i].value, "%s", good[i].text);
    }
}

Test(text, refuses_what_is_no_number)
{
    static const char *const bad[] = {
        "",     " ",   " 1",       "1 ",    "1 000", "1,000", "1.0.0", "e5",   "1e",  "1e+",
        "+",    "-",   ".",        "-.",    "--1",   "0x10",  "inf",   "nan",  "abc", "1a",
        "1.5f", "1\n", "Infinity", "1'000", "1_000", "½",     "−1",    "1e1.5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_eq(parse(bad[i], '.'), -1, "'%s'", bad[i]);
    cr_assert_eq(parse(NULL, '.'), -1);
    cr_assert_eq(parse("1.5", ','), -1);
    cr_assert_eq(parse("1.000,5", ','), -1);
    cr_assert_eq(parse("1,5", ','), 0);
}

Test(text, refuses_what_is_not_finite)
{
    cr_assert_eq(parse("1e999", '.'), -2);
    cr_assert_eq(parse("-1e999", '.'), -2);
}

Test(text, numbers_of_many_digits)
{
    char digits[1200];
    memset(digits, '1', sizeof digits);
    digits[1000] = 0;
    digits[1] = '.';
    cr_assert_eq(parse(digits, '.'), 0);
    digits[1000] = '1';
    digits[1199] = 0;
    cr_assert_eq(parse(digits, '.'), -1);
}

Test(text, distances)
{
    cr_assert_eq(kv_text_distance("", ""), 0);
    cr_assert_eq(kv_text_distance("gap", "gap"), 0);
    cr_assert_eq(kv_text_distance("", "abc"), 3);
    cr_assert_eq(kv_text_distance("kitten", "sitting"), 3);
    cr_assert_eq(kv_text_distance("sitting", "kitten"), 3);
    cr_assert_eq(kv_text_distance("Umeå", "Umea"), 1);
    cr_assert_eq(kv_text_distance("\xff\xfe", "\xff"), 1);
}

Test(text, long_distances_are_capped)
{
    char a[400], b[400];
    memset(a, 'a', sizeof a);
    memset(b, 'b', sizeof b);
    a[399] = b[399] = 0;
    cr_assert_eq(kv_text_distance(a, a), 0);
    cr_assert_eq(kv_text_distance(a, b), 99);
    cr_assert_eq(kv_text_distance("", b), 99);
    a[256] = b[256] = 0;
    cr_assert_eq(kv_text_distance(a, b), 99);
    cr_assert_eq(kv_text_distance(a, a + 1), 1);
}

Test(text, failing_allocations_are_remembered)
{
    for (long n = 1;; n++) {
        kv_text text = {0};
        kv_memory_fail_at(n, 0);
        for (int i = 0; i < 100; i++) {
            kv_text_addf(&text, "%d", i);
            kv_text_add_field(&text, "a,\"b\"");
            kv_text_add_json(&text, "\x01ö");
            kv_text_add_number(&text, 0.25);
        }
        kv_memory_fail_at(0, 0);
        int failed = text.failed;
        if (text.data)
            cr_assert_eq(strlen(text.data), text.length);
        kv_text_clear(&text);
        if (!failed)
            break;
        cr_assert_lt(n, 100);
    }
}
