// Two at once, and the same twice: versions (If-Match) and keys (Idempotency-Key).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, startServer } from './server.mjs';

let server, handler, approver;
before(async () => {
    server = await startServer({ flags: ['--behind-proxy'] });
    handler = await server.as('supervisor.handler');
    approver = await server.as('supervisor.approver');
});
after(() => server.stop());

let addresses = 0;
const visitor = () => server.visitor(`10.4.0.${++addresses}`);
const newMatter = async () =>
    matterOf(handler, (await file(visitor(), 'complaint', complaintFacts())).reference);
const notice = (text = '书面告知的内容') => ({ notice_body: '某局某科', notice_text: text });
const load = async (matter) => (await handler.get(`/api/v1/matters/${matter.id}`)).json;
const eventsOf = async (matter) => (await handler.get(`/api/v1/matters/${matter.id}/events`)).json.items;
const counted = (replies) => replies.map((reply) => reply.status).sort();

test('a version that is not the present one is refused, and nothing changes', async () => {
    const matter = await newMatter();
    const next = await handler.acted(matter, 'notify', notice());
    assert.equal(next.version, matter.version + 1);
    for (const version of [matter.version, next.version + 1, 0]) {
        const reply = await approver.act(matter, 'notify', notice('另一内容不同'), { version });
        assertProblem(reply, 412, 'VERSION_STALE');
        assert.match(reply.json.detail, new RegExp(matter.reference));
    }
    assertProblem(
        await approver.act(matter, 'notify', notice(), { headers: { 'If-Match': undefined } }),
        428,
        'VERSION_REQUIRED',
    );
    assert.deepEqual(await load(matter), next);
    assert.equal((await eventsOf(matter)).length, 2);
});

test('the ETag of a matter is the version to send back', async () => {
    const matter = await newMatter();
    const reply = await handler.get(`/api/v1/matters/${matter.id}`);
    assert.equal(reply.headers.get('etag'), `"${matter.version}"`);
    const acted = await handler.act(matter, 'notify', notice(), {
        headers: { 'If-Match': reply.headers.get('etag') },
    });
    assert.deepEqual([acted.status, acted.headers.get('etag')], [200, `"${matter.version + 1}"`]);
});

test('of many who act on the same version, one does', async () => {
    const matter = await newMatter();
    const replies = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
            (index % 2 ? handler : approver).act(matter, 'notify', notice(`第${index}个人的告知内容`)),
        ),
    );
    assert.deepEqual(counted(replies), [200, ...Array(15).fill(412)]);
    const done = replies.find((reply) => reply.status === 200).json;
    const now = await load(matter);
    assert.equal(now.version, matter.version + 1);
    const text = (of) => of.facts.find((fact) => fact.code === 'notice_text').value;
    assert.equal(text(now), text(done));
    assert.equal((await eventsOf(matter)).length, 2);
});

test('the same key gives the same answer and acts once', async () => {
    const matter = await newMatter();
    const again = () =>
        handler.act(matter, 'notify', notice(), { headers: { 'Idempotency-Key': 'key of a notice 通知' } });
    const encoded = () => handler.act(matter, 'notify', notice(), { headers: { 'Idempotency-Key': 'key-1' } });
    const first = await encoded();
    const second = await encoded();
    assert.deepEqual([first.status, second.status], [200, 200]);
    assert.deepEqual(second.json, first.json);
    assert.equal((await eventsOf(matter)).length, 2);
    await assert.rejects(again, TypeError, 'fetch sends no such header');
});

