/* A member of a body's staff at the web page: signs in, opens matters, and acts by the forms the page offers. */
import assert from 'node:assert/strict'
import { password } from '../http/server.mjs'
import { Visitor } from './browser.mjs'

export class Staff {
  static async create(browser, origin, login) {
    const staff = new Staff()
    staff.login = login
    staff.visitor = await Visitor.create(browser, origin, login)
    staff.page = staff.visitor.page
    return staff
  }

  /* Opens the workbench without a session, and is led to the sign-in page and back. */
  async signIn({ inspect = false } = {}) {
    await this.page.goto('/app/workbench')
    await this.page.waitForURL(/\/sign-in/)
    await this.page.getByTestId('login').waitFor()
    if (inspect) await this.visitor.inspect('sign-in')
    await this.page.getByTestId('login').fill(this.login)
    await this.page.getByTestId('password').fill(password)
    await this.page.getByTestId('submit').click()
    await this.page.getByTestId('card-mine').waitFor()
  }

  async signOut() {
    await this.page.getByTestId('sign-out').click()
    await this.page.getByTestId('login').waitFor()
    this.visitor.noErrors('signed out')
  }

  async toWorkbench() {
    await this.page.locator('a[href="/app/workbench"]').first().click()
    await this.page.getByTestId('card-mine').waitFor()
  }

  /* The workbench's row of one clock of one matter. */
  duty(title, clock) {
    return this.page.getByTestId('duty-row').filter({ hasText: title }).filter({ hasText: clock })
  }

  async open(title, procedure) {
    await this.page.getByTestId('duty-row').filter({ hasText: title }).filter({ hasText: procedure }).first()
      .getByTestId('duty-open').click()
    await this.page.getByTestId('matter-title').waitFor()
  }

  /* By the search box of every page; gives the rows that were found. */
  /* The last list stays on screen while the next is on its way: only what came for these words counts. */
  async search(words) {
    const asked = `q=${encodeURIComponent(words)}`
    const isAnswer = (reply) => reply.url().includes('/matters?') && reply.url().includes(asked)
    const answered = this.page.waitForResponse(isAnswer)
    await this.page.getByTestId('search').fill(words)
    await this.page.getByTestId('search').press('Enter')
    await answered
    await this.page.waitForURL((url) => url.pathname === '/app/matters' && url.searchParams.get('q') === words)
    await this.page.locator('section.card[aria-busy=false]').waitFor()
    await this.page.getByTestId('matter-row').or(this.page.getByTestId('empty')).first().waitFor()
    return this.page.getByTestId('matter-row')
  }

