/*
 * A conference in the browser: found among the kinds of matters, several bodies invited in one field, each with a
 * matter of its own in the table of the meeting; and the diagram of its procedure.
 */
import assert from 'node:assert/strict'
import { stageTest } from './stage.mjs'
import { Staff } from './staff.mjs'

const THEME = '河道采砂招标联合整治'

async function propose({ water }, known) {
  const { page, visitor } = water
  await water.signIn()
  await page.getByTestId('new-matter').click()
  await page.getByTestId('new-find').fill('会议')
  await visitor.inspect('new-found')
  await page.getByTestId('new-conference-propose').click()
  const dialog = page.getByRole('dialog')
  await water.fill(dialog, 'theme', THEME)
  /* What its conditions don't allow is not offered: the plenary has a procedure of its own. */
  await dialog.getByTestId('field-kind').locator('.el-select').click()
  await page.getByRole('option', { name: '双方联席会议', exact: true }).waitFor()
  assert.equal(await page.getByRole('option', { name: '全体成员工作会议' }).count(), 0)
  await page.getByRole('option', { name: '多方联席会议', exact: true }).click()
  await water.fill(dialog, 'topic_kind', '联合执法与检查')
  await water.fill(dialog, 'questions', '是否组织联合执法、由谁牵头。')
  await dialog.getByTestId('submit').click()
  await dialog.getByTestId('problem').waitFor()
  assert.match(await dialog.getByTestId('field-invited_bodies').innerText(), /请填写参会单位/)
  await water.chooseBodies(dialog, 'invited_bodies', ['natural_resources', 'housing'])
  assert.match(await dialog.getByTestId('field-invited_bodies').innerText(), /已选 2 \/ \d+/)
  await visitor.inspect('invited')
  await dialog.getByTestId('submit').click()
  await page.getByTestId('matter-title').filter({ hasText: THEME }).waitFor()
  known.path = new URL(page.url()).pathname
  assert.match(await page.getByTestId('party-invited').innerText(), /2 家/)
  assert.match(await page.getByTestId('fact-invited_bodies').innerText(), /住房[\s\S]*、[\s\S]*自然资源/)
  await water.signOut()
}

/* Each body has its own invitation; those that run out first say so in the light. */
async function convene({ approver }, known) {
  const { page, visitor } = approver
  await approver.signIn()
  await page.goto(known.path)
  await page.getByTestId('action-convene_directly').click()
  /* The calendar of a date is a dialog too. */
  const dialog = page.getByRole('dialog', { name: '直接印发会议通知' })
  await approver.fill(dialog, 'agenda', '研究联合整治。')
  await approver.fill(dialog, 'meeting_day', '2026-03-10')
  await page.keyboard.press('Enter')
  await approver.fill(dialog, 'meeting_hour', '上午9:30')
  await approver.fill(dialog, 'place', '水利局会议室')
  await dialog.getByTestId('submit').click()
  await dialog.waitFor({ state: 'hidden' })
  const rows = page.getByTestId('children').getByTestId('link-row')
  await rows.nth(1).waitFor()
  await page.getByTestId('children').getByText('2026-03').first().waitFor()
  const texts = await rows.allInnerTexts()
  assert.deepEqual(texts.map((text) => /住建局|自规局/.exec(text)?.[0]).sort(), ['住建局', '自规局'])
  assert.ok(texts.every((text) => /剩余 \d 个工作日/.test(text)), texts.join('\n'))
  await visitor.inspect('convened')
}

/* What has to be yes before it can be done says so beside its switch, and nothing is sent. */
async function undertake({ water, approver }) {
  const { page } = water
  await water.signIn()
  await page.getByTestId('new-matter').click()
  await page.getByTestId('new-information_request-draft').click()
  let dialog = page.getByRole('dialog')
  await water.fill(dialog, 'provider_body', '曾都区国库支付中心')
  for (const [code, value] of [['subject', '调取工程款支付信息'], ['items', '近三年支付明细'], ['purpose', '核实业绩真伪'],
    ['case_reference', 'AJ-2026-0001'], ['legal_basis', '行政处罚法第二十六条'], ['readers', '陈静']]) {
    await water.fill(dialog, code, value)
  }
  await dialog.getByTestId('submit').click()
  await page.getByTestId('matter-title').filter({ hasText: '调取工程款支付信息' }).waitFor()
  const { pathname } = new URL(page.url())
  await water.signOut()
  await approver.page.goto(pathname)
  await approver.page.getByTestId('action-submit').click()
  dialog = approver.page.getByRole('dialog')
  await dialog.getByTestId('submit').click()
  await dialog.getByTestId('field-undertaking').getByText('须确认为“是”方可办理').waitFor()
  await approver.visitor.inspect('undertaking')
  await dialog.getByTestId('field-undertaking').locator('.el-switch').click()
  await dialog.getByTestId('submit').click()
  await dialog.waitFor({ state: 'hidden' })
}

/* The procedure as a picture: the chosen state tells its steps. */
async function diagram({ approver }) {
  const { page, visitor } = approver
  await page.goto('/app/rulebook?tab=procedures&procedure=conference')
  await page.getByTestId('state-convened').click()
  const details = await page.getByTestId('state-details').innerText()
  assert.match(details, /已通知[\s\S]*→/)
  await visitor.inspect('diagram')
  await approver.switchLanguage('en')
  await visitor.inspect('diagram-en')
}

async function cast(browser, { url }) {
  return {
    water: await Staff.create(browser, url, 'water.handler'),
    approver: await Staff.create(browser, url, 'water.approver')
  }
}

function stepsOf(stage) {
  const known = {}
  return [
    ['a conference is proposed, bodies invited', () => propose(stage, known)],
    ['it is convened: one invitation each', () => convene(stage, known)],
    ['what must be confirmed says so', () => undertake(stage)],
    ['its procedure is drawn', () => diagram(stage)]
  ]
}

stageTest('a conference in the browser', { cast, stepsOf })
