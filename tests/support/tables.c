/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/tables.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const kv_case_file valid[] = {
    {"case.csv",
     "name,title,price_year,discount_rate_per_year,decision_year,unserved_price_eur_per_t,"
     "general_freight_product,general_freight_origin,general_freight_t_per_inhabitant_year\n"
     "small,A small case,2025,0.03,2026,10000,general,abroad,3\n",
     0},
    {"periods.csv", "period,first_year,last_year\np1,2026,2030\np2,2031,2040\n", 0},
    {"scenarios.csv", "scenario,probability\nsteady,0.5\ngrowth,0.5\n", 0},
    {"places.csv",
     "place,country,latitude_deg,longitude_deg,kind,town\n"
     "town,SE,64.5,19.0,city,\nport,SE,63.8,20.3,port,town\nabroad,NL,51.9,4.5,gateway,\n",
     0},
    {"products.csv",
     "product,handling,value_of_time_eur_per_t_h,dangerous,t_per_gwh\n"
     "cells,container,0.5,yes,4000\nanode,container,0.1,no,\ngeneral,break_bulk,0.2,no,\n",
     0},
    {"links.csv",
     "link,from,to,mode,length_km,capacity,capacity_unit,base_load_t_per_year,open\n"
     "road,town,port,road,120,5,Mt/yr,100000,yes\n"
     "rail,town,port,rail,115,24,trains/day,,no\n"
     "sea,port,abroad,sea,2300,,,,yes\n",
     0},
    {"terminals.csv",
     "terminal,place,capacity,capacity_unit,open\n"
     "quay,port,400,kt/yr,yes\nyard,town,1,Mt/yr,no\nfar-quay,abroad,,,yes\n",
     0},
    {"transfers.csv",
     "terminal,handling,from_mode,to_mode,cost_eur_per_t,hours\n"
     "quay,any,road,sea,6,24\nquay,any,rail,sea,5,24\nyard,any,road,rail,4,8\n"
     "far-quay,any,road,sea,6,24\n",
     0},
    {"carriers.csv", "carrier\ndiesel\nelectricity\n", 0},
    {"energy.csv",
     "carrier,country,from_period,price_eur_per_kwh,co2_kg_per_kwh\n"
     "diesel,,,0.1,0.27\nelectricity,,,0.12,0.2\nelectricity,SE,p2,0.07,0.01\n"
     "electricity,SE,,0.08,0.02\n",
     0},
    {"technologies.csv",
     "technology,mode,carrier,range_km,fleet,payload_t,speed_km_per_h,cost_eur_per_km,"
     "energy_kwh_per_km,vehicle_price_eur\n"
     "truck,road,diesel,,hired,28,60,1.1,3.6,160000\n"
     "battery,road,electricity,300,owned,26,60,1,1.5,350000\n"
     "train,rail,electricity,,hired,900,60,12,20,\n"
     "ship,sea,diesel,,hired,6000,25,18,350,\n",
     0},
    {"technology_periods.csv", "technology,from_period,vehicle_price_eur\nbattery,p2,220000\n", 0},
    {"recipes.csv", "recipe,product,role,t_per_unit,unit\ncells,anode,input,1000,GWh\n", 0},
    {"sites.csv",
     "site,place,product,role,planned,recipe,amount,unit,price_eur_per_t,jobs,from_period,"
     "scenario\n"
     "factory,town,cells,plant,planned,cells,16,GWh/yr,,1000,,\n"
     "factory,town,cells,plant,planned,cells,16,GWh/yr,,1000,,growth\n"
     "factory,town,cells,plant,planned,cells,40,GWh/yr,,2500,p2,growth\n"
     "imports,abroad,anode,source,chosen,,100,kt/yr,6000,,,\n"
     "buyers,abroad,cells,market,chosen,,60,GWh/yr,20000,,,\n",
     0},
    {"freight.csv",
     "from,to,product,t_per_year,growth_per_year,scenario\n"
     "port,town,general,200000,0.01,\ntown,abroad,general,150000,0.01,\n",
     0},
    {"funders.csv", "funder,country\nregion,SE\nstate,SE\n", 0},
    {"budgets.csv",
     "funder,period,amount_meur\nregion,p1,60\nregion,p2,60\nstate,p1,500\nstate,p2,900\n", 0},
    {"projects.csv",
     "project,kind,cost_meur,earliest_year,latest_year,lead_time_years,life_years,max_units,"
     "size_of\n"
     "railway,corridor,900,2026,,5,60,,\nyard,terminal,40,,,3,40,,\n"
     "quay-small,terminal,60,,,3,40,,quay\nquay-large,terminal,110,,,4,40,,quay\n"
     "chargers,charging,2,,,1,15,10,\n",
     0},
    {"effects.csv",
     "project,effect,link,terminal,place,carrier,technology,amount,unit,factor,hours\n"
     "railway,open_link,rail,,,,,,,,\nrailway,electrify,rail,,,,,,,,\n"
     "yard,open_terminal,,yard,,,,,,,\nquay-small,terminal_capacity,,quay,,,,500,kt/yr,,\n"
     "quay-large,terminal_capacity,,quay,,,,1,Mt/yr,,\n"
     "chargers,energy_point,,,port,electricity,,3000,MWh/yr,,\n",
     0},
    {"energy_points.csv", "place,carrier,capacity_mwh_per_year\ntown,electricity,500\n", 0},
    {"funding.csv",
     "project,funder,share\nrailway,state,0.9\nrailway,region,0.1\nyard,region,1\n"
     "quay-small,region,1\nquay-large,state,1\nchargers,region,1\n",
     0},
    {"rules.csv", "rule,project,other\nrequires,yard,railway\n", 0},
    {"policies.csv",
     "from_period,scenario,carbon_price_eur_per_t,carbon_cap_kt_per_year\n,,80,\np2,,120,400\n", 0},
    {"changes.csv",
     "scenario,table,key,column,operation,value\n"
     "growth,energy,diesel/*/*,price_eur_per_kwh,multiply,1.2\n",
     0},
};

