/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: missing tables and columns, fields, quotes, encodings.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"missing_table",
     {{"links.csv", NULL, NULL}},
     NULL,
     "fault links.csv: the table is missing; write it: Roads, railways, sea routes and the like "
     "between two places, as they are or as a project may open them\n"},
    {"empty_file",
     {{"rules.csv", NULL, ""}},
     NULL,
     "fault rules.csv: the file is empty; write a header line: rule,project,other,source\n"},
    {"only_comments",
     {{"rules.csv", NULL, "# nothing\n\n"}},
     NULL,
     "fault rules.csv: the file is empty; write a header line: rule,project,other,source\n"},
    {"no_rows",
     {{"products.csv", NULL, "product\n"}},
     NULL,
     "fault products.csv: the table has no row; add a row\n"},
    {"two_cases",
     {{"case.csv", "general,abroad,3\n", "general,abroad,3\nother,,2025,0.03,,,,,\n"}},
     NULL,
     "fault case.csv:3: 2 rows where one is allowed; keep one row\n"},
    {"missing_column",
     {{"funders.csv", "funder,country", "country"},
      {"funders.csv", "region,SE\nstate,SE", "SE\nNL"}},
     NULL,
     "fault funders.csv:1: funder: the column is missing; add it: Short name of the funder\n"},
    {"unknown_column",
     {{"links.csv", "length_km", "lenght_km"}},
     NULL,
     "fault links.csv:1: length_km: the column is missing; add it: Length\n"
     "fault links.csv:1:5: 'lenght_km': no such column in this table; did you mean 'length_km'? "
     "Otherwise remove the column\n"},
    {"unknown_extra_column",
     {{"carriers.csv", NULL, "carrier,colour\ndiesel,red\nelectricity,\n"}},
     NULL,
     "fault carriers.csv:1:2: 'colour': no such column in this table; did you mean 'carrier'? "
     "Otherwise remove the column\n"},
    {"unnamed_column",
     {{"carriers.csv", NULL, "carrier,,name\ndiesel,,D\nelectricity,,E\n"}},
     NULL,
     "fault carriers.csv:1:2: a column without a name; name the column or remove it\n"},
    {"column_twice",
     {{"carriers.csv", NULL, "carrier,name,name\ndiesel,a,b\nelectricity,,\n"}},
     NULL,
     "fault carriers.csv:1:3: 'name': the column is there twice, first in field 2; remove one of "
     "them\n"},
    {"too_few_fields",
     {{"links.csv", "sea,port,abroad,sea,2300,,,,yes", "sea,port,abroad,sea,2300,,,yes"}},
     NULL,
     "fault links.csv:4: 8 fields where the header has 9; put a field that holds a separator in "
     "quotes, and leave no field out\n"},
    {"too_many_fields",
     {{"funders.csv", "state,SE", "state,SE,x"}},
     NULL,
     "fault budgets.csv:4:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault budgets.csv:5:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funders.csv:3: 3 fields where the header has 2; put a field that holds a separator in "
     "quotes, and leave no field out\n"
     "fault funding.csv:2:2: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:6:2: funder: 'state': not in funders.csv; add it to funders.csv\n"},
    {"quote_inside",
     {{"funders.csv", "region,SE", "region,S\"E"}},
     NULL,
     "fault budgets.csv:2:1: funder: 'region': not in funders.csv; add it to funders.csv\n"
     "fault budgets.csv:3:1: funder: 'region': not in funders.csv; add it to funders.csv\n"
     "fault funders.csv:2:2: a quote stands where none may be; put the whole field in quotes and "
     "double the quotes inside\n"
     "fault funding.csv:3:2: funder: 'region': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:4:2: funder: 'region': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:5:2: funder: 'region': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:7:2: funder: 'region': not in funders.csv; add it to funders.csv\n"},
    {"quote_not_closed",
     {{"funders.csv", "state,SE", "state,\"SE"}},
     NULL,
     "fault budgets.csv:4:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault budgets.csv:5:1: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funders.csv:3:2: a quote that opens here is never closed; close the quote\n"
     "fault funding.csv:2:2: funder: 'state': not in funders.csv; add it to funders.csv\n"
     "fault funding.csv:6:2: funder: 'state': not in funders.csv; add it to funders.csv\n"},
    {"not_utf8",
     {{"places.csv", "town,SE,64.5", "town,S\344,64.5"}},
     NULL,
     "fault places.csv:2:2: the byte 0xE4 is not UTF-8; save the file as CSV UTF-8\n"},
    {"utf16",
     {{"rules.csv", NULL, "\377\376r"}},
     NULL,
     "fault rules.csv: the file is in UTF-16, not in UTF-8; save it as CSV UTF-8\n"},
};

Test(tables_files, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
