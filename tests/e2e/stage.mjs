/* What every test in the browser needs: the pages or a word that they are missing, real files, steps in a row. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { startServer } from '../http/server.mjs'
import { contentOf } from '../lib/files.mjs'
import { launch, missing } from './browser.mjs'

/* Real files in a folder of this test; a name stands for its path. */
export class Files {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'liandong-e2e-'))
  }

  path(name, content = contentOf(name)) {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return path
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/* Each step stands on the one before it; where one fails, all pages are shown, with what they complained of. */
async function playAll(t, steps, visitors) {
  let done = true
  for (const [name, step] of steps) {
    if (!done) return
    await t.test(name, async (one) => {
      done = false
      try {
        await step()
        done = true
      } finally {
        for (const visitor of done ? [] : visitors()) {
          visitor.errors.forEach((error) => one.diagnostic(`${visitor.name}: ${error}`))
          await visitor.shot('failed')
        }
      }
    })
  }
}

/*
 * A test of pages on a server of its own. `cast(browser, server)` gives the people by name, each with a `visitor`;
 * `stepsOf(stage)` the steps, where the stage holds server, files and people.
 */
export function stageTest(name, { now, cast, stepsOf }) {
  const web = process.env.LIANDONG_WEB
  const why = missing(web)
  if (why !== null) console.log(`no browser test: ${why}`)
  test(name, { skip: why ?? false, timeout: 580_000 }, async (t) => {
    const server = await startServer({ typeset: true, flags: ['--quiet', '--web', web], now })
    t.after(() => server.stop())
    const files = new Files()
    t.after(() => files.remove())
    const browser = await launch()
    t.after(() => browser.close())
    const people = await cast(browser, server)
    await playAll(t, stepsOf({ server, files, ...people }), () => Object.values(people).map((one) => one.visitor))
  })
}
