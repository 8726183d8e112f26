/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/budgets.h"

#include <criterion/criterion.h>

static double factors[CLI_MOST_BUDGETS];
static int count;

Test(cli_budgets, range_has_both_ends)
{
    cr_assert_eq(cli_read_budgets("0.5:1.5:0.25", factors, &count, NULL), KV_OK);
    cr_assert_eq(count, 5);
    cr_assert_eq(factors[0], 0.5);
    cr_assert_eq(factors[4], 1.5);
}

Test(cli_budgets, steps_are_decimals)
{
    cr_assert_eq(cli_read_budgets("0:0.3:0.1", factors, &count, NULL), KV_OK);
    cr_assert_eq(count, 4);
    cr_assert_eq(factors[3], 0.3);
}

Test(cli_budgets, last_step_does_not_pass_the_end)
{
    cr_assert_eq(cli_read_budgets("1:2:0.4", factors, &count, NULL), KV_OK);
    cr_assert_eq(count, 3);
    cr_assert_eq(factors[2], 1.8);
}

Test(cli_budgets, one_factor)
{
    cr_assert_eq(cli_read_budgets("0", factors, &count, NULL), KV_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(factors[0], 0);
}

Test(cli_budgets, anything_else_is_a_fault)
{
    static const char *const wrong[] = {"",       "1:2",     "a:b:c",    "1:2:0", "1:2:-1", "2:1:1",
                                        "-1:1:1", "1:2:3:4", "1:2:1e-9", "::",    "1::1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        kv_messages *messages = kv_messages_create();
        cr_assert_eq(cli_read_budgets(wrong[i], factors, &count, messages), KV_ERR_INPUT, "%s",
                     wrong[i]);
        cr_assert_eq(kv_messages_faults(messages), 1, "%s", wrong[i]);
        kv_messages_free(messages);
    }
}
