/*
 * Runs every story of a rulebook over HTTP against the real server: http.mjs RULEBOOK [NAME]. Program and store
 * are told by the environment, see ../http/server.mjs. Each story has its own server, database and data folder.
 * Prints what was expected and what was found; ends with the counts that the test script reads. engine.c runs the
 * same stories through the engine.
 */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startServer } from '../http/server.mjs'
import { act, runSystem } from './act.mjs'
import { check } from './check.mjs'
import { loadStory } from './load.mjs'
import { look, loginOf } from './look.mjs'
import { People } from './people.mjs'

class Running {
  constructor(file, steps, people, rulebook) {
    Object.assign(this, { file, steps, people, rulebook, step: null, wrong: 0 })
    this.names = new Map() /* The story's own names for its matters: {id, code}. */
    this.sent = new Map() /* Idempotency keys: what was sent, and the answer. */
  }

  complain(what, expected, found) {
    this.wrong++
    console.log(`${this.file}:${this.step.line}: ${what}: expected ${expected}, found ${found}`)
  }

  /* Any difference in `found` from `expected` is told. */
  expect(what, expected, found) {
    if (expected !== found) this.complain(what, expected, found)
  }
}

/* The engine can look with the eyes of a complainant who got no code at the counter; over HTTP that is no way in. */
const isBarred = (login, named) => login === null && named !== undefined && !named.code

async function runStep(running, step) {
  running.step = step
  const login = loginOf(step.as)
  if (step.action === null && isBarred(login, running.names.get(step.matter))) {
    console.log(`${running.file}:${step.line}: not looked at: '${step.matter}' was not filed in the portal`)
    return
  }
  if (step.run !== undefined) await runSystem(running, login)
  else if (step.action !== null) await act(running, login)
  const named = running.names.get(step.matter)
  if (named) await check(running, login, named, await look(running, login, named))
}

async function runSteps(running, server) {
  let clock = null
  for (const step of running.steps) {
    if (step.at !== clock) await server.clock(step.at)
    clock = step.at
    await runStep(running, step)
  }
}

async function runStory(rulebook, file) {
  const steps = loadStory(join(rulebook, 'examples', file))
  const bodies = resolve(rulebook, 'demo', 'organisations.yaml')
  const options = { initFlags: ['--rulebook', rulebook, '--bodies', bodies], flags: ['--quiet'], now: steps[0].at }
  const server = await startServer(options)
  try {
    const people = new People(server)
    const book = (await people.as(null, 'GET', '/rulebook')).body
    const running = new Running(file, steps, people, book)
    await runSteps(running, server)
    return running.wrong
  } finally {
    await server.stop()
  }
}

async function main([rulebook, name]) {
  if (rulebook === undefined) {
    console.error('http.mjs RULEBOOK [NAME]')
    return 2
  }
  const files = readdirSync(join(rulebook, 'examples')).filter((file) => file.endsWith('.yaml'))
  let passed = 0
  let failed = 0
  for (const file of files.sort().filter((one) => one.includes(name ?? ''))) {
    const wrong = await runStory(rulebook, file).catch((error) => {
      console.log(`${file}: ${error.stack}`)
      return 1
    })
    console.log(`${wrong === 0 ? 'ok  ' : 'FAIL'} ${file}`)
    if (wrong === 0) passed++
    else failed++
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
