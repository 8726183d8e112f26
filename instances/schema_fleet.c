/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of vehicles and their energy. */
#include "instances/columns.h"

static const char *const words_empties[] = {"none", "share", "balanced", NULL};
static const char *const words_fleet[] = {"hired", "owned", NULL};

const kv_column kv_columns_carriers[] = {
    COLUMN_KEY(kv_carrier, carrier, KV_REQUIRED, 1, "diesel", "Short name of the carrier."),
    COLUMN_TEXT(kv_carrier, name, KV_OPTIONAL, 0, NULL, "Diesel", "Name for reports."),
    COLUMN_SOURCE(kv_carrier),
    COLUMN_END,
};

const kv_column kv_columns_energy[] = {
    COLUMN_REF(kv_energy, carrier, KV_REQUIRED, 1, KV_TABLE_CARRIERS, "diesel", "The carrier."),
    COLUMN_TEXT(kv_energy, country, KV_OPTIONAL, 1, NULL, NULL,
                "Country, as in places.csv. Blank: wherever no row names the country."),
    COLUMN_REF(kv_energy, from_period, KV_OPTIONAL, 1, KV_TABLE_PERIODS, NULL,
               "The period from which the row holds. Blank: from the first."),
    COLUMN_NUMBER(kv_energy, price_eur_per_kwh, KV_REQUIRED, NULL, -1, 100, 0, 2, "EUR/kWh", 1,
                  "0.17", "Price with taxes, without a carbon price that policies.csv holds."),
    COLUMN_NUMBER(kv_energy, co2_kg_per_kwh, KV_OPTIONAL, "0", -1, 10, 0, 1.2, "kg CO2/kWh", 1,
                  "0.27", "Emissions of a kWh that is used."),
    COLUMN_SOURCE(kv_energy),
    COLUMN_END,
};

const kv_column kv_columns_technologies[] = {
    COLUMN_KEY(kv_technology, technology, KV_REQUIRED, 1, "diesel-truck",
               "Short name of the technology."),
    COLUMN_TEXT(kv_technology, name, KV_OPTIONAL, 0, NULL, "Diesel truck", "Name for reports."),
    COLUMN_CHOICE(kv_technology, mode, KV_REQUIRED, 0, NULL, kv_words_mode, "road",
                  "Mode on whose links it runs."),
    COLUMN_REF(kv_technology, carrier, KV_OPTIONAL, 0, KV_TABLE_CARRIERS, "diesel",
               "Energy carrier. May be blank where no energy is used."),
    COLUMN_YESNO(kv_technology, needs_electrification, "no", "no",
                 "Whether it runs only on electrified links."),
    COLUMN_NUMBER(kv_technology, range_km, KV_OPTIONAL, NULL, 1, 50000, 50, 5000, "km", 0, NULL,
                  "Distance between two charging or filling places. Blank: no limit, it refuels "
                  "anywhere."),
    COLUMN_CHOICE(kv_technology, empties, KV_OPTIONAL, 0, "none", words_empties, "share",
                  "Empty running: none; a share on top of the loaded distance; or balanced, so "
                  "that as many vehicles leave each place as come."),
    COLUMN_NUMBER(kv_technology, empty_share, KV_OPTIONAL, "0", 0, 2, 0, 1, "share", 1, "0.3",
                  "For share: empty distance per loaded distance."),
    COLUMN_CHOICE(kv_technology, fleet, KV_OPTIONAL, 0, "hired", words_fleet, "hired",
                  "hired: vehicles are paid by use. owned: vehicles are bought and limit what can "
                  "be carried."),
    COLUMN_NUMBER(kv_technology, initial_vehicles, KV_OPTIONAL, "0", 0, 1e7, 0, 1e5, "vehicles", 1,
                  NULL, "Vehicles owned at the start, evenly spread over all ages."),
    COLUMN_YESNO(kv_technology, renewal, "yes", "yes",
                 "Whether vehicles are bought as needed also when nothing is done (the plan that "
                 "others are compared with)."),
    COLUMN_YESNO(kv_technology, integer_vehicles, "no", "no",
                 "Whether only whole vehicles are bought; sensible for ships."),
    COLUMN_NUMBER(kv_technology, payload_t, KV_REQUIRED, NULL, 0.001, 1e6, 0.1, 500000,
                  "t per vehicle", 1, "28", "Load of a full vehicle or train."),
    COLUMN_NUMBER(kv_technology, load_factor, KV_OPTIONAL, "1", 0.001, 1, 0.1, 1, "share", 1, "0.8",
                  "Mean load of a loaded trip as a share of the payload."),
    COLUMN_NUMBER(kv_technology, speed_km_per_h, KV_REQUIRED, NULL, 0.1, 1500, 5, 1000, "km/h", 1,
                  "70", "Mean speed, breaks included, where the link has none."),
    COLUMN_NUMBER(kv_technology, cost_eur_per_km, KV_OPTIONAL, "0", 0, 1e6, 0, 2000,
                  "EUR/vehicle-km", 1, "1.1",
                  "Cost of a kilometre without energy and, if owned, without the vehicle: driver, "
                  "tyres, maintenance."),
    COLUMN_NUMBER(kv_technology, cost_eur_per_tkm, KV_OPTIONAL, "0", 0, 1000, 0, 2, "EUR/tkm", 1,
                  NULL, "Cost of moving a ton one kilometre, beside that of the vehicle."),
    COLUMN_NUMBER(kv_technology, energy_kwh_per_km, KV_OPTIONAL, "0", 0, 1e6, 0, 5000,
                  "kWh/vehicle-km", 1, "3.6", "Energy use."),
    COLUMN_NUMBER(kv_technology, vehicle_price_eur, KV_OPTIONAL, "0", 0, 1e10, 0, 5e8,
                  "EUR/vehicle", 1, "160000", "Price of a vehicle, trailer or wagons included."),
    COLUMN_NUMBER(kv_technology, vehicle_fixed_eur_per_year, KV_OPTIONAL, "0", 0, 1e9, 0, 5e7,
                  "EUR/vehicle/yr", 1, NULL, "Cost of owning a vehicle for a year, used or not."),
    COLUMN_NUMBER(kv_technology, life_years, KV_OPTIONAL, "10", 0.5, 100, 2, 50, "years", 0, "8",
                  "Life of a vehicle."),
    COLUMN_NUMBER(kv_technology, km_per_year, KV_OPTIONAL, "100000", 1, 2e6, 1000, 500000,
                  "km/vehicle/yr", 1, "110000", "Distance that a vehicle can do in a year."),
    COLUMN_NUMBER(kv_technology, max_purchases_per_year, KV_OPTIONAL, NULL, 0, 1e7, 0, 1e5,
                  "vehicles/yr", 1, NULL,
                  "Vehicles that can be bought in a year. Blank: no limit."),
    COLUMN_NUMBER(kv_technology, max_share, KV_OPTIONAL, NULL, 0, 1, 0, 1, "share", 1, NULL,
                  "Largest share of the mode's ton-kilometres. Blank: no limit."),
    COLUMN_NUMBER(kv_technology, min_share, KV_OPTIONAL, NULL, 0, 1, 0, 1, "share", 1, NULL,
                  "Least share of the mode's ton-kilometres. Blank: none."),
    COLUMN_SOURCE(kv_technology),
    COLUMN_END,
};

