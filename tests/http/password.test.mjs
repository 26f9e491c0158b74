// Changing one's own password; and that checking passwords keeps nobody waiting who only reads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, Client, password, startServer } from './server.mjs';

let server;
before(async () => {
    server = await startServer();
});
after(() => server.stop());

const change = (client, old, fresh) => client.post('/api/v1/session/password', { old, new: fresh });

test('a new password ends the other sessions and is the only one that works', async () => {
    const here = await server.as('water.handler');
    const elsewhere = await server.as('water.handler');
    assertProblem(await change(here, 'not the old one', 'a new password 1'), 400, 'INVALID_FIELD');
    assertProblem(await change(here, password, 'short'), 400, 'INVALID_FIELD');
    assertProblem(await change(here, password, 'water.handler'), 400, 'INVALID_FIELD');
    assert.equal((await elsewhere.get('/api/v1/session')).status, 200);
    assert.equal((await change(here, password, 'a new password 1')).status, 204);
    assert.equal((await here.get('/api/v1/session')).status, 200);
    assertProblem(await elsewhere.get('/api/v1/session'), 401, 'UNAUTHENTICATED');
    const old = await new Client(server).post('/api/v1/session', { login: 'water.handler', password });
    assertProblem(old, 401, 'UNAUTHENTICATED');
    await new Client(server).signIn('water.handler', 'a new password 1');
});

test('it needs a session, its token, and no other fields', async () => {
    const body = { old: password, new: 'a new password 2' };
    assertProblem(await new Client(server).post('/api/v1/session/password', body), 401, 'UNAUTHENTICATED');
    const client = await server.as('water.head');
    const bare = { 'X-CSRF-Token': undefined };
    assertProblem(await client.post('/api/v1/session/password', body, bare), 403, 'FORBIDDEN');
    assertProblem(await client.post('/api/v1/session/password', { ...body, login: 'x' }), 400, 'INVALID_FIELD');
    assertProblem(await client.post('/api/v1/session/password', { old: password }), 400, 'INVALID_FIELD');
});

test('guessing the old password is throttled like signing in', async () => {
    const client = await server.as('housing.handler');
    for (let i = 0; i < 10; i++) {
        assertProblem(await change(client, `guess ${i}`, 'a new password 3'), 400, 'INVALID_FIELD');
    }
    assertProblem(await change(client, password, 'a new password 3'), 429, 'RATE_LIMITED');
});

test('many who sign in at once are all let in, and readers are answered meanwhile', async () => {
    const logins = ['supervisor', 'transport', 'finance', 'agriculture', 'development', 'treasury', 'police'];
    const entering = logins.flatMap((body) => ['handler', 'approver'].map((role) => server.as(`${body}.${role}`)));
    let entered = false;
    const all = Promise.all(entering).then(() => {
        entered = true;
    });
    // Fourteen passwords take two threads seven turns; a read waits for none of them.
    for (let i = 0; i < 3; i++) {
        assert.equal((await new Client(server).get('/health')).status, 200);
    }
    assert.equal(entered, false);
    await all;
});
