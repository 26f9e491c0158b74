/* ORG_KIND(CODE, code, Chinese, English): the kinds of bodies that take part (articles 2, 5-7, 12).
 */
/* clang-format off */
ORG_KIND(COMMITTEE,      committee,      "公共资源交易管理委员会", "Committee")
ORG_KIND(SUPERVISOR,     supervisor,     "综合监督部门",           "Comprehensive supervisor")
ORG_KIND(REGULATOR,      regulator,      "行政监督部门",           "Administrative regulator")
ORG_KIND(TRADING_CENTRE, trading_centre, "公共资源交易中心",       "Trading centre")
ORG_KIND(GOVERNMENT,     government,     "人民政府",               "Government")
ORG_KIND(FUND_PAYER,     fund_payer,     "资金拨付部门",           "Fund payer")
ORG_KIND(POLICE,         police,         "公安机关",               "Police")
ORG_KIND(PROCURATORATE,  procuratorate,  "检察机关",               "Procuratorate")
ORG_KIND(DISCIPLINE,     discipline,     "纪检监察机关",           "Discipline inspection")
ORG_KIND(OUTSIDE,        outside,        "上级或异地机关",         "Outside body")
ORG_KIND(OPERATOR,       operator,       "系统运行单位",           "Operator of the system")
ORG_KIND(PUBLIC,         public,         "社会公众",               "The public")
/* clang-format on */