const kv_column kv_columns_technology_periods[] = {
    COLUMN_REF(kv_technology_period, technology, KV_REQUIRED, 1, KV_TABLE_TECHNOLOGIES,
               "diesel-truck", "The technology."),
    COLUMN_REF(kv_technology_period, from_period, KV_REQUIRED, 1, KV_TABLE_PERIODS, "2031-2040",
               "The period from which the figures hold."),
    COLUMN_NUMBER(kv_technology_period, payload_t, KV_OPTIONAL, NULL, 0.001, 1e6, 0.1, 500000,
                  "t per vehicle", 1, NULL, "New load of a full vehicle. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, cost_eur_per_km, KV_OPTIONAL, NULL, 0, 1e6, 0, 2000,
                  "EUR/vehicle-km", 1, NULL, "New cost of a kilometre. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, cost_eur_per_tkm, KV_OPTIONAL, NULL, 0, 1000, 0, 2,
                  "EUR/tkm", 1, NULL, "New cost of a ton-kilometre. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, energy_kwh_per_km, KV_OPTIONAL, NULL, 0, 1e6, 0, 5000,
                  "kWh/vehicle-km", 1, NULL, "New energy use. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, vehicle_price_eur, KV_OPTIONAL, NULL, 0, 1e10, 0, 5e8,
                  "EUR/vehicle", 1, NULL, "New price of a vehicle. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, max_purchases_per_year, KV_OPTIONAL, NULL, 0, 1e7, 0, 1e5,
                  "vehicles/yr", 1, NULL, "New limit on purchases. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, max_share, KV_OPTIONAL, NULL, 0, 1, 0, 1, "share", 1, NULL,
                  "New largest share of the mode's ton-kilometres. Blank: as before."),
    COLUMN_NUMBER(kv_technology_period, min_share, KV_OPTIONAL, NULL, 0, 1, 0, 1, "share", 1, NULL,
                  "New least share of the mode's ton-kilometres. Blank: as before."),
    COLUMN_SOURCE(kv_technology_period),
    COLUMN_END,
};

const kv_column kv_columns_energy_points[] = {
    COLUMN_REF(kv_energy_point, place, KV_REQUIRED, 1, KV_TABLE_PLACES, "town", "The place."),
    COLUMN_REF(kv_energy_point, carrier, KV_REQUIRED, 1, KV_TABLE_CARRIERS, "electricity",
               "The carrier."),
    COLUMN_NUMBER(kv_energy_point, capacity_mwh_per_year, KV_OPTIONAL, NULL, 0, 1e9, 0, 1e7,
                  "MWh/yr", 1, "4000", "Energy that it can give in a year. Blank: no limit."),
    COLUMN_SOURCE(kv_energy_point),
    COLUMN_END,
};
