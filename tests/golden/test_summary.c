/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.txt of the tutorial, word for word. KV_UPDATE_GOLDEN=1 writes the stored files anew. */
#include "base/file.h"
#include "base/memory.h"
#include "reports/prose.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *scenario, const char *golden)
{
    test_report report = test_report_tutorial(scenario);
    char *stored = NULL;
    size_t length;
    test_report_write(&report);
    char *summary = test_report_file(&report, "summary.txt");
    for (const char *line = summary; *line; line = strchr(line, '\n') + 1)
        cr_assert_leq(kv_prose_letters(line, (size_t)(strchr(line, '\n') - line)), KV_PROSE_WIDTH);
    if (getenv("KV_UPDATE_GOLDEN"))
        cr_assert_eq(kv_file_write(golden, summary, strlen(summary), NULL), KV_OK);
    cr_assert_eq(kv_file_read(golden, &stored, &length, NULL), KV_OK, "%s", golden);
    cr_assert_str_eq(summary, stored);
    kv_free(summary);
    kv_free(stored);
    test_report_clear(&report);
}

Test(summary, of_one_scenario)
{
    check("steady", KV_SOURCE_DIR "/tests/golden/summary-steady.txt");
}

Test(summary, of_a_joint_plan)
{
    check("joint", KV_SOURCE_DIR "/tests/golden/summary-joint.txt");
}
