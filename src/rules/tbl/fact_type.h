/*
 * FACT_TYPE(CODE, code, what a value is). Inside the program each value is one canonical text:
 * flags "true"/"false"; terms joined by commas in the vocabulary's order; ticks
 * "materialid=arrived,materialid=missing" in the order of ids; body an organisation's code;
 * bodies the codes in the alphabet's order, joined by commas.
 */
/* clang-format off */
FACT_TYPE(LINE,        line,        "one line of text")
FACT_TYPE(TEXT,        text,        "text of several lines")
FACT_TYPE(DATE,        date,        "a day, 2021-09-17")
FACT_TYPE(MINUTE,      minute,      "a minute in Beijing time, 2021-09-17T16:40")
FACT_TYPE(INTEGER,     integer,     "a whole number")
FACT_TYPE(MONEY,       money,       "yuan with at most two decimals, 120000.50")
FACT_TYPE(FLAG,        flag,        "true or false")
FACT_TYPE(TERM,        term,        "one term of a vocabulary")
FACT_TYPE(TERMS,       terms,       "one or more terms of a vocabulary")
FACT_TYPE(BODY,        body,        "an organisation")
FACT_TYPE(BODIES,      bodies,      "several organisations")
FACT_TYPE(CREDIT_CODE, credit_code, "a unified social credit code (GB 32100)")
FACT_TYPE(PERSON,      person,      "a person's name")
FACT_TYPE(PHONE,       phone,       "a telephone number")
FACT_TYPE(EMAIL,       email,       "an e-mail address")
FACT_TYPE(TICKS,       ticks,       "arrived or missing for each listed material")
/* clang-format on */
