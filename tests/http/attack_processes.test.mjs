// Two processes on one PostgreSQL do at the same moment what each does by itself: nothing is done twice, nothing is
// forgotten. Through tests/lib/with-postgres, LIANDONG_TEST_STORE=postgres.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { complaintFacts, file, Server, startServer } from './server.mjs';

let one, two, visitor;
const people = {};
const logins = [
    ...['housing', 'treasury', 'supervisor', 'water', 'transport', 'finance'].flatMap((org) => [
        `${org}.handler`,
        `${org}.approver`,
    ]),
    'agriculture.handler',
];
const others = {}; // The same people at the second process.

async function signIn() {
    for (const login of logins) {
        people[login] = await one.as(login);
        others[login] = await two.as(login);
    }
}

async function clocks(minute) {
    await Promise.all([one.clock(minute), two.clock(minute)]);
}

before(async () => {
    one = await startServer({ typeset: true, now: '2026-03-02T09:00' });
    two = new Server(one.data, one.storeUrl);
    two.typeset = true;
    await two.serve([]);
    visitor = [one.visitor(), two.visitor()];
    await signIn();
});
after(async () => {
    await two.halt();
    await one.stop();
    two.abandon();
});

const as = (login) => people[login];
const path = (matter, rest = '') => `/api/v1/matters/${matter.id}${rest}`;
const load = async (login, matter) => (await as(login).get(path(matter))).json;
const count = (statement) =>
    Number.parseInt(execFileSync('psql', ['-qAt', '-d', one.storeUrl, '-c', statement]).toString(), 10);

// The same work in both processes, several times at once.
async function both(what) {
    const replies = await Promise.all([0, 1, 0, 1, 0, 1].map((i) => visitor[i].post('/api/v1/test/run', { what })));
    for (const reply of replies) {
        assert.equal(reply.status, 204, reply.text);
    }
}

async function acted(login, matter, action, facts, materials = []) {
    for (let tries = 0; ; tries++) {
        const reply = await as(login).act(await load(login, matter), action, facts, { materials });
        if (reply.json?.name !== 'VERSION_STALE' || tries === 20) {
            assert.equal(reply.status, 200, `${action}: ${reply.text}`);
            return reply.json;
        }
    }
}

async function lent(until) {
    const facts = {
        subject: '调取工程款支付信息',
        provider_body: 'treasury',
        items: '近三年工程款支付明细',
        purpose: '核实业绩合同真伪',
        case_reference: 'AJ-2026-0001',
        legal_basis: '行政处罚法第二十六条',
        readers: '王芳、刘建军',
    };
    const start = { procedure: 'information_request', action: 'draft', facts, materials: [] };
    const matter = (await as('housing.handler').post('/api/v1/matters', start)).json;
    await acted('housing.approver', matter, 'submit', { undertaking: true });
    await acted('treasury.approver', matter, 'approve', { access_until: until });
    const [kept] = await as('treasury.handler').upload([['明细.txt', '明细']]);
    return acted('treasury.handler', matter, 'provide', { provided: '支付明细一份' }, [kept.id]);
}

test('clocks that run out act once', async () => {
    const matters = [];
    await file(visitor[0], 'complaint', complaintFacts());
    for (let i = 0; i < 8; i++) {
        matters.push(await lent('2026-03-31'));
    }
    await clocks('2026-04-01T09:00');
    await both('expiry');
    await signIn();
    for (const matter of matters) {
        const seen = await load('treasury.handler', matter);
        assert.equal(seen.state, 'lapsed');
        const events = (await as('treasury.handler').get(path(matter, '/events'))).json.items;
        assert.equal(events.filter((event) => event.action === 'lapse').length, 1);
    }
    assert.equal(
        count('SELECT count(*) FROM (SELECT matter, version FROM event GROUP BY 1, 2 HAVING count(*) > 1) x'),
        0,
    );
});

test('one standing matter is opened', async () => {
    await both('standing');
    assert.equal(count("SELECT count(*) FROM matter WHERE procedure = 'conference_year' AND final = 0"), 1);
});

test('each rung of a reminder is told once to each', async () => {
    await both('remind');
    const told = count('SELECT count(*) FROM message');
    assert.ok(told > 0);
    assert.equal(
        count('SELECT count(*) FROM (SELECT DISTINCT account, kind, deadline, due_ms FROM message) x'),
        told,
    );
});

