/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/options.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct settings {
    int quiet, keep;
    long threads;
    double gap, time, any;
    const char *out, *scenario;
    int engine, formulation;
    kv_option_list set, more;
} settings;

static const char *const engines[] = {"auto", "glpk", "volume", NULL};

#define AT(member) offsetof(settings, member)
static const kv_option options[] = {
    {"o", KV_OPTION_TEXT, AT(out), NULL, 0, 0, NULL, NULL, "Folder of the results."},
    {"gap", KV_OPTION_NUMBER, AT(gap), NULL, 0, 1, "0.01", NULL, "Stop at this gap."},
    {"time", KV_OPTION_NUMBER, AT(time), "s", 0, HUGE_VAL, "600", NULL, "Stop after so long."},
    {"any", KV_OPTION_NUMBER, AT(any), NULL, 0, 0, NULL, NULL, "Any number."},
    {"threads", KV_OPTION_INTEGER, AT(threads), NULL, 1, 1024, "1", NULL, "Threads."},
    {"engine", KV_OPTION_CHOICE, AT(engine), NULL, 0, 0, "auto", engines, "The engine."},
    {"formulation", KV_OPTION_CHOICE, AT(formulation), NULL, 0, 0, NULL, engines, "No default."},
    {"scenario", KV_OPTION_TEXT, AT(scenario), NULL, 0, 0, "joint", NULL, "The scenario."},
    {"quiet", KV_OPTION_FLAG, AT(quiet), NULL, 0, 0, NULL, NULL, "No progress."},
    {"keep", KV_OPTION_FLAG, AT(keep), NULL, 0, 0, "1", NULL, "Keep files."},
    {"set", KV_OPTION_LIST, AT(set), NULL, 0, 0, NULL, NULL, "Change a figure."},
    {"more", KV_OPTION_LIST, AT(more), NULL, 0, 0, "one", NULL, "A list with a default."},
    {NULL}};

static const kv_command_line command = {"solve", "CASE -o DIR", "Finds a plan.", options, 1, 2};

typedef struct outcome {
    kv_status status;
    settings values;
    const char *positional[2];
    int n_positional;
    kv_messages *messages;
} outcome;

/* Reads the words of a NULL-ended list. */
static outcome read_words(const char *const *words)
{
    outcome result = {.n_positional = -1};
    int argc = 0;
    while (words[argc])
        argc++;
    result.messages = kv_messages_create();
    result.status = kv_options_read(&command, argc, (char **)(uintptr_t)words, &result.values,
                                    result.positional, &result.n_positional, result.messages);
    return result;
}

static void outcome_free(outcome *result)
{
    kv_options_free(&command, &result->values);
    kv_messages_free(result->messages);
}

#define READ(...) read_words((const char *const[]){__VA_ARGS__, NULL})

/* The words are refused with one message that holds `part`. */
static void expect_fault(outcome result, const char *part)
{
    cr_assert_eq(result.status, KV_ERR_INPUT);
    cr_assert_eq(kv_messages_count(result.messages), 1, "not one message: %s", part);
    char *text = kv_message_text(kv_messages_get(result.messages, 0));
    cr_assert_not_null(strstr(text, part), "'%s' does not hold '%s'", text, part);
    kv_free(text);
    outcome_free(&result);
}

Test(options, defaults)
{
    outcome got = READ("case");
    cr_assert_eq(got.status, KV_OK);
    cr_assert_eq(got.n_positional, 1);
    cr_assert_str_eq(got.positional[0], "case");
    cr_assert_null(got.values.out);
    cr_assert_eq(got.values.gap, 0.01);
    cr_assert_eq(got.values.time, 600.0);
    cr_assert_eq(got.values.any, 0.0);
    cr_assert_eq(got.values.threads, 1);
    cr_assert_eq(got.values.engine, 0);
    cr_assert_eq(got.values.formulation, -1);
    cr_assert_str_eq(got.values.scenario, "joint");
    cr_assert_eq(got.values.quiet, 0);
    cr_assert_eq(got.values.keep, 1);
    cr_assert_eq(got.values.set.count, 0);
    cr_assert_eq(got.values.more.count, 1);
    cr_assert_str_eq(got.values.more.items[0], "one");
    outcome_free(&got);
}

