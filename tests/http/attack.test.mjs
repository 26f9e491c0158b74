// Attempts to see or do what one may not through papers, drafts, messages, the calendar feed, figures and parts that
// many bodies take; and hostile values in all of them. Needs poppler-utils (pdftotext).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, startServer, store } from './server.mjs';

let server, visitor;
const people = {};
let filings = 0;
const logins = [
    'committee.handler',
    'supervisor.handler',
    'supervisor.approver',
    'housing.handler',
    'housing.approver',
    'water.handler',
    'water.approver',
    'transport.handler',
    'transport.approver',
    'treasury.handler',
    'treasury.approver',
    'service.auditor',
    'service.system_admin',
];

before(async () => {
    server = await startServer({ typeset: true, now: '2026-03-02T09:00' });
    for (const login of logins) {
        people[login] = await server.as(login);
    }
    visitor = server.visitor();
});
after(() => server.stop());

const as = (login) => people[login];
const json = { 'Content-Type': 'application/json' };
const path = (matter, rest = '') => `/api/v1/matters/${matter.id}${rest}`;
const load = async (login, matter) => (await as(login).get(path(matter))).json;
const put = (login, where, value) => as(login).call('PUT', where, { body: JSON.stringify(value), headers: json });
const match = (matter) => ({ 'If-Match': `"${matter.version}"` });
const words = (bytes) =>
    execFileSync('pdftotext', ['-raw', '-', '-'], { input: bytes }).toString().replace(/\s/g, '');
const notice = { notice_body: '曾都区水利和湖泊局', notice_text: '该事项属水利部门监督职责，请向其提出。' };

// A paper that the step before issued is set meanwhile and raises the version: read again then.
async function acted(login, matter, action, facts, materials = []) {
    for (let tries = 0; ; tries++) {
        const reply = await as(login).act(await load(login, matter), action, facts, { materials });
        if (reply.json?.name !== 'VERSION_STALE' || tries === 20) {
            assert.equal(reply.status, 200, `${action}: ${reply.text}`);
            return reply.json;
        }
    }
}

async function complaint(more = {}) {
    const filed = await file(
        visitor,
        'complaint',
        complaintFacts({ subject: `评标不公第${++filings}件`, ...more }),
    );
    return { ...(await matterOf(as('supervisor.handler'), filed.reference)), code: filed.code };
}

async function started(login, procedure, action, facts) {
    const reply = await as(login).post('/api/v1/matters', { procedure, action, facts, materials: [] });
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
}