  async switchLanguage(lang) {
    await this.page.getByTestId('lang').click()
    await this.page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), lang)
  }

  async menu(path) {
    await this.page.locator(`nav a[href="${path}"]`).first().click()
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /* The pages beside the case work, each judged as it stands; `suffix` tells the language. */
  async lookAround(suffix) {
    await this.menu('/app/matters')
    await this.page.getByTestId('matter-row').first().waitFor()
    await this.visitor.inspect(`matters${suffix}`)
    await this.calculate()
    await this.visitor.inspect(`calculator${suffix}`)
    await this.menu('/app/rulebook')
    for (const tab of ['articles', 'procedures', 'settings']) {
      await this.page.getByTestId(`tab-${tab}`).click()
      await this.page.locator(`[data-testid=tab-${tab}][aria-current=page]`).waitFor()
      await this.visitor.inspect(`rulebook-${tab}${suffix}`)
    }
    await this.lookAtNew('complaint-record', suffix)
  }

  async calculate() {
    await this.menu('/app/calculator')
    await this.page.locator('#from').fill('2021-09-17 16:40')
    await this.page.locator('#from').press('Enter')
    await this.page.getByTestId('count').fill('5')
    await this.page.getByTestId('compute').click()
    assert.equal((await this.page.getByTestId('due').innerText()).trim(), '2021-09-26')
    await this.page.getByTestId('credit-code').fill('91420000177570439L')
    await this.page.getByTestId('check-code').click()
    await this.page.getByTestId('code-result').waitFor()
  }

  /* The menu of what may be started, and the form of one; nothing is sent. */
  async lookAtNew(which, suffix) {
    await this.page.getByTestId('new-matter').click()
    await this.page.getByTestId(`new-${which}`).waitFor()
    await this.visitor.inspect(`new${suffix}`)
    await this.page.getByTestId(`new-${which}`).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByTestId('submit').waitFor()
    await this.visitor.inspect(`new-${which}${suffix}`)
    await dialog.getByTestId('cancel').click()
    await dialog.waitFor({ state: 'hidden' })
  }

  async openById(id) {
    await this.page.goto(`/app/matters/${id}`)
    await this.page.getByTestId('matter-title').waitFor()
  }

  /* The row of a paper on the matter's page, by its state and words of its title. */
  paper(state, words) {
    return this.page.getByTestId('paper-row').filter({ hasText: state }).filter({ hasText: words })
  }

  /* A paper as the page shows it: each page has been drawn; gives its words, blanks and breaks apart. */
  async readPaper(name) {
    const dialog = this.page.getByRole('dialog').last()
    await dialog.locator('[data-state=shown]').waitFor()
    const drawn = await dialog.getByTestId('pdf-page').first().evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return { width: canvas.width, dark: data.some((value, i) => i % 4 === 0 && value < 128) }
    })
    assert.ok(drawn.width > 300 && drawn.dark, 'something is drawn on the page')
    await this.visitor.inspect(name)
    const texts = await dialog.getByTestId('pdf-text').allTextContents()
    return texts.join('').replace(/\s+/g, '')
  }

  /* Answers the question of a step that can't be taken back. */
  async confirm(name) {
    const dialog = this.page.getByRole('dialog')
    await dialog.getByTestId('confirm').waitFor()
    await this.visitor.inspect(name)
    await dialog.getByTestId('confirm').click()
    await dialog.waitFor({ state: 'hidden' })
  }

  clock(code) {
    return this.page.getByTestId(`clock-${code}`)
  }

  async expectClock(code, due, remaining) {
    await this.clock(code).waitFor()
    assert.equal((await this.clock(code).locator('.clock-due').innerText()).trim(), due, `${code}: due`)
    assert.equal((await this.clock(code).locator('.light').innerText()).trim(), remaining, `${code}: remaining`)
  }

  async expectState(label) {
    await this.page.getByTestId('matter-state').filter({ hasText: new RegExp(`^\\s*${label}\\s*$`) }).waitFor()
  }

  /* Why a clock ends on its day: the dialog's due date, and the days it counts. */
  async explanation(code, name) {
    await this.page.getByTestId(`why-${code}`).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByTestId('why-due').waitFor()
    await this.visitor.inspect(name)
    const due = (await dialog.getByTestId('why-due').innerText()).trim()
    const cells = (row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())
    const days = []
    for (const row of await dialog.getByTestId('day-row').all()) days.push(await row.evaluate(cells))
    await this.closeDialog(dialog)
    return { due, days }
  }

  async closeDialog(dialog) {
    await this.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }

  async fill(dialog, code, value) {
    const field = dialog.getByTestId(`field-${code}`)
    await field.waitFor()
    if ((await field.locator('.el-select').count()) === 0) {
      await field.locator('input, textarea').first().fill(value)
      return
    }
    await field.locator('.el-select').click()
    await this.page.getByRole('option', { name: value, exact: true }).click()
    assert.ok((await field.innerText()).includes(value), `${code}: ${value} was chosen`)
  }

  /* Several bodies, by their codes. */
  async chooseBodies(dialog, code, bodies) {
    const field = dialog.getByTestId(`field-${code}`)
    for (const body of bodies) await field.getByTestId(`body-${body}`).check()
  }

  async tick(dialog, ticks) {
    for (const [name, tick] of Object.entries(ticks)) {
      await dialog.getByTestId('tick-row').filter({ hasText: name }).getByTestId(`tick-${tick}`).check()
    }
  }

  async attach(dialog, paths) {
    if (paths.length === 0) return
    await dialog.getByTestId('file').setInputFiles(paths)
    await dialog.getByTestId('uploaded').nth(paths.length - 1).waitFor()
  }

  /* Fills the form of an action, sends it, and waits until the matter is in the state it leads to. */
  async act(action, { facts = {}, ticks = {}, paths = [], state }) {
    await this.page.getByTestId(`action-${action}`).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByTestId('submit').waitFor()
    for (const [code, value] of Object.entries(facts)) await this.fill(dialog, code, value)
    await this.tick(dialog, ticks)
    await this.attach(dialog, paths)
    await this.visitor.inspect(`do-${action}`)
    await dialog.getByTestId('submit').click()
    await this.sent(dialog)
    await this.expectState(state)
    this.visitor.noErrors(action)
  }

  /* The form closes when the act is done; if it stays open, what it says is told. */
  async sent(dialog) {
    const gone = await dialog.waitFor({ state: 'hidden' }).then(() => true, () => false)
    if (!gone) throw new Error(`the form stays open: ${await dialog.innerText()}`)
  }

  async close() {
    await this.visitor.close()
  }
}
