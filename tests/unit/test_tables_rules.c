/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules between projects.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"circle",
     {{"rules.csv", "requires,yard,railway\n",
       "requires,yard,railway\nrequires,railway,quay-small\nrequires,quay-small,yard\n"}},
     NULL,
     "fault rules.csv:2:3: other: projects require each other in a circle: railway, quay-small, "
     "yard, railway; remove one of these rules, or use jointly\n"},
    {"other_missing",
     {{"rules.csv", "requires,yard,railway", "excludes,yard,"}},
     NULL,
     "fault rules.csv:2:3: other: a value is missing: excludes needs it; name the other project\n"},
    {"other_unused",
     {{"rules.csv", "requires,yard,railway", "mandatory,yard,railway"}},
     NULL,
     "fault rules.csv:2:3: other: 'railway': mandatory does not use it; leave it blank\n"},
    {"with_itself",
     {{"rules.csv", "requires,yard,railway", "excludes,yard,yard"}},
     NULL,
     "fault rules.csv:2:3: other: a rule between 'yard' and itself; name two projects\n"},
    {"units",
     {{"rules.csv", "requires,yard,railway", "jointly,yard,chargers"}},
     NULL,
     "fault rules.csv:2:3: other: 'chargers': jointly needs a project of which one unit can be "
     "built; set max_units to 1 in projects.csv\n"},
    {"mandatory_excluded",
     {{"rules.csv", "requires,yard,railway\n",
       "mandatory,yard,\nmandatory,railway,\nexcludes,railway,yard\n"},
      {"projects.csv", "yard,terminal,40", "yard,terminal,20"}},
     NULL,
     "fault rules.csv:2:2: project: mandatory projects need both 'railway' and 'yard', which "
     "exclude each other; change one of the rules that lead there\n"},
    {"mandatory_needs_excluded",
     {{"rules.csv", "requires,yard,railway\n",
       "mandatory,yard,\nrequires,yard,railway\nexcludes,railway,yard\n"}},
     NULL,
     "fault rules.csv:2:2: project: it is mandatory, but needs both 'railway' and 'yard', which "
     "exclude each other; change one of the rules that lead there\n"},
    {"mandatory_sizes",
     {{"rules.csv", "requires,yard,railway\n", "mandatory,quay-small,\nmandatory,quay-large,\n"}},
     NULL,
     "fault rules.csv:3:2: project: mandatory projects need both 'quay-small' and 'quay-large', "
     "which exclude each other; change one of the rules that lead there\n"},
    {"never_built",
     {{"rules.csv", "requires,yard,railway\n",
       "requires,yard,quay-small\njointly,yard,quay-large\n"}},
     NULL,
     "warning projects.csv:3:1: project: 'yard': it can never be built: it needs both 'quay-small' "
     "and 'quay-large', which exclude each other; change one of the rules that lead there\n"
     "warning projects.csv:5:1: project: it can never be built: it needs both 'quay-small' and "
     "'quay-large', which exclude each other; change one of the rules that lead there\n"},
};

Test(tables_rules, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
