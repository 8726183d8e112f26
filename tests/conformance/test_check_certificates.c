/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates made by hand for two parallel arcs from node 1 to node 2 with a demand of 5:
 *   a1 carries 3 at 1 each and costs 10, a2 carries 4 at 2 each and costs 12.
 * Both are needed: the optimum is 10 + 12 + 3 + 2 * 2 = 29. Built in part they would cost less.
 */
#include "base/memory.h"
#include "reports/checker/check.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char file[] = "MULTIGEN.DAT:\n 2 2 1\n 1 2 1 3 10 1 1\n 1 2 2 4 12 1 2\n 1 2 5\n";

/* pi = 2 at the supply, alpha = 1 on a1: L = 10 + min 7 y1 + 12 y2. */
#define PRICES "\"flow:1:k1:1-2:1\": 2, \"resource:a1:1-2:1\": 1"
/* y1 + y2 >= 2, from the balance and both capacities divided by 4. */
#define BOTH(rhs, divide)                                                                          \
    "\"rows\": [{\"name\": \"both\", \"over\": {\"y:a1:1-2\": 1, \"y:a2:1-2\": 1}, \"sense\": "    \
    "\">=\", \"rhs\": " rhs ", \"from\": {\"flow:1:k1:1-2:1\": -1, \"resource:a1:1-2:1\": 1, "     \
    "\"resource:a2:1-2:1\": 1}, \"divide\": " divide "}], "
#define ROOT "{\"kind\": \"leaf\", \"branches\": [], \"multipliers\": 0}"
#define SIDE(name, sense, rhs)                                                                     \
    "{\"over\": {\"a" name ":1-2\": 1}, \"sense\": \"" sense "\", \"rhs\": " rhs "}"

typedef struct hand {
    kv_benchmark *benchmark;
    char *folder;
} hand;

static hand hand_make(void)
{
    hand h = {.folder = test_folder()};
    cr_assert_eq(
        kv_benchmark_read_bytes(file, strlen(file), NULL, 0, NULL, "two.dow", &h.benchmark, NULL),
        KV_OK);
    return h;
}

static void hand_clear(hand *h)
{
    kv_benchmark_free(h->benchmark);
    test_remove(h->folder);
    free(h->folder);
}

static void put(const hand *h, const char *name, const char *text)
{
    char *path = test_path(h->folder, name);
    test_write(path, text);
    free(path);
}

/* Checks the optimal plan (`objective` as plan.json says it, "null" = no plan) with a certificate of
 * these rows, vector and parts. */
static kv_check_result check(const hand *h, const char *objective, const char *rows,
                             const char *vector, const char *parts)
{
    kv_text text = {0};
    kv_check_result result;
    kv_messages *messages = kv_messages_create();
    put(h, "design.csv", "design,value\na1:1-2,1\na2:1-2,1\n");
    put(h, "flows.csv", "block,commodity,arc,amount\n1,k1:1-2,a1:1-2,3\n1,k1:1-2,a2:1-2,2\n");
    kv_text_addf(
        &text, "{\"case_hash\": \"%016" PRIx64 "\", \"status\": \"%s\", \"objective\": %s}",
        h->benchmark->hash, strcmp(objective, "null") == 0 ? "infeasible" : "optimal", objective);
    put(h, "plan.json", text.data);
    kv_text_clear(&text);
    kv_text_addf(
        &text,
        "{\"format\": \"kvarken-certificate\", \"version\": 2, \"case_hash\": \"%016" PRIx64
        "\", \"objective\": %s, %s\"pool\": [{%s}], \"parts\": [%s]}",
        h->benchmark->hash, objective, rows, vector, parts);
    put(h, "certificate.json", text.data);
    kv_text_clear(&text);
    cr_assert_eq(kv_check_benchmark(h->benchmark, h->folder, NULL, &result, messages), KV_OK);
    kv_messages_free(messages);
    return result;
}

