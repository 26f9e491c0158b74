// kill -9 of the real server at random moments under load, then restart: every acknowledged action is there
// with its event and clocks, none is half done, numbers have no gap, and a request sent again with its
// Idempotency-Key gives the same matter. Needs no packages.
//
//   crash.mjs            environment: see ../http/server.mjs, and
//   CRASH_SEED=N         the moments of an earlier run (it prints its seed)
//   CRASH_ROUNDS=N       how often the server is killed (default 8)
import assert from 'node:assert/strict';
import { complaintFacts, startServer, store } from '../http/server.mjs';
import { checkFeed, checkFiling, checkMatter } from './check.mjs';

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const rounds = Number(process.env.CRASH_ROUNDS ?? 8);
const CLIENTS = 12;
const ACTIONS = 4; // On each matter after its start.

// Park and Miller: the same seed, the same moments.
let state = (seed % 2147483646) + 1;
const random = (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
};

const sum = (list, count) => list.reduce((total, one) => total + count(one), 0);

let numbers = 0;
const fresh = () => `${seed}-${++numbers}`;

// Sends a request; null when the server died before it answered. Everything else must succeed.
async function send(client, request) {
    let reply = null;
    try {
        reply = await client.post(request.path, request.body, request.headers);
    } catch {
        return null; // Broken off: nobody knows.
    }
    assert.ok(reply.status === 200 || reply.status === 201, `${request.path}: ${reply.status} ${reply.text}`);
    return reply.json;
}

// What a client knows: what it sent, and what was answered.
class Worker {
    constructor(server, staff, isPublic) {
        Object.assign(this, { server, staff, isPublic, matters: [], filings: [], open: null, answers: 0 });
    }

    async once(client, request) {
        this.open = { client, request };
        const answer = await send(client, request);
        if (answer !== null) {
            this.open = null;
            this.answers++;
            this.onAnswer();
        }
        return answer;
    }

    async file() {
        const key = fresh();
        const address = `10.${numbers >> 16}.${(numbers >> 8) & 255}.${numbers & 255}`;
        const body = { procedure: 'complaint', facts: complaintFacts({ subject: `围标线索${key}` }), materials: [] };
        const request = { path: '/api/v1/portal/matters', body, headers: { 'Idempotency-Key': key } };
        const client = this.server.visitor(address);
        const answer = await this.once(client, request);
        if (answer !== null) {
            this.filings.push({ client, request, answer });
        }
        return answer !== null;
    }

    async record() {
        const key = fresh();
        const { receiver_body, ...facts } = complaintFacts({ subject: `窗口代录${key}`, source: 'counter' });
        const body = { procedure: 'complaint', action: 'record', facts, materials: [] };
        const request = { path: '/api/v1/matters', body, headers: { 'Idempotency-Key': key } };
        const answer = await this.once(this.staff, request);
        if (answer === null) {
            return false;
        }
        this.matters.push({ request, answer, acts: [] });
        return this.act(this.matters.at(-1), ACTIONS);
    }

    async act(matter, times) {
        for (let i = 0; i < times; i++) {
            const key = fresh();
            const { id, version } = matter.acts.at(-1)?.answer ?? matter.answer;
            const facts = { notice_body: '水利和湖泊局', notice_text: `请向有管辖权的部门提出${key}` };
            const headers = { 'Idempotency-Key': key, 'If-Match': `"${version}"` };
            const request = { path: `/api/v1/matters/${id}/actions/notify`, body: { facts, materials: [] }, headers };
            const answer = await this.once(this.staff, request);
            if (answer === null) {
                return false;
            }
            assert.equal(answer.version, version + 1);
            matter.acts.push({ request, answer });
        }
        return true;
    }

    async run() {
        let alive = true;
        while (alive) {
            alive = await (this.isPublic ? this.file() : this.record());
        }
    }

    // What was under way when the server died: sent again, it must give exactly one matter or one action.
    async settle() {
        if (this.open === null) {
            return;
        }
        const { client, request } = this.open;
        this.open = null;
        const answer = await send(client, request);
        assert.notEqual(answer, null);
        if (this.isPublic) {
            this.filings.push({ client, request, answer });
        } else if (request.path === '/api/v1/matters') {
            this.matters.push({ request, answer, acts: [] });
        } else {
            const matter = this.matters.at(-1);
            assert.equal(answer.version, (matter.acts.at(-1)?.answer ?? matter.answer).version + 1);
            matter.acts.push({ request, answer });
        }
    }
}

// By count, not by time: a busy machine has as much load as an idle one. The rest of a moment is random, too.
async function killUnderLoad(server, workers) {
    const until = 20 + random(130);
    const enough = new Promise((resolve) => {
        for (const worker of workers) {
            worker.onAnswer = () => sum(workers, (one) => one.answers) >= until && resolve();
        }
    });
    const running = Promise.all(workers.map((worker) => worker.run()));
    await Promise.race([enough, running]);
    await new Promise((resolve) => setTimeout(resolve, random(20)));
    await Promise.all([server.halt('SIGKILL'), running]);
}

// The very same requests again: the same matters, and nothing new.
async function checkReplays(worker) {
    for (const { client, request, answer } of worker.filings.slice(-3)) {
        const again = await send(client, request);
        assert.equal(again.code, answer.code);
        assert.equal(again.reference, answer.reference);
    }
    for (const matter of worker.matters.slice(-2)) {
        for (const one of [matter, ...matter.acts]) {
            const again = await send(worker.staff, one.request);
            assert.equal(again.id, matter.answer.id);
        }
    }
}

const eventsOf = (worker) => worker.filings.length + sum(worker.matters, (matter) => 1 + matter.acts.length);

async function checkAll(staff, workers) {
    for (const worker of workers) {
        await worker.settle();
    }
    for (const worker of workers) {
        await checkReplays(worker);
        for (const filing of worker.filings) {
            await checkFiling(filing);
        }
        for (const matter of worker.matters) {
            await checkMatter(staff, matter);
        }
    }
    const kept = workers.flatMap((worker) => [
        ...worker.filings.map((filing) => ({ reference: filing.answer.reference, events: 1 })),
        ...worker.matters.map((matter) => ({ reference: matter.answer.reference, events: 1 + matter.acts.length })),
    ]);
    await checkFeed(staff, kept);
}

// The clock stands still between two settings, and must not stand twice at the same moment: ids begin with it.
const minuteOf = (round) =>
    `2026-03-02T${String(9 + Math.floor(round / 60)).padStart(2, '0')}:${String(round % 60).padStart(2, '0')}`;

const flags = ['--quiet', '--behind-proxy'];
const server = await startServer({ flags });
console.log(`seed ${seed}, ${rounds} rounds on ${store}`);
const everybody = [];
try {
    const staff = await server.as('supervisor.handler');
    for (let round = 1; round <= rounds; round++) {
        const workers = Array.from({ length: CLIENTS }, (_, i) => new Worker(server, staff, i % 3 === 0));
        await killUnderLoad(server, workers);
        const open = workers.filter((worker) => worker.open !== null).length;
        server.output = ''; // Or the old port would be read again.
        await server.serve(flags);
        await server.clock(minuteOf(round));
        everybody.push(...workers);
        // Each round checks its own in full, the last one all that were ever acknowledged.
        await checkAll(staff, workers.concat(round === rounds ? everybody : []));
        console.log(`round ${round}: ${sum(workers, eventsOf)} actions kept, ${open} were under way`);
    }
    await server.halt();
    console.log(`${sum(everybody, eventsOf)} actions, none lost`);
} finally {
    server.abandon();
}
