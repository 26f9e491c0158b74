/*
 * ROUTE(METHOD, pattern, PERMISSION, BODY, handler, summary): every endpoint; docs/api.md tells them in
 * full. PERMISSION: PUBLIC anybody; PORTAL anybody, but only so many an hour from one address; SESSION
 * signed in; CASES signed in with a role that works on cases; TEST only with --test-clock.
 */
/* clang-format off */
ROUTE(POST,   "/api/v1/session",                                          PUBLIC,  JSON,    session_post,       "Sign in")
ROUTE(GET,    "/api/v1/session",                                          SESSION, NO_BODY, session_get,        "Who is signed in")
ROUTE(DELETE, "/api/v1/session",                                          SESSION, NO_BODY, session_delete,     "Sign out")
ROUTE(POST,   "/api/v1/session/password",                                 SESSION, JSON,    session_password_post, "Change one's own password")
ROUTE(GET,    "/api/v1/demo",                                             PUBLIC,  NO_BODY, demo_get,           "Accounts of a demonstration on loopback")
ROUTE(GET,    "/api/v1/rulebook",                                         PUBLIC,  NO_BODY, rulebook_get,       "The rulebook in force")
ROUTE(GET,    "/api/v1/organisations",                                    PUBLIC,  NO_BODY, organisations_get,  "The bodies that take part")
ROUTE(GET,    "/api/v1/competence",                                       PUBLIC,  NO_BODY, competence_get,     "Who is competent by the table")
ROUTE(GET,    "/api/v1/deadline",                                         PUBLIC,  NO_BODY, deadline_get,       "When a period ends, and why")
ROUTE(GET,    "/api/v1/code/{code}",                                      PUBLIC,  NO_BODY, code_get,           "Check a unified social credit code")
ROUTE(GET,    "/api/v1/workbench",                                        CASES,   NO_BODY, workbench_get,      "What my body must do, most urgent first")
ROUTE(GET,    "/api/v1/matters",                                          CASES,   NO_BODY, matters_get,        "List and search matters")
ROUTE(POST,   "/api/v1/matters",                                          CASES,   JSON,    matters_post,       "Start a matter")
ROUTE(GET,    "/api/v1/matters/{id}",                                     CASES,   NO_BODY, matter_get,         "One matter")
ROUTE(POST,   "/api/v1/matters/{id}/actions/{action}",                    CASES,   JSON,    action_post,        "Act on a matter")
ROUTE(GET,    "/api/v1/matters/{id}/events",                              CASES,   NO_BODY, events_get,         "What happened")
ROUTE(GET,    "/api/v1/matters/{id}/clocks/{clock}/explanation",          CASES,   NO_BODY, explanation_get,    "Why a clock ends on that day")
ROUTE(GET,    "/api/v1/matters/{id}/materials/{material}",                CASES,   NO_BODY, material_get,       "Download a material")
ROUTE(GET,    "/api/v1/matters/{id}/receipt",                             CASES,   NO_BODY, receipt_get,        "The signed receipt")
ROUTE(GET,    "/api/v1/matters/{id}/sealed",                              CASES,   NO_BODY, sealed_get,         "Sealed facts, after unsealing")
ROUTE(POST,   "/api/v1/uploads",                                          CASES,   UPLOAD,  uploads_post,       "Upload files")
ROUTE(GET,    "/api/v1/feed",                                             CASES,   NO_BODY, feed_get,           "Events in commit order")
ROUTE(GET,    "/api/v1/stream",                                           CASES,   NO_BODY, stream_get,         "Hints that something changed")
ROUTE(GET,    "/api/v1/portal/form",                                      PUBLIC,  NO_BODY, portal_form_get,    "The form of a complaint or report")
ROUTE(POST,   "/api/v1/portal/uploads",                                   PORTAL,  UPLOAD,  portal_uploads_post, "Upload files for a complaint or report")
ROUTE(POST,   "/api/v1/portal/matters",                                   PORTAL,  JSON,    portal_post,        "File a complaint or report")
ROUTE(POST,   "/api/v1/portal/follow",                                    PUBLIC,  JSON,    portal_follow_post, "Follow by receipt code")
ROUTE(POST,   "/api/v1/portal/act",                                       PUBLIC,  JSON,    portal_act_post,    "Add, correct or withdraw by receipt code")
ROUTE(GET,    "/api/v1/openapi.json",                                     PUBLIC,  NO_BODY, openapi_get,        "This interface")
ROUTE(GET,    "/health",                                                  PUBLIC,  NO_BODY, health_get,         "Is it alive")
ROUTE(GET,    "/metrics",                                                 PUBLIC,  NO_BODY, metrics_get,        "Figures for Prometheus, on loopback only")
ROUTE(POST,   "/api/v1/test/clock",                                       TEST,    JSON,    test_clock_post,    "Set the clock of a test server")
/* clang-format on */