test('the same key for another request is refused', async () => {
    const matter = await newMatter();
    const other = await newMatter();
    const headers = { 'Idempotency-Key': 'used' };
    const done = await handler.acted(matter, 'notify', notice(), { headers });
    assertProblem(await handler.act(done, 'notify', notice('另一内容不同'), { headers }), 422, 'KEY_REUSED');
    assertProblem(
        await handler.act(done, 'ask_correction', { correction_items: '身份证明' }, { headers }),
        422,
        'KEY_REUSED',
    );
    assertProblem(await handler.act(other, 'notify', notice(), { headers }), 422, 'KEY_REUSED');
    assert.deepEqual(await load(matter), done);
    assert.deepEqual(await load(other), other);
    assert.equal(
        (await approver.act(other, 'notify', notice(), { headers })).status,
        200,
        'another account has its own keys',
    );
});

test('a key whose request was refused can be used again', async () => {
    const matter = await newMatter();
    const headers = { 'Idempotency-Key': 'refused once' };
    assertProblem(await handler.act(matter, 'notify', {}, { headers }), 400, 'INVALID_FIELD');
    assert.equal((await handler.act(matter, 'notify', notice(), { headers })).status, 200);
});

test('many at once with the same key act once', async () => {
    const matter = await newMatter();
    const headers = { 'Idempotency-Key': 'sixteen at once' };
    const replies = await Promise.all(
        Array.from({ length: 16 }, () => handler.act(matter, 'notify', notice(), { headers })),
    );
    assert.deepEqual(counted(replies), Array(16).fill(200));
    assert.deepEqual(new Set(replies.map((reply) => reply.json.version)), new Set([matter.version + 1]));
    assert.equal((await eventsOf(matter)).length, 2);
});

test('a matter started twice with one key is one matter', async () => {
    const facts = complaintFacts({
        source: 'counter',
        subject: '同一幂等键的窗口代录',
        receiver_body: undefined,
    });
    const start = () =>
        handler.post(
            '/api/v1/matters',
            { procedure: 'complaint', action: 'record', facts },
            { 'Idempotency-Key': 'start' },
        );
    const replies = await Promise.all(Array.from({ length: 8 }, start));
    assert.deepEqual(counted(replies), Array(8).fill(201));
    assert.equal(new Set(replies.map((reply) => reply.json.id)).size, 1);
    assert.equal(replies[0].headers.get('location'), `/api/v1/matters/${replies[0].json.id}`);
    const list = (await handler.get(`/api/v1/matters?q=${encodeURIComponent('同一幂等键的窗口代录')}`)).json
        .items;
    assert.equal(list.length, 1);
});

test('a filing sent again gives the same receipt code, another request none of it', async () => {
    const headers = { 'Idempotency-Key': 'filing' };
    const body = { procedure: 'complaint', facts: complaintFacts({ subject: '重发的投诉一件' }) };
    const replies = await Promise.all(
        Array.from({ length: 8 }, () => visitor().post('/api/v1/portal/matters', body, headers)),
    );
    assert.deepEqual(counted(replies), Array(8).fill(201));
    assert.equal(new Set(replies.map((reply) => reply.json.code)).size, 1);
    const stranger = { procedure: 'complaint', facts: complaintFacts({ subject: '他人的投诉一件' }) };
    assertProblem(await visitor().post('/api/v1/portal/matters', stranger, headers), 422, 'KEY_REUSED');
    const followed = await visitor().post('/api/v1/portal/follow', { code: replies[0].json.code });
    assert.equal(followed.json.reference, replies[0].json.reference);
    const list = (await handler.get(`/api/v1/matters?q=${encodeURIComponent('重发的投诉一件')}`)).json.items;
    assert.equal(list.length, 1);
});

test('an upload that two want is given to one', async () => {
    const [upload] = await handler.upload([['一份材料.txt', '只有一份']]);
    const matters = await Promise.all([newMatter(), newMatter(), newMatter(), newMatter()]);
    const replies = await Promise.all(
        matters.map((matter) => handler.act(matter, 'notify', notice(), { materials: [upload.id] })),
    );
    assert.deepEqual(counted(replies), [200, 400, 400, 400]);
    const holding = (await Promise.all(matters.map(load))).filter((matter) => matter.materials.length > 0);
    assert.equal(holding.length, 1);
});
