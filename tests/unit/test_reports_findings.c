/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "reports/findings.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static test_report tutorial;
static kv_report report;

static void set_up(void)
{
    tutorial = test_report_tutorial("joint");
    cr_assert_eq(kv_report_prepare(&tutorial.result, &report), KV_OK);
}

static void tear_down(void)
{
    kv_report_clear(&report);
    test_report_clear(&tutorial);
}

TestSuite(findings, .init = set_up, .fini = tear_down);

static kv_verdict answer(const char *indicator, const char *part)
{
    kv_text text = {0};
    kv_verdict verdict;
    cr_assert_eq(kv_finding_answer(&report, indicator, &verdict, &text), KV_OK);
    cr_assert_not_null(strstr(text.data, part), "%s: %s", indicator, text.data);
    kv_text_clear(&text);
    return verdict;
}

/* A project that the plan starts, or (built = 0) never starts. */
static const char *project(int built)
{
    for (int p = 0; p < tutorial.the_case->projects.count; p++) {
        int started = 0;
        for (int j = 0; j < tutorial.solved.problem->n_design; j++) {
            const kv_design_info *info = &tutorial.solved.map->design[j];
            started |= info->kind == KV_DESIGN_START && info->project == p &&
                       tutorial.solved.plan->design[j] > 0.5;
        }
        if (started == built)
            return tutorial.the_case->projects.rows[p].project;
    }
    cr_assert_fail("the tutorial has both");
    return NULL;
}

Test(findings, volumes_grow)
{
    cr_assert_eq(answer("volume_growth", "Volumes go from "), KV_VERDICT_AGREES);
}

Test(findings, projects_by_name)
{
    char both[128];
    snprintf(both, sizeof both, "project:%s", project(1));
    cr_assert_eq(answer(both, "built from 20"), KV_VERDICT_AGREES);
    snprintf(both, sizeof both, "project:%s", project(0));
    cr_assert_eq(answer(both, ": not built. "), KV_VERDICT_DISAGREES);
    snprintf(both, sizeof both, "project:%s+%s", project(0), project(1));
    cr_assert_eq(answer(both, ": not built. "), KV_VERDICT_PARTLY);
}

Test(findings, joined_indicators_agree_only_together)
{
    char both[128];
    snprintf(both, sizeof both, "volume_growth;project:%s", project(0));
    cr_assert_eq(answer(both, "Volumes go"), KV_VERDICT_PARTLY);
}

Test(findings, what_is_not_known_is_said)
{
    cr_assert_eq(answer("weather", "The indicator weather is not known."), KV_VERDICT_UNKNOWN);
    cr_assert_eq(answer("project:nessie", "no project nessie"), KV_VERDICT_UNKNOWN);
    cr_assert_eq(answer("port_expansion:atlantis", "no place atlantis"), KV_VERDICT_UNKNOWN);
    cr_assert_eq(answer("corridors:rocket", "no mode rocket"), KV_VERDICT_UNKNOWN);
}

Test(findings, ports_modes_and_countries)
{
    cr_assert_neq(answer("port_expansion:westport", "at its busiest"), KV_VERDICT_UNKNOWN);
    cr_assert_neq(answer("corridors:rail+road", "road links"), KV_VERDICT_UNKNOWN);
    cr_assert_neq(answer("countries", "cross a border"), KV_VERDICT_UNKNOWN);
    cr_assert_neq(answer("modal_shift", "if nothing is built"), KV_VERDICT_UNKNOWN);
    cr_assert_neq(answer("regional_share", "come mostly from the region"), KV_VERDICT_UNKNOWN);
}

/* The tutorial's summary with a findings.csv of this text. */
static char *summary_with(const char *text)
{
    char *folder = tutorial.the_case->folder;
    test_folder_put(tutorial.folder, "findings.csv", text);
    tutorial.the_case->folder = tutorial.folder;
    test_report_write(&tutorial);
    tutorial.the_case->folder = folder;
    return test_report_file(&tutorial, "summary.txt");
}

Test(findings, summary_answers_each)
{
    char *summary = summary_with("finding,text,indicator,source\n"
                                 "Growth,Volumes will grow,volume_growth,a study\n"
                                 "Weather,It will rain,weather,a frog\n");
    cr_assert_not_null(strstr(summary, "What the plan says to earlier findings"));
    cr_assert_not_null(strstr(summary, "- Growth: Volumes will grow. The plan agrees. Volumes go"));
    cr_assert_not_null(strstr(summary, "- Weather: It will rain. The plan cannot tell."));
    kv_free(summary);
}

Test(findings, a_broken_file_is_mentioned)
{
    char *summary = summary_with("finding,text\n\"x\n");
    cr_assert_not_null(strstr(summary, "findings.csv could not be read"));
    kv_free(summary);
}

/* Every indicator of the bundled case is understood, whatever the plan. */
Test(findings, of_the_bundled_case_are_understood)
{
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/nordic-battery-belt");
    test_solved solved = test_build(c, 0, NULL);
    kv_plan *plan = kv_plan_create(solved.problem);
    kv_result result = {c, solved.problem, solved.map, plan, plan, "plan-2022", "", 1, 0, NULL, 0};
    kv_report empty;
    kv_csv csv;
    plan->status = KV_PLAN_FEASIBLE;
    cr_assert_eq(kv_report_prepare(&result, &empty), KV_OK);
    cr_assert_eq(kv_csv_read(c->folder, "findings.csv", &csv, NULL), KV_OK);
    cr_assert_geq(kv_csv_rows(&csv), 5);
    for (int i = 0; i < kv_csv_rows(&csv); i++) {
        const char *indicator = kv_csv_field(&csv, i, kv_csv_column(&csv, "indicator"));
        kv_text text = {0};
        kv_verdict verdict;
        cr_assert_eq(kv_finding_answer(&empty, indicator, &verdict, &text), KV_OK);
        cr_assert_neq(verdict, KV_VERDICT_UNKNOWN, "%s: %s", indicator, text.data);
        kv_text_clear(&text);
    }
    kv_csv_clear(&csv);
    kv_report_clear(&empty);
    kv_plan_free(plan);
    test_solved_clear(&solved);
    kv_case_free(c);
}