Test(options, all_ways_to_give_them)
{
    outcome got = READ("--gap", "0.5", "case", "--time=1e3", "-o", "dir", "--engine=volume",
                       "--quiet", "--keep=no", "--set", "a=1", "--set=b=2", "--threads", "+7",
                       "--any", "-5", "--more", "two", "--scenario=", "--", "--odd");
    cr_assert_eq(got.status, KV_OK);
    cr_assert_eq(got.values.gap, 0.5);
    cr_assert_eq(got.values.time, 1000.0);
    cr_assert_str_eq(got.values.out, "dir");
    cr_assert_eq(got.values.engine, 2);
    cr_assert_eq(got.values.quiet, 1);
    cr_assert_eq(got.values.keep, 0);
    cr_assert_eq(got.values.set.count, 2);
    cr_assert_str_eq(got.values.set.items[0], "a=1");
    cr_assert_str_eq(got.values.set.items[1], "b=2");
    cr_assert_eq(got.values.threads, 7);
    cr_assert_eq(got.values.any, -5.0);
    cr_assert_eq(got.values.more.count, 1);
    cr_assert_str_eq(got.values.more.items[0], "two");
    cr_assert_str_eq(got.values.scenario, "");
    cr_assert_eq(got.n_positional, 2);
    cr_assert_str_eq(got.positional[1], "--odd");
    outcome_free(&got);
}

Test(options, one_letter_with_its_value_attached)
{
    outcome got = READ("-odir", "-");
    cr_assert_eq(got.status, KV_OK);
    cr_assert_str_eq(got.values.out, "dir");
    cr_assert_str_eq(got.positional[0], "-");
    outcome_free(&got);
    got = READ("-o=dir", "x");
    cr_assert_str_eq(got.values.out, "dir");
    outcome_free(&got);
}

Test(options, the_last_one_wins)
{
    outcome got = READ("x", "--gap", "0.5", "--gap", "0.25");
    cr_assert_eq(got.values.gap, 0.25);
    outcome_free(&got);
}

Test(options, faults_say_what_would_mend_them)
{
    expect_fault(READ("x", "--gpa", "1", "y"), "--gpa is not an option of kvarken solve");
    expect_fault(READ("x", "--gpa=1"), "did you mean --gap?");
    expect_fault(READ("x", "--nothing-like-it"), "see kvarken help solve");
    expect_fault(READ("x", "-x"), "-x is not an option");
    expect_fault(READ("x", "-gap=1"),
                 "-gap is not an option of kvarken solve; did you mean --gap?");
    expect_fault(READ("x", "--o=1"), "--o is not an option");
    expect_fault(READ("x", "--gap", "abc"), "--gap: 'abc' is not a number; give a number, 0 to 1");
    expect_fault(READ("x", "--gap", "1.01"), "'1.01' is out of range");
    expect_fault(READ("x", "--gap", "1e999"), "'1e999' is out of range");
    expect_fault(READ("x", "--time", "-1"), "give a number in s, at least 0");
    expect_fault(READ("x", "--threads", "0"), "give a whole number, 1 to 1024");
    expect_fault(READ("x", "--threads", "2.5"), "'2.5' is not a whole number");
    expect_fault(READ("x", "--threads", " 2"), "' 2' is not a whole number");
    expect_fault(READ("x", "--threads="), "'' is not a whole number");
    expect_fault(READ("x", "--threads", "99999999999999999999"), "out of range");
    expect_fault(READ("x", "--engine", "cplex"), "give one of auto, glpk, volume");
    expect_fault(READ("x", "--quiet=maybe"), "give yes or no");
    expect_fault(READ("x", "--gap"), "--gap needs a value; give a number");
    expect_fault(READ("x", "-o", "--gap=1"), "-o needs a value; give a text");
    expect_fault(READ("--quiet"), "too few arguments; write: kvarken solve CASE -o DIR");
    expect_fault(READ("a", "b", "c"), "too many arguments");
    expect_fault(READ("a", "--", "b", "c"), "too many arguments");
}

Test(options, all_faults_are_told_at_once)
{
    outcome got = READ("--gpa", "1", "--time", "x", "--engine", "y", "z", "z");
    cr_assert_eq(got.status, KV_ERR_INPUT);
    cr_assert_eq(kv_messages_faults(got.messages), 3);
    outcome_free(&got);
}

Test(options, a_wrong_default_is_a_fault_of_the_program)
{
    static const kv_option wrong[] = {
        {"gap", KV_OPTION_NUMBER, AT(gap), NULL, 0, 1, "2", NULL, "Gap."}, {NULL}};
    static const kv_command_line bad = {"bad", "", "Bad.", wrong, 0, 0};
    settings values;
    int n;
    cr_assert_eq(kv_options_read(&bad, 0, NULL, &values, NULL, &n, NULL), KV_ERR_INTERNAL);
}

