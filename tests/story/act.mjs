/* A step that does something: files and facts go in, the answer is held against what the step says. */
import { contentOf, digestOf, mediaTypeOf } from '../lib/files.mjs'
import { look, loginOf, viewOf } from './look.mjs'

/* Of the form of an id, and nobody's. */
const NO_ID = '0000000000001'

/* A file for each named material; the answer must hold its true digests. */
async function upload(running, login, names) {
  if (names.length === 0) return []
  const form = new FormData()
  for (const name of names) form.append('file', new Blob([contentOf(name)]), name)
  const reply = await running.people.as(login, 'POST', login === null ? '/portal/uploads' : '/uploads', { form })
  running.expect('upload', 201, reply.status)
  if (reply.status !== 201) return []
  const told = reply.body.items.map(
    (item) => `${item.name} ${item.media_type} ${item.bytes} ${item.sha256} ${item.sm3}`
  )
  const expected = names.map((name) => {
    const content = contentOf(name)
    return `${name} ${mediaTypeOf(name)} ${content.length} ${digestOf('sha256', content)} ${digestOf('sm3', content)}`
  })
  running.expect('uploaded', expected.join('; '), told.join('; '))
  return reply.body.items.map((item) => item.id)
}

function ticksById(running, ticks, materials) {
  const byId = {}
  for (const [name, tick] of Object.entries(ticks)) {
    const same = materials.filter((material) => material.name === name)
    /* What is to be refused may tick what is not there. */
    if (same.length === 0 && running.step.refused === undefined) running.complain('ticks', name, 'no such material')
    if (same.length === 0) byId[NO_ID] = tick
    for (const material of same) byId[material.id] = tick
  }
  return byId
}

/* A fact in the type of the interface; what does not fit is sent as it is, for the server to refuse. */
function typedFact(running, type, value, before) {
  if (type === 'ticks' && typeof value === 'object') return ticksById(running, value, before?.materials ?? [])
  if (type === 'flag' && (value === 'true' || value === 'false')) return value === 'true'
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value)
  if ((type === 'terms' || type === 'bodies') && typeof value === 'string') return value.split(',')
  return value
}

function factsOf(running, before) {
  const { procedure, facts } = running.step
  const known = running.rulebook.procedures.find((one) => one.code === procedure)?.facts ?? []
  const typeOf = (code) => known.find((fact) => fact.code === code)?.type
  return Object.fromEntries(
    Object.entries(facts).map(([code, value]) => [code, typedFact(running, typeOf(code), value, before)])
  )
}

/* The portal itself names the action that starts; another one can only be tried at the staff's door. */
async function startRequest(running, login, facts, materials) {
  const { procedure, action } = running.step
  const portal = login === null && (await running.people.as(null, 'GET', `/portal/form?procedure=${procedure}`)).body
  if (portal?.action === action) return { path: '/portal/matters', json: { procedure, facts, materials } }
  return { path: '/matters', json: { procedure, action, facts, materials } }
}

/* Method, path and body of the step: starting or going on, with an account or through the portal. */
async function requestOf(running, login, named, before) {
  const { step } = running
  const facts = factsOf(running, before)
  const materials = await upload(running, login, step.materials)
  const headers = step.key === undefined ? {} : { 'Idempotency-Key': step.key }
  if (!named) {
    const { path, json } = await startRequest(running, login, facts, materials)
    return { method: 'POST', path, options: { headers, json } }
  }
  if (login === null) {
    const json = { code: named.code ?? '', action: step.action, facts, materials }
    return { method: 'POST', path: '/portal/act', options: { headers, json } }
  }
  /* Who can not see the matter has read no version of it. */
  const version = (before?.version ?? 1) - (step.stale ? 1 : 0)
  headers['If-Match'] = `"${version}"`
  const path = `/matters/${named.id}/actions/${step.action}`
  return { method: 'POST', path, options: { headers, json: { facts, materials } } }
}

/* The very same request, if the step sends again what was sent with its key. */
function sentBefore(running) {
  const { as, key, matter, facts, materials } = running.step
  if (key === undefined) return null
  const before = running.sent.get(`${as} ${key}`)
  return before?.what === JSON.stringify([running.step.do, matter, facts, materials]) ? before : null
}

function remember(running, request, reply) {
  const { as, key, matter, facts, materials } = running.step
  if (key === undefined || reply.status >= 400) return
  const what = JSON.stringify([running.step.do, matter, facts, materials])
  running.sent.set(`${as} ${key}`, { what, request, reply })
}

/* The doors of the interface refuse some acts before the engine does, with a name of their own. */
async function isSameAtTheDoor(running, login, wanted, found) {
  if (login === null) return wanted === 'FORBIDDEN' && found === 'UNAUTHENTICATED'
  return wanted === 'NOT_FOUND' && found === 'FORBIDDEN' && running.people.isTurnedAway(login)
}

