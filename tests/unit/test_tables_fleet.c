/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Technologies and their energy.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"heavy_truck",
     {{"technologies.csv", "hired,28,60", "hired,400,60"}},
     NULL,
     "warning technologies.csv:2:6: payload_t: '400': a truck of more than 120 t; check the figure "
     "and its unit (t)\n"},
    {"heavy_truck_later",
     {{"technology_periods.csv", NULL, "technology,from_period,payload_t\nbattery,p2,400\n"}},
     NULL,
     "warning technology_periods.csv:2:3: payload_t: '400': a truck of more than 120 t; check the "
     "figure and its unit (t)\n"},
    {"energy_without_carrier",
     {{"technologies.csv", "truck,road,diesel", "truck,road,"}},
     NULL,
     "fault technologies.csv:2:3: carrier: energy is used, but no carrier is named; name the "
     "energy carrier, or set energy_kwh_per_km to 0\n"},
    {"no_price_in_force",
     {{"energy.csv", "diesel,,,0.1", "diesel,,p2,0.1"}},
     NULL,
     "fault technologies.csv:2:3: carrier: 'diesel': no price in force at 'town' in the period "
     "'p1'; add a row to energy.csv; with a blank country it holds everywhere\n"
     "fault technologies.csv:5:3: carrier: 'diesel': no price in force at 'port' in the period "
     "'p1'; add a row to energy.csv; with a blank country it holds everywhere\n"},
    {"no_price_in_a_country",
     {{"energy.csv", "diesel,,,0.1,0.27", "diesel,SE,,0.1,0.27"}, {"changes.csv", NULL, NULL}},
     NULL,
     "fault technologies.csv:5:3: carrier: 'diesel': no price in force at 'abroad' in the period "
     "'p1'; add a row to energy.csv; with a blank country it holds everywhere\n"},
    {"country_of_no_place",
     {{"energy.csv", "electricity,,,0.12,0.2\n", "electricity,,,0.12,0.2\ndiesel,XX,,1,1\n"}},
     NULL,
     "warning energy.csv:4:2: country: 'XX': no place lies in this country; write the country as "
     "in places.csv\n"},
    {"range_without_points",
     {{"energy_points.csv", NULL, NULL},
      {"effects.csv", "chargers,energy_point,,,port,electricity,,3000,MWh/yr,,\n", ""},
      {"projects.csv", "chargers,charging,2,,,1,15,10,\n", ""},
      {"funding.csv", "chargers,region,1\n", ""}},
     NULL,
     "warning technologies.csv:3:4: range_km: '300': it cannot run: no place and no project offers "
     "'electricity'; add energy_points.csv or projects with the effect energy_point\n"},
    {"points_that_nobody_needs",
     {{"technologies.csv", "electricity,300", "electricity,"}},
     NULL,
     "warning energy_points.csv:2:2: carrier: 'electricity': no technology with a range uses this "
     "carrier; give range_km to the technologies that need the point\n"},
    {"range_without_carrier",
     {{"technologies.csv", "battery,road,electricity,300,owned,26,60,1,1.5",
       "battery,road,,300,owned,26,60,1,0"},
      {"energy_points.csv", NULL, NULL},
      {"effects.csv", "chargers,energy_point,,,port,electricity,,3000,MWh/yr,,\n", ""},
      {"projects.csv", "chargers,charging,2,,,1,15,10,\n", ""},
      {"funding.csv", "chargers,region,1\n", ""}},
     NULL,
     "fault technologies.csv:3:3: carrier: a range is given, but no carrier; name the energy "
     "carrier, or leave range_km blank\n"},
    {"range_and_electrification",
     {{"technologies.csv", NULL,
       "technology,mode,carrier,range_km,needs_electrification,payload_t,speed_km_per_h\ntruck,"
       "road,,,,28,60\nbattery,road,electricity,300,yes,26,60\ntrain,rail,,,,900,60\nship,sea,,,,"
       "6000,25\n"},
      {"technology_periods.csv", NULL, NULL}},
     NULL,
     "warning technologies.csv:3:5: needs_electrification: 'yes': has no effect on a technology "
     "with a range; leave range_km blank or needs_electrification no\n"},
    {"technology_without_links",
     {{"technologies.csv", "ship,sea,diesel,,hired,6000,25,18,350,\n",
       "ship,sea,diesel,,hired,6000,25,18,350,\nplane,air,diesel,,hired,20,600,8,60,\n"}},
     NULL,
     "warning technologies.csv:6:2: mode: 'air': there is no link of this mode; add links of the "
     "mode or remove the technology\n"},
    {"hired_vehicles_at_the_start",
     {{"technologies.csv", NULL,
       "technology,mode,initial_vehicles,empties,empty_share,payload_t,speed_km_per_h\ntruck,road,"
       "5,,,28,60\nbattery,road,,none,0.5,26,60\ntrain,rail,,share,,900,60\nship,sea,,,,6000,25\n"},
      {"technology_periods.csv", NULL, NULL},
      {"energy_points.csv", NULL, NULL},
      {"effects.csv", "chargers,energy_point,,,port,electricity,,3000,MWh/yr,,\n", ""},
      {"projects.csv", "chargers,charging,2,,,1,15,10,\n", ""},
      {"funding.csv", "chargers,region,1\n", ""}},
     NULL,
     "warning technologies.csv:2:3: initial_vehicles: '5': has no effect while fleet is 'hired'; "
     "set fleet to owned\n"
     "warning technologies.csv:3:5: empty_share: '0.5': has no effect while empties is not "
     "'share'; set empties to share\n"
     "warning technologies.csv:4:4: empties: has no effect while empty_share is 0; give "
     "empty_share\n"},
    {"owned_for_nothing",
     {{"technologies.csv", "1.5,350000", "1.5,"}},
     NULL,
     "warning technologies.csv:3:10: vehicle_price_eur: '0': owned vehicles that cost nothing; "
     "give the price of a vehicle\n"},
    {"least_above_largest_share",
     {{"technology_periods.csv", NULL,
       "technology,from_period,max_share,min_share\nbattery,p2,0.2,0.3\n"}},
     NULL,
     "fault technologies.csv:3: min_share: above max_share in the period 'p2'; lower min_share or "
     "raise max_share\n"},
    {"least_shares_above_one",
     {{"technology_periods.csv", NULL,
       "technology,from_period,min_share\nbattery,p2,0.6\ntruck,p2,0.5\n"}},
     NULL,
     "fault technologies.csv:3: min_share: the least shares of its mode sum to more than 1 in the "
     "period 'p2'; lower them so that they sum to at most 1\n"},
    {"row_that_changes_nothing",
     {{"technology_periods.csv", "p2,220000", "p2,"}},
     NULL,
     "warning technology_periods.csv:2:1: technology: 'battery': the row changes nothing; give a "
     "figure or remove the row\n"},
};

Test(tables_fleet, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
