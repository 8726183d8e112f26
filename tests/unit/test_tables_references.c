/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that are there twice, references to nothing, several faults at once.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"key_twice",
     {{"places.csv", "port,SE,63.8", "town,SE,63.8"}},
     NULL,
     "fault effects.csv:7:5: place: 'port': not in places.csv; did you mean 'town'? Otherwise add "
     "it to places.csv\n"
     "fault freight.csv:2:1: from: 'port': not in places.csv; did you mean 'town'? Otherwise add "
     "it to places.csv\n"
     "fault links.csv:2:3: to: 'port': not in places.csv; did you mean 'town'? Otherwise add it to "
     "places.csv\n"
     "fault links.csv:3:3: to: 'port': not in places.csv; did you mean 'town'? Otherwise add it to "
     "places.csv\n"
     "fault links.csv:4:2: from: 'port': not in places.csv; did you mean 'town'? Otherwise add it "
     "to places.csv\n"
     "fault places.csv:3:1: place: the key 'town' is there already in line 2; remove one of them "
     "or change its key\n"
     "fault terminals.csv:2:2: place: 'port': not in places.csv; did you mean 'town'? Otherwise "
     "add it to places.csv\n"},
    {"composite_key_twice",
     {{"freight.csv", "town,abroad,general", "port,town,general"}},
     NULL,
     "fault freight.csv:3: the key 'port/town/general/' is there already in line 2; remove one of "
     "them or change its key\n"},
    {"blank_period_is_the_first",
     {{"energy.csv", "electricity,SE,p2", "electricity,SE,p1"}},
     NULL,
     "fault energy.csv:5: the key 'electricity/SE/' is there already in line 4; remove one of them "
     "or change its key\n"},
    {"dangling",
     {{"links.csv", "sea,port,abroad", "sea,port,abroda"}},
     NULL,
     "fault links.csv:4:3: to: 'abroda': not in places.csv; did you mean 'abroad'? Otherwise add "
     "it to places.csv\n"},
    {"dangling_far",
     {{"links.csv", "sea,port,abroad", "sea,port,qqqqqqqqqq"}},
     NULL,
     "fault links.csv:4:3: to: 'qqqqqqqqqq': not in places.csv; add it to places.csv\n"},
    {"dangling_scenario",
     {{"changes.csv", "growth,energy", "grow,energy"}},
     NULL,
     "fault changes.csv:2:1: scenario: 'grow': not in scenarios.csv; did you mean 'growth'? "
     "Otherwise add it to scenarios.csv\n"},
    {"missing_optional_table",
     {{"carriers.csv", NULL, NULL}},
     NULL,
     "fault carriers.csv: the table is missing, and energy.csv refers to it; write it: Energy "
     "carriers of vehicles: diesel, electricity, hydrogen\n"},
    {"missing_table_is_told_once",
     {{"places.csv", NULL, NULL}},
     NULL,
     "fault places.csv: the table is missing; write it: Towns, plants, ports, terminals, borders, "
     "gateways and junctions\n"},
    {"several_at_once",
     {{"links.csv", ",120,", ",x,"},
      {"periods.csv", "p2,2031", "p2,2032"},
      {"funders.csv", "state,SE", "stat,SE"}},
     NULL,
     "fault budgets.csv:4:1: funder: 'state': not in funders.csv; did you mean 'stat'? Otherwise "
     "add it to funders.csv\n"
     "fault budgets.csv:5:1: funder: 'state': not in funders.csv; did you mean 'stat'? Otherwise "
     "add it to funders.csv\n"
     "fault funding.csv:2:2: funder: 'state': not in funders.csv; did you mean 'stat'? Otherwise "
     "add it to funders.csv\n"
     "fault funding.csv:6:2: funder: 'state': not in funders.csv; did you mean 'stat'? Otherwise "
     "add it to funders.csv\n"
     "fault links.csv:2:5: length_km: 'x': not a number; write digits, with . or , before the "
     "decimals only\n"
     "fault periods.csv:3:2: first_year: '2032': a gap: the period 'p1' before it ends in 2030; "
     "let it begin in 2031\n"},
    {"scenario_without_table",
     {{"scenarios.csv", NULL, NULL}},
     NULL,
     "fault scenarios.csv: the table is missing, and sites.csv refers to it; write it: The futures "
     "that may come, with their probabilities. Without this table there is one scenario, base\n"},
};

Test(tables_references, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
