/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/budgets.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static kv_status fault(const char *text, const char *what, kv_messages *messages)
{
    kv_where where = {.value = text};
    kv_messages_add(messages, KV_FAULT, &where,
                    "write FROM:TO:STEP, such as 0.5:1.5:0.25, or one factor", "--budget: '%s' %s",
                    text, what);
    return KV_ERR_INPUT;
}

/* Up to three numbers with ':' between them; how many, or 0 when it is nothing of the kind. */
static int read_numbers(const char *text, double *numbers)
{
    char part[64];
    int count = 0;
    for (;;) {
        size_t n = strcspn(text, ":");
        if (count == 3 || n >= sizeof part)
            return 0;
        memcpy(part, text, n);
        part[n] = 0;
        if (kv_parse_number(part, '.', &numbers[count++]) != 0)
            return 0;
        if (!text[n])
            return count;
        text += n + 1;
    }
}

/* So that steps of 0.1 lead to 0.3 and not to 0.30000000000000004. */
static double rounded(double value)
{
    char text[KV_NUMBER_SIZE];
    double result = value;
    kv_format_decimal(value, 9, text);
    kv_parse_number(text, '.', &result);
    return result;
}

kv_status cli_read_budgets(const char *text, double *factors, int *count, kv_messages *messages)
{
    double numbers[3];
    int n = read_numbers(text, numbers);
    *count = 0;
    if (n != 1 && n != 3)
        return fault(text, "is no range of factors", messages);
    if (numbers[0] < 0)
        return fault(text, "begins below 0", messages);
    if (n == 1) {
        factors[(*count)++] = numbers[0];
        return KV_OK;
    }
    if (!(numbers[2] > 0) || numbers[1] < numbers[0])
        return fault(text, "goes nowhere", messages);
    double steps = floor((numbers[1] - numbers[0]) / numbers[2] + 1e-6);
    if (steps >= CLI_MOST_BUDGETS)
        return fault(text, "has too many steps", messages);
    for (int i = 0; i <= (int)steps; i++)
        factors[(*count)++] = rounded(numbers[0] + i * numbers[2]);
    return KV_OK;
}