async function checkAnswer(running, login, reply) {
  const wanted = running.step.refused ?? 'NONE'
  const found = reply.status < 400 ? 'NONE' : reply.body?.name
  if (found !== wanted && !(await isSameAtTheDoor(running, login, wanted, found))) {
    const fields = (reply.body?.fields ?? []).map((field) => field.path).join(' ')
    running.complain('fault', wanted, `${found} (${reply.status} ${reply.body?.detail ?? ''} ${fields})`)
  }
  if (reply.status >= 400) {
    running.expect('problem', 'application/problem+json', reply.headers.get('content-type')?.split(';')[0])
    running.expect('problem status', reply.status, reply.body?.status)
  }
}

function checkSameAnswer(running, before, reply) {
  const keyOf = (one) => `${one.status} ${one.body?.id} ${one.body?.version} ${one.body?.code} ${one.body?.reference}`
  running.expect('answer to the same key', keyOf(before.reply), keyOf(reply))
}

/* What the answer lists has our digests, and what is downloaded is what was uploaded. */
async function checkMaterials(running, login, named, view) {
  for (const name of running.step.materials) {
    const content = contentOf(name)
    const kept = view.materials.filter((one) => one.name === name && one.sha256 === digestOf('sha256', content))
    running.expect(`material ${name}`, 'listed', kept.length > 0 ? 'listed' : 'not there')
    if (kept.length === 0 || login === null) continue
    const reply = await running.people.as(login, 'GET', `/matters/${named.id}/materials/${kept[0].id}`)
    running.expect(`download of ${name}`, 200, reply.status)
    running.expect(`bytes of ${name}`, content.toString('hex'), reply.bytes.toString('hex'))
  }
}

/* The matter that this step opened, as the actor sees it, or else those who meet it later in the story. */
async function nameChild(running, login, named) {
  const { step, names } = running
  const later = running.steps.filter((one) => one.matter === step.child).map((one) => loginOf(one.as))
  const known = new Set([...names.values()].map((one) => one.id))
  for (const who of new Set([login, ...later].filter((one) => one !== null))) {
    const links = (await look(running, who, named))?.links ?? []
    const opened = links.filter((link) => link.relation === 'child' && !known.has(link.id))
    if (opened.length > 0) {
      names.set(step.child, { id: opened.map((link) => link.id).sort().at(-1) })
      return
    }
  }
  running.complain('child', step.child, 'none was opened')
}

/* Matters that this step opened for each body: found by who meets them later, told apart by their parties. */
async function nameChildren(running, login, named) {
  const { step, names } = running
  for (const [name, org] of Object.entries(step.children)) {
    const later = running.steps.filter((one) => one.matter === name).map((one) => loginOf(one.as))
    for (const who of new Set([login, ...later].filter((one) => one !== null))) {
      if (names.has(name)) break
      const links = (await look(running, who, named))?.links ?? []
      for (const link of links.filter((one) => one.relation === 'child')) {
        const taken = [...names.values()].some((one) => one.id === link.id)
        const child = taken ? null : (await running.people.as(who, 'GET', `/matters/${link.id}`)).body
        if (child?.parties?.some((party) => party.org === org)) names.set(name, { id: link.id })
      }
    }
    if (!names.has(name)) running.complain('children', `${name} of ${org}`, 'none was opened')
  }
}

/* The program by itself: clocks that ran out act, standing matters open. */
export async function runSystem(running, login) {
  const { step, names, people } = running
  const reply = await people.as(null, 'POST', '/test/run', { json: { what: step.run } })
  running.expect('run', 204, reply.status)
  if (step.run !== 'standing') return
  const found = await people.as(login, 'GET', `/matters?procedure=${step.procedure}`)
  running.expect('standing matter', 1, found.body.items.length)
  if (found.body.items.length === 1) names.set(step.matter, { id: found.body.items[0].id })
}

function codeOf(running, code) {
  if (code !== null) running.expect('receipt code', 'of 16 digits', /^\d{16}$/.test(code) ? 'of 16 digits' : code)
  return code
}

async function nameNew(running, login, reply) {
  if (login !== null) {
    const { id } = reply.body
    running.expect('Location', `/api/v1/matters/${id}`, reply.headers.get('location'))
    /* What is recorded at the counter has a code, too, for its maker. */
    return { id, code: codeOf(running, reply.body.code ?? null) }
  }
  const { code, reference } = reply.body
  return { code: codeOf(running, code), reference, id: null }
}

async function send(running, login, named, before) {
  const again = sentBefore(running)
  const request = again?.request ?? (await requestOf(running, login, named, before))
  const reply = await running.people.as(login, request.method, request.path, request.options)
  if (again) checkSameAnswer(running, again, reply)
  else remember(running, request, reply)
  return reply
}

export async function act(running, login) {
  const { step, names } = running
  let named = names.get(step.matter)
  const before = named ? await look(running, login, named) : null
  const reply = await send(running, login, named, before)
  await checkAnswer(running, login, reply)
  if (reply.status >= 400) {
    const after = named ? await look(running, login, named) : null
    running.expect('after the refusal', before?.reply.bytes.toString(), after?.reply.bytes.toString())
    return
  }
  if (!named) {
    named = await nameNew(running, login, reply)
    names.set(step.matter, named)
  }
  if (step.materials.length > 0 && reply.body.materials) await checkMaterials(running, login, named, viewOf(reply))
  if (step.child !== undefined) await nameChild(running, login, named)
  await nameChildren(running, login, named)
}
