// Official papers over HTTP: issued with their action, drafted, approved, issued, seen by whom they are for,
// set as PDF, checked by the public. Needs poppler-utils (pdftotext).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, reportFacts, startServer } from './server.mjs';

const flags = ['--public-url', 'https://ldjg.example.org/'];
let server, handler, approver, head, water, waterApprover, housing, auditor, visitor;
let filings = 0;

before(async () => {
    server = await startServer({ typeset: true, flags, now: '2026-03-02T09:00' });
    handler = await server.as('supervisor.handler');
    approver = await server.as('supervisor.approver');
    head = await server.as('supervisor.head');
    water = await server.as('water.handler');
    waterApprover = await server.as('water.approver');
    housing = await server.as('housing.handler');
    auditor = await server.as('service.auditor');
    visitor = server.visitor();
});
after(() => server.stop());

const notice = { notice_body: '曾都区水利和湖泊局', notice_text: '该事项属水利部门监督职责，请向其提出。' };

async function complaint(more = {}) {
    const filed = await file(visitor, 'complaint', complaintFacts({ subject: `评标不公第${++filings}件`, ...more }));
    return { ...(await matterOf(handler, filed.reference)), code: filed.code };
}

const path = (matter, rest = '') => `/api/v1/matters/${matter.id}/papers${rest}`;
const load = async (client, matter) => (await client.get(`/api/v1/matters/${matter.id}`)).json;
const words = (bytes) => execFileSync('pdftotext', ['-raw', '-', '-'], { input: bytes }).toString().replace(/\s/g, '');