Test(options, a_command_may_have_none)
{
    static const kv_command_line none = {"none", "", "Nothing.", NULL, 0, 0};
    char word[] = "--x";
    char *words[] = {word};
    kv_text help = {0}, manual = {0};
    int n;
    cr_assert_eq(kv_options_read(&none, 0, NULL, NULL, NULL, &n, NULL), KV_OK);
    cr_assert_eq(kv_options_read(&none, 1, words, NULL, NULL, &n, NULL), KV_ERR_INPUT);
    kv_options_help(&none, &help);
    cr_assert_null(strstr(help.data, "ptions"));
    kv_options_manual(&none, &manual);
    cr_assert_null(strstr(manual.data, "option"));
    kv_text_clear(&help);
    kv_text_clear(&manual);
}

/* Help and manual tell of every option all that the table knows. */
static void expect_all(const char *text)
{
    cr_assert_not_null(strstr(text, "kvarken solve CASE -o DIR"));
    cr_assert_not_null(strstr(text, "Finds a plan."));
    for (const kv_option *option = options; option->name; option++) {
        char name[40];
        snprintf(name, sizeof name, "%s%s", option->name[1] ? "--" : "-", option->name);
        cr_assert_not_null(strstr(text, name), "%s", name);
        cr_assert_not_null(strstr(text, option->help), "%s", name);
    }
    cr_assert_not_null(strstr(text, "0 to 1; default 0.01"));
    cr_assert_not_null(strstr(text, "in s; at least 0; default 600"));
    cr_assert_not_null(strstr(text, "auto, glpk, volume; default auto"));
    cr_assert_not_null(strstr(text, "may be repeated; default one"));
    cr_assert_not_null(strstr(text, "default yes"));
}

Test(options, help_and_manual_come_from_the_table)
{
    kv_text help = {0}, manual = {0};
    kv_options_help(&command, &help);
    kv_options_manual(&command, &manual);
    expect_all(help.data);
    expect_all(manual.data);
    kv_text_clear(&help);
    kv_text_clear(&manual);
}

Test(options, ranges_of_all_kinds_are_told)
{
    static const kv_option ranged[] = {
        {"low", KV_OPTION_NUMBER, AT(gap), "MEUR", -HUGE_VAL, 5, NULL, NULL, "At most."},
        {"two", KV_OPTION_INTEGER, AT(threads), NULL, -3, HUGE_VAL, NULL, NULL, "At least."},
        {"off", KV_OPTION_FLAG, AT(keep), NULL, 0, 0, "0", NULL, "Off."},
        {NULL}};
    static const kv_command_line odd = {"odd", "", "Odd.", ranged, 0, 0};
    kv_text help = {0};
    kv_options_help(&odd, &help);
    cr_assert_not_null(strstr(help.data, "in MEUR; at most 5"));
    cr_assert_not_null(strstr(help.data, "at least -3"));
    cr_assert_not_null(strstr(help.data, "default no"));
    kv_text_clear(&help);
}

/* Until no allocation fails: never a crash, a leak, or a success with a part missing. */
Test(options, failing_allocations)
{
    const char *const words[] = {"x", "--set", "a", "--set", "b", NULL};
    const char *const faulty[] = {"x", "--gpa", "--gap=x", "--gap", NULL};
    for (long n = 1;; n++) {
        kv_text help = {0}, manual = {0};
        kv_memory_fail_at(n, 0);
        outcome good = read_words(words), bad = read_words(faulty);
        kv_options_help(&command, &help);
        kv_options_manual(&command, &manual);
        kv_memory_fail_at(0, 0);
        cr_assert(good.status == KV_OK || good.status == KV_ERR_MEMORY);
        cr_assert(good.status != KV_OK ||
                  (good.values.set.count == 2 && good.values.more.count == 1));
        cr_assert(bad.status == KV_ERR_INPUT || bad.status == KV_ERR_MEMORY);
        int complete = good.status == KV_OK && good.messages && bad.messages &&
                       kv_messages_count(bad.messages) == 3 && !help.failed && !manual.failed;
        kv_text_clear(&help);
        kv_text_clear(&manual);
        outcome_free(&good);
        outcome_free(&bad);
        if (complete)
            break;
        cr_assert_lt(n, 1000);
    }
}