void tables_valid(tables *files)
{
    *files = (tables){0};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        tables_put(files, valid[i].name, valid[i].bytes);
}

void tables_put(tables *files, const char *name, const char *text)
{
    int i = 0;
    while (i < files->count && strcmp(files->files[i].name, name) != 0)
        i++;
    if (text) {
        files->files[i] = (kv_case_file){name, text, strlen(text)};
        files->count += i == files->count;
    } else if (i < files->count) {
        files->files[i] = files->files[--files->count];
    }
}

void tables_edit(tables *files, const char *name, const char *old, const char *now)
{
    for (int i = 0; i < files->count; i++) {
        if (strcmp(files->files[i].name, name) != 0)
            continue;
        const char *text = files->files[i].bytes, *found = strstr(text, old);
        kv_text edited = {0};
        if (!found || files->n_owned == TABLES_MOST_FILES)
            break;
        kv_text_add_bytes(&edited, text, (size_t)(found - text));
        kv_text_add(&edited, now);
        kv_text_add(&edited, found + strlen(old));
        files->files[i].bytes = edited.data;
        files->files[i].length = edited.length;
        files->owned[files->n_owned++] = edited.data;
        return;
    }
    fprintf(stderr, "%s does not hold '%s'\n", name, old);
    abort();
}

void tables_clear(tables *files)
{
    for (int i = 0; i < files->n_owned; i++)
        kv_free(files->owned[i]);
    files->n_owned = 0;
}

kv_status tables_read(const tables *files, const char *set, kv_case **the_case,
                      kv_messages *messages)
{
    return kv_case_read_memory(files->files, files->count, &set, set != NULL, the_case, messages);
}

char *tables_messages(const tables *files, const char *set)
{
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    kv_text text = {0};
    kv_status status = tables_read(files, set, &the_case, messages);
    kv_messages_sort(messages);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        const kv_message *message = kv_messages_get(messages, i);
        char *line = kv_message_text(message);
        kv_text_addf(&text, "%s %s\n", message->severity == KV_FAULT ? "fault" : "warning", line);
        kv_free(line);
    }
    if ((kv_messages_faults(messages) > 0) != (status == KV_ERR_INPUT) ||
        (status == KV_OK) != (the_case != NULL))
        kv_text_addf(&text, "status '%s' does not fit\n", kv_status_text(status));
    kv_case_free(the_case);
    kv_messages_free(messages);
    return text.data ? text.data : kv_strdup("");
}

char *tables_case_messages(const tables_case *one)
{
    tables files;
    tables_valid(&files);
    for (int i = 0; i < 6 && one->changes[i].file; i++) {
        const tables_change *change = &one->changes[i];
        if (change->old)
            tables_edit(&files, change->file, change->old, change->now);
        else
            tables_put(&files, change->file, change->now);
    }
    char *messages = tables_messages(&files, one->set);
    tables_clear(&files);
    return messages;
}
