/*
 * Official papers in the browser: a preview that leaves no trace, a draft that is edited, approved and issued under a
 * number, its PDF, the public's check of it, and the paper that reaches the complainant.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { complaintFacts, file, matterOf } from '../http/server.mjs'
import { digestOf } from '../lib/files.mjs'
import { Complainant } from './complainant.mjs'
import { stageTest } from './stage.mjs'
import { Staff } from './staff.mjs'

const SUBJECT = '水库除险加固工程评标不公'
const NOTICE = '您投诉的事项由区水利和湖泊局查处，我局将依法移送。'
const ISSUER = '曾都区公共资源交易监督管理局'
const textOf = (bytes) => execFileSync('pdftotext', ['-', '-'], { input: bytes }).toString('utf8').replace(/\s+/g, '')

/* The notice to the complainant: looked at first, then performed and issued at once. */
async function notify({ stage, known }) {
  const { server, supervisor } = stage
  const visitor = server.visitor()
  const [evidence] = await visitor.upload([['业绩证明.pdf', 'evidence']], '/api/v1/portal/uploads')
  const filed = await file(visitor, 'complaint', complaintFacts(), [evidence.id])
  Object.assign(known, { code: filed.code, reference: filed.reference })
  await supervisor.signIn()
  known.complaint = (await matterOf(await server.as('supervisor.handler'), filed.reference)).id
  await supervisor.openById(known.complaint)
  await supervisor.page.getByTestId('action-notify').click()
  const dialog = supervisor.page.getByRole('dialog').first()
  await supervisor.fill(dialog, 'notice_body', '曾都区水利和湖泊局')
  await supervisor.fill(dialog, 'notice_text', NOTICE)
  await supervisor.visitor.inspect('notify-form')
  await dialog.getByTestId('preview').click()
  const text = await supervisor.readPaper('notify-preview')
  assert.ok(text.includes(NOTICE) && text.includes(SUBJECT), text)
  await supervisor.page.getByTestId('paper-close').click()
  assert.equal(await supervisor.page.getByTestId('paper-row').count(), 0)
  await dialog.getByTestId('submit').click()
  await supervisor.paper('已印发', '告知书').waitFor()
}

/* Up to where the letter is written: by the interface, as these steps have a test of their own. */
async function prepareTransfer({ stage, known }) {
  const { server } = stage
  const handler = await server.as('supervisor.handler')
  const complaint = await handler.acted(await matterOf(handler, known.reference), 'transfer', {
    transfer_ground: 'other_duty', transfer_to: 'water', case_summary: '中标候选人业绩造假，属水利招标投标监督事项。'
  })
  const approver = await server.as('supervisor.approver')
  const { id: transfer } = complaint.links.find((link) => link.procedure === 'transfer')
  const { json } = await approver.get(`/api/v1/matters/${transfer}`)
  await approver.acted(json, 'approve')
  known.transfer = transfer
}

async function draft({ stage: { supervisor }, known }) {
  await supervisor.openById(known.transfer)
  await supervisor.page.getByTestId('action-send').click()
  const dialog = supervisor.page.getByRole('dialog')
  await supervisor.fill(dialog, 'delivery_method', '直接送达')
  await dialog.getByTestId('save-draft').click()
  await dialog.waitFor({ state: 'hidden' })
  const row = supervisor.paper('拟稿', SUBJECT)
  await row.waitFor()
  assert.match(await row.innerText(), /印发时编号/)
  assert.equal(await row.getByTestId('paper-approve').count(), 0, 'who drafts does not approve')
  await supervisor.expectState('待送达')
  await supervisor.visitor.inspect('drafted')
  await row.getByTestId('paper-open').click()
  assert.ok((await supervisor.readPaper('draft')).includes('直接送达'))
  await supervisor.page.getByTestId('paper-close').click()
}

async function edit({ stage: { supervisor } }) {
  await supervisor.paper('拟稿', SUBJECT).getByTestId('paper-edit').click()
  const dialog = supervisor.page.getByRole('dialog')
  await dialog.getByTestId('field-delivery_method').getByText('直接送达').waitFor()
  await supervisor.fill(dialog, 'delivery_method', '邮寄送达')
  await supervisor.visitor.inspect('edit-draft')
  await dialog.getByTestId('submit').click()
  await dialog.waitFor({ state: 'hidden' })
}

async function approve({ stage: { approver } }) {
  await approver.signIn()
  const row = approver.page.getByTestId('draft-row').filter({ hasText: SUBJECT })
  await row.waitFor()
  await approver.visitor.inspect('workbench-drafts')
  await row.getByTestId('draft-open').click()
  await approver.page.getByTestId('matter-title').waitFor()
  await approver.paper('拟稿', SUBJECT).getByTestId('paper-approve').click()
  await approver.confirm('approve-draft')
  await approver.paper('已审批', SUBJECT).waitFor()
  await approver.expectState('待送达')
}

