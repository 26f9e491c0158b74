/*
 * Story 01 in the browser: a complaint about a water-works tender comes in through the portal, is notified, handed
 * over with a signed receipt, decided, reported, and its maker reads the outcome. The server's clock is set to the
 * days of the story. Environment: LIANDONG (the program), LIANDONG_WEB (the built pages), CHROMIUM, LIANDONG_SHOTS.
 */
import assert from 'node:assert/strict'
import { contentOf } from '../lib/files.mjs'
import { Complainant } from './complainant.mjs'
import { stageTest } from './stage.mjs'
import { Staff } from './staff.mjs'

const SUBJECT = '万店镇水库除险加固工程评标不公'
const WATER = '曾都区水利和湖泊局'
const LETTER = '移送函.pdf'
const COMPLAINT = '投诉书 第一份.pdf'
const EVIDENCE = 'evidence.pdf'
const ORIGINAL = '业绩证明原件.pdf'
const DECISION = '处理决定书.pdf'
const OUTCOME = '经查，业绩材料造假属实，已取消中标候选人资格。'

async function fileComplaint({ complainant, files, server }) {
  await server.clock('2021-09-17T16:40')
  await complainant.home()
  await complainant.lookAtReport()
  const receipt = await complainant.file({
    choices: { receiver_body: '曾都区公共资源交易监督管理局', trade_category: '水利工程', trade_stage: '评标与定标' },
    texts: {
      subject: SUBJECT, project_name: '万店镇水库除险加固工程', respondent: '湖北某水利建设有限公司',
      respondent_code: '91420000177570439L', statement: '中标候选人业绩材料涉嫌造假，评标委员会未予否决。',
      maker_name: '张三', maker_phone: '13900000001'
    },
    paths: [files.path(COMPLAINT), files.path(EVIDENCE)]
  })
  assert.match(receipt.promises.notice, /2021-09-23/)
  assert.match(receipt.promises.transfer, /2021-09-26/)
  return receipt
}

/* On the workbench with its light and its days, and why they end when they end: over the Mid-Autumn holiday. */
async function seeOnWorkbench({ supervisor, server }) {
  await server.clock('2021-09-18T09:00')
  await supervisor.signIn({ inspect: true })
  await supervisor.visitor.inspect('workbench')
  const notice = supervisor.duty(SUBJECT, '书面告知投诉人')
  assert.match(await notice.innerText(), /剩余 2 个工作日[\s\S]*2021-09-23/)
  assert.match(await supervisor.duty(SUBJECT, '完成移送').innerText(), /剩余 4 个工作日[\s\S]*2021-09-26/)
  await supervisor.open(SUBJECT, '投诉')
  await supervisor.expectState('待审查')
  await supervisor.expectClock('notice', '2021-09-23', '剩余 2 个工作日')
  await supervisor.expectClock('transfer', '2021-09-26', '剩余 4 个工作日')
  await supervisor.visitor.inspect('complaint')
}

async function seeWhy({ supervisor }) {
  const notice = await supervisor.explanation('notice', 'why-notice')
  assert.equal(notice.due, '2021-09-23')
  const transfer = await supervisor.explanation('transfer', 'why-transfer')
  assert.equal(transfer.due, '2021-09-26')
  const counted = transfer.days.filter(([, , count]) => /^\d+$/.test(count)).map(([day, , count]) => `${count}: ${day}`)
  assert.deepEqual(counted, ['1: 2021-09-18', '2: 2021-09-22', '3: 2021-09-23', '4: 2021-09-24', '5: 2021-09-26'])
}

async function readInEnglish({ supervisor }) {
  await supervisor.switchLanguage('en')
  await supervisor.visitor.inspect('complaint-en')
  await supervisor.clock('notice').getByText('2 working days left').waitFor()
  const { due } = await supervisor.explanation('notice', 'why-notice-en')
  assert.equal(due, '2021-09-23')
  await supervisor.lookAround('-en')
  await supervisor.toWorkbench()
  await supervisor.visitor.inspect('workbench-en')
  await supervisor.signOut()
  await supervisor.visitor.inspect('sign-in-en')
  await supervisor.switchLanguage('zh')
}

