/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker's exact numbers: decimals, rounding, prices, and what people read. */
#include "base/memory.h"
#include "base/random.h"
#include "reports/checker/exact.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* numerator / 10^zeros, written as digits. */
static void expect_number(const mpq_t number, const char *numerator, unsigned long zeros,
                          const char *what)
{
    mpq_t wanted;
    mpq_init(wanted);
    cr_assert_eq(mpz_set_str(mpq_numref(wanted), numerator, 10), 0);
    mpz_ui_pow_ui(mpq_denref(wanted), 10, zeros);
    mpq_canonicalize(wanted);
    cr_expect(mpq_equal(number, wanted), "%s", what);
    mpq_clear(wanted);
}

static char *zeros_after(const char *digits, int count)
{
    char *text = calloc(strlen(digits) + (size_t)count + 1, 1);
    cr_assert(text != NULL);
    strcpy(text, digits);
    memset(text + strlen(digits), '0', (size_t)count);
    return text;
}

/* ---- decimals ---- */

Test(check_exact, decimals)
{
    static const struct {
        const char *text, *numerator;
        unsigned long zeros;
    } cases[] = {{"0", "0", 0},
                 {"-0", "0", 0},
                 {"0.000e-400", "0", 0},
                 {"7", "7", 0},
                 {"+7", "7", 0},
                 {"-12.5", "-125", 1},
                 {".5", "5", 1},
                 {"5.", "5", 0},
                 {"-.25", "-25", 2},
                 {"1e3", "1000", 0},
                 {"1E+3", "1000", 0},
                 {"1e-7", "1", 7},
                 {"12.5e1", "125", 0},
                 {"12.5e-1", "125", 2},
                 {"0001.5000", "15", 1},
                 {"1e00000000000000000002", "100", 0},
                 {"0.1", "1", 1},
                 {"9007199254740993", "9007199254740993", 0},
                 {"123456789012345678901234567890", "123456789012345678901234567890", 0},
                 {"2.2250738585072014e-308", "22250738585072014", 324},
                 {"4.9e-324", "49", 325},
                 {"1e-400", "1", 400}};
    mpq_t number;
    mpq_init(number);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mpq_set_si(number, 3, 7);
        cr_assert_eq(kvc_parse(number, cases[i].text), 0, "%s", cases[i].text);
        expect_number(number, cases[i].numerator, cases[i].zeros, cases[i].text);
    }
    char *most = zeros_after("1", 400);
    cr_assert_eq(kvc_parse(number, "1e400"), 0);
    expect_number(number, most, 0, "1e400");
    free(most);
    mpq_clear(number);
}

/* What is none leaves the number as it was. */
Test(check_exact, no_decimals)
{
    static const char *const texts[] = {"",
                                        " ",
                                        ".",
                                        "-",
                                        "+",
                                        "-.",
                                        "e5",
                                        ".e5",
                                        "1e",
                                        "1e+",
                                        "1e-",
                                        "1e 5",
                                        "1e5.5",
                                        "1e5e5",
                                        "1.2.3",
                                        "1,5",
                                        "1 000",
                                        " 1",
                                        "1 ",
                                        "1\n",
                                        "--1",
                                        "+-1",
                                        "0x10",
                                        "1p4",
                                        "inf",
                                        "nan",
                                        "NaN",
                                        "-inf",
                                        "one",
                                        "1/3",
                                        "1e401",
                                        "1e-401",
                                        "1e999999999",
                                        "1e-999999999",
                                        "1e9223372036854775807",
                                        "1e-9223372036854775808",
                                        "1e99999999999999999999",
                                        "1e-99999999999999999999",
                                        "\xd9\xa1",
                                        "1\xc2\xa0"};
    mpq_t number;
    mpq_init(number);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        mpq_set_si(number, 3, 7);
        cr_expect_eq(kvc_parse(number, texts[i]), -1, "'%s'", texts[i]);
        cr_expect_eq(mpq_cmp_si(number, 3, 7), 0, "'%s'", texts[i]);
    }
    mpq_clear(number);
}

Test(check_exact, sixty_digits)
{
    mpq_t number;
    char *sixty = zeros_after("7", 59), *more = zeros_after("7", 60);
    mpq_init(number);
    cr_expect_eq(kvc_parse(number, sixty), 0);
    expect_number(number, sixty, 0, "sixty digits");
    cr_expect_eq(kvc_parse(number, more), -1);
    sixty[20] = '.';
    cr_expect_eq(kvc_parse(number, sixty), 0);
    sixty[20] = 0;
    expect_number(number, sixty, 0, "twenty before the point");
    free(sixty);
    free(more);
    mpq_clear(number);
}

