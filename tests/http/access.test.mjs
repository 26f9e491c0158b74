// Who may see and do what, over HTTP: sessions, CSRF, roles, other bodies, restricted and sealed facts,
// receipt codes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, reportFacts, startServer } from './server.mjs';

let server, handler, approver, head, water, housing, auditor, admin;
let complaint, transfer, report, complaintCode, reportCode;

const transferFacts = {
    transfer_ground: 'other_duty',
    transfer_to: 'water',
    case_summary: '属水利工程招标投标监督事项。',
};

before(async () => {
    server = await startServer({ flags: ['--behind-proxy'], now: '2026-03-02T09:00' });
    handler = await server.as('supervisor.handler');
    approver = await server.as('supervisor.approver');
    head = await server.as('supervisor.head');
    water = await server.as('water.handler');
    housing = await server.as('housing.handler');
    auditor = await server.as('service.auditor');
    admin = await server.as('service.system_admin');
    const visitor = server.visitor('10.1.0.1');
    const [evidence] = await visitor.upload([['证据.txt', '证据内容']], '/api/v1/portal/uploads');
    const filed = await file(visitor, 'complaint', complaintFacts(), [evidence.id]);
    complaintCode = filed.code;
    complaint = await matterOf(handler, filed.reference);
    const reported = await file(
        visitor,
        'report',
        reportFacts({ maker_name: '王五线人', maker_phone: '13700000007', maker_email: 'w5@example.org' }),
    );
    reportCode = reported.code;
    report = await matterOf(handler, reported.reference);
});
after(() => server.stop());

const readPaths = (matter) =>
    [
        '',
        '/events',
        '/receipt',
        '/sealed',
        ...matter.materials.map((item) => `/materials/${item.id}`),
        ...matter.clocks.map((clock) => `/clocks/${clock.id}/explanation`),
    ].map((path) => `/api/v1/matters/${matter.id}${path}`);

// Nothing that this person can read says that there is such a matter.
async function assertHidden(client, matter) {
    for (const path of readPaths(matter)) {
        assertProblem(await client.get(path), 404, 'NOT_FOUND');
    }
    assertProblem(await client.act(matter, 'notify', {}), 404, 'NOT_FOUND');
    for (const path of [
        '/api/v1/matters?limit=100',
        `/api/v1/matters?q=${encodeURIComponent(matter.reference)}`,
        '/api/v1/matters?sort=due&limit=100',
        `/api/v1/matters?q=${encodeURIComponent(matter.title)}`,
        '/api/v1/feed',
        '/api/v1/workbench',
    ]) {
        const reply = await client.get(path);
        assert.equal(reply.status, 200);
        assert.ok(
            !reply.text.includes(matter.id) && !reply.text.includes(matter.reference),
            `${path} shows it`,
        );
    }
    const mine = (await client.get('/api/v1/matters')).json.items.length;
    const { counts } = (await client.get('/api/v1/workbench')).json;
    assert.ok(mine > 0 || Object.values(counts).every((count) => count === 0), 'it is counted');
}

const signedInOnly = [
    ['GET', '/session'],
    ['DELETE', '/session'],
    ['POST', '/session/password'],
    ['GET', '/workbench'],
    ['GET', '/matters'],
    ['POST', '/matters'],
    ['GET', '/matters/0000000000001'],
    ['POST', '/matters/0000000000001/actions/notify'],
    ['GET', '/matters/0000000000001/events'],
    ['GET', '/matters/0000000000001/clocks/0000000000001/explanation'],
    ['GET', '/matters/0000000000001/materials/0000000000001'],
    ['GET', '/matters/0000000000001/receipt'],
    ['GET', '/matters/0000000000001/sealed'],
    ['POST', '/uploads'],
    ['GET', '/feed'],
    ['GET', '/stream'],
];

