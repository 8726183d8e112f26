/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of demand: products, recipes, sites, freight. */
#include "instances/columns.h"

static const char *const words_role[] = {"input", "coproduct", NULL};
static const char *const words_site[] = {"plant", "source", "market", NULL};
static const char *const words_planned[] = {"planned", "chosen", NULL};
static const char *const words_amount[] = {"t/yr", "kt/yr", "Mt/yr", "GWh/yr", NULL};
/* By the number of kv_amount_unit; the empty words are not offered. */
static const char *const words_output[] = {"t", "", "", "GWh", NULL};

const kv_column kv_columns_products[] = {
    COLUMN_KEY(kv_product, product, KV_REQUIRED, 1, "cells", "Short name of the product."),
    COLUMN_TEXT(kv_product, name, KV_OPTIONAL, 0, NULL, "Battery cells", "Name for reports."),
    COLUMN_CHOICE(kv_product, handling, KV_OPTIONAL, 0, "any", kv_words_handling, "container",
                  "How it is handled; a transfer serves one kind or any."),
    COLUMN_NUMBER(kv_product, value_of_time_eur_per_t_h, KV_OPTIONAL, "0", 0, 10000, 0, 50,
                  "EUR/t/h", 1, "0.5", "What an hour on the way costs."),
    COLUMN_YESNO(kv_product, dangerous, "no", "no",
                 "Whether it is dangerous goods, which some links do not allow."),
    COLUMN_YESNO(kv_product, road, "yes", "yes", "Whether it may go by road."),
    COLUMN_NUMBER(kv_product, t_per_gwh, KV_OPTIONAL, NULL, 1e-3, 1e6, 100, 20000, "t/GWh", 0,
                  "4000", "Weight of a GWh, for products that are counted in GWh."),
    COLUMN_NUMBER(kv_product, unserved_price_eur_per_t, KV_OPTIONAL, NULL, 0, 1e9, 50, 1e6, "EUR/t",
                  1, NULL, "Price of a ton that is not delivered. Blank: the case's."),
    COLUMN_SOURCE(kv_product),
    COLUMN_END,
};

const kv_column kv_columns_recipes[] = {
    COLUMN_KEY(kv_recipe, recipe, KV_REQUIRED, 1, "cells", "Name of the recipe."),
    COLUMN_REF(kv_recipe, product, KV_REQUIRED, 1, KV_TABLE_PRODUCTS, "anode",
               "What goes in or comes out."),
    COLUMN_CHOICE(kv_recipe, role, KV_OPTIONAL, 1, "input", words_role, "input",
                  "Whether it goes in or comes out beside the product."),
    COLUMN_NUMBER(kv_recipe, t_per_unit, KV_REQUIRED, NULL, 0, 1e7, 0, 1e5, "t per unit of output",
                  1, "1000", "How much of it, per unit of the output."),
    COLUMN_CHOICE(kv_recipe, unit, KV_OPTIONAL, 0, "t", words_output, "GWh", "Unit of the output."),
    COLUMN_SOURCE(kv_recipe),
    COLUMN_END,
};

const kv_column kv_columns_sites[] = {
    COLUMN_KEY(kv_site, site, KV_REQUIRED, 1, "factory", "Short name of the site."),
    COLUMN_TEXT(kv_site, name, KV_OPTIONAL, 0, NULL, "Factory", "Name for reports."),
    COLUMN_REF(kv_site, place, KV_REQUIRED, 0, KV_TABLE_PLACES, "town", "Where it is."),
    COLUMN_REF(kv_site, product, KV_REQUIRED, 1, KV_TABLE_PRODUCTS, "cells",
               "What it makes, offers or takes."),
    COLUMN_CHOICE(kv_site, role, KV_REQUIRED, 0, NULL, words_site, "plant",
                  "plant: makes it by a recipe; source: offers it; market: takes it."),
    COLUMN_CHOICE(kv_site, planned, KV_OPTIONAL, 0, "planned", words_planned, "planned",
                  "planned: the amount is given. chosen: anything up to the amount, as it pays."),
    COLUMN_KEY(kv_site, recipe, KV_OPTIONAL, 0, "cells",
               "For a plant: its recipe. Blank: no inputs."),
    COLUMN_NUMBER(kv_site, amount, KV_REQUIRED, NULL, 0, 1e12, 0, 1e10, "unit", 1, "16",
                  "Amount a year; 0 ends the site from that period on."),
    COLUMN_CHOICE(kv_site, unit, KV_OPTIONAL, 0, "t/yr", words_amount, "GWh/yr",
                  "Unit of the amount."),
    COLUMN_NUMBER(kv_site, price_eur_per_t, KV_OPTIONAL, "0", -1e7, 1e7, 0, 200000, "EUR/t", 1,
                  NULL,
                  "For chosen: what a ton costs at the gate (source), costs to make beside its "
                  "inputs (plant), or brings (market)."),
    COLUMN_NUMBER(kv_site, max_share, KV_OPTIONAL, NULL, 0, 1, 0.01, 1, "share", 1, NULL,
                  "For a chosen source: largest share of all supply of the product. Blank: none."),
    COLUMN_NUMBER(kv_site, unserved_price_eur_per_t, KV_OPTIONAL, NULL, 0, 1e9, 50, 1e6, "EUR/t", 1,
                  NULL, "Price of a ton that is not delivered here. Blank: the product's."),
    COLUMN_NUMBER(kv_site, jobs, KV_OPTIONAL, "0", 0, 1e6, 0, 50000, "jobs", 1, NULL,
                  "New jobs at the site; they raise the general freight of the town."),
    COLUMN_REF(kv_site, from_period, KV_OPTIONAL, 1, KV_TABLE_PERIODS, NULL,
               "The period from which the row holds. Blank: from the first."),
    COLUMN_REF(kv_site, scenario, KV_OPTIONAL, 1, KV_TABLE_SCENARIOS, NULL,
               "The scenario in which the row holds. Blank: all that have no rows of their own "
               "for this site and product."),
    COLUMN_SOURCE(kv_site),
    COLUMN_END,
};

const kv_column kv_columns_freight[] = {
    COLUMN_REF(kv_freight, from, KV_REQUIRED, 1, KV_TABLE_PLACES, "harbour", "Where it starts."),
    COLUMN_REF(kv_freight, to, KV_REQUIRED, 1, KV_TABLE_PLACES, "town", "Where it goes."),
    COLUMN_REF(kv_freight, product, KV_REQUIRED, 1, KV_TABLE_PRODUCTS, "general", "What it is."),
    COLUMN_NUMBER(kv_freight, t_per_year, KV_REQUIRED, NULL, 0, 1e12, 0, 1e8, "t/yr", 1, "200000",
                  "Amount in the first year."),
    COLUMN_NUMBER(kv_freight, growth_per_year, KV_OPTIONAL, "0", -0.5, 1, -0.1, 0.1,
                  "share per year", 1, "0.01", "Growth."),
    COLUMN_REF(kv_freight, scenario, KV_OPTIONAL, 1, KV_TABLE_SCENARIOS, NULL,
               "The scenario in which the row holds. Blank: all that have no row of their own."),
    COLUMN_SOURCE(kv_freight),
    COLUMN_END,
};
