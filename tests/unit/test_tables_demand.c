/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes, sites, freight, and routes between them.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"units_of_a_recipe",
     {{"recipes.csv", "1000,GWh\n", "1000,GWh\ncells,general,coproduct,1,t\n"}},
     NULL,
     "warning products.csv:4:1: product: 'general': it is offered, but nobody takes it; add a "
     "market to sites.csv, such as exports at a gateway\n"
     "fault recipes.csv:3:5: unit: the recipe has another unit in line 2; give all rows of a "
     "recipe the same unit\n"},
    {"recipe_of_nothing",
     {{"recipes.csv", "1000,GWh", "0,GWh"}},
     NULL,
     "warning recipes.csv:2:4: t_per_unit: '0': nothing of it is used or made; give the amount or "
     "remove the row\n"},
    {"unused_recipe",
     {{"recipes.csv", "1000,GWh\n", "1000,GWh\nother,anode,input,1,t\n"}},
     NULL,
     "warning recipes.csv:3:1: recipe: 'other': no site uses the recipe; name it in sites.csv or "
     "remove it\n"},
    {"unknown_recipe",
     {{"sites.csv", "planned,cells,16,GWh/yr,,1000,,\n", "planned,cell,16,GWh/yr,,1000,,\n"}},
     NULL,
     "fault sites.csv:2:6: recipe: 'cell': not in recipes.csv; did you mean 'cells'? Otherwise add "
     "it to recipes.csv\n"},
    {"recipe_of_a_market",
     {{"sites.csv", "market,chosen,,60", "market,chosen,cells,60"}},
     NULL,
     "warning sites.csv:6:6: recipe: 'cells': only a plant has a recipe; leave it blank\n"},
    {"chosen_plant_without_recipe",
     {{"sites.csv", "source,chosen,,100", "plant,chosen,,100"}},
     NULL,
     "warning sites.csv:5:6: recipe: a chosen plant without a recipe makes its product of nothing; "
     "name a recipe, or make it a source\n"},
    {"recipe_with_its_own_product",
     {{"recipes.csv", "1000,GWh\n", "1000,GWh\ncells,cells,input,1,GWh\n"}},
     NULL,
     "fault sites.csv:2:6: recipe: the recipe holds the product that it makes, 'cells'; take the "
     "product out of its own recipe\n"
     "fault sites.csv:3:6: recipe: the recipe holds the product that it makes, 'cells'; take the "
     "product out of its own recipe\n"
     "fault sites.csv:4:6: recipe: the recipe holds the product that it makes, 'cells'; take the "
     "product out of its own recipe\n"},
    {"recipes_in_a_circle",
     {{"recipes.csv", "1000,GWh\n", "1000,GWh\nback,cells,input,1,t\n"},
      {"sites.csv", "imports,abroad",
       "recycler,abroad,anode,plant,chosen,back,5,kt/yr,10,,,\nimports,abroad"}},
     NULL,
     "warning recipes.csv: products are made from each other in a circle: cells, anode, cells; "
     "check the recipes of these products\n"},
    {"gwh_without_weight",
     {{"products.csv", "yes,4000", "yes,"}},
     NULL,
     "fault sites.csv:2:6: recipe: the recipe is per GWh, but the product 'cells' has no "
     "t_per_gwh; give t_per_gwh of the product in products.csv\n"
     "fault sites.csv:2:8: unit: 'GWh/yr': the product 'cells' has no t_per_gwh; give t_per_gwh of "
     "the product in products.csv, or use t/yr\n"
     "fault sites.csv:3:6: recipe: the recipe is per GWh, but the product 'cells' has no "
     "t_per_gwh; give t_per_gwh of the product in products.csv\n"
     "fault sites.csv:3:8: unit: 'GWh/yr': the product 'cells' has no t_per_gwh; give t_per_gwh of "
     "the product in products.csv, or use t/yr\n"
     "fault sites.csv:4:6: recipe: the recipe is per GWh, but the product 'cells' has no "
     "t_per_gwh; give t_per_gwh of the product in products.csv\n"
     "fault sites.csv:4:8: unit: 'GWh/yr': the product 'cells' has no t_per_gwh; give t_per_gwh of "
     "the product in products.csv, or use t/yr\n"
     "fault sites.csv:6:8: unit: 'GWh/yr': the product 'cells' has no t_per_gwh; give t_per_gwh of "
     "the product in products.csv, or use t/yr\n"},
    {"share_of_a_market",
     {{"sites.csv", NULL,
       "site,place,product,role,planned,amount,unit,price_eur_per_t,max_share\nimports,abroad,"
       "anode,source,chosen,100,kt/yr,6000,\nbuyers,town,anode,market,planned,60,kt/yr,,0.5\n"},
      {"recipes.csv", NULL, NULL}},
     NULL,
     "warning sites.csv:3:9: max_share: '0.5': only a chosen source has a largest share; leave it "
     "blank\n"},
    {"site_at_two_places",
     {{"sites.csv", "factory,town,cells,plant,planned,cells,40",
       "factory,port,cells,plant,planned,cells,40"}},
     NULL,
     "warning sites.csv:4:2: place: 'port': the site is at 'town' in line 3; give each site one "
     "place\n"},
    {"scenario_without_the_begin",
     {{"sites.csv", "factory,town,cells,plant,planned,cells,16,GWh/yr,,1000,,growth\n", ""}},
     NULL,
     "warning sites.csv:3:11: from_period: 'p2': before it the site is not there in the scenario "
     "'growth', whose own rows replace the others; add a row of this scenario for the periods "
     "before\n"},
    {"nobody_offers",
     {{"sites.csv", "imports,abroad,anode,source,chosen,,100,kt/yr,6000,,,\n", ""}},
     NULL,
     "warning products.csv:3:1: product: 'anode': it is taken, but nobody offers it; add a source "
     "to sites.csv, such as imports at a gateway\n"},
    {"nobody_takes",
     {{"sites.csv", "buyers,abroad,cells,market,chosen,,60,GWh/yr,20000,,,\n", ""}},
     NULL,
     "warning products.csv:2:1: product: 'cells': it is offered, but nobody takes it; add a market "
     "to sites.csv, such as exports at a gateway\n"},
    {"dearer_than_nothing",
     {{"case.csv", "2026,10000", "2026,5000"}},
     NULL,
     "warning products.csv:3: unserved_price_eur_per_t: its cheapest supply costs 6000 EUR/t, and "
     "not to deliver it only 5000 EUR/t; raise the price of a ton that is not delivered\n"},
    {"freight_to_itself",
     {{"freight.csv", "port,town", "town,town"}},
     NULL,
     "fault freight.csv:2:2: to: the freight goes from 'town' to itself; give two different "
     "places\n"},
    {"no_route_to_a_site",
     {{"links.csv", "sea,port,abroad,sea,2300,,,,yes", "sea,port,abroad,sea,2300,,,,no"}},
     NULL,
     "warning freight.csv:3:2: to: 'abroad': no route for 'general' leads there from 'town'; add "
     "links or transfers, or projects that open them\n"
     "warning links.csv:4:9: open: the link is closed, and no project opens it; add an effect "
     "open_link or remove the link\n"
     "fault sites.csv:2:2: place: 'town': no route for 'cells' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:2:2: place: 'town': no route for 'anode' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:5:2: place: 'abroad': no route for 'anode' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:6:2: place: 'abroad': no route for 'cells' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"},
    {"no_route_for_a_dangerous_product",
     {{"links.csv", "base_load_t_per_year,open", "base_load_t_per_year,dangerous_goods"},
      {"links.csv", "2300,,,,yes", "2300,,,,no"},
      {"effects.csv", "railway,open_link,rail,,,,,,,,\n", ""},
      {"links.csv", "trains/day,,no", "trains/day,,yes"}},
     NULL,
     "fault sites.csv:2:2: place: 'town': no route for 'cells' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:6:2: place: 'abroad': no route for 'cells' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"},
    {"no_route_by_handling",
     {{"transfers.csv", "far-quay,any", "far-quay,dry_bulk"}},
     NULL,
     "warning freight.csv:3:2: to: 'abroad': no route for 'general' leads there from 'town'; add "
     "links or transfers, or projects that open them\n"
     "fault sites.csv:2:2: place: 'town': no route for 'cells' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:2:2: place: 'town': no route for 'anode' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:5:2: place: 'abroad': no route for 'anode' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:6:2: place: 'abroad': no route for 'cells' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"},
    {"no_route_without_road",
     {{"products.csv", "dangerous,t_per_gwh", "road,t_per_gwh"},
      {"products.csv", "0.5,yes", "0.5,no"},
      {"products.csv", "anode,container,0.1,no", "anode,container,0.1,yes"},
      {"products.csv", "0.2,no", "0.2,yes"},
      {"transfers.csv", "yard,any,road,rail", "yard,liquid_bulk,road,rail"}},
     NULL,
     "fault sites.csv:2:2: place: 'town': no route for 'cells' leads to any site that takes it; "
     "add links or transfers, or projects that open them\n"
     "fault sites.csv:6:2: place: 'abroad': no route for 'cells' leads to any site that offers it; "
     "add links or transfers, or projects that open them\n"},
};

Test(tables_demand, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