test('without a session nothing of it is reached', async () => {
    for (const cookie of [
        undefined,
        'session=',
        `session=${'0'.repeat(64)}`,
        `session=${"' OR 1=1 --"}`,
        `sessions=${handler.cookie}`,
    ]) {
        for (const [method, path] of signedInOnly) {
            const client = server.visitor();
            const reply = await client.call(method, `/api/v1${path}`, { headers: { Cookie: cookie } });
            assertProblem(reply, 401, 'UNAUTHENTICATED');
        }
    }
});

test('the cookie is closed to scripts and other sites', async () => {
    const reply = await server
        .visitor()
        .post('/api/v1/session', { login: 'water.head', password: 'a password for tests' });
    assert.match(
        reply.headers.get('set-cookie'),
        /^session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    assert.ok(!reply.text.includes('a password'));
    assert.equal(reply.headers.get('cache-control'), 'no-store');
});

test('a wrong password and an unknown login get the same answer', async () => {
    const ask = async (login) => {
        const { json } = await server
            .visitor('10.1.0.9')
            .post('/api/v1/session', { login, password: 'wrong password' });
        return [json.status, json.name, json.detail];
    };
    assert.deepEqual(await ask('finance.head'), await ask('nobody.at.all'));
    assert.equal((await ask('finance.head'))[0], 401);
});

test('what changes something needs the token that only our pages know', async () => {
    const facts = { notice_body: '某局某科', notice_text: '书面告知的内容' };
    for (const token of [undefined, '', 'x', '0'.repeat(32), water.session.csrf, `${handler.session.csrf}0`]) {
        const headers = { 'X-CSRF-Token': token };
        assertProblem(await handler.act(complaint, 'notify', facts, { headers }), 403, 'FORBIDDEN');
        assertProblem(await handler.post('/api/v1/matters', {}, headers), 403, 'FORBIDDEN');
        assertProblem(
            await handler.call('POST', '/api/v1/uploads', { body: new FormData(), headers }),
            403,
            'FORBIDDEN',
        );
        assertProblem(await handler.call('DELETE', '/api/v1/session', { headers }), 403, 'FORBIDDEN');
        assert.equal((await handler.get('/api/v1/matters', headers)).status, 200);
    }
    const { json } = await handler.get(`/api/v1/matters/${complaint.id}`);
    assert.equal(json.version, complaint.version);
});

test('after signing out, and after 12 hours, a session is over', async () => {
    const client = await server.as('housing.head');
    assert.equal((await client.get('/api/v1/session')).json.account.login, 'housing.head');
    const out = await client.call('DELETE', '/api/v1/session');
    assert.equal(out.status, 204);
    assert.match(out.headers.get('set-cookie'), /^session=; .*Max-Age=0/);
    assertProblem(await client.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    const late = await server.as('housing.head');
    await server.clock('2026-03-02T20:59');
    assert.equal((await late.get('/api/v1/session')).status, 200);
    await server.clock('2026-03-02T21:00');
    assertProblem(await late.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    await server.clock('2026-03-02T09:00');
});

test('the administrator of the system reads no case', async () => {
    assert.deepEqual((await admin.get('/api/v1/session')).json.roles, ['system_admin']);
    for (const path of [
        '/api/v1/workbench',
        '/api/v1/matters',
        '/api/v1/feed',
        '/api/v1/stream',
        ...readPaths(complaint),
    ]) {
        assertProblem(await admin.get(path), 403, 'FORBIDDEN');
    }
    assertProblem(await admin.act(complaint, 'notify'), 403, 'FORBIDDEN');
    assertProblem(await admin.uploadReply([['a.txt', 'x']]), 403, 'FORBIDDEN');
    assertProblem(
        await admin.post('/api/v1/matters', { procedure: 'complaint', action: 'record' }),
        403,
        'FORBIDDEN',
    );
});

test('an auditor sees all, changes nothing, and reads no secret', async () => {
    const list = (await auditor.get('/api/v1/matters')).json.items.map((item) => item.id);
    assert.ok(list.includes(complaint.id) && list.includes(report.id));
    const seen = (await auditor.get(`/api/v1/matters/${complaint.id}`)).json;
    assert.deepEqual(seen.actions, []);
    const name = seen.facts.find((fact) => fact.code === 'maker_name');
    assert.deepEqual([name.hidden, 'value' in name], [true, false]);
    assertProblem(
        await auditor.act(complaint, 'notify', { notice_body: '某局', notice_text: '书面告知内容' }),
        403,
        'FORBIDDEN',
    );
    assertProblem(await auditor.act(report, 'unseal', { unseal_reason: '审计需要知悉' }), 403, 'FORBIDDEN');
    assertProblem(await auditor.get(`/api/v1/matters/${report.id}/sealed`), 403, 'FORBIDDEN');
    assertProblem(
        await auditor.post('/api/v1/matters', {
            procedure: 'complaint',
            action: 'record',
            facts: complaintFacts({ source: 'counter', receiver_body: undefined }),
        }),
        403,
        'FORBIDDEN',
    );
});

test('a body that takes no part finds nothing of a matter', async () => {
    await assertHidden(housing, complaint);
    await assertHidden(housing, report);
    await assertHidden(water, complaint);
    await assertHidden(water, report);
});

test('ids of another matter do not open a material or a clock', async () => {
    const [material] = complaint.materials;
    assertProblem(await handler.get(`/api/v1/matters/${report.id}/materials/${material.id}`), 404, 'NOT_FOUND');
    assertProblem(
        await handler.get(`/api/v1/matters/${report.id}/clocks/${complaint.clocks[0].id}/explanation`),
        404,
        'NOT_FOUND',
    );
    assert.equal(
        (await handler.get(`/api/v1/matters/${complaint.id}/materials/${material.id}`)).text,
        '证据内容',
    );
});

test('a role that may not do it is refused, and is not offered it', async () => {
    const mayPerform = (matter) => matter.actions.filter((action) => !action.only_draft);
    const offered = (matter) => mayPerform(matter).map((action) => action.code);
    assert.ok(!offered(complaint).includes('accept'));
    assertProblem(await handler.act(complaint, 'accept', { case_summary: '案件基本情况' }), 403, 'FORBIDDEN');
    assertProblem(await handler.act(complaint, 'transfer_failed', {}), 403, 'FORBIDDEN');
    assert.ok(offered((await approver.get(`/api/v1/matters/${complaint.id}`)).json).includes('accept'));
    assertProblem(
        await housing.post('/api/v1/matters', {
            procedure: 'complaint',
            action: 'submit',
            facts: complaintFacts(),
        }),
        403,
        'FORBIDDEN',
    );
});

test('a transfer is seen by its receiver from when it is sent, with no link to what it may not see', async () => {
    complaint = await handler.acted(complaint, 'transfer', transferFacts);
    const [link] = complaint.links;
    transfer = (await handler.get(`/api/v1/matters/${link.id}`)).json;
    await assertHidden(water, transfer);
    transfer = await approver.acted(transfer, 'approve');
    await assertHidden(water, transfer);
    const [letter] = await handler.upload([['移送函.txt', '移送函内容']]);
    transfer = await handler.acted(
        transfer,
        'send',
        { delivery_method: 'in_person' },
        { materials: [letter.id] },
    );
    const seen = await water.get(`/api/v1/matters/${transfer.id}`);
    assert.equal(seen.status, 200);
    assert.deepEqual(seen.json.links, []);
    assert.ok(!seen.text.includes(complaint.id) && !seen.text.includes(complaint.reference));
    assert.ok(!seen.text.includes('张三') && !seen.text.includes('13900000001'));
    await assertHidden(housing, transfer);
    await assertHidden(water, complaint);
    const feed = (await water.get('/api/v1/feed')).json.items;
    assert.ok(feed.length > 0 && feed.every((event) => event.matter === transfer.id));
});

test('the receipt and the files of a transfer are for its parties', async () => {
    const ticks = Object.fromEntries(
        transfer.materials.filter((item) => item.listed).map((item) => [item.id, 'arrived']),
    );
    transfer = await water.acted(transfer, 'acknowledge', { ticks });
    for (const client of [handler, water, auditor]) {
        const receipt = await client.get(`/api/v1/matters/${transfer.id}/receipt`);
        assert.equal(receipt.status, 200);
        assert.equal(receipt.json.items.length, 2);
    }
    assertProblem(await housing.get(`/api/v1/matters/${transfer.id}/receipt`), 404, 'NOT_FOUND');
    assertProblem(await admin.get(`/api/v1/matters/${transfer.id}/receipt`), 403, 'FORBIDDEN');
});

test('who complained is for the receiving body, not for the overseer', async () => {
    const filed = await file(
        server.visitor('10.1.0.2'),
        'complaint',
        complaintFacts({ receiver_body: 'water', maker_name: '赵六真名' }),
    );
    const own = await matterOf(water, filed.reference);
    const overseen = await matterOf(handler, filed.reference);
    const name = (matter) => matter.facts.find((fact) => fact.code === 'maker_name');
    assert.equal(name(own).value, '赵六真名');
    assert.deepEqual([name(overseen).hidden, 'value' in name(overseen)], [true, false]);
    const texts = await Promise.all(
        [`/${own.id}`, `/${own.id}/events`, '?limit=100', `?q=${encodeURIComponent('赵六真名')}`].map(
            async (path) => (await handler.get(`/api/v1/matters${path}`)).text,
        ),
    );
    assert.ok(texts.every((text) => !text.includes('赵六真名')));
    const found = await water.get(`/api/v1/matters?q=${encodeURIComponent('赵六真名')}`);
    assert.deepEqual(found.json.items, []);
});

const secrets = ['王五线人', '13700000007', 'w5@example.org'];
const assertNoSecret = (text) => secrets.forEach((secret) => assert.ok(!text.includes(secret), secret));

test('who reported is sealed to everybody', async () => {
    for (const client of [handler, approver, head, auditor]) {
        for (const path of [
            `/${report.id}`,
            `/${report.id}/events`,
            '?limit=100',
            `?q=${encodeURIComponent('王五线人')}`,
        ]) {
            const reply = await client.get(`/api/v1/matters${path}`);
            assert.equal(reply.status, 200);
            assertNoSecret(reply.text);
        }
        assertProblem(await client.get(`/api/v1/matters/${report.id}/sealed`), 403, 'FORBIDDEN');
    }
    assertNoSecret((await server.visitor('10.1.0.1').post('/api/v1/portal/follow', { code: reportCode })).text);
});

test('after unsealing, only who unsealed reads it, for a day', async () => {
    assertProblem(await handler.act(report, 'unseal', { unseal_reason: '需要联系举报人' }), 403, 'FORBIDDEN');
    assertProblem(await approver.act(report, 'unseal', {}), 400, 'INVALID_FIELD');
    report = await approver.acted(report, 'unseal', { unseal_reason: '需要联系举报人' });
    const opened = await approver.get(`/api/v1/matters/${report.id}/sealed`);
    assert.equal(opened.status, 200);
    assert.deepEqual(
        opened.json.facts.map((fact) => fact.value),
        secrets,
    );
    assert.equal(opened.json.until, '2026-03-03T01:00:00.000Z');
    assertNoSecret((await approver.get(`/api/v1/matters/${report.id}`)).text);
    for (const client of [handler, head, auditor]) {
        assertProblem(await client.get(`/api/v1/matters/${report.id}/sealed`), 403, 'FORBIDDEN');
    }
    assertProblem(await water.get(`/api/v1/matters/${report.id}/sealed`), 404, 'NOT_FOUND');
    await server.clock('2026-03-03T08:59');
    approver = await server.as('supervisor.approver');
    assert.equal((await approver.get(`/api/v1/matters/${report.id}/sealed`)).status, 200);
    await server.clock('2026-03-03T09:00');
    assertProblem(await approver.get(`/api/v1/matters/${report.id}/sealed`), 403, 'FORBIDDEN');
    await server.clock('2026-03-02T09:00');
});

test('each reading of a restricted matter is written down before it goes out', async () => {
    const writes = async () =>
        Number(/^liandong_write_jobs_total (\d+)$/m.exec((await server.visitor().get('/metrics')).text)[1]);
    const counted = async (path) => {
        const was = await writes();
        assert.equal((await approver.get(`/api/v1/matters/${path}`)).status, 200);
        return (await writes()) - was;
    };
    approver = await server.as('supervisor.approver');
    const [upload] = await approver.upload([['附件.txt', '附件']]);
    report = await approver.acted(
        report,
        'notify',
        { notice_body: '某局某科', notice_text: '书面告知的内容' },
        { materials: [upload.id] },
    );
    assert.equal(await counted(report.id), 1);
    assert.equal(await counted(`${report.id}/events`), 1);
    assert.equal(await counted(`${report.id}/materials/${report.materials[0].id}`), 1);
    assert.equal(await counted(`${report.id}/sealed`), 1);
    assert.equal(await counted(complaint.id), 0);
    assert.equal(await counted(`${complaint.id}/materials/${complaint.materials[0].id}`), 0);
});

test('a receipt code opens its own matter and acts as its maker only', async () => {
    const visitor = server.visitor('10.1.0.3');
    const follow = (code) => visitor.post('/api/v1/portal/follow', { code });
    const own = await follow(complaintCode);
    assert.equal(own.json.reference, complaint.reference);
    assert.ok(
        !own.text.includes(report.reference) && !own.text.includes('李明') && !own.text.includes('周正平'),
    );
    const spaced = `${complaintCode.slice(0, 4)} ${complaintCode.slice(4, 8)}-${complaintCode.slice(8)}`;
    assert.equal((await follow(spaced)).json.reference, complaint.reference);
    for (const code of [
        '',
        '1',
        '0000000000000000',
        complaintCode.slice(1),
        `${complaintCode}0`,
        complaint.id,
        "' OR 1=1 --",
        '１２３４５６７８９０１２３４５６',
    ]) {
        assertProblem(await follow(code), 404, 'NOT_FOUND');
    }
    for (const action of ['accept', 'notify', 'ask_correction', 'transfer_failed', 'urge']) {
        assertProblem(
            await visitor.post('/api/v1/portal/act', { code: complaintCode, action, facts: {} }),
            403,
            'FORBIDDEN',
        );
    }
    const [more] = await visitor.upload([['补充.txt', '补充']], '/api/v1/portal/uploads');
    const added = await visitor.post('/api/v1/portal/act', {
        code: complaintCode,
        action: 'add_materials',
        materials: [more.id],
    });
    assert.equal(added.status, 200, added.text);
    assert.ok(added.json.materials.some((item) => item.name === '补充.txt'));
});

test('figures and known passwords are for this machine, not for who comes through a proxy', async () => {
    assert.equal((await server.visitor().get('/metrics')).status, 200);
    for (const headers of [
        { 'X-Real-IP': '10.1.0.4' },
        { 'X-Forwarded-For': '10.1.0.4' },
        { Forwarded: 'for=10.1.0.4' },
    ]) {
        assertProblem(await server.visitor().get('/metrics', headers), 404, 'NOT_FOUND');
        assertProblem(
            await server.visitor().post('/api/v1/test/clock', { now: '2020-01-01T00:00' }, headers),
            404,
            'NOT_FOUND',
        );
    }
    assert.deepEqual((await server.visitor().get('/api/v1/demo')).json.accounts, []);
});
