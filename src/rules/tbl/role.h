/* ROLE(CODE, code, Chinese, English): what a person may be inside a body, or across the system. */
/* clang-format off */
ROLE(HANDLER,      handler,      "承办人",     "Handler")
ROLE(APPROVER,     approver,     "审批人",     "Approver")
ROLE(HEAD,         head,         "主要负责人", "Head")
ROLE(ARCHIVIST,    archivist,    "档案员",     "Archivist")
ROLE(ORG_ADMIN,    org_admin,    "单位管理员", "Body administrator")
ROLE(SYSTEM_ADMIN, system_admin, "系统管理员", "System administrator")
ROLE(AUDITOR,      auditor,      "审计员",     "Auditor")
/* clang-format on */
