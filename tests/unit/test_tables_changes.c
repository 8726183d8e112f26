/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scenarios change.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"unknown_table",
     {{"changes.csv", "growth,energy,", "growth,energie,"}},
     NULL,
     "fault changes.csv:2:2: table: there is no table 'energie'; did you mean 'energy'?\n"},
    {"unknown_column",
     {{"changes.csv", "price_eur_per_kwh", "price"}},
     NULL,
     "fault changes.csv:2:4: column: there is no column 'price' in energy.csv; did you mean "
     "'price_eur_per_kwh'?\n"},
    {"column_that_cannot_vary",
     {{"changes.csv", "energy,diesel/*/*,price_eur_per_kwh", "periods,p1,first_year"}},
     NULL,
     "fault changes.csv:2:4: column: 'first_year': a scenario cannot change this column of "
     "periods.csv; change another table\n"},
    {"column_of_the_network",
     {{"changes.csv", "energy,diesel/*/*,price_eur_per_kwh", "funding,*,share"}},
     NULL,
     "fault changes.csv:2:4: column: 'share': a scenario cannot change this column of funding.csv; "
     "change another table\n"},
    {"too_many_parts",
     {{"changes.csv", "diesel/*/*", "diesel/*/*/*"}},
     NULL,
     "fault changes.csv:2:3: key: 'diesel/*/*/*': the key has more parts than the key of "
     "energy.csv; write carrier/country/from_period (blank parts empty, * for any), or *\n"},
    {"no_such_row",
     {{"changes.csv", "diesel/*/*", "petrol/*/*"}},
     NULL,
     "fault changes.csv:2:3: key: 'petrol/*/*': no row of energy.csv has this key; check the "
     "key\n"},
    {"blank_figure",
     {{"changes.csv", "energy,diesel/*/*,price_eur_per_kwh", "links,sea,capacity"}},
     NULL,
     "fault changes.csv:2:4: column: 'capacity': it is blank in links.csv, so that there is "
     "nothing to change; give it a value there that means the same as blank\n"},
    {"out_of_range",
     {{"changes.csv", "multiply,1.2", "add,1000"}},
     NULL,
     "fault changes.csv:2:6: value: price_eur_per_kwh of energy.csv line 2 becomes 1000.1, outside "
     "of the allowed range, -1 to 100 EUR/kWh; check the change and the figure that it changes\n"},
    {"wrong_operation",
     {{"changes.csv", "multiply", "times"}},
     NULL,
     "fault changes.csv:2:5: operation: 'times': not one of the choices; write one of set, "
     "multiply, add\n"},
};

Test(tables_changes, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
