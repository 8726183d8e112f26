/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places, links, terminals, transfers.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"link_to_itself",
     {{"links.csv", "road,town,port", "road,town,town"}, {"freight.csv", NULL, NULL}},
     NULL,
     "fault links.csv:2:3: to: the link goes from 'town' to itself; give two different places\n"},
    {"link_too_short",
     {{"links.csv", "road,120", "road,20"}},
     NULL,
     "warning links.csv:2:5: length_km: '20': shorter than the great circle between its places, "
     "100 km; check the length and the coordinates of the places\n"},
    {"link_too_long",
     {{"links.csv", "road,120", "road,1200"}},
     NULL,
     "warning links.csv:2:5: length_km: '1200': over four times the great circle between its "
     "places, 100 km; check the length and the coordinates of the places\n"},
    {"place_without_link",
     {{"places.csv", "abroad,NL,51.9,4.5,gateway,\n",
       "abroad,NL,51.9,4.5,gateway,\nlonely,SE,60,20,city,\n"}},
     NULL,
     "warning places.csv:5:1: place: 'lonely': no link begins or ends here; add links or remove "
     "the place\n"},
    {"trains_on_a_road",
     {{"links.csv", "5,Mt/yr", "5000,trains/day"}},
     NULL,
     "warning links.csv:2:7: capacity_unit: 'trains/day': trains where there is no rail; use "
     "another unit\n"},
    {"trucks_on_rails",
     {{"links.csv", "trains/day", "trucks/day"}},
     NULL,
     "warning links.csv:3:7: capacity_unit: 'trucks/day': trucks where there is no road; use "
     "another unit\n"},
    {"base_load_over_capacity",
     {{"links.csv", "5,Mt/yr,100000", "5,kt/yr,100000"}},
     NULL,
     "warning links.csv:2:8: base_load_t_per_year: the base load of 100000 t/yr is over the "
     "capacity of 5000 t/yr; check both figures and their units\n"},
    {"closed_link",
     {{"effects.csv", "railway,open_link,rail,,,,,,,,\n", ""}},
     NULL,
     "warning links.csv:3:9: open: the link is closed, and no project opens it; add an effect "
     "open_link or remove the link\n"},
    {"closed_terminal",
     {{"effects.csv", "yard,open_terminal,,yard,,,,,,,\n", ""},
      {"projects.csv", "yard,terminal,40,,,3,40,,\n", ""},
      {"rules.csv", NULL, NULL},
      {"funding.csv", "yard,region,1\n", ""}},
     NULL,
     "warning terminals.csv:3:5: open: the terminal is closed, and no project opens it; add an "
     "effect open_terminal or remove the terminal\n"},
    {"no_technology_runs",
     {{"technologies.csv", "train,rail,electricity,,hired,900,60,12,20,\n", ""}},
     NULL,
     "warning links.csv:3:4: mode: no technology can run on this rail link; add a technology or "
     "remove the links\n"},
    {"terminal_without_transfers",
     {{"terminals.csv", "far-quay", "spare,port,,,yes\nfar-quay"}},
     NULL,
     "warning terminals.csv:4:1: terminal: 'spare': the terminal offers no transfer; add its "
     "transfers to transfers.csv\n"},
    {"transfer_to_itself",
     {{"transfers.csv", "quay,any,rail,sea", "quay,any,rail,rail"}},
     NULL,
     "fault transfers.csv:3:4: to_mode: 'rail': the transfer goes from a mode to itself; give two "
     "modes, or two standards of one\n"},
    {"transfer_without_link",
     {{"transfers.csv", "far-quay,any,road,sea,6,24\n",
       "far-quay,any,road,sea,6,24\nfar-quay,any,rail,sea,6,24\n"}},
     NULL,
     "warning transfers.csv:6:3: from_mode: 'rail': no link of this mode begins or ends at "
     "'abroad'; add a link or remove the transfer\n"},
    {"transfer_of_a_standard_without_link",
     {{"transfers.csv", "from_mode,to_mode", "from_mode,from_standard,to_mode"},
      {"transfers.csv", "quay,any,road,sea", "quay,any,road,,sea"},
      {"transfers.csv", "quay,any,rail,sea", "quay,any,rail,1524,sea"},
      {"transfers.csv", "yard,any,road,rail", "yard,any,road,,rail"},
      {"transfers.csv", "far-quay,any,road,sea", "far-quay,any,road,,sea"}},
     NULL,
     "warning transfers.csv:3:3: from_mode: 'rail': no link of this mode and standard 1524 begins "
     "or ends at 'port'; add a link or remove the transfer\n"},
};

Test(tables_network, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