/* The bound that is proved; the plan is optimal, so it is confirmed when that is its cost. */
static void expect_bound(const char *rows, const char *vector, const char *parts, double bound)
{
    hand h = hand_make();
    kv_check_result result = check(&h, "29", rows, vector, parts);
    cr_expect_float_eq(result.bound, bound, 1e-12, "%s", result.report.data);
    cr_expect_float_eq(result.objective, 29, 1e-12);
    cr_expect_eq(result.failed == 0, bound > 28.9999, "%s", result.report.data);
    kv_text_clear(&result.report);
    hand_clear(&h);
}

/* Nothing is proved, and the report says why. */
static void expect_refused(const char *rows, const char *vector, const char *parts, const char *why)
{
    hand h = hand_make();
    kv_check_result result = check(&h, "29", rows, vector, parts);
    cr_expect_gt(result.failed, 0);
    cr_expect_not_null(strstr(result.report.data, why), "no '%s' in:\n%s", why, result.report.data);
    kv_text_clear(&result.report);
    hand_clear(&h);
}

Test(check_certificates, root)
{
    expect_bound("", PRICES, ROOT, 10);
    /* pi d = 25; the flow on a1 costs 1 - 5 + 3.25 < 0, at most 3 of it; the arcs pay for themselves. */
    expect_bound("",
                 "\"flow:1:k1:1-2:1\": 5, \"resource:a1:1-2:1\": 3.25, \"resource:a2:1-2:1\": 3",
                 ROOT, 25 - 0.75 * 3);
    /* Multipliers of inequalities that are negative count as 0. */
    expect_bound("", PRICES ", \"resource:a2:1-2:1\": -3, \"open:a1:1-2:0:k1:1-2:1\": -1", ROOT,
                 10);
    expect_bound("", "\"open:a1:1-2:0:*:1\": 2", ROOT, 0);
}

Test(check_certificates, a_cut)
{
    expect_bound(BOTH("2", "4"), PRICES ", \"cut:both\": 12", ROOT, 29);
    expect_bound(BOTH("2", "4"), PRICES ", \"cut:both\": 7", ROOT, 24);
    expect_bound(BOTH("1", "4"), PRICES ", \"cut:both\": 12", ROOT, 17); /* weaker than derived */
}

Test(check_certificates, cuts_that_do_not_follow)
{
    expect_refused(BOTH("3", "4"), PRICES ", \"cut:both\": 12", ROOT, "does not follow");
    expect_refused(BOTH("2", "3"), PRICES ", \"cut:both\": 12", ROOT, "does not follow");
    expect_refused(BOTH("2", "-4"), PRICES ", \"cut:both\": 12", ROOT, "not positive");
    expect_refused("\"rows\": [{\"name\": \"x\", \"over\": {\"y:a9\": 1}, \"sense\": \"<=\", "
                   "\"rhs\": 0, \"from\": {}}], ",
                   PRICES, ROOT, "no inequality over variables");
    expect_refused("\"rows\": [{\"name\": \"x\", \"over\": {\"y:a1:1-2\": 1}, \"sense\": \"<=\", "
                   "\"rhs\": 0, \"from\": {\"cut:later\": 1}}], ",
                   PRICES, ROOT, "not there or not proved");
}

