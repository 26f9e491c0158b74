#pragma once
/*
 * The measured action: a body asks another for help (assistance, article 16). One start writes the
 * matter, its parts, viewers, facts, clock, words, event and the answer kept for the idempotency
 * key. The load sends it as JSON, the bare loops take it from the engine: both from this table.
 */
#include <stddef.h>

#define WORK_PROCEDURE "assistance"
#define WORK_ACTION    "draft"
#define WORK_REVISE    "revise"
#define WORK_PASSWORD  "bench-password"

struct work_fact {
    const char *code;
    const char *value;
};

static const struct work_fact work_facts[] = {
    {"subject", "请协助核查水库除险加固工程投标文件雷同线索"},
    {"assistant_body", "finance"},
    {"case_facts", "经初步核查，三家投标人的投标文件由同一台计算机编制，报价呈规律性差异，"
                   "投标保证金从同一账户转出，涉嫌串通投标，需进一步核实资金往来与人员关系。"},
    {"items_and_reasons",
     "请核查附表所列账户在开标前三个月内的资金往来，以及三家单位的社会保险缴纳人员名单。"},
    {"evidence", "投标文件电子版、开标记录、保证金缴纳凭证复印件，共三份。"},
};
enum { WORK_FACTS = sizeof work_facts / sizeof work_facts[0] };

/* Accounts that may start it; clients share their sessions, because signing in is slow by design.
 */
static const char *const work_logins[] = {"supervisor.head", "housing.head", "transport.head",
                                          "water.head"};
enum { WORK_LOGINS = sizeof work_logins / sizeof work_logins[0] };