test('papers are set once, whoever is quicker', async () => {
    for (let i = 0; i < 200 && count('SELECT count(*) FROM paper WHERE next_try_ms IS NOT NULL') > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const issued = count("SELECT count(*) FROM paper WHERE state = 'issued'");
    assert.ok(issued > 0);
    assert.equal(count("SELECT count(*) FROM paper WHERE pdf = 'ready'"), issued);
    assert.equal(count("SELECT count(*) FROM event WHERE action = 'paper_set'"), issued);
});

// The day is prolonged in the moment in which the clock runs out: whichever comes first, the new day is kept.
test('a clock that is moved while it runs out still runs out later', async () => {
    const matters = [];
    for (let i = 0; i < 12; i++) {
        matters.push(await lent('2026-04-02'));
    }
    await clocks('2026-04-03T09:00');
    await signIn();
    const seen = await Promise.all(matters.map((matter) => load('treasury.approver', matter)));
    const prolong = { access_until: '2026-04-10', prolong_reason: '案件仍在调查，确需继续使用。' };
    const tries = seen.flatMap((matter) => [
        as('treasury.approver').act(matter, 'prolong', prolong),
        visitor[1].post('/api/v1/test/run', { what: 'expiry' }),
    ]);
    const replies = await Promise.all(tries);
    const moved = replies.filter((reply, i) => i % 2 === 0 && reply.status === 200).length;
    assert.ok(
        replies.every((reply) => [200, 204, 412, 422].includes(reply.status)),
        replies.map((reply) => reply.status).join(),
    );
    await clocks('2026-04-11T09:00');
    await both('expiry');
    await signIn();
    for (const matter of seen) {
        assert.equal((await load('treasury.handler', matter)).state, 'lapsed', `${moved} were moved`);
    }
});

test('a clock is extended once, by whichever is quicker', async () => {
    const found = {
        subject: '业绩合同疑似伪造',
        summary: '检查发现中标单位业绩合同疑似伪造。',
        discovered_at: '2026-04-11',
        respondent: '某公司',
    };
    const start = { procedure: 'case', action: 'open_found', facts: found, materials: [] };
    const reply = await as('housing.handler').post('/api/v1/matters', start);
    assert.equal(reply.status, 201, reply.text);
    await acted('housing.approver', reply.json, 'name_officers', {
        officers: '王芳（鄂J001）、刘建军（鄂J002）',
        recusal: true,
    });
    const asking = {
        assistant_body: 'finance',
        assist_items: '请核实合同支付情况，用于认定业绩真伪。',
        assist_evidence: '合同',
    };
    const asked = await acted('housing.handler', reply.json, 'request_assistance', asking);
    const matter = asked.links.find((link) => link.procedure === 'assistance');
    await acted('housing.approver', matter, 'approve', {});
    await acted('housing.handler', matter, 'send', { delivery_method: 'email' });
    await acted('finance.handler', matter, 'acknowledge', {});
    await acted('finance.handler', matter, 'undertake', {});
    for (let i = 0; i < 200 && count('SELECT count(*) FROM paper WHERE next_try_ms IS NOT NULL') > 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const now = await load('finance.approver', matter);
    const extend = { extend_reason: '档案异地存放，调取需时。' };
    const tries = [people, others, people, others].map((who) => who['finance.approver'].act(now, 'extend', extend));
    const replies = await Promise.all(tries);
    assert.deepEqual(replies.map((one) => one.status).sort(), [200, 412, 412, 412]);
    const refused = await as('finance.approver').act(await load('finance.approver', matter), 'extend', extend);
    assert.equal(refused.json.name, 'RULE_REFUSED', refused.text);
    const clock = (await load('finance.approver', matter)).clocks.find((item) => item.code === 'answer');
    assert.equal(clock.extended.by, '10wd');
});

test('the yearly limit of inspections holds however many are assigned at once', async () => {
    const draft = (org) => ({
        procedure: 'joint_operation',
        action: 'draft',
        facts: {
            name: `${org}联合检查`,
            operation_kind: 'inspection',
            trigger: 'campaign',
            participants: ['agriculture'],
            area: '曾都区',
        },
        materials: [],
    });
    const operations = [];
    for (const org of ['housing', 'water', 'transport', 'supervisor']) {
        const reply = await as(`${org}.handler`).post('/api/v1/matters', draft(org));
        assert.equal(reply.status, 201, reply.text);
        operations.push({ org, id: reply.json.id, version: reply.json.version });
    }
    // As if planned, consulted and drawn: that takes weeks.
    count("UPDATE matter SET state = 'running' WHERE procedure = 'joint_operation' RETURNING 1");
    for (const enterprise_code of ['91420000177570439L', '91110000802100433B', '91440300708461136T']) {
        const facts = {
            enterprise: '随州甲代理公司',
            enterprise_code,
            inspecting_body: 'agriculture',
            inspect_by: '2026-04-24',
        };
        const tries = operations.map(({ org, ...matter }, i) =>
            [people, others][i % 2][`${org}.handler`].act(matter, 'assign_inspection', facts),
        );
        const replies = await Promise.all(tries);
        assert.deepEqual(
            replies.map((reply) => reply.status).sort(),
            [200, 200, 422, 422],
            replies.map((reply) => reply.text.slice(0, 200)).join('\n'),
        );
        for (const operation of operations) {
            operation.version = (await load(`${operation.org}.handler`, operation)).version;
        }
    }
});