/* Flow cover: with both arcs, x1 <= 3 y1 and x2 <= 4 y2 and x1 + x2 = 5, so x1 >= 1 and y1 >= 1. */
Test(check_certificates, a_cut_over_flows_and_complements)
{
    /* From -x1 + x2 .. : x2 <= 4 as a box and the balance give x1 >= 1, with x1 <= 3 y1: y1 >= 1/3,
     * rounded y1 >= 1. */
    expect_bound(
        "\"rows\": [{\"name\": \"one\", \"over\": {\"y:a1:1-2\": 1}, \"sense\": \">=\", "
        "\"rhs\": 1, \"from\": {\"flow:1:k1:1-2:1\": -1, \"upper:x:a2:1-2:k1:1-2:1\": 1, "
        "\"open:a1:1-2:0:k1:1-2:1\": 1}, \"divide\": 3},"
        "{\"name\": \"two\", \"over\": {\"y:a2:1-2\": -1}, \"sense\": \"<=\", \"rhs\": -1, "
        "\"from\": {\"flow:1:k1:1-2:1\": -1, \"upper:x:a1:1-2:k1:1-2:1\": 1, "
        "\"open:a2:1-2:0:k1:1-2:1\": 1}, \"complement\": [\"y:a2:1-2\"], \"divide\": 4}], ",
        PRICES ", \"cut:one\": 7, \"cut:two\": 12", ROOT, 29);
    /* A cut of cuts: their sum. */
    expect_bound(
        "\"rows\": [{\"name\": \"one\", \"over\": {\"y:a1:1-2\": 1}, \"sense\": \">=\", "
        "\"rhs\": 1, \"from\": {\"flow:1:k1:1-2:1\": -1, \"upper:x:a2:1-2:k1:1-2:1\": 1, "
        "\"open:a1:1-2:0:k1:1-2:1\": 1}, \"divide\": 3},"
        "{\"name\": \"scaled\", \"over\": {\"y:a1:1-2\": 2}, \"sense\": \">=\", \"rhs\": 2, "
        "\"from\": {\"cut:one\": 2}}], ",
        PRICES ", \"cut:scaled\": 3.5", ROOT, 17);
}

/* x <= m, times `times`, and the balance as x1 + x2 >= 5, times `times`. */
#define AT_MOST(arc, most, times)                                                                  \
    "{\"name\": \"a" arc "\", \"over\": {\"x:a" arc ":1-2:k1:1-2:1\": 1" times                     \
    "}, \"sense\": \"<=\", \"rhs\": " most times ", \"from\": {\"upper:x:a" arc                    \
    ":1-2:k1:1-2:1\": 1" times "}, \"complement\": [\"x:a" arc ":1-2:k1:1-2:1\"]}"
#define UPPER(times) "\"rows\": [" AT_MOST("1", "3", times) ", " AT_MOST("2", "4", times) "], "
#define SERVED(times)                                                                              \
    "\"rows\": [{\"name\": \"all\", \"over\": {\"x:a1:1-2:k1:1-2:1\": 1" times                     \
    ", \"x:a2:1-2:k1:1-2:1\": 1" times "}, \"sense\": \">=\", \"rhs\": 5" times                    \
    ", \"from\": {\"flow:1:k1:1-2:1\": -1" times "}}], "

/* Valid cuts of a size that prices don't reach: what they say is not cut off, it counts in full or
 * proves nothing. */
Test(check_certificates, cuts_beyond_all_prices)
{
    expect_bound(UPPER(""), "\"flow:1:k1:1-2:1\": 2, \"cut:a1\": 1, \"cut:a2\": 1", ROOT, 3);
    expect_bound(SERVED(""), "\"cut:all\": 1", ROOT, 5);
    expect_bound(SERVED(""), "\"cut:all\": 50000000000", ROOT,
                 250000000000.0 - 3 * 49999999999.0 - 4 * 49999999998.0);
    expect_refused(UPPER("e300"),
                   "\"flow:1:k1:1-2:1\": 1000000, \"cut:a1\": 1e-20, \"cut:a2\": 1e-20", ROOT,
                   "nothing is proved");
    expect_refused(SERVED("e15"), "\"cut:all\": 90000000000", ROOT, "nothing is proved");
    expect_refused(SERVED("e300"), "\"cut:all\": 1", ROOT, "nothing is proved");
}

Test(check_certificates, leaves)
{
    /* Without a1 or without a2 demand can't be met: 100 each unit of it that is not. */
    static const char without[] = "{\"kind\": \"leaf\", \"branches\": [" SIDE(
        "1", "<=", "0") "], \"multipliers\": 0}, "
                        "{\"kind\": \"leaf\", \"branches\": [" SIDE("1", ">=", "1") ", " SIDE(
                            "2", "<=", "0") "], \"multipliers\": 0}, "
                                            "{\"kind\": \"leaf\", \"branches\": [" SIDE(
                                                "1",
                                                ">=", "1") ", " SIDE("2", ">=",
                                                                     "1") "], \"multipliers\": 0}";
    expect_bound("", PRICES, without, 10); /* at these prices nothing is gained without a1 */
    /* pi = 100, alpha = 98 on a2 and 99 on a1: L = 500 - (10 - 297) .. */
    expect_bound("",
                 "\"flow:1:k1:1-2:1\": 100, \"resource:a1:1-2:1\": 99, \"resource:a2:1-2:1\": 98",
                 without, 500 + 10 - 297 + 12 - 392);
}