async function notifyAndTransfer({ supervisor, server }) {
  await server.clock('2021-09-23T10:00')
  await supervisor.signIn()
  await supervisor.open(SUBJECT, '投诉')
  await supervisor.act('notify', {
    facts: { notice_body: WATER, notice_text: '您投诉的事项由区水利和湖泊局查处，我局将依法移送。' },
    state: '待审查'
  })
  await supervisor.signOut()
  await server.clock('2021-09-24T09:00')
  await supervisor.signIn()
  await supervisor.open(SUBJECT, '投诉')
  await supervisor.expectClock('transfer', '2021-09-26', '剩余 1 个工作日')
  await supervisor.act('transfer', {
    facts: {
      transfer_ground: '不属本部门职责或需其他部门处理', transfer_to: WATER,
      case_summary: '投诉人反映中标候选人业绩造假，属水利工程招标投标监督事项。'
    },
    state: '移送中'
  })
  await supervisor.page.getByTestId('link-row').filter({ hasText: '案件移送' }).waitFor()
  await supervisor.signOut()
}

async function approveAndSend({ approver, supervisor, files, server }) {
  await server.clock('2021-09-24T10:00')
  await approver.signIn()
  await approver.open(SUBJECT, '案件移送')
  await approver.expectState('拟稿')
  await approver.expectClock('complete', '2021-09-26', '剩余 1 个工作日')
  await approver.act('approve', { state: '待送达' })
  await approver.signOut()
  await server.clock('2021-09-24T15:00')
  await supervisor.signIn()
  await supervisor.open(SUBJECT, '案件移送')
  await supervisor.act('send', { facts: { delivery_method: '直接送达' }, paths: [files.path(LETTER)], state: '待签收' })
  await supervisor.visitor.inspect('transfer-sent')
  await supervisor.signOut()
}

async function acknowledge({ water, server }) {
  await server.clock('2021-09-26T09:30')
  await water.signIn()
  await water.open(SUBJECT, '案件移送')
  await water.expectClock('acknowledge', '2021-09-27', '剩余 1 个工作日')
  await water.act('acknowledge', {
    ticks: { [COMPLAINT]: 'arrived', [EVIDENCE]: 'missing', [LETTER]: 'arrived' },
    state: '已签收待审查'
  })
  await water.expectClock('return', '2021-10-08', '剩余 5 个工作日')
  await water.visitor.inspect('transfer-received')
}

/* The receipt names both bodies, both signers and each material; what is downloaded is what was uploaded. */
async function checkReceipt({ water }) {
  await water.page.getByTestId('open-receipt').click()
  const receipt = water.page.getByTestId('receipt')
  await receipt.waitFor()
  await water.visitor.inspect('receipt')
  const text = await receipt.innerText()
  for (const part of ['曾都区公共资源交易监督管理局', '李明', WATER, '陈静', '2021-09-24 15:00', '2021-09-26 09:30']) {
    assert.ok(text.includes(part), `the receipt says ${part}`)
  }
  const rows = await water.page.getByTestId('receipt-row').allInnerTexts()
  const tickOf = (name) => rows.filter((row) => row.includes(name)).map((row) => /已到|缺少/.exec(row)?.[0])
  assert.deepEqual([COMPLAINT, EVIDENCE, LETTER].map(tickOf), [['已到'], ['缺少'], ['已到']])
  await water.closeDialog(water.page.getByRole('dialog'))
  for (const name of [COMPLAINT, LETTER]) {
    const row = water.page.getByTestId('material-row').filter({ hasText: name })
    const got = await water.visitor.download(row.getByTestId('download'))
    assert.equal(got.name, name)
    assert.ok(got.bytes.equals(contentOf(name)), `${name} came back byte for byte`)
  }
  await water.signOut()
}

/* What was missing comes after, to what has a receipt already. */
async function supplement({ supervisor, files, server }) {
  await server.clock('2021-09-26T16:00')
  await supervisor.signIn()
  const rows = await supervisor.search('水库')
  await rows.filter({ hasText: '案件移送' }).getByTestId('matter-link').click()
  await supervisor.page.getByTestId('matter-title').waitFor()
  await supervisor.act('supplement', { paths: [files.path(ORIGINAL)], state: '已签收待审查' })
  await supervisor.page.getByTestId('material-row').filter({ hasText: ORIGINAL }).waitFor()
  await supervisor.signOut()
}

