/* Somebody of the public in the portal: files a complaint, notes the receipt code, and follows with it. */
import assert from 'node:assert/strict'
import { Visitor } from './browser.mjs'

export class Complainant {
  static async create(browser, origin) {
    const complainant = new Complainant()
    complainant.visitor = await Visitor.create(browser, origin, 'complainant')
    complainant.page = complainant.visitor.page
    return complainant
  }

  async home() {
    await this.page.goto('/portal')
    await this.page.getByTestId('start-complaint').waitFor()
    await this.visitor.inspect('portal')
  }

  async switchLanguage(lang) {
    await this.page.getByTestId('lang').click()
    await this.page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), lang)
  }

  /* The form of a report is the other one: without a name, and with one. */
  async lookAtReport() {
    await this.page.getByTestId('start-report').click()
    await this.page.getByTestId('field-subject').waitFor()
    await this.visitor.inspect('report-form')
    await this.page.getByTestId('named').check()
    await this.visitor.inspect('report-form-named')
    await this.home()
  }

  /* `choices` by their labels, `texts` as they are; gives what the receipt says. */
  async file({ choices, texts, paths }) {
    await this.page.getByTestId('start-complaint').click()
    for (const [code, label] of Object.entries(choices)) {
      await this.page.getByTestId(`field-${code}`).locator('select').selectOption({ label })
    }
    for (const [code, text] of Object.entries(texts)) {
      await this.page.getByTestId(`field-${code}`).locator('input, textarea').fill(text)
    }
    await this.page.getByTestId('file').setInputFiles(paths)
    await this.page.getByTestId('uploaded').nth(paths.length - 1).waitFor()
    await this.visitor.inspect('complaint-form')
    await this.page.getByTestId('submit').click()
    return this.receipt()
  }

  async receipt() {
    const shown = this.page.getByTestId('receipt-code')
    await shown.waitFor()
    await this.visitor.inspect('receipt')
    const code = (await shown.innerText()).replace(/\s/g, '')
    assert.match(code, /^\d{16}$/)
    const title = await this.page.getByRole('heading', { level: 2 }).first().innerText()
    return { code, reference: /TS\S+/.exec(title)[0], promises: await this.promises() }
  }

  async promises() {
    const promises = {}
    for (const code of ['notice', 'transfer']) promises[code] = await this.page.getByTestId(`clock-${code}`).innerText()
    return promises
  }

  /* With the code as it was noted, in groups of four; gives what the page says. */
  async follow(code) {
    await this.page.goto('/portal')
    await this.page.getByTestId('start-follow').click()
    await this.page.getByTestId('follow-code').fill(code.match(/.{4}/g).join(' '))
    await this.visitor.inspect('follow-form')
    await this.page.getByTestId('follow-submit').click()
    await this.page.getByTestId('follow-state').waitFor()
    await this.visitor.inspect('followed')
    return this.page.locator('main').innerText()
  }

  async close() {
    await this.visitor.close()
  }
}
