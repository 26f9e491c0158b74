// Information that one body lends another (article 10): read by the two, and by its owner alone when the time is over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, startServer } from './server.mjs';

const SECRET = '支付明细：甲公司 120000.50 元';
let server, people, id, secret;
const as = (login) => people[login];
const look = (login) => as(login).get(`/api/v1/matters/${id}`);
// A paper that the step before issued is set meanwhile and raises the version: read again then, as a person would.
async function acted(login, action, facts, materials = []) {
    for (let tries = 0; ; tries++) {
        const reply = await as(login).act((await look(login)).json, action, facts, { materials });
        if (reply.json?.name !== 'VERSION_STALE' || tries === 20) {
            assert.equal(reply.status, 200, `${action}: ${reply.text}`);
            return reply.json;
        }
    }
}
const download = (login) => as(login).get(`/api/v1/matters/${id}/materials/${secret}`);
const seen = async (login) => (await look(login)).json.materials.map((one) => one.name);

before(async () => {
    server = await startServer({ now: '2025-05-06T09:00' });
    const logins = 'housing.handler housing.approver treasury.handler treasury.approver';
    people = {};
    for (const login of `${logins} supervisor.handler service.auditor`.split(' ')) {
        people[login] = await server.as(login);
    }
    const facts = {
        subject: '调取工程款支付信息',
        provider_body: 'treasury',
        items: '近三年工程款支付明细',
        purpose: '核实业绩合同真伪',
        case_reference: 'AJ-2025-0001',
        legal_basis: '行政处罚法第二十六条',
        readers: '王芳、刘建军',
    };
    const start = { procedure: 'information_request', action: 'draft', facts, materials: [] };
    const reply = await as('housing.handler').post('/api/v1/matters', start);
    assert.equal(reply.status, 201, reply.text);
    id = reply.json.id;
    await acted('housing.approver', 'submit', { undertaking: true });
    await acted('treasury.approver', 'approve', { access_until: '2025-05-31' });
    const [kept] = await as('treasury.handler').upload([['支付明细.txt', SECRET]]);
    const provided = await acted('treasury.handler', 'provide', { provided: '支付明细一份' }, [kept.id]);
    secret = provided.materials.find((one) => one.name === '支付明细.txt').id;
});
after(() => server.stop());

test('while it is lent, the two bodies read it and nobody else', async () => {
    for (const login of ['housing.handler', 'treasury.handler', 'service.auditor']) {
        assert.deepEqual(await seen(login), ['支付明细.txt'], login);
        assert.equal((await download(login)).bytes.toString('utf8'), SECRET, login);
    }
    // The supervisor oversees the request, not what was lent.
    assert.deepEqual(await seen('supervisor.handler'), []);
    assertProblem(await download('supervisor.handler'), 404, 'NOT_FOUND');
});

test('when the day is over it is closed by itself, for all but its owner', async () => {
    await server.clock('2025-05-31T23:59');
    for (const login of ['housing.handler', 'treasury.handler', 'supervisor.handler']) {
        people[login] = await server.as(login);
    }
    assert.equal((await download('housing.handler')).status, 200);
    await server.clock('2025-06-01T00:00');
    assert.equal((await server.visitor().post('/api/v1/test/run', { what: 'expiry' })).status, 204);
    const closed = (await look('housing.handler')).json;
    assert.deepEqual([closed.state, closed.final, closed.materials], ['lapsed', true, []]);
    assertProblem(await download('housing.handler'), 404, 'NOT_FOUND');
    assertProblem(await download('supervisor.handler'), 404, 'NOT_FOUND');
    assert.equal((await download('treasury.handler')).bytes.toString('utf8'), SECRET);
});