/* One of the water bureau works in English. */
async function decide({ water, waterApprover, server }) {
  await server.clock('2021-09-27T09:00')
  await water.signIn()
  await water.open(SUBJECT, '案件移送')
  await water.act('keep', { state: '待决定受理' })
  await water.expectClock('decide', '2021-10-09', '剩余 5 个工作日')
  await water.signOut()
  await server.clock('2021-09-28T11:00')
  await waterApprover.signIn()
  await waterApprover.switchLanguage('en')
  await waterApprover.open(SUBJECT, 'Case transfer')
  await waterApprover.act('decide_acceptance', {
    facts: { acceptance: 'Accepted', acceptance_reason: '属本局监督职责' },
    state: 'Acceptance to be reported'
  })
  await waterApprover.expectClock('report_acceptance', '2021-10-11', '5 working days left')
  await waterApprover.visitor.inspect('transfer-accepted-en')
  await waterApprover.signOut()
}

async function reportAcceptanceAndFinish({ water, server }) {
  await server.clock('2021-09-29T09:00')
  await water.signIn()
  await water.open(SUBJECT, '案件移送')
  await water.act('report_acceptance', { facts: { acceptance_report: '已决定受理，正在调查。' }, state: '办理中' })
  await water.signOut()
  await server.clock('2021-11-05T15:00')
  await water.signIn()
  await water.open(SUBJECT, '案件移送')
  await water.act('finish', { facts: { outcome: '投诉成立' }, state: '待回告办理结果' })
  await water.expectClock('report_outcome', '2021-11-19', '剩余 10 个工作日')
  await water.signOut()
}

async function reportOutcome({ water, files, server }) {
  await server.clock('2021-11-16T10:00')
  await water.signIn()
  await water.open(SUBJECT, '案件移送')
  await water.act('report_outcome', {
    facts: { outcome_report: OUTCOME }, paths: [files.path(DECISION)], state: '办结'
  })
  await water.visitor.inspect('transfer-closed')
  await water.toWorkbench()
  await water.page.getByTestId('empty').waitFor()
  await water.visitor.inspect('workbench-empty')
  await water.signOut()
}

/* Each body finds what it may see: the supervisor both matters, the water bureau only the transfer. */
async function find({ supervisor, water }) {
  await supervisor.signIn()
  const both = await supervisor.search('水库')
  assert.equal(await both.count(), 2)
  assert.ok((await both.allInnerTexts()).every((text) => text.includes(SUBJECT)))
  await supervisor.visitor.inspect('found')
  assert.equal(await (await supervisor.search('围标')).count(), 0)
  await supervisor.visitor.inspect('found-nothing')
  await supervisor.lookAround('')
  await supervisor.signOut()
  await water.signIn()
  const one = await water.search('水库')
  assert.equal(await one.count(), 1)
  assert.match(await one.innerText(), /案件移送/)
  await water.signOut()
}

async function followToTheEnd({ complainant }, receipt) {
  const told = await complainant.follow(receipt.code)
  for (const part of [receipt.reference, '办结', '投诉成立', OUTCOME, COMPLAINT, '张三']) {
    assert.ok(told.includes(part), `the complainant reads ${part}`)
  }
  await complainant.switchLanguage('en')
  await complainant.visitor.inspect('followed-en')
  await complainant.page.getByText('Complaint upheld').waitFor()
  await complainant.home()
  await complainant.lookAtReport()
}

async function everybody(browser, { url }) {
  const staff = (login) => Staff.create(browser, url, login)
  return {
    complainant: await Complainant.create(browser, url),
    supervisor: await staff('supervisor.handler'),
    approver: await staff('supervisor.approver'),
    water: await staff('water.handler'),
    waterApprover: await staff('water.approver')
  }
}

function stepsOf(stage) {
  let receipt = null
  return [
    ['a complaint is filed in the portal', async () => (receipt = await fileComplaint(stage))],
    ['the supervisor sees it and its days', () => seeOnWorkbench(stage)],
    ['and why they end when they end', () => seeWhy(stage)],
    ['and reads it in English', () => readInEnglish(stage)],
    ['notice and transfer', () => notifyAndTransfer(stage)],
    ['approval and delivery', () => approveAndSend(stage)],
    ['the water bureau signs, one material missing', () => acknowledge(stage)],
    ['the receipt and the materials', () => checkReceipt(stage)],
    ['the missing material comes after', () => supplement(stage)],
    ['kept and accepted', () => decide(stage)],
    ['acceptance reported, handled', () => reportAcceptanceAndFinish(stage)],
    ['the outcome is reported', () => reportOutcome(stage)],
    ['the list and the search find it', () => find(stage)],
    ['the complainant reads the outcome', () => followToTheEnd(stage, receipt)]
  ]
}

stageTest('story 01 in the browser', { cast: everybody, stepsOf })
