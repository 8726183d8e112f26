/* SPDX-License-Identifier: GPL-3.0-or-later */
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
