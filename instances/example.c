/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three places: a town with a battery factory, its harbour, and a gateway abroad from which anode
 * comes and where cells are sold. A railway, a larger quay and chargers may be built.
 */
#include "instances/example.h"

#include <stddef.h>

static const char *const rows_case[] = {
    ("name=my-case;title=Three places and a factory;currency=EUR;price_year=2025;"
     "discount_rate_per_year=0.03;decision_year=2026;unserved_price_eur_per_t=10000;"
     "general_freight_product=general;general_freight_origin=abroad;"
     "general_freight_t_per_inhabitant_year=3;inhabitants_per_job=2;source=invented"),
    NULL};
static const char *const rows_periods[] = {"period=2026-2030;first_year=2026;last_year=2030",
                                           "period=2031-2035;first_year=2031;last_year=2035",
                                           "period=2036-2045;first_year=2036;last_year=2045", NULL};
static const char *const rows_scenarios[] = {
    ("scenario=steady;title=The factory stays as it is;probability=0.6;freight_factor=1;"
     "budget_factor=1"),
    "scenario=growth;title=The factory grows;probability=0.4;freight_factor=1.1;budget_factor=1",
    NULL};
static const char *const rows_places[] = {
    ("place=town;name=Town;country=SE;latitude_deg=64.5;longitude_deg=19.0;kind=city;"
     "inhabitants=50000;region=yes"),
    ("place=harbour;name=Harbour;country=SE;latitude_deg=63.8;longitude_deg=20.3;kind=port;"
     "town=town;inhabitants=8000;region=yes"),
    ("place=abroad;name=Abroad;country=NL;latitude_deg=51.9;longitude_deg=4.5;kind=gateway;"
     "inhabitants=0;region=no"),
    NULL};
static const char *const rows_products[] = {
    ("product=cells;name=Battery cells;handling=container;value_of_time_eur_per_t_h=0.5;"
     "dangerous=yes;road=yes;t_per_gwh=4000"),
    "product=anode;name=Anode graphite;handling=container;value_of_time_eur_per_t_h=0.1",
    "product=general;name=General freight;handling=break_bulk;value_of_time_eur_per_t_h=0.2", NULL};
static const char *const rows_links[] = {
    ("link=road-town-harbour;name=Road;from=town;to=harbour;mode=road;length_km=120;"
     "capacity=2000;capacity_unit=trucks/day;base_load_t_per_year=9000000;"
     "base_load_growth_per_year=0.01"),
    ("link=rail-town-harbour;name=New railway;from=town;to=harbour;mode=rail;length_km=115;"
     "capacity=24;capacity_unit=trains/day;open=no"),
    ("link=sea-harbour-abroad;name=Sea route;from=harbour;to=abroad;mode=sea;length_km=2300;"
     "ice_months=2;ice_eur_per_t=3;ice_hours=12"),
    NULL};
static const char *const rows_terminals[] = {
    "terminal=harbour-quay;name=Quay;place=harbour;capacity=400;capacity_unit=kt/yr",
    "terminal=town-yard;name=Rail yard;place=town;capacity=1;capacity_unit=Mt/yr;open=no",
    "terminal=abroad-quay;name=Quay abroad;place=abroad", NULL};
static const char *const rows_transfers[] = {
    "terminal=harbour-quay;handling=any;from_mode=road;to_mode=sea;cost_eur_per_t=6;hours=24",
    "terminal=harbour-quay;handling=any;from_mode=rail;to_mode=sea;cost_eur_per_t=5;hours=24",
    "terminal=harbour-quay;handling=any;from_mode=road;to_mode=rail;cost_eur_per_t=5;hours=12",
    "terminal=town-yard;handling=any;from_mode=road;to_mode=rail;cost_eur_per_t=4;hours=8",
    "terminal=abroad-quay;handling=any;from_mode=road;to_mode=sea;cost_eur_per_t=6;hours=24",
    NULL};
static const char *const rows_carriers[] = {"carrier=diesel;name=Diesel",
                                            "carrier=marine;name=Marine fuel",
                                            "carrier=electricity;name=Electricity", NULL};
