/* What a step expects of the matter, as its actor sees it. */
import { digestOf } from '../lib/files.mjs'

const pairsText = (pairs) => pairs.map(([code, value]) => `${code}: ${value}`).sort().join(', ') || '-'

function checkClocks(running, view) {
  const { clocks, lights = {}, ended = {} } = running.step.expect
  if (clocks !== undefined) {
    const open = view.clocks.filter((clock) => !clock.ended).map((clock) => [clock.code, clock.due])
    running.expect('open clocks', pairsText(Object.entries(clocks)), pairsText(open))
  }
  const lightOf = (code) => view.clocks.filter((clock) => clock.code === code).at(-1)?.light ?? 'none'
  for (const [code, light] of Object.entries(lights)) running.expect(`light of ${code}`, light, lightOf(code))
  for (const [code, how] of Object.entries(ended)) running.expect(`end of ${code}`, how, lightOf(code))
}

const isText = (value) => typeof value === 'string'

/* Lists in a story are joined as the engine keeps them. */
const joined = (value) => (isText(value) ? value : value.join(','))

function checkFacts(running, view) {
  for (const [code, wanted] of Object.entries(running.step.expect.facts ?? {})) {
    let found = view.facts.get(code) ?? 'none'
    /* The portal does not even say that there is a hidden fact. */
    if (view.version === undefined && wanted === 'hidden' && found === 'none') found = 'hidden'
    running.expect(`fact ${code}`, joined(wanted), found)
  }
}

/* What the signed bytes say of a signer ("water 陈静") or of an item ("arrived"). */
function receiptSays(receipt, key) {
  if (receipt === null) return 'no receipt'
  if (receipt[key]?.org) return `${receipt[key].org} ${receipt[key].name}`
  return receipt.items.find((item) => item.name === key)?.tick ?? 'not listed'
}

async function checkReceipt(running, login, named) {
  const wanted = running.step.expect.receipt
  if (wanted === undefined) return
  const { status, body } = await running.people.as(login, 'GET', `/matters/${named.id}/receipt`)
  const signed = status === 200 ? JSON.parse(body.text) : null
  if (signed) {
    running.expect('SHA-256 of the receipt', digestOf('sha256', body.text), body.sha256)
    running.expect('SM3 of the receipt', digestOf('sm3', body.text), body.sm3)
  }
  for (const [key, value] of Object.entries(wanted)) {
    running.expect(`receipt: ${key}`, value, receiptSays(signed, key))
    if (signed) running.expect(`receipt shown: ${key}`, value, receiptSays(body, key))
  }
}

export async function check(running, login, named, view) {
  const { expect } = running.step
  running.expect('seen', expect.hidden ? 'hidden' : 'visible', view === null ? 'hidden' : 'visible')
  if (view === null) return
  if (expect.state !== undefined) running.expect('state', expect.state, view.state)
  if (expect.holder !== undefined) running.expect('holder', expect.holder, view.holder)
  checkClocks(running, view)
  checkFacts(running, view)
  if (expect.actions !== undefined) {
    running.expect('actions', [...expect.actions].sort().join(' '), [...view.actions].sort().join(' '))
  }
  await checkReceipt(running, login, named)
}
