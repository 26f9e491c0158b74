// How often one may try: passwords by login and by address, receipt codes, filings and uploads. What is
// throttled stays throttled for the right password and the right code too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, password, startServer } from './server.mjs';

let server;
before(async () => {
    server = await startServer({ flags: ['--behind-proxy'], now: '2026-03-02T09:00' });
});
after(() => server.stop());

const signIn = (address, login, secret = 'a wrong password') =>
    server.visitor(address).post('/api/v1/session', { login, password: secret });

test('ten tries for one login, from wherever; then not even the right password', async () => {
    for (let i = 0; i < 10; i++) {
        assertProblem(await signIn(`10.3.0.${i}`, 'water.approver'), 401, 'UNAUTHENTICATED');
    }
    const refused = await signIn('10.3.0.100', 'water.approver', password);
    assertProblem(refused, 429, 'RATE_LIMITED');
    assert.equal(refused.headers.get('retry-after'), '60');
    assert.equal((await signIn('10.3.0.100', 'water.handler', password)).status, 200);
    await server.clock('2026-03-02T09:15');
    assert.equal((await signIn('10.3.0.100', 'water.approver', password)).status, 200);
});

test('a right password ends the counting', async () => {
    for (let round = 0; round < 2; round++) {
        for (let i = 0; i < 9; i++) {
            assertProblem(await signIn('10.3.1.1', 'finance.handler'), 401, 'UNAUTHENTICATED');
        }
        assert.equal((await signIn('10.3.1.1', 'finance.handler', password)).status, 200);
    }
});

// In a table of 4096 places by SHA-256 these two logins would share one, and the second wipe out the first.
function colliding(login) {
    const place = (key) => createHash('sha256').update(key).digest().readBigUInt64LE() % 4096n;
    for (let i = 0; ; i++) {
        if (place(`guess${i}`) === place(login)) {
            return `guess${i}`;
        }
    }
}

test('trying another login does not wipe out the count of the first', async () => {
    for (let i = 0; i < 10; i++) {
        assertProblem(await signIn('10.3.2.1', 'police.head'), 401, 'UNAUTHENTICATED');
    }
    assertProblem(await signIn('10.3.2.1', colliding('police.head')), 401, 'UNAUTHENTICATED');
    assertProblem(await signIn('10.3.2.1', 'police.head', password), 429, 'RATE_LIMITED');
});

test('fifty wrong passwords from one address; then not even the right one, from there', async () => {
    for (let i = 0; i < 50; i++) {
        assertProblem(await signIn('10.3.3.1', `nobody${i}`), 401, 'UNAUTHENTICATED');
    }
    assertProblem(await signIn('10.3.3.1', 'nobody50'), 429, 'RATE_LIMITED');
    assertProblem(await signIn('10.3.3.1', 'water.head', password), 429, 'RATE_LIMITED');
    assert.equal((await signIn('10.3.3.2', 'water.head', password)).status, 200);
});

test('the old password of an open session is throttled too', async () => {
    const client = await server.as('police.handler');
    const change = (old) => client.post('/api/v1/session/password', { old, new: 'another good password' });
    for (let i = 0; i < 10; i++) {
        assertProblem(await change('a wrong password'), 400, 'INVALID_FIELD');
    }
    assertProblem(await change('a wrong password'), 429, 'RATE_LIMITED');
    assertProblem(await change(password), 429, 'RATE_LIMITED');
    assertProblem(await change(password), 429, 'RATE_LIMITED');
});

test('twenty wrong codes from one address; then not even the right one, from there', async () => {
    const { code } = await file(server.visitor('10.3.4.1'), 'complaint', complaintFacts());
    const follow = (address, given) => server.visitor(address).post('/api/v1/portal/follow', { code: given });
    const act = (address, given) =>
        server.visitor(address).post('/api/v1/portal/act', { code: given, action: 'withdraw', facts: {} });
    for (let i = 0; i < 10; i++) {
        assertProblem(await follow('10.3.4.1', String(10n ** 15n + BigInt(i))), 404, 'NOT_FOUND');
        assertProblem(await act('10.3.4.1', String(2n * 10n ** 15n + BigInt(i))), 404, 'NOT_FOUND');
    }
    assertProblem(await follow('10.3.4.1', '3000000000000000'), 429, 'RATE_LIMITED');
    assertProblem(await follow('10.3.4.1', code), 429, 'RATE_LIMITED');
    assertProblem(await act('10.3.4.1', code), 429, 'RATE_LIMITED');
    assert.equal((await follow('10.3.4.2', code)).status, 200);
    await server.clock('2026-03-02T09:45');
    assert.equal((await follow('10.3.4.1', code)).status, 200);
});

test('sixty filings and uploads an hour from one address; the next is not even stored', async () => {
    const visitor = server.visitor('10.3.5.1');
    const upload = (text) => visitor.uploadReply([[`${text}.txt`, text]], '/api/v1/portal/uploads');
    const filing = () =>
        visitor.post('/api/v1/portal/matters', { procedure: 'complaint', facts: complaintFacts() });
    for (let i = 0; i < 30; i++) {
        assert.equal((await upload(`text ${i}`)).status, 201);
        assert.equal((await filing()).status, 201);
    }
    const files = () => readdirSync(join(server.data, 'files'), { recursive: true }).length;
    const was = files();
    assertProblem(await upload('one too many'), 429, 'RATE_LIMITED');
    assertProblem(await filing(), 429, 'RATE_LIMITED');
    assert.equal(files(), was);
    assert.equal((await server.visitor('10.3.5.2').get('/api/v1/portal/form?procedure=complaint')).status, 200);
    await server.clock('2026-03-02T10:45');
    assert.equal((await filing()).status, 201);
});