static const char *const rows_energy[] = {
    "carrier=diesel;price_eur_per_kwh=0.17;co2_kg_per_kwh=0.27",
    "carrier=marine;price_eur_per_kwh=0.06;co2_kg_per_kwh=0.28",
    "carrier=electricity;price_eur_per_kwh=0.12;co2_kg_per_kwh=0.2",
    "carrier=electricity;country=SE;price_eur_per_kwh=0.08;co2_kg_per_kwh=0.02",
    ("carrier=electricity;country=SE;from_period=2036-2045;price_eur_per_kwh=0.07;"
     "co2_kg_per_kwh=0.01"),
    NULL};
static const char *const rows_technologies[] = {
    ("technology=diesel-truck;name=Diesel truck;mode=road;carrier=diesel;empties=share;"
     "empty_share=0.3;fleet=hired;payload_t=28;load_factor=0.8;speed_km_per_h=60;"
     "cost_eur_per_km=1.1;energy_kwh_per_km=3.6;vehicle_price_eur=160000;life_years=8;"
     "km_per_year=110000"),
    ("technology=battery-truck;name=Battery truck;mode=road;carrier=electricity;range_km=300;"
     "empties=balanced;fleet=owned;initial_vehicles=4;payload_t=26;load_factor=0.8;"
     "speed_km_per_h=60;cost_eur_per_km=1;energy_kwh_per_km=1.5;vehicle_price_eur=350000;"
     "vehicle_fixed_eur_per_year=4000;life_years=8;km_per_year=100000;max_purchases_per_year=40"),
    ("technology=train;name=Electric train;mode=rail;carrier=electricity;empties=share;"
     "empty_share=0.5;payload_t=900;load_factor=0.8;speed_km_per_h=60;cost_eur_per_km=12;"
     "energy_kwh_per_km=20"),
    ("technology=ship;name=Feeder ship;mode=sea;carrier=marine;payload_t=6000;load_factor=0.7;"
     "speed_km_per_h=25;cost_eur_per_km=18;energy_kwh_per_km=350"),
    NULL};
static const char *const rows_technology_periods[] = {
    "technology=battery-truck;from_period=2031-2035;vehicle_price_eur=280000",
    ("technology=battery-truck;from_period=2036-2045;vehicle_price_eur=220000;"
     "energy_kwh_per_km=1.4;max_purchases_per_year=100"),
    NULL};
static const char *const rows_recipes[] = {
    "recipe=cells;product=anode;role=input;t_per_unit=1000;unit=GWh", NULL};
static const char *const rows_sites[] = {
    ("site=factory;name=Factory;place=town;product=cells;role=plant;planned=planned;recipe=cells;"
     "amount=16;unit=GWh/yr;jobs=1000"),
    ("site=factory;name=Factory;place=town;product=cells;role=plant;planned=planned;recipe=cells;"
     "amount=16;unit=GWh/yr;jobs=1000;scenario=growth"),
    ("site=factory;name=Factory;place=town;product=cells;role=plant;planned=planned;recipe=cells;"
     "amount=40;unit=GWh/yr;jobs=2500;from_period=2031-2035;scenario=growth"),
    ("site=anode-imports;name=Anode from abroad;place=abroad;product=anode;role=source;"
     "planned=chosen;amount=100;unit=kt/yr;price_eur_per_t=6000"),
    ("site=car-makers;name=Car makers;place=abroad;product=cells;role=market;planned=chosen;"
     "amount=60;unit=GWh/yr;price_eur_per_t=20000"),
    NULL};
static const char *const rows_freight[] = {
    "from=harbour;to=town;product=general;t_per_year=200000;growth_per_year=0.01",
    "from=town;to=abroad;product=general;t_per_year=150000;growth_per_year=0.01", NULL};
static const char *const rows_funders[] = {"funder=region;name=Region;country=SE",
                                           "funder=state;name=State;country=SE", NULL};
static const char *const rows_budgets[] = {
    "funder=region;period=2026-2030;amount_meur=60;carry_over=1",
    "funder=region;period=2031-2035;amount_meur=60;carry_over=1",
    "funder=region;period=2036-2045;amount_meur=80;carry_over=1",
    "funder=state;period=2026-2030;amount_meur=500;carry_over=0",
    "funder=state;period=2031-2035;amount_meur=900;carry_over=0",
    NULL};
