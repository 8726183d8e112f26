/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of cells: numbers, ranges, words, names, blanks.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"not_a_number",
     {{"links.csv", ",120,", ",12O,"}},
     NULL,
     "fault links.csv:2:5: length_km: '12O': not a number; write digits, with . or , before the "
     "decimals only\n"},
    {"not_finite",
     {{"links.csv", ",120,", ",1e999,"}},
     NULL,
     "fault links.csv:2:5: length_km: '1e999': not a finite number; write a finite number\n"},
    {"hexadecimal",
     {{"links.csv", ",120,", ",0x78,"}},
     NULL,
     "fault links.csv:2:5: length_km: '0x78': not a number; write digits, with . or , before the "
     "decimals only\n"},
    {"thousands",
     {{"links.csv", ",120,", ",\"1,200\","}},
     NULL,
     "fault links.csv:2:5: length_km: '1,200': may mean thousands or decimals; write 1500 or 1.5 "
     "without separators of thousands\n"},
    {"blanks_inside",
     {{"links.csv", ",120,", ",1 200,"}},
     NULL,
     "fault links.csv:2:5: length_km: '1 200': not a number; write digits, with . or , before the "
     "decimals only\n"},
    {"below_the_range",
     {{"links.csv", ",120,", ",-120,"}},
     NULL,
     "fault links.csv:2:5: length_km: -120 is outside of the allowed range, 0.001 to 50000 km; "
     "check the figure and its unit\n"},
    {"above_the_range",
     {{"places.csv", "64.5", "96.4"}},
     NULL,
     "fault places.csv:2:3: latitude_deg: 96.4 is outside of the allowed range, -90 to 90 degrees; "
     "check the figure and its unit\n"},
    {"share_above_one",
     {{"funding.csv", "yard,region,1", "yard,region,1.5"}},
     NULL,
     "fault funding.csv:4:3: share: 1.5 is outside of the allowed range, 0 to 1; check the figure "
     "and its unit\n"},
    {"unusual_value",
     {{"products.csv", "container,0.5", "container,80"}},
     NULL,
     "warning products.csv:2:3: value_of_time_eur_per_t_h: 80 is unusual, mostly 0 to 50 EUR/t/h; "
     "check the figure and its unit\n"},
    {"unusual_cost",
     {{"projects.csv", "railway,corridor,900", "railway,corridor,60000"}},
     NULL,
     "warning projects.csv:2:3: cost_meur: 60000 is unusual, mostly 0.01 to 50000 MEUR per unit; "
     "check the figure and its unit\n"},
    {"negative_price",
     {{"sites.csv", "kt/yr,6000", "kt/yr,-10"}},
     NULL,
     "warning sites.csv:5:9: price_eur_per_t: -10 is unusual, mostly 0 to 200000 EUR/t; check the "
     "figure and its unit\n"},
    {"not_a_whole_number",
     {{"projects.csv", "15,10,", "15,2.5,"}},
     NULL,
     "fault projects.csv:6:8: max_units: '2.5': not a whole number; write it without decimals\n"},
    {"not_a_year",
     {{"periods.csv", "p1,2026,", "p1,2026.5,"}},
     NULL,
     "fault periods.csv:2:2: first_year: '2026.5': not a year; write a year such as 2030\n"},
    {"year_out_of_range",
     {{"case.csv", "2025,0.03", "20255,0.03"}},
     NULL,
     "fault case.csv:2:3: price_year: 20255 is outside of the allowed range, 1900 to 2200; check "
     "the figure and its unit\n"},
    {"neither_yes_nor_no",
     {{"products.csv", "0.5,yes", "0.5,maybe"}},
     NULL,
     "fault products.csv:2:4: dangerous: 'maybe': neither yes nor no; write yes or no\n"},
    {"no_such_choice",
     {{"links.csv", "port,road,", "port,raod,"}},
     NULL,
     "fault links.csv:2:4: mode: 'raod': not one of the choices; did you mean 'road'? Choices: "
     "road, rail, sea, ferry, waterway, air, pipeline\n"},
    {"no_choice_near",
     {{"links.csv", "port,road,", "port,teleport,"}},
     NULL,
     "fault links.csv:2:4: mode: 'teleport': not one of the choices; write one of road, rail, sea, "
     "ferry, waterway, air, pipeline\n"},
    {"wrong_unit_of_capacity",
     {{"links.csv", "Mt/yr", "Mt/y"}},
     NULL,
     "fault links.csv:2:7: capacity_unit: 'Mt/y': not one of the choices; did you mean 'Mt/yr'? "
     "Choices: t/yr, kt/yr, Mt/yr, t/day, trains/day, trucks/day, TEU/yr\n"},
    {"wrong_unit_of_site",
     {{"sites.csv", "16,GWh/yr,,1000,,\n", "16,TWh,,1000,,\n"}},
     NULL,
     "fault sites.csv:2:8: unit: 'TWh': not one of the choices; write one of t/yr, kt/yr, Mt/yr, "
     "GWh/yr\n"},
    {"wrong_unit_of_recipe",
     {{"recipes.csv", "GWh", "kt"}},
     NULL,
     "fault recipes.csv:2:5: unit: 'kt': not one of the choices; did you mean 't'? Choices: t, "
     "GWh\n"},
    {"upper_case_name",
     {{"carriers.csv", "diesel\n", "Diesel\n"}},
     NULL,
     "fault carriers.csv:2:1: carrier: 'Diesel': not a valid short name; use lower-case letters "
     "a-z, digits and _ . : - only\n"
     "fault energy.csv:2:1: carrier: 'diesel': not in carriers.csv; add it to carriers.csv\n"
     "fault technologies.csv:2:3: carrier: 'diesel': not in carriers.csv; add it to carriers.csv\n"
     "fault technologies.csv:5:3: carrier: 'diesel': not in carriers.csv; add it to "
     "carriers.csv\n"},
    {"value_missing",
     {{"links.csv", "road,town,port,road,120", "road,town,port,road,"}},
     NULL,
     "fault links.csv:2:5: length_km: a value is missing; fill it in: Length\n"},
    {"key_missing",
     {{"funders.csv", "state,SE", ",SE"}},
     NULL,
     "fault budgets.csv:4:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault budgets.csv:5:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funders.csv:3:1: funder: a value is missing; fill it in: Short name of the funder\n"
     "fault funding.csv:2:2: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:6:2: funder: 'state': not in funders.csv; add it to funders.csv\n"},
    {"budget_without_funder",
     {{"budgets.csv", "state,p1,500", ",p1,500"}},
     NULL,
     "fault budgets.csv:4:1: funder: a value is missing; fill it in: The funder\n"},
};

Test(tables_cells, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