async function whenSet(login, matter) {
    for (let i = 0; i < 400; i++) {
        const found = await load(login, matter);
        if (found.papers.every((paper) => paper.pdf !== 'waiting')) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no PDF in time\n${server.log}`);
}

async function lent() {
    const matter = await started('housing.handler', 'information_request', 'draft', {
        subject: '调取工程款支付信息',
        provider_body: 'treasury',
        items: '近三年工程款支付明细',
        purpose: '核实业绩合同真伪',
        case_reference: 'AJ-2026-0001',
        legal_basis: '行政处罚法第二十六条',
        readers: '王芳、刘建军',
    });
    await acted('housing.approver', matter, 'submit', { undertaking: true });
    await acted('treasury.approver', matter, 'approve', { access_until: '2026-03-31' });
    const [kept] = await as('treasury.handler').upload([['甲公司支付明细.txt', '明细']]);
    return acted('treasury.handler', matter, 'provide', { provided: '支付明细一份' }, [kept.id]);
}

// ---- Who sees what ----

test('what was lent is not named in the history to whom it was not lent', async () => {
    const matter = await lent();
    const named = async (login) =>
        (await as(login).get(path(matter, '/events'))).json.items.flatMap((event) =>
            event.materials.map((one) => one.name),
        );
    for (const login of ['housing.handler', 'treasury.handler', 'service.auditor']) {
        assert.deepEqual(await named(login), ['甲公司支付明细.txt'], login);
    }
    assert.deepEqual(await named('supervisor.handler'), []);
});

test('a draft is its own body’s: every door of it is shut to the others', async () => {
    const matter = await complaint();
    const other = await complaint();
    const made = await as('supervisor.handler').post(path(matter, '/papers'), {
        action: 'accept',
        facts: { case_summary: '机密的拟稿内容。' },
    });
    assert.equal(made.status, 201, made.text);
    const draft = made.json.id;
    const facts = { case_summary: '被篡改的内容。' };
    const doors = (login, where) => [
        as(login).get(path(where, `/papers/${draft}/pdf`)),
        as(login).get(path(where, `/papers/${draft}/ofd`)),
        put(login, path(where, `/papers/${draft}`), { facts }),
        as(login).post(path(where, `/papers/${draft}/approve`), ''),
        as(login).post(path(where, `/papers/${draft}/drop`), ''),
        as(login).post(path(where, `/papers/${draft}/issue`), '', match(where)),
    ];
    for (const login of ['water.handler', 'water.approver', 'service.auditor', 'committee.handler']) {
        for (const reply of await Promise.all(doors(login, matter))) {
            assertProblem(reply, 404, 'NOT_FOUND');
        }
    }
    for (const reply of await Promise.all(doors('service.system_admin', matter))) {
        assertProblem(reply, 403, 'FORBIDDEN');
    }
    // Through another matter of one's own it isn't reached either.
    for (const login of ['supervisor.handler', 'supervisor.approver']) {
        for (const reply of await Promise.all(doors(login, other))) {
            assertProblem(reply, 404, 'NOT_FOUND');
        }
    }
    for (const login of ['water.handler', 'service.auditor', 'committee.handler']) {
        const texts = await Promise.all(
            ['/api/v1/workbench', '/api/v1/messages', '/api/v1/feed', '/api/v1/figures'].map((at) =>
                as(login).get(at),
            ),
        );
        assert.ok(
            texts.every((reply) => !reply.text.includes(draft) && !reply.text.includes('机密的拟稿')),
            login,
        );
    }
    const followed = await visitor.post('/api/v1/portal/follow', { code: matter.code });
    assert.ok(!followed.text.includes(draft));
    assertProblem(
        await visitor.post('/api/v1/portal/paper', { code: matter.code, paper: draft }),
        404,
        'NOT_FOUND',
    );
    assert.equal((await load('supervisor.handler', matter)).papers[0].state, 'draft');
});

test('a child of one member is not seen by another', async () => {
    const conference = await started('housing.handler', 'conference', 'propose', {
        theme: '附属道路监管碰头会',
        kind: 'multilateral',
        topic_kind: 'competence',
        questions: '明确附属道路由谁监管。',
        invited_bodies: ['transport', 'water', 'water'],
    });
    const held = await acted('housing.handler', conference, 'collect_topics', { topics_until: '2026-03-09' });
    const invitations = held.links.filter((link) => link.procedure === 'invitation');
    assert.equal(invitations.length, 2);
    const mine = async (login) => (await load(login, conference)).links.map((link) => link.id);
    const [ofTransport] = await mine('transport.handler');
    const [ofWater] = await mine('water.handler');
    assert.equal((await mine('transport.handler')).length, 1);
    assert.notEqual(ofTransport, ofWater);
    for (const rest of ['', '/events', '/receipt']) {
        assertProblem(await as('transport.handler').get(path({ id: ofWater }, rest)), 404, 'NOT_FOUND');
    }
    // Nor does a body that was asked act for the one that asks, or for another that was asked.
    assertProblem(
        await as('transport.handler').act({ id: ofWater, version: 1 }, 'give_topics', { topics: '冒名议题。' }),
        404,
        'NOT_FOUND',
    );
    const cancel = { cancel_reason: '越权取消会议。' };
    assertProblem(
        await as('transport.approver').act(await load('transport.approver', conference), 'cancel', cancel),
        403,
        'FORBIDDEN',
    );
});

test('a body taken off the list acts and reads no more than an onlooker', async () => {
    const start = { kind: 'multilateral', topic_kind: 'competence', questions: '明确附属道路由谁监管。' };
    const conference = await started('housing.handler', 'conference', 'propose', {
        ...start,
        theme: '第二次碰头会',
        invited_bodies: ['transport', 'water'],
    });
    assert.equal((await as('water.handler').get(path(conference))).status, 200);
    await acted('housing.handler', conference, 'revise', {
        theme: '第二次碰头会',
        questions: start.questions,
        invited_bodies: ['transport'],
    });
    const seen = await load('water.handler', conference);
    assert.deepEqual(seen.actions, []);
    assert.ok(!seen.parties.some((part) => part.org === 'water'));
});

test('figures: another body’s row is nobody’s business, whatever is asked', async () => {
    const figures = (await as('supervisor.handler').get('/api/v1/figures')).json;
    const bodies = figures.tables.find((table) => table.rows_label.en === 'Body');
    assert.ok(bodies, 'a table by body');
    const column = bodies.columns[0].code;
    const own = (await as('housing.handler').get('/api/v1/figures')).json;
    for (const table of own.tables.filter((one) => one.rows_label.en === 'Body')) {
        assert.ok(
            table.rows.every((row) => row.key === 'housing'),
            JSON.stringify(table.rows),
        );
    }
    for (const format of ['csv', 'json']) {
        const text = (await as('housing.handler').get(`/api/v1/figures/${bodies.code}?format=${format}`)).text;
        assert.ok(!text.includes('水利'), format);
    }
    for (const row of ['water', 'water%00', 'WATER', '*', '%25', '', "' OR '1'='1"]) {
        const reply = await as('housing.handler').get(
            `/api/v1/figures/${bodies.code}/events?row=${encodeURI(row)}&column=${column}`,
        );
        assert.ok([400, 403].includes(reply.status), `${row}: ${reply.status} ${reply.text}`);
    }
    const events = await as('housing.handler').get(`/api/v1/figures/${bodies.code}/events?column=${column}`);
    assertProblem(events, 403, 'FORBIDDEN');
    assertProblem(
        await as('housing.handler').get('/api/v1/appraisal/events?period=2026&org=water&indicator=timely'),
        404,
        'NOT_FOUND',
    );
    const appraisal = (await as('housing.handler').get('/api/v1/appraisal?period=2026')).json;
    assert.ok(appraisal.bodies.every((body) => body.org === 'housing'));
    for (const indicator of appraisal.indicators) {
        const where = `/api/v1/appraisal/events?period=2026&org=water&indicator=${indicator.code}`;
        assertProblem(await as('housing.handler').get(where), 403, 'FORBIDDEN');
    }
    for (const where of [
        '/figures',
        `/figures/${bodies.code}`,
        '/appraisal?period=2026',
        '/figures/all?format=xlsx',
    ]) {
        assertProblem(await as('service.system_admin').get(`/api/v1${where}`), 403, 'FORBIDDEN');
    }
});

test('a figure opened to its events names no matter that one does not see', async () => {
    const matter = await complaint({ subject: '统计明细不应泄露的事由' });
    const figures = (await as('committee.handler').get('/api/v1/figures')).json;
    let opened = 0;
    for (const table of figures.tables) {
        for (const column of table.columns) {
            const where = `/api/v1/figures/${table.code}/events?column=${column.code}`;
            const reply = await as('committee.handler').get(where);
            assert.equal(reply.status, 200, reply.text);
            assert.ok(!reply.text.includes(matter.reference) && !reply.text.includes('不应泄露'), where);
            opened += reply.json.items.length;
        }
    }
    assert.ok(opened > 0);
});

test('the calendar feed: only its secret opens it, and it tells a reference, no title', async () => {
    await complaint({ subject: '日历不应显示的事由\nBEGIN:VEVENT' }).catch(() => {});
    await complaint({ subject: '日历不应显示的事由' });
    const made = await as('supervisor.handler').post('/api/v1/session/calendar', '');
    assert.equal(made.status, 201);
    const file = new URL(made.json.url).pathname;
    const feed = await visitor.get(file);
    assert.equal(feed.status, 200);
    assert.match(feed.text, /TS2026/);
    assert.ok(!feed.text.replace(/\r\n[ \t]/g, '').includes('日历不应显示'));
    for (const wrong of [
        file.replace(/[0-9a-f]{4}\.ics$/, '0000.ics'),
        '/calendar/.ics',
        `${file}x`,
        file.toUpperCase(),
    ]) {
        assertProblem(await visitor.get(wrong), 404, 'NOT_FOUND');
    }
    const admin = await as('service.system_admin').post('/api/v1/session/calendar', '');
    const empty = await visitor.get(new URL(admin.json.url).pathname);
    assert.doesNotMatch(empty.text, /VEVENT/);
    const again = await as('supervisor.handler').post('/api/v1/session/calendar', '');
    assertProblem(await visitor.get(file), 404, 'NOT_FOUND');
    assert.equal((await as('supervisor.handler').call('DELETE', '/api/v1/session/calendar')).status, 204);
    assertProblem(await visitor.get(new URL(again.json.url).pathname), 404, 'NOT_FOUND');
});

test('messages of others are neither seen nor marked', async () => {
    const mine = await as('supervisor.handler').get('/api/v1/messages');
    assert.equal(mine.status, 200);
    const ids = mine.json.items.map((item) => item.id);
    assert.equal((await as('water.handler').post('/api/v1/messages/read', { ids })).status, 204);
    const after = (await as('supervisor.handler').get('/api/v1/messages')).json;
    assert.equal(after.unread, mine.json.unread);
});

// ---- Who does what ----

test('two issue one draft at once: one does, one number is used', async () => {
    const seq = (paper) => Number(/〔2026〕(\d+)号/.exec(paper.number)[1]);
    const numbers = [];
    for (let round = 0; round < 4; round++) {
        const matter = await complaint();
        const made = (
            await as('supervisor.handler').post(path(matter, '/papers'), { action: 'redirect', facts: notice })
        ).json;
        await as('supervisor.approver').post(path(matter, `/papers/${made.id}/approve`), '');
        const tries = ['handler', 'approver', 'handler', 'approver'].map((role) =>
            as(`supervisor.${role}`).post(path(matter, `/papers/${made.id}/issue`), '', match(matter)),
        );
        const replies = await Promise.all(tries);
        assert.equal(
            replies.filter((reply) => reply.status === 200).length,
            1,
            replies.map((reply) => reply.text).join('\n'),
        );
        assert.ok(
            replies.every((reply) => [200, 412, 422].includes(reply.status)),
            replies.map((reply) => reply.status).join(),
        );
        const [paper] = (await load('supervisor.handler', matter)).papers;
        numbers.push(seq(paper));
    }
    assert.deepEqual(
        numbers.slice(1),
        numbers.slice(0, -1).map((number) => number + 1),
    );
});

test('a key belongs to one paper; a stale version issues nothing', async () => {
    const matter = await complaint();
    const draft = async () =>
        (await as('supervisor.approver').post(path(matter, '/papers'), { action: 'notify', facts: notice })).json;
    const [first, second] = [await draft(), await draft()];
    const headers = { ...match(matter), 'Idempotency-Key': `key of ${first.id}` };
    const issue = (paper, more) =>
        as('supervisor.approver').post(path(matter, `/papers/${paper.id}/issue`), '', more);
    assert.equal((await issue(first, headers)).status, 200);
    const other = await issue(second, headers);
    assert.equal(other.json.name, 'KEY_REUSED', other.text);
    assertProblem(await issue(second, match(matter)), 412, 'VERSION_STALE');
    const now = await load('supervisor.approver', matter);
    assert.deepEqual(
        now.papers.map((paper) => paper.state),
        ['issued', 'draft'],
    );
});

test('what is approved and issued is what was read', async () => {
    const matter = await complaint();
    const made = (await as('supervisor.handler').post(path(matter, '/papers'), { action: 'notify', facts: notice }))
        .json;
    const where = path(matter, `/papers/${made.id}`);
    const read = (await load('supervisor.approver', matter)).papers[0];
    await server.clock('2026-03-02T09:01');
    const changed = await put('supervisor.handler', where, {
        facts: { ...notice, notice_text: '趁人不备改成了别的内容。' },
    });
    assert.equal(changed.status, 200, changed.text);
    const deed = (name, revision, more) =>
        as('supervisor.approver').post(`${where}/${name}?revision=${revision}`, '', more);
    assertProblem(await deed('approve', read.revision), 412, 'VERSION_STALE');
    assertProblem(await deed('issue', read.revision, match(matter)), 412, 'VERSION_STALE');
    for (const odd of ['-1', '0', 'x', '99999999999999999999']) {
        assertProblem(await deed('approve', odd), 400, 'INVALID_FIELD');
    }
    const now = (await load('supervisor.approver', matter)).papers[0];
    assert.equal(now.state, 'draft');
    assert.equal((await deed('approve', now.revision)).json.state, 'approved');
    assert.equal((await deed('issue', now.revision, match(matter))).status, 200);
});

test('drafts without end are refused and hide no issued paper', async () => {
    const matter = await complaint();
    const draft = () => as('supervisor.handler').post(path(matter, '/papers'), { action: 'notify', facts: notice });
    let last;
    for (let i = 0; i < 220; i++) {
        last = await draft();
    }
    assertProblem(last, 422, 'RULE_REFUSED');
    const issued = await acted('supervisor.approver', matter, 'notify', notice);
    assert.equal(issued.papers.filter((paper) => paper.state === 'issued').length, 1);
});

test(
    'a preview of a restricted matter is a reading of it, and recorded',
    { skip: store !== 'postgres' },
    async () => {
        const matter = await lent();
        const readings = () => {
            const statement = "SELECT count(*) FROM reading WHERE what = 'paper'";
            return Number(execFileSync('psql', ['-qAt', '-d', server.storeUrl, '-c', statement]).toString());
        };
        await server.clock('2026-04-01T09:01');
        people['supervisor.handler'] = await server.as('supervisor.handler');
        const before = readings();
        const body = { action: 'urge', facts: { urge_text: '请抓紧归还。' } };
        const reply = await as('supervisor.handler').post(path(matter, '/papers/preview'), body);
        assert.equal(reply.status, 200, reply.text);
        assert.equal(readings(), before + 1);
        await server.clock('2026-03-02T09:02');
        for (const login of logins) {
            people[login] = await server.as(login);
        }
    },
);

test('an upload of another account is taken by no draft', async () => {
    const matter = await complaint();
    const [stolen] = await as('water.handler').upload([['别人的.txt', '内容']]);
    const [colleague] = await as('supervisor.approver').upload([['同事的.txt', '内容']]);
    for (const upload of [stolen, colleague]) {
        const body = { action: 'notify', facts: notice, materials: [upload.id] };
        assertProblem(await as('supervisor.handler').post(path(matter, '/papers'), body), 400, 'INVALID_FIELD');
    }
    const made = (await as('supervisor.handler').post(path(matter, '/papers'), { action: 'notify', facts: notice }))
        .json;
    const where = path(matter, `/papers/${made.id}`);
    assertProblem(
        await put('supervisor.handler', where, { facts: notice, materials: [stolen.id] }),
        400,
        'INVALID_FIELD',
    );
    // The same file twice, and one that another draft has.
    const [own] = await as('supervisor.handler').upload([['自己的.txt', '内容']]);
    assertProblem(
        await put('supervisor.handler', where, { facts: notice, materials: [own.id, own.id] }),
        400,
        'INVALID_FIELD',
    );
    assert.equal((await put('supervisor.handler', where, { facts: notice, materials: [own.id] })).status, 200);
    const body = { action: 'notify', facts: notice, materials: [own.id] };
    assertProblem(await as('supervisor.handler').post(path(matter, '/papers'), body), 400, 'INVALID_FIELD');
});

test('what the program does by itself nobody does for it', async () => {
    const matter = await lent();
    for (const login of ['housing.approver', 'treasury.approver', 'supervisor.approver']) {
        assertProblem(await as(login).act(await load(login, matter), 'lapse', {}), 403, 'FORBIDDEN');
        assertProblem(
            await as(login).post(path(matter, '/papers'), { action: 'lapse', facts: {} }),
            404,
            'NOT_FOUND',
        );
    }
    for (const [procedure, action] of [
        ['conference', 'call_plenary'],
        ['conference_year', 'begin'],
        ['inspection', 'assign'],
        ['invitation', 'ask'],
    ]) {
        const start = { procedure, action, facts: {}, materials: [] };
        assertProblem(await as('supervisor.approver').post('/api/v1/matters', start), 403, 'FORBIDDEN');
        assertProblem(
            await as('supervisor.approver').post('/api/v1/papers/preview', { procedure, action, facts: {} }),
            403,
            'FORBIDDEN',
        );
    }
    const paperSet = await as('supervisor.approver').act(
        await load('supervisor.approver', matter),
        'paper_set',
        {},
    );
    assertProblem(paperSet, 404, 'NOT_FOUND');
});

// ---- Hostile values ----

test('braces in a value are only braces', async () => {
    const matter = await complaint({ subject: '{maker_phone}与{reference}之争', maker_name: '{maker_phone}' });
    const text = '{statement}{party.receiver}{number}%s%n{{today}}属水利部门监督职责。';
    await acted('supervisor.handler', matter, 'notify', { ...notice, notice_text: text });
    const [paper] = (await whenSet('supervisor.handler', matter)).papers;
    const shown = words((await as('supervisor.handler').get(path(matter, `/papers/${paper.id}/pdf`))).bytes);
    assert.ok(shown.includes(text), shown);
    assert.ok(!shown.includes('13900000001'));
});

test('long, odd and many lines: the paper is set all the same', async () => {
    const texts = [
        '文'.repeat(2000),
        '字\n'.repeat(1000),
        'a'.repeat(2000),
        '<b onload=x>&amp;"\'\\u0041</b>;--（）《》“”………——',
        '\t制表\t符\n\n\n空行\n',
        '12345678901234567890'.repeat(100),
    ];
    for (const text of texts) {
        const matter = await complaint();
        await acted('supervisor.handler', matter, 'notify', { ...notice, notice_text: text });
        const [paper] = (await whenSet('supervisor.handler', matter)).papers;
        assert.equal(paper.pdf, 'ready', `${text.slice(0, 20)}: ${JSON.stringify(paper.error)}`);
    }
});

test('minutes of thousands of lines are set', async () => {
    const conference = await started('housing.handler', 'conference', 'propose', {
        theme: '逐行记录的会议',
        kind: 'bilateral',
        topic_kind: 'competence',
        questions: '明确附属道路由谁监管。',
        invited_bodies: ['transport'],
    });
    const call = { agenda: '研究分工安排。', meeting_day: '2026-03-03', meeting_hour: '上午9:00', place: '会议室' };
    await acted('housing.approver', conference, 'convene_directly', call);
    const lines = '字\n'.repeat(5000).trim();
    await acted('housing.handler', conference, 'hold', {
        chair: '罗江',
        attendance: '全部到会。',
        discussion: lines,
    });
    const [invitation] = (await load('transport.handler', conference)).links;
    await acted('transport.approver', invitation, 'agree', { position: '同意。' });
    await acted('housing.approver', conference, 'agree', { resolution: lines });
    await acted('housing.approver', conference, 'close', {});
    const minutes = (await whenSet('housing.approver', conference)).papers.at(-1);
    assert.equal(minutes.code, 'conference_minutes');
    assert.equal(minutes.pdf, 'ready', JSON.stringify(minutes.error));
});

test('what is no character at all is refused before anything is issued', async () => {
    const matter = await complaint();
    for (const point of [0xfffe, 0xffff, 0xfdd0, 0x1ffff, 0x10ffff]) {
        const text = `经审查${String.fromCodePoint(point)}不属本部门。`;
        const reply = await as('supervisor.handler').act(matter, 'notify', { ...notice, notice_text: text });
        assertProblem(reply, 400, 'INVALID_FIELD');
    }
    // Invisible ones do no harm.
    const odd = String.fromCodePoint(0xfeff, 0x200b, 0x200d, 0xfe0f, 0x2028, 0x2029, 0x301, 0xad, 0x200e, 0xfffd);
    await acted('supervisor.handler', matter, 'notify', { ...notice, notice_text: `经审查${odd}不属本部门。` });
    const [paper] = (await whenSet('supervisor.handler', matter)).papers;
    assert.equal(paper.pdf, 'ready', JSON.stringify(paper.error));
});

test('odd types on each endpoint are refused, never a fault of the server', async () => {
    const matter = await complaint();
    const made = (await as('supervisor.handler').post(path(matter, '/papers'), { action: 'notify', facts: notice }))
        .json;
    const odd = [
        null,
        true,
        0,
        -1,
        1e308,
        '',
        '\u0001',
        [],
        [[]],
        {},
        { a: {} },
        [null],
        'x'.repeat(3000),
        9007199254740993n.toString(),
    ];
    const bodies = [
        ...odd,
        ...odd.map((value) => ({ action: value })),
        ...odd.map((value) => ({ action: 'notify', facts: value })),
    ];
    const more = odd.flatMap((value) => [
        { action: 'notify', facts: { ...notice, notice_text: value } },
        { action: 'notify', facts: { ...notice, [String(value)]: 'x' } },
        { action: 'notify', facts: notice, materials: value },
        { action: 'notify', facts: notice, materials: [value] },
        { facts: { notice_text: value } },
        { procedure: value, action: value, facts: value },
        { ids: value },
        { ids: [value] },
        { all: value },
        { ids: value, all: value },
        { email: value, mail: value },
        { email: 'a@example.org', mail: value },
        { email: value, mail: true },
        { code: value, paper: value },
        { code: matter.code, paper: value },
        { what: value },
    ]);
    const doors = [
        ['POST', path(matter, '/papers')],
        ['POST', path(matter, '/papers/preview')],
        ['PUT', path(matter, `/papers/${made.id}`)],
        ['POST', '/api/v1/papers/preview'],
        ['POST', '/api/v1/messages/read'],
        ['PUT', '/api/v1/session/reminders'],
        ['POST', '/api/v1/test/run'],
    ];
    for (const [method, where] of doors) {
        for (const body of [...bodies, ...more]) {
            const reply = await as('supervisor.handler').call(method, where, {
                body: JSON.stringify(body),
                headers: json,
            });
            assert.ok(
                reply.status < 500,
                `${method} ${where} ${JSON.stringify(body).slice(0, 200)}: ${reply.status} ${reply.text}`,
            );
        }
    }
    const get = [
        ...['%00', '-1', '99999999999999999999', '%ff%fe', '..%2f..%2f', "'", '0', 'a'.repeat(5000)].flatMap(
            (value) => [
                `/api/v1/messages?unread=${value}`,
                `/api/v1/messages?after=${value}`,
                `/api/v1/messages?limit=${value}`,
                `/api/v1/figures?from=${value}`,
                `/api/v1/figures/${value}`,
                `/api/v1/figures/cases?format=${value}`,
                `/api/v1/figures/cases/events?row=${value}&column=${value}&after=${value}`,
                `/api/v1/appraisal?period=${value}`,
                `/api/v1/appraisal/events?period=2026&org=${value}&indicator=${value}`,
                `/api/v1/rulebook?edition=${value}`,
                `/api/v1/portal/paper/${value}`,
                `/calendar/${value}.ics`,
                path(matter, `/papers/${value}/pdf`),
                path(matter, `/papers/${value}/ofd`),
            ],
        ),
        ...['0000-01-01', '9999-12-31', '2026-02-30', '1969-12-31', '-001-01-01'].flatMap((day) => [
            `/api/v1/figures?from=${day}`,
            `/api/v1/figures?to=${day}`,
            `/api/v1/figures?from=${day}&to=${day}`,
        ]),
        ...['0000', '0000Q1', '9999Q4', '2026Q5', '2026Q0', '20260'].map(
            (period) => `/api/v1/appraisal?period=${period}`,
        ),
    ];
    for (const where of get) {
        const reply = await as('supervisor.handler').get(where);
        assert.ok(reply.status < 500, `${where.slice(0, 120)}: ${reply.status} ${reply.text}`);
    }
    await as('supervisor.handler').call('PUT', '/api/v1/session/reminders', {
        body: JSON.stringify({ email: null, mail: false }),
        headers: json,
    });
});

test('bodies: twice, unknown, too many, and days out of the calendar', async () => {
    const facts = {
        theme: '名单边界',
        kind: 'multilateral',
        topic_kind: 'competence',
        questions: '明确附属道路由谁监管。',
    };
    const propose = (more) =>
        as('housing.handler').post('/api/v1/matters', {
            procedure: 'conference',
            action: 'propose',
            facts: { ...facts, ...more },
            materials: [],
        });
    for (const invited_bodies of [
        [],
        ['nobody'],
        ['public'],
        'transport',
        ['transport\u0000'],
        ['transport,'],
        [',', 'transport'],
        Array.from({ length: 31 }, (_, i) => `body${i}`),
        Array.from({ length: 100000 }, () => 'transport'),
        [['transport']],
        { transport: 'transport' },
    ]) {
        const reply = await propose({ invited_bodies });
        assert.ok(
            [400, 413].includes(reply.status) || reply.status === 201,
            `${JSON.stringify(invited_bodies).slice(0, 80)}: ${reply.text}`,
        );
        if (reply.status === 201) {
            assert.deepEqual(reply.json.facts.find((fact) => fact.code === 'invited_bodies').value, ['transport']);
        }
    }
    const conference = (await propose({ invited_bodies: ['transport'] })).json;
    for (const topics_until of ['9999-12-31', '0001-01-01', '2200-01-01', '1969-01-01']) {
        const reply = await as('housing.handler').act(await load('housing.handler', conference), 'collect_topics', {
            topics_until,
        });
        assert.ok(reply.status < 500, `${topics_until}: ${reply.text}`);
        if (reply.status === 200) {
            const feed = await as('transport.handler').post('/api/v1/session/calendar', '');
            assert.equal((await visitor.get(new URL(feed.json.url).pathname)).status, 200);
            assert.equal((await as('transport.handler').get('/api/v1/workbench')).status, 200);
            break;
        }
    }
});

test('an e-mail address carries no second header', async () => {
    for (const email of [
        'a@b.cn\r\nBcc: x@y.cn',
        'a@b.cn\nx',
        'a b@c.cn',
        '<a@b.cn>',
        'a@b.cn,c@d.cn',
        '"a\r\n"@b.cn',
        'a@b..cn',
        '@b.cn',
        'a@',
    ]) {
        const reply = await put('supervisor.handler', '/api/v1/session/reminders', { email, mail: true });
        assertProblem(reply, 400, 'INVALID_FIELD');
    }
});

test('a due day in a paper is the clock’s', async () => {
    const matter = await complaint();
    await acted('supervisor.handler', matter, 'ask_correction', { correction_items: '请补充业绩合同复印件。' });
    const set = await whenSet('supervisor.handler', matter);
    const { due } = set.clocks.find((clock) => clock.code === 'correct');
    const [year, month, day] = due.split('-').map(Number);
    const [paper] = set.papers;
    const shown = words((await as('supervisor.handler').get(path(matter, `/papers/${paper.id}/pdf`))).bytes);
    assert.ok(shown.includes(`请于${year}年${month}月${day}日前一次性补正`), shown);
    const explained = await as('supervisor.handler').get(
        path(matter, `/clocks/${set.clocks.find((clock) => clock.code === 'correct').id}/explanation`),
    );
    assert.equal(explained.json.due, due);
});

test('nothing of what is secret lies in the database in plain', { skip: store !== 'postgres' }, () => {
    const psql = (statement) =>
        execFileSync('psql', ['-qAt', '-d', server.storeUrl, '-c', statement], { maxBuffer: 1 << 28 }).toString();
    const tables = psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").trim().split('\n');
    assert.ok(tables.includes('paper') && tables.includes('event'));
    const hex = (text) => Buffer.from(text).toString('hex');
    for (const table of tables) {
        const rows = psql(`COPY "${table}" TO STDOUT`);
        for (const secret of [
            '张三',
            '13900000001',
            '机密的拟稿',
            '被篡改的内容',
            '王芳、刘建军',
            '支付明细一份',
        ]) {
            assert.ok(!rows.includes(secret) && !rows.includes(hex(secret)), `${table}: ${secret}`);
        }
    }
});

// The last: everything above has been logged.
test('the log names nobody and nothing', () => {
    assert.match(server.log, /request=[0-9a-f]+ method=PUT/);
    for (const secret of [
        '张三',
        '13900000001',
        '李明',
        '王芳',
        '水利和湖泊局',
        '支付明细',
        '评标不公',
        'example.org',
        '.ics',
        '机密的拟稿',
    ]) {
        assert.ok(!server.log.includes(secret), secret);
    }
    assert.doesNotMatch(server.log, /calendar\/[0-9a-f]{8}/);
});
