/*
 * MESSAGE(CODE, code, Chinese, English): what an account may be told. {clock}: the clock's name;
 * {due}: its due day or minute, {was}: the one before; {days}: working days overdue when it was
 * written; {name}: of whom it tells.
 */
/* clang-format off */
MESSAGE(YELLOW,       yellow,       "“{clock}”将于{due}到期。",                                "'{clock}' is due {due}.")
MESSAGE(RED,          red,          "“{clock}”已于{due}到期，尚未办结。",                      "'{clock}' was due {due} and is not done.")
MESSAGE(DAILY,        daily,        "“{clock}”已逾期{days}个工作日，尚未办结。",               "'{clock}' is {days} working days overdue.")
MESSAGE(APPROVER,     approver,     "本单位“{clock}”已逾期{days}个工作日，请审批人督促办理。", "'{clock}' is {days} working days overdue: for the approver.")
MESSAGE(HEAD,         head,         "本单位“{clock}”已逾期{days}个工作日，请主要负责人督促办理。", "'{clock}' is {days} working days overdue: for the head.")
MESSAGE(SUPERVISOR,   supervisor,   "{name}的“{clock}”已逾期{days}个工作日，可予督办。",       "'{clock}' of {name} is {days} working days overdue: it may be urged.")
MESSAGE(MOVED,        moved,        "工作日历更新：“{clock}”的到期日由{was}改为{due}。",       "A new calendar of working days: '{clock}', due {was}, is now due {due}.")
MESSAGE(PAPER_FAILED, paper_failed, "公文未能生成PDF，系统将继续重试。",                       "A paper could not be typeset; the program goes on trying.")
MESSAGE(MAIL_FAILED,  mail_failed,  "发给{name}的提醒邮件未能送达，请核对其电子邮箱。",        "A reminder could not be mailed to {name}: please check the address.")
/* clang-format on */
