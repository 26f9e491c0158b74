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

test('the workbench offers what settles a duty now: a transfer too, and nothing of another state', async () => {
    const complaint = await filed();
    const duties = async () =>
        (await handler.get('/api/v1/workbench')).json.items.filter((d) => d.matter.id === complaint.id);
    const offered = Object.fromEntries((await duties()).map((duty) => [duty.clock.code, duty.actions.sort()]));
    assert.deepEqual(offered, {
        review: ['notify', 'transfer'],
        notice: ['notify'],
        transfer: ['transfer'],
    });
    await handler.acted(complaint, 'ask_correction', { correction_items: '请补充授权委托书。' });
    const correcting = Object.fromEntries((await duties()).map((duty) => [duty.clock.code, duty.actions]));
    assert.deepEqual(correcting, { review: [], notice: [], transfer: [] });
});
