// Lights of lists: running, paused, and none, when the clock runs elsewhere; and what the workbench offers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complaintFacts, file, matterOf, startServer } from './server.mjs';

let server, handler, approver;
before(async () => {
    server = await startServer();
    handler = await server.as('agriculture.handler');
    approver = await server.as('agriculture.approver');
});
after(() => server.stop());

async function rowOf(query, reference) {
    const reply = await handler.get(`/api/v1/matters?limit=100&${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.items.find((row) => row.reference === reference);
}
async function filed() {
    const facts = complaintFacts({ receiver_body: 'agriculture', trade_category: 'agriculture' });
    return matterOf(handler, (await file(server.visitor(), 'complaint', facts)).reference);
}

test('a matter whose clock runs elsewhere has no light, a paused one is grey', async () => {
    const complaint = await filed();
    assert.equal((await rowOf('', complaint.reference)).light, 'green');
    await approver.acted(complaint, 'accept', { case_summary: '受理并立案。' });
    const accepted = await matterOf(handler, complaint.reference);
    assert.equal((await rowOf('', complaint.reference)).light, 'none');
    assert.equal(await rowOf('light=grey', complaint.reference), undefined);
    const opened = (await handler.get(`/api/v1/matters/${accepted.links[0].id}`)).json;
    let matter = await approver.acted(opened, 'name_officers', { officers: '宋田、唐丰（执法证）', recusal: true });
    matter = await approver.acted(matter, 'pause', { pause_reason: 'test', pause_evidence: '委托检测' });
    assert.equal((await rowOf('', matter.reference)).light, 'grey');
    assert.equal((await rowOf('light=grey', matter.reference)).light, 'grey');
    await handler.acted(matter, 'resume', { resume_note: '检测完成' });
    assert.equal((await rowOf('', matter.reference)).light, 'green');
});

test('a body is found in matters in which it is one of several', async () => {
    const facts = {
        theme: '河道采砂招标整治', kind: 'multilateral', topic_kind: 'enforcement', questions: '由谁牵头联合整治。',
        invited_bodies: ['housing', 'water'],
    };
    const body = { procedure: 'conference', action: 'propose', facts, materials: [] };
    const proposed = await handler.post('/api/v1/matters', body, { 'Idempotency-Key': 'one-of-several' });
    assert.equal(proposed.status, 201, proposed.text);
    const { reference } = proposed.json;
    assert.equal((await rowOf('body=housing', reference))?.reference, reference);
    assert.equal((await rowOf('body=agriculture&role=party', reference))?.reference, reference);
    assert.equal(await rowOf('body=transport', reference), undefined);
});

test('the workbench offers what settles a duty now: a transfer too, and nothing of another state', async () => {
    const complaint = await filed();
    const duties = async () =>
        (await handler.get('/api/v1/workbench')).json.items.filter((d) => d.matter.id === complaint.id);
    const offered = Object.fromEntries((await duties()).map((duty) => [duty.clock.code, duty.actions.sort()]));
    assert.deepEqual(offered, {
        review: ['notify', 'transfer', 'transfer_crime'],
        notice: ['notify'],
        transfer: ['transfer', 'transfer_crime'],
    });
    await handler.acted(complaint, 'ask_correction', { correction_items: '请补充授权委托书。' });
    const correcting = Object.fromEntries((await duties()).map((duty) => [duty.clock.code, duty.actions]));
    assert.deepEqual(correcting, { review: [], notice: [], transfer: [] });
});

test('a program that asks for little gets little, and the deed is done', async () => {
    const body = {
        procedure: 'case',
        action: 'open_found',
        facts: { subject: '程序来件', summary: '由程序录入的线索。', discovered_at: '2026-03-02' },
        materials: [],
    };
    const little = { Prefer: 'return=minimal' };
    const made = await handler.post('/api/v1/matters', body, little);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(Object.keys(made.json), ['id', 'version']);
    assert.equal(made.headers.get('preference-applied'), 'return=minimal');
    assert.equal(made.headers.get('location'), `/api/v1/matters/${made.json.id}`);
    assert.equal(made.headers.get('etag'), '"1"');
    const facts = { officers: '宋田、唐丰（执法证）', recusal: true };
    const acted = await approver.act({ ...made.json }, 'name_officers', facts, { headers: little });
    assert.deepEqual(acted.json, { id: made.json.id, version: 2 });
    assert.equal((await handler.get(`/api/v1/matters/${made.json.id}`)).json.state, 'investigating');
    const recorded = await handler.post(
        '/api/v1/matters',
        {
            procedure: 'report',
            action: 'record',
            facts: { source: 'phone', subject: '电话举报串标', trade_category: 'water', statement: '三家投标人为同一老板。' },
            materials: [],
        },
        little,
    );
    assert.match(recorded.json.code, /^\d{16}$/);
});
