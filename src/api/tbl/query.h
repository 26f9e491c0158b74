/*
 * QUERY(pattern, name, type, meaning): the query parameters of the endpoints that take any.
 * docs/api.md tells them in full; the description of the interface is made from this list.
 */
/* clang-format off */
QUERY("/api/v1/competence",  "category",  "string",  "Trade category")
QUERY("/api/v1/competence",  "stage",     "string",  "Stage of the trade")
QUERY("/api/v1/deadline",    "from",      "string",  "Day or minute, 2026-02-13 or 2026-02-13T09:30")
QUERY("/api/v1/deadline",    "within",    "string",  "Period: 5wd, 7d, 24h, 3m, 1y")
QUERY("/api/v1/matters",     "procedure", "string",  "Code of the procedure")
QUERY("/api/v1/matters",     "state",     "string",  "Code of the state")
QUERY("/api/v1/matters",     "light",     "string",  "red, yellow, green or grey")
QUERY("/api/v1/matters",     "body",      "string",  "Code of a body that takes part")
QUERY("/api/v1/matters",     "role",      "string",  "How the body takes part: holder or party")
QUERY("/api/v1/matters",     "from",      "string",  "First day of making")
QUERY("/api/v1/matters",     "to",        "string",  "Last day of making")
QUERY("/api/v1/matters",     "open",      "boolean", "Open or ended matters only")
QUERY("/api/v1/matters",     "q",         "string",  "Words in title, open facts, reference")
QUERY("/api/v1/matters",     "sort",      "string",  "created, updated or due")
QUERY("/api/v1/matters",     "after",     "string",  "Cursor: next of the page before")
QUERY("/api/v1/matters",     "limit",     "integer", "Rows of a page, 1 to 100")
QUERY("/api/v1/feed",        "after",     "integer", "Number of the last event already read")
QUERY("/api/v1/feed",        "limit",     "integer", "Events of a page, 1 to 1000")
QUERY("/api/v1/portal/form", "procedure", "string",  "Code of a procedure open to the public")
/* clang-format on */
