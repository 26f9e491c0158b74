foreach(name rules_load rules_paper rules_words rules_ask rules_fact coverage story)
    unit_test(rules ${name} USES base calendar)
endforeach()