/* y1 + y2 <= 1 holds no plan: a ray shows it; y1 + y2 >= 2 fixes both. */
Test(check_certificates, a_branch_over_two_and_a_ray)
{
    static const char sum_below[] =
        "{\"kind\": \"leaf\", \"branches\": [{\"over\": {\"a1:1-2\": 1, \"a2:1-2\": 1}, \"sense\": "
        "\"<=\", \"rhs\": 1}], \"multipliers\": 1, \"branch_multipliers\": [4], \"ray\": true}";
    static const char sum_above[] =
        "{\"kind\": \"leaf\", \"branches\": [{\"over\": {\"a2:1-2\": 1, \"a1:1-2\": 1}, \"sense\": "
        "\">=\", \"rhs\": 2}], \"multipliers\": 0}";
    char parts[1024];
    snprintf(parts, sizeof parts, "%s, %s", sum_below, sum_above);
    expect_bound("",
                 PRICES "}, {\"flow:1:k1:1-2:1\": 1, \"resource:a1:1-2:1\": 1, "
                        "\"resource:a2:1-2:1\": 1",
                 parts, 29);
    expect_refused("", PRICES "}, {\"flow:1:k1:1-2:1\": 0", parts, "nothing is proved");
    expect_refused("", PRICES "}, {\"flow:1:k1:1-2:1\": 1", sum_above, "do not cover");
}

Test(check_certificates, leaves_that_do_not_cover)
{
    static const char *const parts[] = {
        "{\"kind\": \"leaf\", \"branches\": [" SIDE("1", ">=", "1") "], \"multipliers\": 0}",
        "{\"kind\": \"leaf\", \"branches\": [" SIDE(
            "1", "<=", "0") "], \"multipliers\": 0}, "
                            "{\"kind\": \"leaf\", \"branches\": [" SIDE(
                                "2", ">=", "1") "], \"multipliers\": 0}",
        "{\"kind\": \"leaf\", \"branches\": [" SIDE(
            "1", "<=", "-1") "], \"multipliers\": 0}, "
                             "{\"kind\": \"leaf\", \"branches\": [" SIDE(
                                 "1", ">=", "1") "], \"multipliers\": 0}",
        ""};
    for (size_t i = 0; i + 1 < sizeof parts / sizeof *parts; i++)
        expect_refused("", PRICES, parts[i], "do not cover");
    expect_refused("", PRICES, "", "nothing is proved");
}

/* Capacities of 3 and 4 against a demand of 50: no plan, shown by a ray at the root. */
Test(check_certificates, no_plan)
{
    hand h = hand_make();
    h.benchmark->demand[0] = 50;
    static const char ray[] =
        "{\"kind\": \"leaf\", \"branches\": [], \"multipliers\": 0, \"ray\": true}";
    kv_check_result result =
        check(&h, "null", "",
              "\"flow:1:k1:1-2:1\": 1, \"resource:a1:1-2:1\": 1, \"resource:a2:1-2:1\": 1", ray);
    cr_expect_eq(result.failed, 0, "%s", result.report.data);
    cr_expect_not_null(strstr(result.report.data, "there is no plan"));
    kv_text_clear(&result.report);
    result = check(&h, "null", "", "", ray);
    cr_expect_eq(result.failed, 1, "%s", result.report.data);
    cr_expect_not_null(strstr(result.report.data, "status infeasible is not confirmed"));
    kv_text_clear(&result.report);
    hand_clear(&h);
}
