/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is changed in a plan's files or its case is found out, or leaves a valid, weaker bound. */
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "reports/checker/check.h"
#include "reports/result.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAMPERINGS = 200 };

/* The tutorial case and its proved plan, each in a folder that may be spoilt. */
typedef struct original {
    char *tables, *plan; /* untouched */
    char *case_copy, *plan_copy;
    double objective;
} original;

static kv_status check_folder(const char *tables, const char *plan, kv_check_result *result)
{
    kv_case *c = test_read_case(tables);
    kv_messages *messages = kv_messages_create();
    kv_status status = kv_check(c, plan, NULL, result, messages);
    if (status != KV_OK)
        cr_expect_gt(kv_messages_faults(messages), 0, "a fault without a message");
    kv_messages_free(messages);
    kv_case_free(c);
    return status;
}

/* Solved by the engine for one scenario (a row) or all (-1). */
static original original_make(const char *engine, int scenario)
{
    original o = {.tables = test_folder(),
                  .plan = test_folder(),
                  .case_copy = test_folder(),
                  .plan_copy = test_folder()};
    kv_check_result result;
    test_copy_folder(KV_SOURCE_DIR "/instances/tutorial", o.tables);
    kv_case *c = test_read_case(o.tables);
    test_solved solved = test_build(c, scenario, NULL);
    test_solve_nothing(&solved, engine);
    test_solve(&solved, engine, KV_STRONG);
    if (!(kv_gap(solved.plan->objective, solved.plan->certified_bound) <= 1e-6))
        solved.plan->status = KV_PLAN_FEASIBLE; /* the engine can't prove more */
    kv_result all = {.the_case = c,
                     .problem = solved.problem,
                     .map = solved.map,
                     .plan = solved.plan,
                     .do_nothing = solved.nothing,
                     .scenario = scenario < 0 ? "joint" : c->scenarios.rows[scenario].scenario,
                     .engine = engine,
                     .threads = 1};
    cr_assert_eq(kv_result_write(&all, o.plan, NULL), KV_OK);
    o.objective = solved.plan->objective;
    test_solved_clear(&solved);
    kv_case_free(c);
    cr_assert_eq(check_folder(o.tables, o.plan, &result), KV_OK);
    cr_assert_eq(result.failed, 0, "%s", result.report.data);
    kv_text_clear(&result.report);
    return o;
}

static void original_restore(const original *o)
{
    test_copy_folder(o->tables, o->case_copy);
    test_copy_folder(o->plan, o->plan_copy);
}

static void original_clear(original *o)
{
    char *folders[] = {o->tables, o->plan, o->case_copy, o->plan_copy};
    for (int i = 0; i < 4; i++) {
        test_remove(folders[i]);
        free(folders[i]);
    }
}

/* 0 .. count - 1 */
static unsigned below(kv_random *random, size_t count)
{
    return (unsigned)kv_random_integer(random, 0, (int)count - 1);
}

/* ---- changes to files ---- */

/* Puts `text` in place of the field of a column in row `row` (from 0; -1 = chosen at random among
 * those that are not blank). Returns the old text (freed by the caller), or NULL. */
static char *edit_cell(const char *folder, const char *file, const char *column, int row,
                       const char *text)
{
    char *path = test_path(folder, file), *all = test_read(path), *old = NULL;
    const char *header_end = strchr(all, '\n'), *at = all;
    int field = 0, line = -1;
    while (strncmp(at, column, strlen(column)) != 0 ||
           (at[strlen(column)] != ',' && at[strlen(column)] != '\n')) {
        at = strchr(at, ',') + 1;
        cr_assert_lt(at, header_end, "%s has no column %s", file, column);
        field++;
    }
    for (at = all; at && line < row; line++)
        at = strchr(at, '\n') + 1;
    for (int f = 0; *at && f < field; f++) {
        if (*at == '"')
            at = strchr(at + 1, '"');
        at += strcspn(at, ",\n") + 1;
    }
    if (*at) {
        size_t length = strcspn(at, ",\n"), before = (size_t)(at - all);
        kv_text now = {0};
        old = strndup(at, length);
        kv_text_add_bytes(&now, all, before);
        kv_text_add(&now, text);
        kv_text_add(&now, at + length);
        test_write(path, now.data);
        kv_text_clear(&now);
    }
    free(all);
    free(path);
    return old;
}

