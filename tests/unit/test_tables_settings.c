/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option --set.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"form",
     {{0}},
     "links.road",
     "fault 'links.road': not of the right form; write TABLE.KEY.COLUMN=VALUE\n"},
    {"no_key",
     {{0}},
     "links.length_km=5",
     "fault 'links.length_km=5': not of the right form; write TABLE.KEY.COLUMN=VALUE\n"},
    {"unknown_table",
     {{0}},
     "link.road.length_km=5",
     "fault 'link.road.length_km=5': there is no table 'link'; did you mean 'links'?\n"},
    {"unknown_column",
     {{0}},
     "links.road.length=5",
     "fault 'links.road.length=5': there is no column 'length' in links.csv; did you mean "
     "'length_km'?\n"},
    {"no_row",
     {{0}},
     "links.raod.length_km=5",
     "fault 'links.raod.length_km=5': no row of links.csv has this key; check the key\n"},
    {"too_many_parts",
     {{0}},
     "links.road/a.length_km=5",
     "fault 'links.road/a.length_km=5': the key has more parts than the key of links.csv; write "
     "link (blank parts empty, * for any), or *\n"},
    {"value",
     {{0}},
     "links.road.length_km=five",
     "fault 'links.road.length_km=five': not a number; write digits, with . or , before the "
     "decimals only\n"},
    {"range",
     {{0}},
     "links.road.length_km=-5",
     "fault 'links.road.length_km=-5': -5 is outside of the allowed range, 0.001 to 50000 km; "
     "check the figure and its unit\n"},
    {"key_column",
     {{0}},
     "links.road.link=new",
     "fault 'links.road.link=new': a column of the key cannot be set; choose another column or "
     "value\n"},
    {"blank_of_required",
     {{0}},
     "links.road.length_km=",
     "fault 'links.road.length_km=': the column cannot be blank; choose another column or value\n"},
    {"dangling",
     {{0}},
     "links.road.to=prot",
     "fault links.csv:2:3: to: 'prot': not in places.csv; did you mean 'port'? Otherwise add it to "
     "places.csv\n"},
};

Test(tables_settings, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
