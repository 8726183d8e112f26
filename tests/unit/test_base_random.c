/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <criterion/criterion.h>
#include <limits.h>

/* The authors' reference code from the state {1, 2, 3, 4}. */
Test(random, is_xoshiro256starstar)
{
    static const uint64_t expected[] = {11520u,
                                        0u,
                                        1509978240u,
                                        1215971899390074240u,
                                        1216172134540287360u,
                                        607988272756665600u,
                                        16172922978634559625u,
                                        8476171486693032832u,
                                        10595114339597558777u,
                                        2904607092377533576u};
    kv_random random = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++)
        cr_assert_eq(kv_random_next(&random), expected[i], "draw %d", i);
}

/* splitmix64 from 0: the first outputs of the reference code. */
Test(random, is_seeded_by_splitmix64)
{
    kv_random random;
    kv_random_seed(&random, 0);
    cr_assert_eq(random.state[0], 0xe220a8397b1dcdafu);
    cr_assert_eq(random.state[1], 0x6e789e6aa1b965f4u);
    cr_assert_eq(random.state[2], 0x06c45d188009454fu);
    cr_assert_eq(random.state[3], 0xf88bb8a8724c81ecu);
}

Test(random, one_seed_one_sequence)
{
    kv_random a, b, c;
    int same = 0;
    kv_random_seed(&a, 5);
    kv_random_seed(&b, 5);
    kv_random_seed(&c, 6);
    for (int i = 0; i < 100; i++) {
        uint64_t draw = kv_random_next(&a);
        cr_assert_eq(draw, kv_random_next(&b));
        same += draw == kv_random_next(&c);
    }
    cr_assert_eq(same, 0);
}

Test(random, uniform_is_in_0_1)
{
    kv_random random;
    double sum = 0;
    kv_random_seed(&random, 1);
    for (int i = 0; i < 100000; i++) {
        double u = kv_random_uniform(&random);
        cr_assert(u >= 0 && u < 1);
        sum += u;
    }
    cr_assert_float_eq(sum / 100000, 0.5, 0.01);
    kv_random largest = {{0, 0xffffffffffffffffu, 0, 0}};
    cr_assert_lt(kv_random_uniform(&largest), 1.0);
}

Test(random, integers_reach_both_ends_evenly)
{
    kv_random random;
    int seen[7] = {0};
    kv_random_seed(&random, 2);
    for (int i = 0; i < 70000; i++) {
        int k = kv_random_integer(&random, -3, 3);
        cr_assert(k >= -3 && k <= 3);
        seen[k + 3]++;
    }
    for (int k = 0; k < 7; k++)
        cr_assert(seen[k] > 9500 && seen[k] < 10500, "%d: %d", k - 3, seen[k]);
}

Test(random, ranges_at_the_limits)
{
    kv_random random;
    int negative = 0, positive = 0;
    kv_random_seed(&random, 3);
    cr_assert_eq(kv_random_integer(&random, 4, 4), 4);
    cr_assert_eq(kv_random_integer(&random, 4, 1), 4);
    for (int i = 0; i < 100; i++) {
        int k = kv_random_integer(&random, INT_MIN, INT_MAX);
        negative += k < 0;
        positive += k > 0;
        cr_assert_geq(kv_random_integer(&random, INT_MAX - 1, INT_MAX), INT_MAX - 1);
    }
    cr_assert(negative > 20 && positive > 20);
}