async function issue({ stage: { supervisor }, known }) {
  await supervisor.openById(known.transfer)
  await supervisor.paper('已审批', SUBJECT).getByTestId('paper-issue').click()
  await supervisor.confirm('issue-draft')
  await supervisor.expectState('待签收')
  const row = supervisor.paper('已印发', SUBJECT)
  known.number = (await row.getByTestId('paper-number').innerText()).trim()
  assert.equal(known.number, '曾公监移〔2026〕1号')
  const signed = await row.innerText()
  assert.ok(/李明 拟稿/.test(signed) && /审批/.test(signed) && /李明 印发/.test(signed), signed)
}

/* Set in a process of its own after the commit: the page hears of it and offers the file. */
async function readIssued({ stage: { supervisor }, known }) {
  const row = supervisor.paper('已印发', SUBJECT)
  await row.getByTestId('paper-open').click()
  const shown = await supervisor.readPaper('issued')
  for (const part of [known.number, SUBJECT, '邮寄送达', '曾都区水利和湖泊局']) assert.ok(shown.includes(part), part)
  const got = await supervisor.visitor.download(supervisor.page.getByTestId('paper-download'))
  assert.equal(got.name, `${known.number}.pdf`)
  assert.ok(textOf(got.bytes).includes(known.number))
  known.pdf = got.bytes
  await supervisor.page.getByTestId('paper-close').click()
  await row.locator('summary').click()
  assert.ok((await row.innerText()).includes(digestOf('sha256', got.bytes)), 'the digest is that of the file')
  await supervisor.visitor.inspect('issued-row')
  known.check = new URL(await row.getByTestId('paper-check').evaluate((link) => link.href)).pathname
}

/* By the address of the QR code, on a telephone: number, date and body, no content; a file can be compared. */
async function check({ stage: { complainant, files }, known }) {
  const { page, visitor } = complainant
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(known.check)
  await page.getByTestId('check-valid').waitFor()
  assert.equal((await page.getByTestId('check-number').innerText()).trim(), known.number)
  assert.equal((await page.getByTestId('check-date').innerText()).trim(), '2026-03-02')
  assert.equal((await page.getByTestId('check-org').innerText()).trim(), ISSUER)
  assert.ok((await page.getByTestId('check-digest').innerText()).includes(digestOf('sha256', known.pdf)))
  assert.ok(!(await page.locator('main').innerText()).includes(SUBJECT), 'no content')
  await page.getByTestId('check-file').setInputFiles(files.path('收到的公文.pdf', known.pdf))
  await page.getByTestId('compared').filter({ hasText: '一致：' }).waitFor()
  const changed = Buffer.concat([known.pdf, Buffer.from('\n')])
  await page.getByTestId('check-file').setInputFiles(files.path('改动的公文.pdf', changed))
  await page.getByTestId('compared').filter({ hasText: '不一致' }).waitFor()
  await visitor.inspect('check')
  await page.getByTestId('check-again').click()
  await page.getByTestId('check-code').fill('2222222222222222222222222A')
  await page.getByTestId('check-submit').click()
  await page.getByTestId('check-unknown').waitFor()
  await visitor.inspect('check-unknown')
}

/* The complainant follows, and downloads what was addressed to him. */
async function follow({ stage: { complainant }, known }) {
  await complainant.page.setViewportSize({ width: 1440, height: 900 })
  const told = await complainant.follow(known.code)
  assert.ok(told.includes('送达您的公文') && told.includes('曾公监告〔2026〕1号'), told)
  const row = complainant.page.getByTestId('paper-row').filter({ hasText: '告知书' })
  const got = await complainant.visitor.download(row.getByTestId('paper-download'))
  assert.ok(textOf(got.bytes).includes(NOTICE))
}

async function cast(browser, { url }) {
  return {
    complainant: await Complainant.create(browser, url),
    supervisor: await Staff.create(browser, url, 'supervisor.handler'),
    approver: await Staff.create(browser, url, 'supervisor.approver')
  }
}

function stepsOf(stage) {
  const play = { stage, known: {} }
  return [
    ['a notice is previewed, then issued at once', () => notify(play)],
    ['a transfer is prepared', () => prepareTransfer(play)],
    ['its letter is drafted', () => draft(play)],
    ['and edited', () => edit(play)],
    ['the approver finds and approves it', () => approve(play)],
    ['it is issued under a number', () => issue(play)],
    ['its PDF says what it should', () => readIssued(play)],
    ['anybody can check it', () => check(play)],
    ['the complainant gets his paper', () => follow(play)]
  ]
}

stageTest('official papers in the browser', { cast, stepsOf })
