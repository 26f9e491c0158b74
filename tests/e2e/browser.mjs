/*
 * Debian's Chromium for the tests. Every page is watched: a console error, an error of the page or a WCAG 2.2 A/AA
 * violation fails the test. LIANDONG_SHOTS names a folder for screenshots; without it none are made.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']
/* Nothing on a page of this product takes longer; the machine may be busy. */
const WAIT_MS_MAX = 20_000

/* Why there can be no browser test here; null if there can. A machine that has to test everything never skips. */
export function missing(web) {
  let why = null
  if (!existsSync(PROGRAM)) why = `Chromium is not installed at ${PROGRAM}`
  else if (!web || !existsSync(join(web, 'index.html'))) why = `the pages are not built in LIANDONG_WEB (${web})`
  if (why !== null && process.env.CI) throw new Error(why)
  return why
}

export async function launch() {
  return chromium.launch({
    executablePath: PROGRAM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--lang=zh-CN']
  })
}

/*
 * Asking who is signed in without being so, and about a paper that there isn't, are no mistakes of the page; Chromium
 * logs them all the same.
 */
function isExpected(message) {
  const { url } = message.location()
  if (url.endsWith('/api/v1/session')) return /\b401\b/.test(message.text())
  return /\/api\/v1\/portal\/paper\/\w+$/.test(url) && /\b404\b/.test(message.text())
}

/* A person with a browser of their own: own cookies, own windows. */
export class Visitor {
  static async create(browser, origin, name) {
    const visitor = new Visitor()
    visitor.context = await browser.newContext({
      baseURL: origin, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true,
      reducedMotion: 'reduce', viewport: { width: 1440, height: 900 }
    })
    visitor.context.setDefaultTimeout(WAIT_MS_MAX)
    visitor.page = await visitor.context.newPage()
    visitor.name = name
    visitor.shots = 0
    visitor.errors = []
    visitor.page.on('pageerror', (error) => visitor.errors.push(`page error: ${error.stack}`))
    visitor.page.on('console', (message) => {
      if (message.type() !== 'error' || isExpected(message)) return
      visitor.errors.push(`console: ${message.text()} (${message.location().url})`)
    })
    visitor.page.on('requestfailed', (request) => visitor.failedRequest(request))
    return visitor
  }

  /* A page that is left ends what it was still asking for; anything else must not fail. */
  failedRequest(request) {
    const why = request.failure()?.errorText
    if (why !== 'net::ERR_ABORTED') this.errors.push(`request: ${why} (${request.url()})`)
  }

  /* Transitions change colours on their way; what is judged and shown is the page at rest. */
  async rest() {
    await this.page.waitForFunction(() =>
      document.getAnimations().every(
        (one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity
      )
    )
  }

  async shot(name) {
    const folder = process.env.LIANDONG_SHOTS
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    const number = String(++this.shots).padStart(2, '0')
    /* A dialog covers what is in the window, not what lies below it. */
    const fullPage = (await this.page.getByRole('dialog').count()) === 0
    await this.page.screenshot({ path: join(folder, `${this.name}-${number}-${name}.png`), fullPage })
  }

  /* This page, or the dialog over it, as it stands: no violation, no error so far. */
  async inspect(name) {
    await this.rest()
    await this.shot(name)
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axeSource)
    const violations = await this.page.evaluate(async (tags) => {
      const result = await globalThis.axe.run(document, { runOnly: tags })
      const nodes = (one) => one.nodes.map((node) => node.html.slice(0, 300)).join('\n    ')
      return result.violations.map((one) => `${one.id}: ${nodes(one)}`)
    }, AXE_TAGS)
    assert.deepEqual(violations, [], `${this.name}, ${name}: accessibility`)
    this.noErrors(name)
  }

  noErrors(name) {
    assert.deepEqual(this.errors, [], `${this.name}, ${name}: errors`)
  }

  /* Clicks what starts a download, and gives its name and bytes. */
  async download(locator) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), locator.click()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
  }

  async close() {
    await this.context.close()
  }
}
