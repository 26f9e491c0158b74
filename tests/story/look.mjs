/* A matter as somebody sees it: a signed-in account by its id, the public by the receipt code. */

/* Of a matter that was not filed in the portal nobody holds a code. */
const NO_CODE = '0000000000000000'

/* The account of a step; null for those who come through the portal. */
export const loginOf = (as) => (as === 'public' || as === 'code' ? null : as)

/* The last clock counts if there were several with the same code. */
function clocksOf(clocks) {
  return clocks.map((clock) => ({
    code: clock.code,
    light: clock.light,
    ended: clock.ended !== null,
    due: clock.unit === 'h' ? minuteOf(clock.due_time) : clock.due
  }))
}

/* RFC 3339 in UTC as a minute in Beijing, which has no summer time. */
function minuteOf(time) {
  return new Date(Date.parse(time) + 8 * 3600_000).toISOString().slice(0, 16)
}

function textOf(value) {
  if (Array.isArray(value)) return value.join(',')
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).map(([key, tick]) => `${key}=${tick}`).join(',')
  }
  return String(value)
}

export function viewOf(reply) {
  const { body } = reply
  return {
    reply,
    state: body.state,
    holder: body.holder ?? 'none',
    version: body.version,
    clocks: clocksOf(body.clocks),
    facts: new Map(body.facts.map((fact) => [fact.code, fact.hidden ? 'hidden' : textOf(fact.value)])),
    /* What one may only draft is not his to do. */
    actions: body.actions.filter((action) => !action.only_draft).map((action) => action.code),
    materials: body.materials,
    links: body.links ?? []
  }
}

/* The portal gives no id: whoever of the story's accounts sees the matter finds it by its reference. */
async function findId(running, named) {
  const logins = new Set(running.steps.map((step) => loginOf(step.as)).filter((login) => login !== null))
  for (const login of logins) {
    const reply = await running.people.as(login, 'GET', `/matters?q=${encodeURIComponent(named.reference)}`)
    const found = (reply.body?.items ?? []).find((item) => item.reference === named.reference)
    if (found) return found.id
  }
  running.complain('search', named.reference, 'nobody finds it')
  return null
}

const readOnce = (running, login, named) =>
  login === null
    ? running.people.as(null, 'POST', '/portal/follow', { json: { code: named.code ?? NO_CODE } })
    : running.people.as(login, 'GET', `/matters/${named.id}`)

/* null if it is hidden; any other answer is told and then counts as hidden. */
export async function look(running, login, named) {
  if (login !== null && !named.id) named.id = await findId(running, named)
  const reply = await readOnce(running, login, named)
  if (reply.status === 200) {
    if (login !== null) running.expect('ETag', `"${reply.body.version}"`, reply.headers.get('etag'))
    return viewOf(reply)
  }
  if (reply.status === 403 && (await running.people.isTurnedAway(login))) return null
  running.expect('look', '404 NOT_FOUND', `${reply.status} ${reply.body?.name}`)
  return null
}