static const char *const rows_projects[] = {
    ("project=railway;name=Railway;kind=corridor;country=SE;cost_meur=900;freight_share=0.3;"
     "operating_meur_per_year=4;earliest_year=2026;lead_time_years=5;life_years=60"),
    ("project=rail-yard;name=Rail yard;kind=terminal;country=SE;cost_meur=40;lead_time_years=3;"
     "life_years=40"),
    ("project=new-quay;name=New quay;kind=terminal;country=SE;cost_meur=60;lead_time_years=3;"
     "life_years=40;size_of=quay"),
    ("project=large-quay;name=Large new quay;kind=terminal;country=SE;cost_meur=110;"
     "lead_time_years=4;life_years=40;size_of=quay"),
    ("project=charging;name=Chargers in town and harbour;kind=charging;country=SE;cost_meur=2;"
     "lead_time_years=1;life_years=15;max_units=10"),
    NULL};
static const char *const rows_effects[] = {
    "project=railway;effect=open_link;link=rail-town-harbour",
    "project=railway;effect=electrify;link=rail-town-harbour",
    "project=rail-yard;effect=open_terminal;terminal=town-yard",
    "project=new-quay;effect=terminal_capacity;terminal=harbour-quay;amount=500;unit=kt/yr",
    "project=large-quay;effect=terminal_capacity;terminal=harbour-quay;amount=1;unit=Mt/yr",
    "project=charging;effect=energy_point;place=town;carrier=electricity;amount=3000;unit=MWh/yr",
    ("project=charging;effect=energy_point;place=harbour;carrier=electricity;amount=3000;"
     "unit=MWh/yr"),
    NULL};
static const char *const rows_energy_points[] = {
    "place=town;carrier=electricity;capacity_mwh_per_year=500", NULL};
static const char *const rows_funding[] = {
    "project=railway;funder=state;share=0.9",     "project=railway;funder=region;share=0.1",
    "project=rail-yard;funder=region;share=1",    "project=new-quay;funder=region;share=1",
    "project=large-quay;funder=region;share=0.7", "project=large-quay;funder=state;share=0.3",
    "project=charging;funder=region;share=1",     NULL};
static const char *const rows_rules[] = {"rule=requires;project=rail-yard;other=railway", NULL};
static const char *const rows_policies[] = {
    "carbon_price_eur_per_t=80", "from_period=2031-2035;carbon_price_eur_per_t=120",
    "from_period=2036-2045;carbon_price_eur_per_t=180;carbon_cap_kt_per_year=400", NULL};
static const char *const rows_changes[] = {
    ("scenario=growth;table=energy;key=diesel/*/*;column=price_eur_per_kwh;operation=multiply;"
     "value=1.2"),
    NULL};

const char *const *kv_example_rows(int table)
{
    static const char *const *const rows[KV_TABLES] = {
        [KV_TABLE_CASE] = rows_case,
        [KV_TABLE_PERIODS] = rows_periods,
        [KV_TABLE_SCENARIOS] = rows_scenarios,
        [KV_TABLE_PLACES] = rows_places,
        [KV_TABLE_PRODUCTS] = rows_products,
        [KV_TABLE_LINKS] = rows_links,
        [KV_TABLE_TERMINALS] = rows_terminals,
        [KV_TABLE_TRANSFERS] = rows_transfers,
        [KV_TABLE_CARRIERS] = rows_carriers,
        [KV_TABLE_ENERGY] = rows_energy,
        [KV_TABLE_TECHNOLOGIES] = rows_technologies,
        [KV_TABLE_TECHNOLOGY_PERIODS] = rows_technology_periods,
        [KV_TABLE_RECIPES] = rows_recipes,
        [KV_TABLE_SITES] = rows_sites,
        [KV_TABLE_FREIGHT] = rows_freight,
        [KV_TABLE_FUNDERS] = rows_funders,
        [KV_TABLE_BUDGETS] = rows_budgets,
        [KV_TABLE_PROJECTS] = rows_projects,
        [KV_TABLE_EFFECTS] = rows_effects,
        [KV_TABLE_ENERGY_POINTS] = rows_energy_points,
        [KV_TABLE_FUNDING] = rows_funding,
        [KV_TABLE_RULES] = rows_rules,
        [KV_TABLE_POLICIES] = rows_policies,
        [KV_TABLE_CHANGES] = rows_changes,
    };
    return rows[table];
}