static int count_rows(const char *folder, const char *file)
{
    char *path = test_path(folder, file), *all = test_read(path);
    int rows = -1;
    for (const char *at = all; (at = strchr(at, '\n')) != NULL; at++)
        rows++;
    free(all);
    free(path);
    return rows;
}

/* Multiplies a number of a random row. */
static void scale_cell(const char *folder, const char *file, const char *column, kv_random *random,
                       double factor)
{
    char text[KV_NUMBER_SIZE];
    int row = (int)below(random, (size_t)count_rows(folder, file));
    char *old = edit_cell(folder, file, column, row, "1");
    double number = old && *old ? strtod(old, NULL) : 0;
    free(old);
    kv_format_number(number * factor + (number == 0 ? 1 : 0), text);
    free(edit_cell(folder, file, column, row, text));
}

static json_t *load(const char *folder, const char *file)
{
    char *path = test_path(folder, file);
    json_t *json = json_load_file(path, 0, NULL);
    cr_assert_not_null(json);
    free(path);
    return json;
}

static void store(const char *folder, const char *file, json_t *json)
{
    char *path = test_path(folder, file);
    cr_assert_eq(json_dump_file(json, path, JSON_INDENT(1)), 0);
    free(path);
    json_decref(json);
}

static void set_number(const char *folder, const char *file, const char *field, double number)
{
    json_t *json = load(folder, file);
    json_object_set_new(json, field, json_real(number));
    store(folder, file, json);
}

static double get_number(const char *folder, const char *file, const char *field)
{
    json_t *json = load(folder, file);
    double number = json_number_value(json_object_get(json, field));
    json_decref(json);
    return number;
}

/* Makes the results speak of the tables as they are now. */
static void forge_hash(const original *o)
{
    static const char *const files[] = {"plan.json", "certificate.json"};
    char hash[32];
    kv_case *c = test_read_case(o->case_copy);
    snprintf(hash, sizeof hash, "%016" PRIx64, c->hash);
    kv_case_free(c);
    for (int i = 0; i < 2; i++) {
        json_t *json = load(o->plan_copy, files[i]);
        json_object_set_new(json, "case_hash", json_string(hash));
        store(o->plan_copy, files[i], json);
    }
}

/* ---- the tamperings ---- */

static double factor_of(kv_random *random)
{
    static const double factors[] = {0, 0.5, 0.999999, 1.000001, 1.5, 2, -1};
    return factors[below(random, sizeof factors / sizeof *factors)];
}

static void change_multiplier(const original *o, kv_random *random)
{
    json_t *json = load(o->plan_copy, "certificate.json");
    json_t *pool = json_object_get(json, "pool");
    json_t *vector = json_array_get(pool, below(random, (size_t)json_array_size(pool)));
    unsigned at = below(random, (size_t)json_object_size(vector));
    void *entry = json_object_iter(vector);
    while (at-- > 0)
        entry = json_object_iter_next(vector, entry);
    double number = json_number_value(json_object_iter_value(entry));
    json_object_iter_set_new(vector, entry, json_real(number * factor_of(random)));
    store(o->plan_copy, "certificate.json", json);
}

/* A leaf goes, or loses its last branch, or turns it round. */
static void change_leaves(const original *o, kv_random *random)
{
    json_t *json = load(o->plan_copy, "certificate.json");
    json_t *parts = json_object_get(json, "parts");
    unsigned at = below(random, (size_t)json_array_size(parts));
    json_t *branches = json_object_get(json_array_get(parts, at), "branches");
    size_t depth = json_array_size(branches);
    unsigned what = below(random, 3);
    if (what == 0 || depth == 0) {
        json_array_remove(parts, at);
    } else if (what == 1) {
        json_array_remove(branches, depth - 1);
    } else {
        json_t *last = json_array_get(branches, depth - 1);
        int is_below = strcmp(json_string_value(json_object_get(last, "sense")), "<=") == 0;
        json_object_set_new(last, "sense", json_string(is_below ? ">=" : "<="));
    }
    store(o->plan_copy, "certificate.json", json);
}

