layer(rules USES base calendar FACE rules.h figure.h paper.h story.h tbl/org_kind.h tbl/role.h tbl/fact_type.h)
