/*
 * What the program tells by itself, in the browser: reminders as messages, the calendar feed, statistics that open to
 * their events, and the appraisal of bodies.
 */
import assert from 'node:assert/strict'
import { complaintFacts, file } from '../http/server.mjs'
import { stageTest } from './stage.mjs'
import { Staff } from './staff.mjs'

const FILED = 3
/* Of each complaint two clocks end on 5 March 2026, a Thursday: notice and review, three working days from Monday. */
const DUE = 2 * FILED
const YEAR = 'from=2026-01-01&to=2026-12-31'

async function fileThree({ server }) {
  for (let i = 1; i <= FILED; i++) {
    await file(server.visitor(), 'complaint', complaintFacts({ subject: `第${i}号投诉：评标不公` }))
  }
}

/* On the last day there is one working day left: each clock tells its handlers once. */
async function remind({ server, supervisor }) {
  await supervisor.signIn()
  assert.equal(await supervisor.page.getByTestId('unread').count(), 0)
  await supervisor.signOut()
  await server.clock('2026-03-05T09:30')
  await supervisor.signIn()
  const run = async () => {
    const reply = await server.visitor().post('/api/v1/test/run', { what: 'remind' })
    assert.equal(reply.status, 204, reply.text)
  }
  await run()
  await run()
  await supervisor.page.reload()
  await supervisor.page.getByTestId('unread').filter({ hasText: new RegExp(`^\\s*${DUE}\\s*$`) }).waitFor()
}

async function readMessages({ supervisor }) {
  const { page, visitor } = supervisor
  await page.getByTestId('bell').click()
  await page.getByTestId('message-row').nth(DUE - 1).waitFor()
  assert.equal(await page.getByTestId('message-row').count(), DUE)
  const notice = page.getByTestId('message-row').filter({ hasText: '书面告知投诉人' })
  assert.equal(await notice.count(), FILED)
  assert.match(await notice.first().innerText(), /即将到期[\s\S]*2026-03-05到期[\s\S]*第\d号投诉/)
  await visitor.inspect('messages')
  await page.getByTestId('message-read').first().click()
  await page.getByTestId('unread-count').filter({ hasText: `${DUE - 1} 条未读` }).waitFor()
  await page.getByTestId('only-unread').click()
  await page.getByTestId('message-row').nth(DUE - 1).waitFor({ state: 'detached' })
  assert.equal(await page.getByTestId('message-row').count(), DUE - 1)
  await page.getByTestId('message-matter').first().click()
  await supervisor.expectState('待审查')
  await page.getByTestId('bell').click()
  await page.getByTestId('unread-count').filter({ hasText: `${DUE - 2} 条未读` }).waitFor()
  await page.getByTestId('read-all').click()
  await page.getByTestId('unread-count').filter({ hasText: '没有未读' }).waitFor()
  await supervisor.switchLanguage('en')
  await visitor.inspect('messages-en')
  await supervisor.switchLanguage('zh')
}

/* The secret address works without a session until it is revoked, and lists what is due. */
async function subscribe({ supervisor, server }) {
  const { page, visitor } = supervisor
  await page.getByTestId('calendar-make').click()
  const address = new URL((await page.getByTestId('calendar-url').innerText()).trim()).pathname
  await visitor.inspect('calendar')
  const feed = await server.visitor().get(address)
  assert.equal(feed.status, 200)
  assert.match(feed.text, /^BEGIN:VCALENDAR/)
  assert.equal(feed.text.match(/DTSTART[^\r\n]*:20260305\r?$/gm)?.length, DUE, feed.text)
  await page.getByTestId('calendar-revoke').click()
  await page.getByTestId('calendar-url').waitFor({ state: 'detached' })
  assert.equal((await server.visitor().get(address)).status, 404)
}