// The matter once its papers have their PDF; looks again while the program is at it.
async function whenSet(client, matter) {
    for (let i = 0; i < 200; i++) {
        const found = await load(client, matter);
        if (found.papers.every((paper) => paper.pdf !== 'waiting')) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no PDF in time\n${server.log}`);
}

test('an action with a paper issues it, and its PDF follows', async () => {
    const matter = await complaint();
    const offered = matter.actions.find((action) => action.code === 'notify');
    assert.deepEqual(offered.paper, {
        code: 'competence_notice',
        label: { zh: '有管辖权部门告知书', en: 'Notice of the competent body' },
        format: 'plain',
    });
    assert.equal(matter.actions.find((action) => action.code === 'transfer').paper, null);
    const acted = await handler.acted(matter, 'notify', notice);
    assert.equal(acted.papers.length, 1);
    assert.match(acted.papers[0].number, /^曾公监告〔2026〕\d+号$/);
    assert.equal(acted.papers[0].state, 'issued');
    assert.equal(acted.papers[0].title, '关于向有管辖权的部门提出投诉的告知书');
    assert.deepEqual(acted.papers[0].issued, { time: '2026-03-02T01:00:00.000Z', by: '李明' });
    const set = await whenSet(handler, matter);
    const [paper] = set.papers;
    assert.equal(paper.pdf, 'ready');
    assert.equal(paper.pages, 1);
    assert.equal(paper.error, null);
    const pdf = await handler.get(path(matter, `/${paper.id}/pdf`));
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.equal(createHash('sha256').update(pdf.bytes).digest('hex'), paper.sha256);
    const text = words(pdf.bytes);
    for (const piece of [paper.number, '张三：', '曾都区水利和湖泊局', notice.notice_text, '2026年3月2日', paper.check]) {
        assert.ok(text.includes(piece), `${piece} is not in ${text}`);
    }
    const events = (await handler.get(`/api/v1/matters/${matter.id}/events`)).json.items;
    assert.deepEqual(
        events.at(-2).papers.map(({ id, code, number, content_sha256 }) => ({ id, code, number, content_sha256 })),
        [{ id: paper.id, code: 'competence_notice', number: paper.number, content_sha256: paper.content_sha256 }],
    );
    assert.equal(events.at(-1).action, 'paper_set');
    assert.deepEqual(events.at(-1).label, { zh: '公文已成文（PDF）', en: 'Paper set as PDF' });
    assert.equal(events.at(-1).papers[0].pdf_sha256, paper.sha256);
    assert.equal(set.version, acted.version + 1);
    // What was read before the PDF came is not stale; what was read before the action is.
    const stale = await handler.act(matter, 'notify', notice);
    assertProblem(stale, 412, 'VERSION_STALE');
    await handler.acted(acted, 'notify', notice);
});

test('a download has a name, OFD is offered', async () => {
    const matter = await complaint();
    await handler.acted(matter, 'notify', notice);
    const [paper] = (await whenSet(handler, matter)).papers;
    const shown = await handler.get(path(matter, `/${paper.id}/pdf`));
    assert.equal(shown.headers.get('content-disposition'), null);
    const kept = await handler.get(path(matter, `/${paper.id}/pdf?download=true`));
    const disposition = decodeURIComponent(kept.headers.get('content-disposition'));
    assert.ok(disposition.startsWith('attachment') && disposition.includes(`有管辖权部门告知书-${paper.number}.pdf`));
    assert.deepEqual(kept.bytes, shown.bytes);
    const ofd = await handler.get(path(matter, `/${paper.id}/ofd`));
    assert.equal(ofd.status, 200);
    assert.equal(ofd.headers.get('content-type'), 'application/ofd');
    assert.equal(ofd.bytes.subarray(0, 2).toString(), 'PK');
});

test('draft, approve, issue: both names are on the record', async () => {
    const matter = await complaint();
    const facts = { case_summary: '经审查属本部门职责，予以立案。' };
    // The handler may not accept, but he may draft it.
    const offered = matter.actions.find((action) => action.code === 'accept');
    assert.equal(offered.only_draft, true);
    assert.ok(!('only_draft' in matter.actions.find((action) => action.code === 'notify')));
    const made = await handler.post(path(matter), { action: 'accept', facts });
    assert.equal(made.status, 201, made.text);
    const draft = made.json;
    assert.equal(draft.state, 'draft');
    assert.equal(draft.number, null);
    assert.equal(draft.pdf, 'none');
    assert.deepEqual(draft.facts, facts);
    assert.deepEqual(draft.can, ['edit', 'drop']);
    assert.deepEqual(draft.drafted, { time: '2026-03-02T01:00:00.000Z', by: '李明' });
    // Nothing has happened to the matter.
    const before = await load(handler, matter);
    assert.equal(before.version, matter.version);
    assert.equal(before.state, 'received');
    assert.equal(before.papers.length, 1);
    const waiting = (await approver.get('/api/v1/workbench')).json.drafts;
    // What it says is read in its matter, where a reading may have to be recorded.
    assert.ok(waiting.every((draft) => !('facts' in draft) && !('materials' in draft)));
    assert.ok(waiting.some((item) => item.id === draft.id && item.matter.reference === matter.reference));
    // It can be read as a PDF, with a mark and without a number.
    const pdf = await approver.get(path(matter, `/${draft.id}/pdf`));
    assert.equal(pdf.status, 200, pdf.text);
    assert.match(words(pdf.bytes), /投诉受理通知书/);
    assert.doesNotMatch(words(pdf.bytes), /〔2026〕\d+号/);
    // The handler can neither approve nor issue.
    assertProblem(await handler.post(path(matter, `/${draft.id}/approve`), ''), 403, 'FORBIDDEN');
    const match = { 'If-Match': `"${matter.version}"` };
    assertProblem(await handler.post(path(matter, `/${draft.id}/issue`), '', match), 403, 'FORBIDDEN');
    const approved = await approver.post(path(matter, `/${draft.id}/approve`), '');
    assert.equal(approved.status, 200, approved.text);
    assert.equal(approved.json.state, 'approved');
    assert.equal(approved.json.approved.by, '周正平');
    assertProblem(await approver.post(path(matter, `/${draft.id}/approve`), ''), 422, 'RULE_REFUSED');
    // Now the handler may issue it; without the version not.
    assertProblem(await handler.post(path(matter, `/${draft.id}/issue`), ''), 428, 'VERSION_REQUIRED');
    const issued = await handler.post(path(matter, `/${draft.id}/issue`), '', match);
    assert.equal(issued.status, 200, issued.text);
    assert.equal(issued.json.state, 'accepted');
    const [paper] = issued.json.papers;
    assert.equal(paper.id, draft.id);
    assert.match(paper.number, /^曾公监受〔2026〕\d+号$/);
    assert.deepEqual([paper.drafted.by, paper.approved.by, paper.issued.by], ['李明', '周正平', '李明']);
    assert.deepEqual(paper.can, []);
    const events = (await handler.get(`/api/v1/matters/${matter.id}/events`)).json.items;
    const event = events.find((item) => item.action === 'accept');
    assert.equal(event.by, '李明');
    assert.deepEqual([event.papers[0].drafted_by, event.papers[0].approved_by], ['李明', '周正平']);
    assertProblem(await handler.post(path(matter, `/${draft.id}/issue`), '', match), 422, 'RULE_REFUSED');
});

test('an edited draft is no longer approved; a dropped one is gone', async () => {
    const matter = await complaint();
    const made = (await handler.post(path(matter), { action: 'accept', facts: { case_summary: '第一稿的内容。' } })).json;
    await approver.post(path(matter, `/${made.id}/approve`), '');
    const body = JSON.stringify({ facts: { case_summary: '第二稿的内容。' } });
    const json = { 'Content-Type': 'application/json' };
    const edited = await handler.call('PUT', path(matter, `/${made.id}`), { body, headers: json });
    assert.equal(edited.status, 200, edited.text);
    assert.equal(edited.json.state, 'draft');
    assert.equal(edited.json.approved, null);
    assert.deepEqual(edited.json.facts, { case_summary: '第二稿的内容。' });
    const dropped = await handler.post(path(matter, `/${made.id}/drop`), '');
    assert.equal(dropped.json.state, 'dropped');
    assert.deepEqual(dropped.json.can, []);
    const match = { 'If-Match': `"${matter.version}"` };
    assertProblem(await approver.post(path(matter, `/${made.id}/issue`), '', match), 422, 'RULE_REFUSED');
    assertProblem(await handler.call('PUT', path(matter, `/${made.id}`), { body, headers: json }), 422, 'RULE_REFUSED');
    assertProblem(await approver.post(path(matter, `/${made.id}/approve`), ''), 422, 'RULE_REFUSED');
    assertProblem(await handler.get(path(matter, `/${made.id}/pdf`)), 404, 'NOT_FOUND');
});

test('what can not be issued is not drafted', async () => {
    const matter = await complaint();
    const draft = (action, facts, client = handler) => client.post(path(matter), { action, facts });
    assertProblem(await draft('accept', {}), 400, 'INVALID_FIELD');
    assertProblem(await draft('accept', { case_summary: '内容', nonsense: 'x' }), 400, 'INVALID_FIELD');
    assertProblem(await draft('transfer', {}), 404, 'NOT_FOUND');
    assertProblem(await draft('nonsense', {}), 404, 'NOT_FOUND');
    assertProblem(await draft('submit', {}), 404, 'NOT_FOUND');
    assertProblem(await draft('notify', notice, water), 404, 'NOT_FOUND');
    assertProblem(await draft('notify', notice, auditor), 403, 'FORBIDDEN');
    assertProblem(await draft('urge', { urge_text: '请抓紧办理' }), 422, 'RULE_REFUSED');
});

test('an approved draft whose matter moved on is refused and stays', async () => {
    const matter = await complaint();
    const made = (await handler.post(path(matter), { action: 'reject', facts: { reject_ground: 'vague' } })).json;
    await approver.post(path(matter, `/${made.id}/approve`), '');
    const moved = await handler.acted(matter, 'transfer', {
        transfer_ground: 'other_duty',
        transfer_to: 'water',
        case_summary: '属水利工程监督事项，移送办理。',
    });
    const match = { 'If-Match': `"${moved.version}"` };
    const refused = await handler.post(path(matter, `/${made.id}/issue`), '', match);
    assertProblem(refused, 422, 'RULE_REFUSED');
    assert.match(refused.json.detail, /移送中.*不予受理/);
    assertProblem(await handler.get(path(matter, `/${made.id}/pdf`)), 422, 'RULE_REFUSED');
    const after = await load(handler, matter);
    assert.equal(after.papers.find((paper) => paper.id === made.id).state, 'approved');
    assert.equal(after.version, moved.version);
});

test('only who it is for reads it', async () => {
    const matter = await complaint();
    const transferred = await handler.acted(matter, 'transfer', {
        transfer_ground: 'other_duty',
        transfer_to: 'water',
        case_summary: '属水利工程监督事项，移送办理。',
    });
    const link = transferred.links.find((item) => item.procedure === 'transfer');
    let transfer = await load(approver, link);
    transfer = await approver.acted(transfer, 'approve', {});
    const [evidence] = await handler.upload([['证据.txt', '证据内容']]);
    transfer = await handler.acted(transfer, 'send', { delivery_method: 'email' }, { materials: [evidence.id] });
    const letter = transfer.papers[0];
    assert.equal(letter.code, 'transfer_letter');
    const pdf = await water.get(path(transfer, `/${letter.id}/pdf`));
    assert.equal(pdf.status, 200);
    assert.match(words(pdf.bytes), /曾都区水利和湖泊局：/);
    assert.ok(words(pdf.bytes).includes(transfer.materials[0].sha256));
    // Not a party: not even the matter.
    assertProblem(await housing.get(path(transfer, `/${letter.id}/pdf`)), 404, 'NOT_FOUND');
    // A draft of the receiver is the receiver's own.
    let received = await load(water, transfer);
    received = await water.acted(received, 'acknowledge', { ticks: { [received.materials[0].id]: 'arrived' } });
    const receipt = received.papers.find((paper) => paper.code === 'transfer_receipt');
    const signed = words((await handler.get(path(transfer, `/${receipt.id}/pdf`))).bytes);
    for (const piece of ['移送人：李明', '签收人：陈静', '2026年3月2日9时00分', '证据.txt', '已收到']) {
        assert.ok(signed.includes(piece), `${piece} is not in ${signed}`);
    }
    const draft = (await water.post(path(transfer), { action: 'return', facts: { return_reason: '不属本部门职责范围。' } }))
        .json;
    assert.equal(draft.state, 'draft');
    assert.ok((await load(waterApprover, transfer)).papers.some((paper) => paper.id === draft.id));
    for (const client of [handler, approver, head, auditor]) {
        assert.ok(!(await load(client, transfer)).papers.some((paper) => paper.id === draft.id));
        assertProblem(await client.get(path(transfer, `/${draft.id}/pdf`)), 404, 'NOT_FOUND');
        assertProblem(await client.post(path(transfer, `/${draft.id}/drop`), ''), 404, 'NOT_FOUND');
    }
    // The auditor reads open papers, not those that name what not everybody may read.
    assert.ok((await load(auditor, transfer)).papers.some((paper) => paper.id === letter.id));
    const secret = await handler.acted(await complaint(), 'notify', notice);
    assert.equal(secret.papers.length, 1);
    assert.deepEqual((await load(auditor, secret)).papers, []);
    assertProblem(await auditor.get(path(secret, `/${secret.papers[0].id}/pdf`)), 404, 'NOT_FOUND');
});

test('the public follows its papers and checks any', async () => {
    const matter = await complaint();
    await handler.acted(matter, 'notify', notice);
    const [paper] = (await whenSet(handler, matter)).papers;
    const followed = (await visitor.post('/api/v1/portal/follow', { code: matter.code })).json;
    assert.deepEqual(followed.papers, [
        {
            id: paper.id,
            label: paper.label,
            number: paper.number,
            title: paper.title,
            issued: paper.issued.time,
            pdf: 'ready',
        },
    ]);
    const pdf = await visitor.post('/api/v1/portal/paper', { code: matter.code, paper: paper.id });
    assert.equal(pdf.status, 200);
    assert.equal(createHash('sha256').update(pdf.bytes).digest('hex'), paper.sha256);
    const other = await complaint();
    assertProblem(await visitor.post('/api/v1/portal/paper', { code: other.code, paper: paper.id }), 404, 'NOT_FOUND');
    const wrong = { code: '0000000000000000', paper: paper.id };
    assertProblem(await visitor.post('/api/v1/portal/paper', wrong), 404, 'NOT_FOUND');
    assert.match(paper.check, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    const expected = {
        state: 'issued',
        number: paper.number,
        date: '2026-03-02',
        org: { zh: '曾都区公共资源交易监督管理局', en: 'Zengdu Public-Resource Trading Supervision Bureau' },
        sha256: paper.sha256,
        sm3: paper.sm3,
    };
    for (const typed of [paper.check, paper.check.toLowerCase(), paper.check.replace(/(.{5})/g, '$1-')]) {
        assert.deepEqual((await visitor.get(`/api/v1/portal/paper/${typed}`)).json, expected);
    }
    assertProblem(await visitor.get(`/api/v1/portal/paper/${paper.check.slice(1)}0`), 404, 'NOT_FOUND');
});

test('a preview writes nothing and gives no number', async () => {
    const matter = await complaint();
    const figures = async () => {
        const { version, papers, materials } = await load(handler, matter);
        return { version, papers, materials };
    };
    const before = await figures();
    const [upload] = await handler.upload([['附件.txt', '内容']]);
    const preview = (action, facts, client = handler) =>
        client.post(path(matter, '/preview'), { action, facts, materials: action === 'notify' ? [upload.id] : [] });
    const pdf = await preview('notify', notice);
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.match(words(pdf.bytes), /张三：/);
    assert.doesNotMatch(words(pdf.bytes), /〔2026〕/);
    assert.deepEqual(await figures(), before);
    // What may only be drafted may be seen too; what would be refused is.
    assert.equal((await preview('accept', { case_summary: '经审查属本部门职责。' })).status, 200);
    assertProblem(await preview('accept', {}), 400, 'INVALID_FIELD');
    const facts = { transfer_ground: 'other_duty', transfer_to: 'water', case_summary: '移送办理。' };
    assertProblem(await preview('transfer', facts), 422, 'RULE_REFUSED');
    assertProblem(await preview('notify', notice, water), 404, 'NOT_FOUND');
    assertProblem(await preview('accept', { case_summary: '经审查属本部门职责。' }, auditor), 403, 'FORBIDDEN');
    assert.deepEqual(await figures(), before);
    // The upload is still there to be used, and the next number has no gap.
    const first = (await handler.acted(matter, 'notify', notice, { materials: [upload.id] })).papers[0].number;
    const next = (await handler.acted(await complaint(), 'notify', notice)).papers[0].number;
    const seq = (number) => Number(/〔2026〕(\d+)号/.exec(number)[1]);
    assert.equal(seq(next), seq(first) + 1);
});

test('files of a draft stay with it, whoever issues it', async () => {
    const matter = await complaint();
    const [one, two] = await handler.upload([['一.txt', '甲'], ['二.txt', '乙']]);
    const made = await handler.post(path(matter), { action: 'redirect', facts: notice, materials: [one.id, two.id] });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.json.materials.map((item) => item.name), ['一.txt', '二.txt']);
    // Taken by the draft: no action can use it.
    assertProblem(await handler.act(matter, 'notify', notice, { materials: [one.id] }), 400, 'INVALID_FIELD');
    const body = JSON.stringify({ facts: notice, materials: [two.id] });
    const edited = await handler.call('PUT', path(matter, `/${made.json.id}`), {
        body,
        headers: { 'Content-Type': 'application/json' },
    });
    assert.deepEqual(edited.json.materials.map((item) => item.name), ['二.txt']);
    const match = { 'If-Match': `"${matter.version}"` };
    const issued = await approver.post(path(matter, `/${made.json.id}/issue`), '', match);
    assert.equal(issued.status, 200, issued.text);
    assert.deepEqual(issued.json.materials.map((item) => item.name), ['二.txt']);
});

test('a refused action leaves no gap in the numbers', async () => {
    const matter = await complaint();
    const seq = (found) => Number(/〔2026〕(\d+)号/.exec(found.papers.at(-1).number)[1]);
    const first = await handler.acted(matter, 'notify', notice);
    assertProblem(await handler.act(matter, 'notify', notice, { version: 1, materials: [] }), 412, 'VERSION_STALE');
    assertProblem(await handler.act(first, 'notify', notice, { materials: ['0000000000001'] }), 400, 'INVALID_FIELD');
    const second = await handler.acted(first, 'notify', notice);
    assert.equal(seq(second), seq(first) + 1);
});

test('the same key issues once', async () => {
    const matter = await complaint();
    const made = (await handler.post(path(matter), { action: 'redirect', facts: notice })).json;
    const headers = { 'If-Match': `"${matter.version}"`, 'Idempotency-Key': `issue ${made.id}` };
    const first = await approver.post(path(matter, `/${made.id}/issue`), '', headers);
    const again = await approver.post(path(matter, `/${made.id}/issue`), '', headers);
    assert.equal(first.status, 200, first.text);
    assert.equal(again.status, 200, again.text);
    assert.equal(again.json.papers.filter((paper) => paper.state === 'issued').length, 1);
});

test('the paper of a report names nobody', async () => {
    const filed = await file(visitor, 'report', reportFacts({ maker_name: '王五线人', maker_phone: '13700000007' }));
    const matter = await matterOf(handler, filed.reference);
    const acted = await handler.acted(matter, 'notify', notice);
    const set = await whenSet(handler, matter);
    const pdf = await handler.get(path(matter, `/${set.papers[0].id}/pdf`));
    assert.match(words(pdf.bytes), /举报人：/);
    assert.doesNotMatch(words(pdf.bytes), /王五/);
    assert.equal(acted.papers.length, 1);
    const followed = (await visitor.post('/api/v1/portal/follow', { code: filed.code })).json;
    assert.equal(followed.papers.length, 1);
});

test('after a restart what waited is set, the kept bytes are the same', async () => {
    const matter = await complaint();
    const acted = await handler.acted(matter, 'notify', notice);
    await server.halt('SIGKILL');
    server.now = '2026-03-02T09:05'; // Later than the next try of what was under way.
    await server.serve(flags);
    handler = await server.as('supervisor.handler');
    const [paper] = (await whenSet(handler, matter)).papers;
    assert.equal(paper.pdf, 'ready');
    assert.equal(paper.number, acted.papers[0].number);
    const pdf = await handler.get(path(matter, `/${paper.id}/pdf`));
    assert.equal(createHash('sha256').update(pdf.bytes).digest('hex'), paper.sha256);
});

// The last: the clock runs ahead, and sessions end.
test('a new year numbers anew', async () => {
    const notify = async (minute) => {
        await server.clock(minute);
        handler = await server.as('supervisor.handler');
        return (await handler.acted(await complaint(), 'notify', notice)).papers[0].number;
    };
    assert.match(await notify('2026-12-31T23:59'), /^曾公监告〔2026〕\d+号$/);
    assert.equal(await notify('2027-01-01T00:00'), '曾公监告〔2027〕1号');
    assert.equal(await notify('2027-01-01T00:00'), '曾公监告〔2027〕2号');
});
