/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Funders, funding, budgets, costs far from the others.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"nobody_pays",
     {{"funding.csv", "yard,region,1\n", ""}},
     NULL,
     "fault projects.csv:3:1: project: 'yard': nobody pays for it; add its funders and their "
     "shares to funding.csv\n"},
    {"shares_of_a_project",
     {{"funding.csv", "railway,region,0.1", "railway,region,0.2"}},
     NULL,
     "fault funding.csv:2:3: share: '0.9': the shares of 'railway' sum to 1.1, not to 1; change "
     "them so that they sum to 1\n"},
    {"funder_without_budget",
     {{"budgets.csv", "state,p1,500\nstate,p2,900\n", ""}},
     NULL,
     "warning funders.csv:3:1: funder: 'state': it has no budget, so it can spend without limit; "
     "add its budgets to budgets.csv\n"},
    {"funder_of_nothing",
     {{"funders.csv", "state,SE\n", "state,SE\neu,\n"},
      {"budgets.csv", "region,p1,60", "eu,p1,60\nregion,p1,60"}},
     NULL,
     "warning funders.csv:4:1: funder: 'eu': it pays for no project; add its shares to funding.csv "
     "or remove it\n"},
    {"mandatory_over_budget",
     {{"rules.csv", "requires,yard,railway\n", "mandatory,quay-small,\n"},
      {"projects.csv", "terminal,60", "terminal,600"}},
     NULL,
     "warning funders.csv:2:1: funder: 'region': mandatory projects cost it 600 MEUR, and all its "
     "budgets hold 120 MEUR; raise its budgets or make fewer projects mandatory\n"},
    {"cost_far_from_the_others",
     {{"projects.csv", "railway,corridor,900", "railway,corridor,45000000"},
      {"projects.csv", "45000000", "45000"},
      {"projects.csv", "terminal,60", "terminal,6"},
      {"projects.csv", "terminal,110", "terminal,11"},
      {"projects.csv", "yard,terminal,40", "yard,terminal,4"}},
     NULL,
     "warning projects.csv:2:3: cost_meur: '45000': over a thousand times the median of the "
     "column, 6 MEUR per unit; check the figure and its unit\n"},
};

Test(tables_money, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
