// Figures: what was done is counted exactly, opens to its events, and shows nobody more than he may see.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { assertProblem, startServer } from './server.mjs';

let server, supervisor, water, housing, committee;
before(async () => {
    server = await startServer({ now: '2026-03-02T09:00' });
    await letter('核查社保缴纳', '2026-03-02T10:00', '2026-03-03T09:00', '2026-03-18T09:00');
    await letter('核查业绩证明', '2026-03-02T11:00', '2026-03-03T10:00', '2026-03-10T09:00');
    await letter('核查人员资格', '2026-03-19T09:00', '2026-03-20T09:00', null);
});
after(() => server.stop());

// Sets the clock; sessions end after twelve hours, so everybody signs in anew.
async function at(minute) {
    await server.clock(minute);
    supervisor = await server.as('supervisor.head');
    water = await server.as('water.handler');
    housing = await server.as('housing.approver');
    committee = await server.as('committee.handler');
}

// A letter from housing to water: sent, received, answered (or not) at these minutes.
async function letter(subject, sent, received, answered) {
    await at(sent);
    const facts = {
        subject,
        assistant_body: 'water',
        case_facts: '涉嫌挂靠投标。',
        items_and_reasons: '请核查。材料见附件。',
        evidence: '投标文件',
    };
    const body = { procedure: 'assistance', action: 'draft', facts, materials: [] };
    const made = await housing.post('/api/v1/matters', body);
    assert.equal(made.status, 201, made.text);
    let matter = await housing.acted(made.json, 'approve');
    matter = await housing.acted(matter, 'send', { delivery_method: 'email' });
    await at(received);
    matter = (await water.get(`/api/v1/matters/${matter.id}`)).json;
    matter = await water.acted(matter, 'acknowledge');
    if (answered) {
        await at(answered);
        matter = await water.acted(matter, 'answer', { answer: '已核查，情况如下。' });
    }
    return matter;
}