static void change_claim(const original *o, kv_random *random)
{
    static const char *const fields[] = {
        "objective",    "certified_bound",        "bound",   "certified_gap", "gap", "do_nothing",
        "decision_gap", "certified_decision_gap", "constant"};
    const char *field = fields[below(random, sizeof fields / sizeof *fields)];
    double number = get_number(o->plan_copy, "plan.json", field), factor = factor_of(random);
    set_number(o->plan_copy, "plan.json", field, number * factor - (number == 0 ? 0.01 : 0));
}

static void change_tables(const original *o, kv_random *random)
{
    static const struct {
        const char *file, *column;
        double factor;
    } changes[] = {
        {"links.csv", "capacity", 1.25},          {"terminals.csv", "capacity", 2},
        {"projects.csv", "cost_meur", 0.9},       {"technologies.csv", "cost_eur_per_km", 0.5},
        {"budgets.csv", "amount_meur", 0.4},      {"links.csv", "length_km", 0.9},
        {"transfers.csv", "cost_eur_per_t", 0.8}, {"freight.csv", "t_per_year", 1.1}};
    unsigned at = below(random, sizeof changes / sizeof *changes);
    scale_cell(o->case_copy, changes[at].file, changes[at].column, random, changes[at].factor);
    if (below(random, 4) > 0)
        forge_hash(o);
}

static void change_plan(const original *o, kv_random *random)
{
    static const struct {
        const char *file, *column;
    } cells[] = {{"flows.csv", "amount"},          {"flows.csv", "amount"},
                 {"flows.csv", "unit_cost_eur"},   {"investments.csv", "units"},
                 {"investments.csv", "cost_meur"}, {"investments.csv", "present_cost_meur"},
                 {"budgets.csv", "spent_meur"},    {"fleet.csv", "purchases"},
                 {"costs.csv", "meur_present"}};
    unsigned at = below(random, sizeof cells / sizeof *cells);
    scale_cell(o->plan_copy, cells[at].file, cells[at].column, random, factor_of(random));
}

static const char *tamper(const original *o, kv_random *random)
{
    switch (below(random, 5)) {
    case 0: change_multiplier(o, random); return "a multiplier";
    case 1: change_leaves(o, random); return "the leaves";
    case 2: change_claim(o, random); return "a claim";
    case 3: change_tables(o, random); return "the tables";
    default: change_plan(o, random); return "the plan";
    }
}

Test(check_tampered, two_hundred_tamperings)
{
    original o = original_make("decomposition", 0);
    kv_random random;
    int caught = 0;
    kv_random_seed(&random, 7);
    for (int i = 0; i < TAMPERINGS; i++) {
        kv_check_result result = {0};
        original_restore(&o);
        const char *what = tamper(&o, &random);
        kv_status status = check_folder(o.case_copy, o.plan_copy, &result);
        if (status != KV_OK || result.failed > 0) {
            caught++;
        } else { /* nothing that was said is wrong then */
            cr_expect_leq(result.bound, result.objective + 1e-6 * fabs(result.objective),
                          "tampering %d with %s:\n%s", i, what, result.report.data);
            cr_expect(strcmp(what, "the tables") == 0 ||
                          fabs(result.objective - o.objective) <= 1e-9 * fabs(o.objective),
                      "tampering %d with %s:\n%s", i, what, result.report.data);
        }
        kv_text_clear(&result.report);
    }
    cr_expect_gt(caught, TAMPERINGS / 2);
    original_clear(&o);
}

/* ---- faults are named ---- */

static void expect_named(const original *o, const char *const *words)
{
    kv_check_result result = {0};
    cr_assert_eq(check_folder(o->case_copy, o->plan_copy, &result), KV_OK);
    cr_expect_gt(result.failed, 0);
    for (; *words; words++)
        cr_expect_not_null(strstr(result.report.data, *words), "no '%s' in:\n%s", *words,
                           result.report.data);
    kv_text_clear(&result.report);
}

Test(check_tampered, a_wrong_objective_is_named)
{
    original o = original_make("glpk", -1);
    original_restore(&o);
    set_number(o.plan_copy, "plan.json", "objective", o.objective - 0.001);
    expect_named(&o, (const char *const[]){"plan.json: objective is", NULL});
    original_clear(&o);
}