/* ---- doubles ---- */

Test(check_exact, doubles_are_the_decimals_they_are_written_as)
{
    mpq_t number;
    mpq_init(number);
    kvc_set(number, 0.1);
    expect_number(number, "1", 1, "0.1");
    kvc_set(number, -0.3);
    expect_number(number, "-3", 1, "-0.3");
    kvc_set(number, 0.1 + 0.2);
    expect_number(number, "30000000000000004", 17, "0.1 + 0.2");
    kvc_set(number, -0.0);
    expect_number(number, "0", 0, "-0");
    kvc_set(number, 999999999);
    expect_number(number, "999999999", 0, "below 1e9");
    kvc_set(number, -4294967296.0);
    expect_number(number, "-4294967296", 0, "beyond 32 bits");
    kvc_set(number, 9007199254740993.0);
    expect_number(number, "9007199254740992", 0, "2^53 + 1 is no double");
    kvc_set(number, 1.7976931348623157e308);
    char *largest = zeros_after("17976931348623157", 292);
    expect_number(number, largest, 0, "the largest");
    free(largest);
    kvc_set(number, DBL_MIN);
    expect_number(number, "22250738585072014", 324, "the least that is normal");
    kvc_set(number, 4.9406564584124654e-324);
    expect_number(number, "5", 324, "the least");
    kvc_set(number, 2.2250738585072009e-308);
    expect_number(number, "2225073858507201", 323, "the largest that is not normal");
    const double none[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 3; i++) {
        kvc_set(number, none[i]);
        expect_number(number, "0", 0, "no number");
    }
    mpq_clear(number);
}