async function figures(client, query = 'from=2026-03-01&to=2026-03-31') {
    const reply = await client.get(`/api/v1/figures?${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
}
function row(json, code, key) {
    const table = json.tables.find((one) => one.code === code);
    const values = key === null ? table.total : table.rows.find((one) => one.key === key)?.values;
    return values && Object.fromEntries(table.columns.map((column, i) => [column.code, values[i]]));
}
const events = (client, query, path = 'figures/assistance') =>
    client.get(`/api/v1/${path}/events?from=2026-03-01&to=2026-03-31&${query}`);

test('what was done is counted, by body and by month', async () => {
    await at('2026-04-01T09:00');
    const json = await figures(supervisor);
    assert.deepEqual(row(json, 'assistance', 'water'), { asked: 0, received: 3, declined: 0, answered: 2, late: 1 });
    assert.deepEqual(row(json, 'assistance', 'housing'), { asked: 3, received: 0, declined: 0, answered: 0, late: 0 });
    assert.deepEqual(row(json, 'assistance', null), { asked: 3, received: 3, declined: 0, answered: 2, late: 1 });
    // The third letter: reviewing it was due on 27 March, its answer on 3 April.
    assert.equal(row(json, 'duties', 'water').overdue, 1);
    assert.deepEqual(json.months, [{ month: '2026-03', started: 3, closed: 2, late: 1 }]);
    const headline = Object.fromEntries(json.headline.map((one) => [one.code, one.value]));
    assert.deepEqual(headline, { started: 3, closed: 2, late: 1, open: headline.open, overdue: 1 });
    const first = await figures(supervisor, 'from=2026-03-01&to=2026-03-17');
    assert.equal(row(first, 'assistance', 'water').answered, 1);
    assert.equal(row(first, 'assistance', 'water').late, 0);
    assert.deepEqual((await figures(supervisor, 'from=2025-01-01&to=2025-12-31')).months.length, 12);
});

test('the workbench counts the same clocks, and what ended this month', async () => {
    await at('2026-03-31T09:00');
    const { counts } = (await water.get('/api/v1/workbench')).json;
    assert.deepEqual(counts, { mine: 1, red: 1, yellow: 0, green: 1, grey: 0, closed_month: 2 });
    await at('2026-04-01T09:00');
    assert.equal((await water.get('/api/v1/workbench')).json.counts.closed_month, 0);
});

test('a figure opens to its events, and tells titles only to who may see the matter', async () => {
    const late = (await events(supervisor, 'row=water&column=late')).json;
    assert.equal(late.next, null);
    assert.deepEqual(late.items.map((one) => [one.matter.title, one.time]), [['核查社保缴纳', '2026-03-18T01:00:00.000Z']]);
    assert.equal(late.items[0].action_label.zh, '书面反馈协查结果');
    const received = (await events(supervisor, 'row=water&column=received')).json.items;
    assert.deepEqual(received.map((one) => one.matter.title), ['核查人员资格', '核查业绩证明', '核查社保缴纳']);
    const hidden = (await events(committee, 'row=water&column=received')).json.items;
    assert.deepEqual(hidden.map((one) => one.matter), [null, null, null]);
    assert.equal((await events(supervisor, 'column=received')).json.items.length, 3);
    const since = '/api/v1/figures/assistance/events?from=2026-03-04&to=2026-03-31&row=water&column=received';
    assert.equal((await supervisor.get(since)).json.items.length, 1);
});

test('a body sees its own numbers and the totals, and opens its own only', async () => {
    const json = await figures(water);
    assert.deepEqual(json.tables.find((one) => one.code === 'assistance').rows.map((one) => one.key), ['water']);
    assert.equal(row(json, 'assistance', null).asked, 3);
    assert.equal((await events(water, 'row=water&column=late')).json.items.length, 1);
    assertProblem(await events(water, 'row=housing&column=asked'), 403, 'FORBIDDEN');
    assertProblem(await events(water, 'column=asked'), 403, 'FORBIDDEN');
    const marks = (await water.get('/api/v1/appraisal?period=2026Q1')).json;
    assert.deepEqual(marks.bodies.map((one) => one.org), ['water']);
    assert.equal(marks.fixed, null);
    assertProblem(
        await water.get('/api/v1/appraisal/events?period=2026Q1&org=housing&indicator=timeliness'),
        403,
        'FORBIDDEN',
    );
});

test('marks are ratios of what was counted', async () => {
    await at('2026-04-01T09:00');
    const reply = await supervisor.get('/api/v1/appraisal?period=2026Q1');
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.published, false);
    const one = reply.json.bodies.find((body) => body.org === 'water');
    const values = Object.fromEntries(one.values.map((value) => [value.indicator, value]));
    // Three receipts in time, one answer in time and one late, one review open past its day; the two
    // reviews that an answer made needless were lifted.
    const timely = { numerator: 4, denominator: 6, value: 66.67, score: 4.17 };
    assert.deepEqual(values.timeliness, { indicator: 'timeliness', ...timely });
    assert.deepEqual(values.feedback, { indicator: 'feedback', numerator: 1, denominator: 2, value: 50.0, score: 0.0 });
    assert.deepEqual(values.refusals, { indicator: 'refusals', numerator: 0, denominator: 3, value: 0.0, score: 5.0 });
    assert.equal(values.peers.value, null);
    const opened = await supervisor.get('/api/v1/appraisal/events?period=2026Q1&org=water&indicator=feedback');
    assert.deepEqual(opened.json.items.map((item) => item.matter.title), ['核查社保缴纳', '核查业绩证明']);
});

test('tables go out as files', async () => {
    const csv = await supervisor.get('/api/v1/figures/assistance?from=2026-03-01&to=2026-03-31&format=csv');
    assert.equal(csv.status, 200);
    assert.match(csv.headers.get('content-type'), /^text\/csv/);
    assert.match(csv.headers.get('content-disposition'), /^attachment; filename="assistance\.csv"$/);
    assert.deepEqual([...csv.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.ok(csv.text.includes('\r\n"水利局",0,3,0,2,1\r\n'), csv.text);
    const xlsx = await supervisor.get('/api/v1/appraisal?period=2026Q1&format=xlsx');
    assert.equal(xlsx.status, 200);
    assert.equal(xlsx.bytes.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
});

test('what is asked wrongly is refused', async () => {
    const days = ['figures?from=2026-02-30', 'figures?from=2026-03-02&to=2026-03-01'];
    for (const path of [...days, 'appraisal', 'appraisal?period=2026Q5']) {
        assertProblem(await supervisor.get(`/api/v1/${path}`), 400, 'INVALID_FIELD');
    }
    assertProblem(await supervisor.get('/api/v1/figures/assistance?format=doc'), 400, 'INVALID_FIELD');
    assertProblem(await supervisor.get('/api/v1/figures/nothing'), 404, 'NOT_FOUND');
    assertProblem(await events(supervisor, 'row=water&column=nothing'), 404, 'NOT_FOUND');
    assertProblem(await events(supervisor, 'row=water&column=late&after=x'), 400, 'INVALID_FIELD');
    assertProblem(await server.visitor().get('/api/v1/figures'), 401, 'UNAUTHENTICATED');
});

test('an appraisal fixes the figures of its period, and the record tells their digest', async () => {
    await at('2026-04-08T09:00');
    const facts = { title: '2026年第一季度考核', period: '2026Q1', appraised_bodies: ['water'] };
    const body = { procedure: 'appraisal', action: 'begin', facts, materials: [] };
    const made = await supervisor.post('/api/v1/matters', body);
    assert.equal(made.status, 201, made.text);
    const head = await server.as('water.head');
    const rating = made.json.links.find((link) => link.procedure === 'appraisal_rating');
    let mine = (await head.get(`/api/v1/matters/${rating.id}`)).json;
    mine = await head.acted(mine, 'rate', { rated_body: 'housing', points: 80 });
    mine = await head.acted(mine, 'rate', { rated_body: 'water', points: 100 });
    await head.acted(mine, 'finish');
    const marksOf = async () => (await supervisor.get('/api/v1/appraisal?period=2026Q2')).json.bodies;
    const peers = (await marksOf())
        .map((one) => [one.org, one.values.find((value) => value.indicator === 'peers').value])
        .filter(([, value]) => value !== null);
    assert.deepEqual(peers, [['housing', 80]], 'what a body says of itself does not count');
    const matter = (await supervisor.get(`/api/v1/matters/${made.json.id}`)).json;
    await supervisor.acted(matter, 'fix_figures');
    const reply = await supervisor.get('/api/v1/appraisal?period=2026Q1');
    assert.equal(reply.json.published, false);
    assert.equal(reply.json.fixed.matter, matter.id);
    const bytes = reply.text.slice(reply.text.indexOf('"result":') + 9, -2);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), reply.json.fixed.sha256);
    const water = reply.json.fixed.result.bodies.find((one) => one.org === 'water');
    assert.deepEqual(water.values.find((one) => one.indicator === 'feedback'), {
        indicator: 'feedback',
        numerator: 1,
        denominator: 2,
        value: 50.0,
        score: 0.0,
    });
});

test('many events come in pages, each once', async () => {
    await at('2026-05-06T09:00');
    const transport = await server.as('transport.handler');
    for (let i = 0; i < 60; i++) {
        const facts = { subject: `线索${i}`, summary: '检查中发现的问题。', discovered_at: '2026-05-06' };
        const body = { procedure: 'case', action: 'open_found', facts, materials: [] };
        const made = await transport.post('/api/v1/matters', body);
        assert.equal(made.status, 201, made.text);
    }
    const seen = [];
    let after = '';
    do {
        const page = await supervisor.get(
            `/api/v1/figures/cases/events?from=2026-05-01&to=2026-05-31&row=transport&column=opened&after=${after}`,
        );
        assert.equal(page.status, 200, page.text);
        seen.push(...page.json.items.map((one) => one.event));
        after = page.json.next;
    } while (after);
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen).size, 60);
});
