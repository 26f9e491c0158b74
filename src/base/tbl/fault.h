/*
 * FAULT(name, number, HTTP status, meaning in English, meaning in Chinese): every way an operation
 * can fail. Numbers are permanent: never reused, never changed. The C enum, the problem documents,
 * the web page's type and the manual are made from this list. 1000-1099: the request; 1100-1199:
 * the store and the machine; 1200-1299: rulebook and calendar.
 */
/* clang-format off */
FAULT(INVALID_FIELD,     1001, 400, "A field is missing or has the wrong form.",            "字段缺失或格式不正确。")
FAULT(UNAUTHENTICATED,   1002, 401, "Sign in first.",                                       "请先登录。")
FAULT(FORBIDDEN,         1003, 403, "You are not permitted to do this.",                    "您没有进行此操作的权限。")
FAULT(NOT_FOUND,         1004, 404, "There is no such object, or you may not see it.",      "对象不存在，或您无权查看。")
FAULT(CONFLICT,          1005, 409, "The operation conflicts with the present state.",      "操作与当前状态冲突。")
FAULT(RULE_REFUSED,      1006, 422, "A rule of the regulation refuses the operation.",      "办法规定不允许此操作。")
FAULT(MALFORMED,         1007, 400, "The request can not be read.",                         "请求内容无法解析。")
FAULT(TOO_LARGE,         1008, 413, "The request is larger than permitted.",                "请求内容超过允许的大小。")
FAULT(MEDIA_TYPE,        1009, 415, "The media type is not supported here.",                "不支持此媒体类型。")
FAULT(METHOD,            1010, 405, "The method is not allowed here.",                      "不允许使用此请求方法。")
FAULT(RATE_LIMITED,      1011, 429, "Too many requests; wait and try again.",               "请求过于频繁，请稍后再试。")
FAULT(VERSION_REQUIRED,  1012, 428, "Say which version you read (If-Match).",               "缺少版本号（If-Match）。")
FAULT(VERSION_STALE,     1013, 412, "The object has changed since you last read it.",       "内容已被他人更新，请刷新后重试。")
FAULT(KEY_REUSED,        1014, 422, "The Idempotency-Key was used for another request.",    "幂等键已用于另一请求。")
FAULT(TIMEOUT,           1015, 408, "The request did not arrive in time.",                  "请求未在规定时间内到达。")
FAULT(NOT_IMPLEMENTED,   1016, 501, "The server does not know this method.",                "服务器不支持此请求方法。")
FAULT(HEADER_TOO_LARGE,  1017, 431, "The request's header is larger than permitted.",        "请求头超过允许的大小。")
FAULT(BUSY,              1101, 503, "The store is overloaded; try again.",                  "系统繁忙，请稍后再试。")
FAULT(STORE_FAILED,      1102, 500, "The store failed.",                                    "数据库出错。")
FAULT(STORE_FULL,        1103, 507, "The disk is full; nothing was changed.",               "磁盘已满，未作任何更改。")
FAULT(STORE_LOST,        1104, 503, "The database can not be reached; try again.",          "无法连接数据库，请稍后再试。")
FAULT(STORE_RETRY,       1105, 503, "The transaction met another one; try again.",          "事务冲突，请重试。")
FAULT(DUPLICATE,         1106, 409, "It exists already.",                                   "对象已存在。")
FAULT(STOPPING,          1107, 503, "The server is stopping; try again.",                   "服务器正在停止，请稍后再试。")
FAULT(IO_FAILED,         1108, 500, "A file could not be read or written.",                 "文件读写失败。")
FAULT(INTERNAL,          1109, 500, "Something went wrong inside.",                         "系统内部错误。")
FAULT(RULEBOOK_INVALID,  1201, 500, "The rulebook has mistakes.",                           "规则文件有误。")
FAULT(CALENDAR_INVALID,  1202, 500, "The calendar has mistakes or does not reach the date.", "日历有误或不包含该日期。")
/* clang-format on */
