/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects in time and their effects.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"years_backwards",
     {{"projects.csv", "900,2026,", "900,2026,2024"}},
     NULL,
     "fault projects.csv:2:5: latest_year: '2024': before the earliest year, 2026; exchange or "
     "correct the years\n"},
    {"no_period_begins",
     {{"projects.csv", "900,2026,", "900,2027,2029"}},
     NULL,
     "fault projects.csv:2:4: earliest_year: '2027': no period begins in the years in which "
     "construction may start; construction starts in the first year of a period: let one lie "
     "between earliest_year and latest_year\n"},
    {"too_late",
     {{"projects.csv", "900,2026,", "900,2050,"}},
     NULL,
     "fault projects.csv:2:4: earliest_year: '2050': no period begins in the years in which "
     "construction may start; construction starts in the first year of a period: let one lie "
     "between earliest_year and latest_year\n"},
    {"latest_too_early",
     {{"projects.csv", "900,2026,", "900,,2020"}},
     NULL,
     "fault projects.csv:2:5: latest_year: '2020': no period begins in the years in which "
     "construction may start; construction starts in the first year of a period: let one lie "
     "between earliest_year and latest_year\n"},
    {"not_finished_in_time",
     {{"projects.csv", "900,2026,,5", "900,2031,,8"}},
     NULL,
     "fault projects.csv:2:6: lead_time_years: '8': it cannot be finished when the last period "
     "begins, in 2031; let it start earlier, or leave the project out\n"},
    {"life_too_short",
     {{"projects.csv", ",1,15,10", ",1,2,10"}},
     NULL,
     "warning projects.csv:6:7: life_years: 2 is unusual, mostly 3 to 120 years; check the figure "
     "and its unit\n"
     "fault projects.csv:6:7: life_years: '2': its life covers no whole period; give it a longer "
     "life, or shorter periods\n"},
    {"many_units_of_a_size",
     {{"projects.csv", "quay-small,terminal,60,,,3,40,,", "quay-small,terminal,60,,,3,40,2,"}},
     NULL,
     "fault projects.csv:4:8: max_units: '2': a size of 'quay' can be built once only; set it to "
     "1, or leave size_of blank\n"},
    {"one_size_only",
     {{"projects.csv", "110,,,4,40,,quay", "110,,,4,40,,other"}},
     NULL,
     "warning projects.csv:4:9: size_of: 'quay': no other project is a size of it; give the other "
     "sizes the same word\n"
     "warning projects.csv:5:9: size_of: no other project is a size of it; give the other sizes "
     "the same word\n"},
    {"project_that_does_nothing",
     {{"effects.csv", "quay-large,terminal_capacity,,quay,,,,1,Mt/yr,,\n", ""}},
     NULL,
     "warning projects.csv:5:1: project: 'quay-large': the project does nothing; add what it does "
     "to effects.csv\n"},
    {"effect_without_target",
     {{"effects.csv", "railway,open_link,rail", "railway,open_link,"}},
     NULL,
     "fault effects.csv:2:3: link: a value is missing: open_link needs it; fill it in\n"
     "warning links.csv:3:9: open: the link is closed, and no project opens it; add an effect "
     "open_link or remove the link\n"},
    {"effect_with_another_target",
     {{"effects.csv", "railway,electrify,rail,,", "railway,electrify,rail,quay,"}},
     NULL,
     "fault effects.csv:3:4: terminal: 'quay': electrify does not use it; leave it blank\n"},
    {"amount_missing",
     {{"effects.csv", ",500,kt/yr", ",,kt/yr"}},
     NULL,
     "fault effects.csv:5:8: amount: a value is missing: terminal_capacity needs it; fill it in\n"},
    {"amount_unused",
     {{"effects.csv", "railway,electrify,rail,,,,,,,,", "railway,electrify,rail,,,,,5,t/yr,,"}},
     NULL,
     "fault effects.csv:3:8: amount: '5': electrify does not use it; leave it blank\n"
     "fault effects.csv:3:9: unit: 't/yr': electrify does not use it; leave it blank\n"},
    {"unit_missing",
     {{"effects.csv", ",500,kt/yr", ",500,"}},
     NULL,
     "fault effects.csv:5:9: unit: a value is missing: terminal_capacity needs it; write t/yr, "
     "kt/yr, Mt/yr, t/day, trains/day, trucks/day or TEU/yr\n"},
    {"unit_of_energy",
     {{"effects.csv", "3000,MWh/yr", "3000,t/yr"}},
     NULL,
     "fault effects.csv:7:9: unit: 't/yr': not a unit of energy_point; write MWh/yr\n"},
    {"unit_may_be_blank", {{"effects.csv", "3000,MWh/yr", "3000,"}}, NULL, ""},
    {"unit_of_vehicles",
     {{"effects.csv", "chargers,energy_point",
       "chargers,fleet,,,,,battery,5,MWh/yr,,\nchargers,energy_point"}},
     NULL,
     "fault effects.csv:7:9: unit: 'MWh/yr': not a unit of fleet; write vehicles\n"},
    {"unit_of_capacity",
     {{"effects.csv", ",500,kt/yr", ",500,vehicles"}},
     NULL,
     "fault effects.csv:5:9: unit: 'vehicles': not a unit of terminal_capacity; write t/yr, kt/yr, "
     "Mt/yr, t/day, trains/day, trucks/day or TEU/yr\n"},
    {"fleet_of_hired_vehicles",
     {{"effects.csv", "chargers,energy_point",
       "chargers,fleet,,,,,truck,5,vehicles,,\nchargers,energy_point"}},
     NULL,
     "fault effects.csv:7:7: technology: 'truck': the technology has no fleet of its own; set "
     "fleet to owned in technologies.csv\n"},
    {"factor_unused",
     {{"effects.csv", "railway,electrify,rail,,,,,,,,", "railway,electrify,rail,,,,,,,0.9,"}},
     NULL,
     "fault effects.csv:3:10: factor: '0.9': electrify does not use it; leave it blank\n"},
    {"hours_unused",
     {{"effects.csv", "railway,electrify,rail,,,,,,,,", "railway,electrify,rail,,,,,,,,-1"}},
     NULL,
     "fault effects.csv:3:11: hours: '-1': electrify does not use it; leave it blank\n"},
    {"improvement_of_nothing",
     {{"effects.csv", "railway,electrify,rail",
       "railway,improve_link,road,,,,,,,,\nrailway,electrify,rail"}},
     NULL,
     "warning effects.csv:3:2: effect: 'improve_link': it changes nothing; give a factor other "
     "than 1, or hours\n"},
    {"effects_that_change_nothing",
     {{"effects.csv", NULL,
       "project,effect,link,terminal,amount,unit\nrailway,open_link,rail,,,\nrailway,open_link,"
       "road,,,\nrailway,allow_dangerous,road,,,\nrailway,link_capacity,sea,,5,t/"
       "yr\nyard,open_terminal,,yard,,\nyard,open_terminal,,quay,,\nyard,terminal_capacity,,far-"
       "quay,5,t/yr\nquay-small,terminal_capacity,,quay,1,Mt/"
       "yr\nquay-large,terminal_capacity,,quay,2,Mt/yr\nchargers,terminal_capacity,,quay,2,Mt/"
       "yr\n"}},
     NULL,
     "warning effects.csv:3:2: effect: 'open_link': it changes nothing: the link is open already; "
     "check the effect and its target\n"
     "warning effects.csv:4:2: effect: 'allow_dangerous': it changes nothing: the link allows "
     "dangerous goods already; check the effect and its target\n"
     "warning effects.csv:5:2: effect: 'link_capacity': it changes nothing: the link has no limit "
     "of capacity; check the effect and its target\n"
     "warning effects.csv:7:2: effect: 'open_terminal': it changes nothing: the terminal is open "
     "already; check the effect and its target\n"
     "warning effects.csv:8:2: effect: 'terminal_capacity': it changes nothing: the terminal has "
     "no limit of capacity; check the effect and its target\n"},
    {"electrified_already",
     {{"links.csv", "base_load_t_per_year,open", "electrified,open"},
      {"links.csv", "100000,yes", "yes,yes"},
      {"effects.csv", "railway,electrify,rail", "railway,electrify,road"}},
     NULL,
     "warning effects.csv:3:2: effect: 'electrify': it changes nothing: the link is electrified "
     "already; check the effect and its target\n"},
};

Test(tables_projects, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