Test(check_tampered, an_unbalanced_node_is_named)
{
    original o = original_make("glpk", -1);
    char text[64];
    original_restore(&o);
    char *amount = edit_cell(o.plan_copy, "flows.csv", "amount", 0, "0");
    char *from = edit_cell(o.plan_copy, "flows.csv", "from_place", 0, "");
    snprintf(text, sizeof text, "%.6f", strtod(amount, NULL) + 1e-6);
    free(edit_cell(o.plan_copy, "flows.csv", "amount", 0, text));
    free(edit_cell(o.plan_copy, "flows.csv", "from_place", 0, from));
    char row[128];
    snprintf(row, sizeof row, "flow:%s", *from ? from : "outside");
    expect_named(&o, (const char *const[]){row, "off by 0.000001 t/yr", NULL});
    free(amount);
    free(from);
    original_clear(&o);
}

/* eastland spends 29.5 in the second period of boom, 9.5 of it carried over from the first. */
Test(check_tampered, a_budget_passed_by_a_cent_is_named)
{
    original o = original_make("glpk", -1);
    original_restore(&o);
    free(edit_cell(o.case_copy, "budgets.csv", "amount_meur", 3, "9.49999999"));
    forge_hash(&o);
    expect_named(&o,
                 (const char *const[]){"side:budget:eastland:p2:boom: off by 1e-08 MEUR", NULL});
    free(edit_cell(o.case_copy, "budgets.csv", "amount_meur", 3, "9.5"));
    forge_hash(&o);
    kv_check_result result = {0};
    cr_assert_eq(check_folder(o.case_copy, o.plan_copy, &result), KV_OK);
    cr_expect_null(strstr(result.report.data, "side:budget"), "%s", result.report.data);
    kv_text_clear(&result.report);
    original_clear(&o);
}

Test(check_tampered, unknown_rows_count_as_nothing)
{
    original o = original_make("glpk", -1);
    kv_check_result result = {0};
    original_restore(&o);
    json_t *json = load(o.plan_copy, "certificate.json");
    json_t *vector = json_array_get(json_object_get(json, "pool"), 0);
    json_object_set_new(vector, "resource:no such thing:boom/p1", json_real(5));
    json_object_set_new(vector, "side:no such rule", json_real(5));
    store(o.plan_copy, "certificate.json", json);
    cr_assert_eq(check_folder(o.case_copy, o.plan_copy, &result), KV_OK);
    cr_expect_eq(result.failed, 0, "%s", result.report.data);
    cr_expect_not_null(strstr(result.report.data, "2 multipliers of no row counted as 0"));
    kv_text_clear(&result.report);
    original_clear(&o);
}

/* ---- what can't be read ---- */

Test(check_tampered, broken_files_are_faults)
{
    static const struct {
        const char *file, *text;
    } broken[] = {{"plan.json", "{"},
                  {"plan.json", "{\"scenario\": \"winter\"}"},
                  {"certificate.json", "[]"},
                  {"certificate.json", "{\"format\": \"kvarken-certificate\", \"version\": 3}"},
                  {"flows.csv", "scenario,period\n"},
                  {"flows.csv", "kind,scenario,period,product,origin,amount\nlink,boom\n"},
                  {"investments.csv", "project,scenario,start_period,units\nx,all,p1,two\n"}};
    original o = original_make("glpk", -1);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        kv_check_result result = {0};
        original_restore(&o);
        char *path = test_path(o.plan_copy, broken[i].file);
        test_write(path, broken[i].text);
        cr_expect_eq(check_folder(o.case_copy, o.plan_copy, &result), KV_ERR_INPUT, "%s: %s",
                     broken[i].file, broken[i].text);
        cr_expect_null(result.report.data);
        kv_text_clear(&result.report);
        free(path);
    }
    original_clear(&o);
}

Test(check_tampered, without_memory)
{
    original o = original_make("glpk", -1);
    kv_case *c = test_read_case(o.tables);
    kv_check_result result;
    long before = kv_memory_count();
    cr_assert_eq(kv_check(c, o.plan, NULL, &result, NULL), KV_OK);
    kv_text_clear(&result.report);
    long count = kv_memory_count() - before;
    for (long n = 1; n < count; n += 1 + count / 60) {
        kv_memory_fail_at(n, 1);
        kv_status status = kv_check(c, o.plan, NULL, &result, NULL);
        kv_memory_fail_at(0, 0);
        cr_expect_eq(status, KV_ERR_MEMORY, "allocation %ld", n);
        kv_text_clear(&result.report);
    }
    kv_case_free(c);
    original_clear(&o);
}