/* Any finite double of either sign, all exponents alike. */
static double any_double(kv_random *random)
{
    double value;
    do {
        uint64_t bits = kv_random_next(random);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

/* The decimal is nearer to its double than to any other. */
Test(check_exact, decimals_read_back)
{
    kv_random random;
    mpq_t number, exact, next;
    kv_random_seed(&random, 1);
    mpq_inits(number, exact, next, NULL);
    for (int i = 0; i < 3000; i++) {
        double value = any_double(&random);
        kvc_set(number, value);
        mpq_set_d(exact, value);
        mpq_set_d(next, nextafter(value, 0));
        mpq_sub(next, next, exact);
        mpq_abs(next, next);
        mpq_sub(number, number, exact);
        mpq_abs(number, number);
        cr_assert(mpq_cmp(number, next) <= 0, "%.17g", value);
    }
    mpq_clears(number, exact, next, NULL);
}

Test(check_exact, each_double_is_worked_out_once)
{
    kvc_arena arena = {0};
    kvc_memo memo = {0};
    jmp_buf out;
    static mpq_srcptr first[600];
    arena.no_memory = &out;
    cr_assert_eq(setjmp(out), 0);
    for (int i = 0; i < 600; i++)
        first[i] = kvc_value(&arena, &memo, i / 8.0);
    for (int i = 0; i < 600; i++) {
        cr_assert_eq(kvc_value(&arena, &memo, i / 8.0), first[i]);
        cr_assert_eq(mpq_cmp_si(first[i], i, 8), 0);
    }
    size_t count = memo.count;
    cr_expect_eq(mpq_sgn(kvc_value(&arena, &memo, NAN)), 0);
    cr_expect_eq(mpq_sgn(kvc_value(&arena, &memo, NAN)), 0);
    cr_expect_eq(memo.count, count + 1);
    kvc_memo_free(&memo);
    kvc_arena_free(&arena);
}

/* ---- powers and rounding ---- */

Test(check_exact, powers)
{
    mpq_t number, base;
    mpq_inits(number, base, NULL);
    kvc_set_power(number, -25, 2);
    expect_number(number, "-2500", 0, "-25e2");
    kvc_set_power(number, 25, -2);
    expect_number(number, "25", 2, "25e-2");
    kvc_set_power(number, 0, -9);
    expect_number(number, "0", 0, "0e-9");
    mpq_set_si(base, -3, 2);
    kvc_power(number, base, 3);
    cr_expect_eq(mpq_cmp_si(number, -27, 8), 0);
    kvc_power(number, base, -3);
    cr_expect_eq(mpq_cmp_si(number, -8, 27), 0);
    kvc_power(number, base, 0);
    cr_expect_eq(mpq_cmp_si(number, 1, 1), 0);
    mpq_set_si(base, 1, 2);
    kvc_add_product(number, base, base, base);
    cr_expect_eq(mpq_cmp_si(number, 5, 4), 0);
    mpq_clears(number, base, NULL);
}

Test(check_exact, rounding)
{
    static const struct {
        long numerator, denominator, floor, ceil,
            rounded; /* rounded: on the grid 1/4, in fourths */
    } cases[] = {{7, 2, 3, 4, 14},  {-7, 2, -4, -3, -14}, {4, 1, 4, 4, 16},     {0, 1, 0, 0, 0},
                 {1, 8, 0, 1, 1},   {-1, 8, -1, 0, -1},   {1, 9, 0, 1, 0},      {-1, 9, -1, 0, 0},
                 {29, 8, 3, 4, 15}, {31, 8, 3, 4, 16},    {-31, 8, -4, -3, -16}};
    mpq_t number, grid, scratch;
    mpq_inits(number, grid, scratch, NULL);
    mpq_set_si(grid, 1, 4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned long below = (unsigned long)cases[i].denominator;
        mpq_set_si(number, cases[i].numerator, below);
        kvc_floor(number);
        cr_expect_eq(mpq_cmp_si(number, cases[i].floor, 1), 0, "%zu", i);
        mpq_set_si(number, cases[i].numerator, below);
        kvc_ceil(number);
        cr_expect_eq(mpq_cmp_si(number, cases[i].ceil, 1), 0, "%zu", i);
        mpq_set_si(number, cases[i].numerator, below);
        kvc_round_to(number, grid, scratch);
        mpq_div(number, number, grid);
        cr_expect_eq(mpq_cmp_si(number, cases[i].rounded, 1), 0, "%zu", i);
    }
    mpq_clears(number, grid, scratch, NULL);
}

/* ---- prices and amounts ---- */

/* fix in units of 10^-digits. */
static void set_units(mpq_t number, kvc_fix fix, unsigned long digits)
{
    kvc_fix_to_mpz(mpq_numref(number), fix);
    mpz_ui_pow_ui(mpq_denref(number), 10, digits);
    mpq_canonicalize(number);
}

/* Random fractions of either sign: prices are the next below, amounts the next above. */
Test(check_exact, prices_are_rounded_down_and_amounts_up)
{
    kv_random random;
    mpq_t number, near, unit;
    kv_random_seed(&random, 2);
    mpq_inits(number, near, unit, NULL);
    for (int i = 0; i < 2000; i++) {
        double value = pow(10, kv_random_integer(&random, -26, 9)) * kv_random_uniform(&random);
        mpq_set_d(number, i % 2 ? value : -value);
        mpq_set_si(unit, kv_random_integer(&random, 1, 1000), 7);
        mpq_mul(number, number, unit);
        const kvc_fix price = kvc_fix_floor(number), amount = kvc_amount_ceil(number);
        set_units(near, price, 24);
        cr_assert(mpq_cmp(near, number) <= 0);
        set_units(near, price + 1, 24);
        cr_assert(mpq_cmp(near, number) > 0);
        kvc_from_amount(near, amount);
        cr_assert(mpq_cmp(near, number) >= 0);
        kvc_from_amount(near, amount - 1);
        cr_assert(mpq_cmp(near, number) < 0);
        kvc_from_fix(near, price);
        cr_assert(kvc_fix_floor(near) == price);
    }
    mpq_clears(number, near, unit, NULL);
}

Test(check_exact, what_is_kept_at_most)
{
    mpq_t number, unit;
    mpz_t whole;
    mpq_inits(number, unit, NULL);
    mpz_init(whole);
    for (int sign = -1; sign <= 1; sign += 2) {
        set_units(number, sign * (KVC_MOST - 1), 24);
        cr_expect(kvc_fix_floor(number) == sign * (KVC_MOST - 1));
        set_units(number, sign * KVC_MOST, 24);
        cr_expect(kvc_fix_floor(number) == sign * KVC_MOST);
        kvc_set(number, sign * 1e300);
        cr_expect(kvc_fix_floor(number) == sign * KVC_MOST);
        cr_expect(kvc_amount_ceil(number) == sign * KVC_MOST);
        kvc_from_amount(number, sign * (KVC_MOST - 1));
        cr_expect(kvc_amount_ceil(number) == sign * (KVC_MOST - 1));
        /* sums of prices */
        const kvc_fix sum = sign * (4 * KVC_MOST - 1);
        kvc_fix_to_mpz(whole, sum);
        char *text = mpz_get_str(NULL, 10, whole);
        cr_expect_str_eq(text + (sign < 0), "5316911983139663491615228241121378303");
        cr_expect((*text == '-') == (sign < 0));
        free(text);
    }
    mpq_clears(number, unit, NULL);
    mpz_clear(whole);
}

Test(check_exact, multipliers_are_cut_to_the_grid)
{
    mpq_t number;
    mpq_init(number);
    const double none[] = {0,     -0.0,  NAN,      INFINITY, -INFINITY, 1e11,   -1e11,
                           1e300, 1e-25, -9.9e-25, DBL_MIN,  -DBL_MAX,  5e-324, -5e-324};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect(kvc_fix_near(none[i]) == 0, "%g", none[i]);
    cr_expect(kvc_fix_near(1.5e-24) == 1);
    cr_expect(kvc_fix_near(-2.75e-24) == -2);
    kvc_from_fix(number, kvc_fix_near(-2.5));
    cr_expect_eq(mpq_cmp_si(number, -5, 2), 0);
    kvc_from_fix(number, kvc_fix_near(99999999999.0));
    cr_expect(fabs(kvc_double(number) - 99999999999.0) < 1e-4);
    kv_random random;
    kv_random_seed(&random, 3);
    for (int i = 0; i < 1000; i++) {
        double value = pow(10, kv_random_integer(&random, -15, 10)) * kv_random_uniform(&random);
        kvc_from_fix(number, kvc_fix_near(value));
        cr_assert(fabs(kvc_double(number) - value) <= 1e-15 * value + 1e-24, "%.17g", value);
    }
    mpq_clear(number);
}

/* ---- for people ---- */

static void expect_text(const char *decimal, int digits, const char *wanted)
{
    kv_text text = {0};
    mpq_t number;
    mpq_init(number);
    cr_assert_eq(kvc_parse(number, decimal), 0, "%s", decimal);
    kvc_add_decimal(&text, number, digits);
    cr_expect_str_eq(text.data, wanted, "%s in %d digits", decimal, digits);
    mpq_clear(number);
    kv_text_clear(&text);
}

Test(check_exact, as_people_read_it)
{
    expect_text("0", 6, "0");
    expect_text("12.5", 6, "12.5");
    expect_text("-12.5", 6, "-12.5");
    expect_text("0.333333333333333333", 3, "0.333");
    expect_text("2", 12, "2");
    expect_text("1234567", 4, "1.235e+06");
    expect_text("1e-9", 6, "1e-09");
    expect_text("1e-330", 6, "under 1e-300");
    expect_text("-1e-330", 6, "under 1e-300");
    expect_text("1e330", 6, "over 1e308");
    expect_text("-1e330", 6, "under -1e308");
}

/* ---- memory ---- */

/* Numbers, integers, lists and texts with the n-th allocation failing; 1 when one did. */
static int run_short_of_memory(long n)
{
    static kvc_arena arena;
    static kv_text text;
    jmp_buf out;
    volatile int failed = 1;
    arena = (kvc_arena){.no_memory = &out};
    text = (kv_text){0};
    kv_text_add(&text, "taken");
    kv_memory_fail_at(n, 0);
    if (setjmp(out) == 0) {
        kvc_list list = {0};
        mpq_t *numbers = kvc_numbers(&arena, 5);
        mpz_ptr integers = kvc_integers(&arena, 3);
        kvc_chunk *mark = kvc_mark(&arena);
        for (int i = 0; i < 40; i++)
            *(int *)kvc_push(&arena, &list, sizeof(int)) = i;
        cr_assert(list.count == 40 && ((int *)list.items)[39] == 39 && ((int *)list.items)[0] == 0);
        kvc_release(&arena, mark);
        cr_assert(mpq_sgn(numbers[4]) == 0 && mpz_sgn(&integers[2]) == 0);
        cr_assert_str_eq(kvc_take(&arena, &text), "taken");
        failed = 0;
    }
    kv_memory_fail_at(0, 0);
    kv_text_clear(&text);
    kvc_arena_free(&arena);
    return failed;
}

Test(check_exact, out_of_memory)
{
    long n = 1;
    while (run_short_of_memory(n))
        n++;
    cr_expect(n >= 6 && n < 20, "%ld", n);
}

/* A size that can't be is no memory, too. */
Test(check_exact, no_such_size)
{
    static kvc_arena arena;
    jmp_buf out;
    volatile int jumped = 1;
    arena = (kvc_arena){.no_memory = &out};
    if (setjmp(out) == 0) {
        kvc_alloc(&arena, (size_t)-1 / 4, 8);
        jumped = 0;
    }
    cr_expect_eq(jumped, 1);
    kvc_arena_free(&arena);
}
