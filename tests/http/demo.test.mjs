// The known passwords of a demonstration open nothing but this machine.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertProblem, password, startServer } from './server.mjs';

let server;
before(async () => {
    server = await startServer();
    await server.halt();
    writeFileSync(join(server.data, 'demo'), password);
});
after(() => server.stop());

test('it is not served behind a proxy, nor on another address', async () => {
    for (const flags of [['--behind-proxy'], ['--listen', '0.0.0.0:0'], ['--listen', '[::]:0']]) {
        await assert.rejects(server.serve(flags), /the server ended \(1\)/);
    }
});

test('through a proxy that nobody told of, there are no accounts and no sign-in', async () => {
    await server.serve([]);
    const here = await server.visitor().get('/api/v1/demo');
    assert.ok(
        here.json.accounts.some((account) => account.login === 'water.head' && account.password === password),
    );
    for (const name of ['X-Real-IP', 'X-Forwarded-For', 'Forwarded', 'Via']) {
        const visitor = server.visitor();
        visitor.headers[name] = '10.8.0.1';
        assert.deepEqual((await visitor.get('/api/v1/demo')).json.accounts, []);
        assertProblem(
            await visitor.post('/api/v1/session', { login: 'water.head', password }),
            403,
            'FORBIDDEN',
        );
    }
    const client = await server.as('water.head');
    const change = { old: password, new: 'another good password' };
    assertProblem(await client.post('/api/v1/session/password', change), 403, 'FORBIDDEN');
});