/* A number leads to as many events as it says, and each to its matter. */
async function drillDown({ supervisor }) {
  const { page, visitor } = supervisor
  await page.goto(`/app/figures?${YEAR}`)
  await page.getByTestId('figures').waitFor()
  const counted = page.getByTestId('table-filings_by_category').getByRole('row', { name: '水利工程' })
  assert.ok((await page.getByTestId('chart').count()) > 0)
  await visitor.inspect('figures')
  const cell = counted.getByTestId('figure-cell').first()
  assert.equal((await cell.innerText()).trim(), String(FILED))
  await cell.click()
  await page.getByTestId('figure-event').nth(FILED - 1).waitFor()
  assert.equal(await page.getByTestId('figure-event').count(), FILED)
  await visitor.inspect('figure-events')
  const row = page.getByTestId('figure-event').filter({ hasText: '第2号投诉' })
  await row.getByRole('link').click()
  await supervisor.page.getByTestId('matter-title').filter({ hasText: '第2号投诉' }).waitFor()
}

async function exported({ supervisor }) {
  const { page, visitor } = supervisor
  await page.goto(`/app/figures?${YEAR}`)
  await page.getByTestId('figures').waitFor()
  const first = { csv: /^\ufeff/, xlsx: /^PK/, pdf: /^%PDF-/ }
  for (const [format, magic] of Object.entries(first)) {
    const { name, bytes } = await visitor.download(page.getByTestId(`export-${format}`).first())
    assert.match(name, new RegExp(`\\.${format}$`))
    assert.match(bytes.toString(format === 'csv' ? 'utf8' : 'latin1'), magic)
  }
}

async function periods({ supervisor }) {
  const { page, visitor } = supervisor
  const table = page.getByTestId('table-filings_by_category')
  const received = table.locator('tfoot td').first()
  await page.goto('/app/figures?from=2025-01-01&to=2025-12-31')
  await table.getByText('本期间没有数据').waitFor()
  await page.locator('#period-from').fill('2026-03-01')
  await page.locator('#period-to').fill('2026-03-31')
  await page.locator('#period-to').press('Enter')
  await page.getByTestId('period-apply').click()
  await page.waitForURL(/from=2026-03-01&to=2026-03-31/)
  await received.filter({ hasText: String(FILED) }).waitFor()
  await supervisor.switchLanguage('en')
  await visitor.inspect('figures-en')
  await supervisor.switchLanguage('zh')
}

/* Notice and review of one complaint are met by one step on their last day: the figure is two of two. */
async function appraise({ supervisor, server }) {
  const { page, visitor } = supervisor
  const handler = await server.as('supervisor.handler')
  const { json } = await handler.get('/api/v1/matters?procedure=complaint&limit=1')
  await handler.acted(json.items[0], 'notify', { notice_body: 'water', notice_text: '由区水利和湖泊局查处。' })
  await page.goto('/app/appraisal?period=2026Q1')
  await page.getByTestId('matrix').waitFor()
  await visitor.inspect('appraisal')
  await page.getByTestId('body-row-supervisor').getByTestId('score-cell').first().click()
  assert.equal((await page.getByTestId('fraction').innerText()).trim(), '2 / 2')
  await page.getByTestId('figure-event').first().waitFor()
  assert.match(await page.getByTestId('figure-event').first().innerText(), /书面告知/)
  await visitor.inspect('appraisal-score')
}

/* On a telephone nothing lies beside the page, and the menu is at hand. */
async function telephone({ supervisor }) {
  const { page, visitor } = supervisor
  await page.setViewportSize({ width: 390, height: 844 })
  const figures = [`figures?${YEAR}`, 'appraisal?period=2026']
  const views = ['workbench', 'matters', 'messages', ...figures, 'rulebook?tab=procedures']
  for (const path of views) {
    await page.goto(`/app/${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    const [wide, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    assert.ok(wide <= window_, `${path}: ${wide} px in a window of ${window_}`)
    await visitor.inspect(`telephone-${path.split('?')[0]}`)
  }
}

async function cast(browser, { url }) {
  return { supervisor: await Staff.create(browser, url, 'supervisor.handler') }
}

const stepsOf = (stage) => [
  ['three complaints are filed', () => fileThree(stage)],
  ['the handler is reminded once', () => remind(stage)],
  ['messages are read', () => readMessages(stage)],
  ['a calendar subscribes', () => subscribe(stage)],
  ['a figure opens to its events', () => drillDown(stage)],
  ['figures are exported', () => exported(stage)],
  ['another period has other figures', () => periods(stage)],
  ['bodies are appraised', () => appraise(stage)],
  ['all of it on a telephone', () => telephone(stage)]
]

stageTest('messages and figures in the browser', { cast, stepsOf })
