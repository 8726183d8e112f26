/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/case.h"

#include <math.h>

double kv_capacity_t_per_year(const kv_case_row *the_case, double capacity, int unit)
{
    double days = the_case->operating_days_per_year;
    switch ((kv_capacity_unit)unit) {
    case KV_UNIT_T_YR: return capacity;
    case KV_UNIT_KT_YR: return capacity * 1e3;
    case KV_UNIT_MT_YR: return capacity * 1e6;
    case KV_UNIT_T_DAY: return capacity * days;
    case KV_UNIT_TRAINS_DAY: return capacity * the_case->t_per_train * days;
    case KV_UNIT_TRUCKS_DAY: return capacity * the_case->t_per_truck * days;
    case KV_UNIT_TEU_YR: return capacity * the_case->t_per_teu;
    case KV_UNIT_MWH_YR:
    case KV_UNIT_VEHICLES: break; /* no capacity for goods */
    }
    return NAN;
}

double kv_amount_t_per_year(const kv_product *product, double amount, int unit)
{
    switch ((kv_amount_unit)unit) {
    case KV_AMOUNT_T_YR: return amount;
    case KV_AMOUNT_KT_YR: return amount * 1e3;
    case KV_AMOUNT_MT_YR: return amount * 1e6;
    case KV_AMOUNT_GWH_YR: return amount * product->t_per_gwh;
    }
    return NAN;
}
