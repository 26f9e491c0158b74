// What must be true after the restart, seen through the interface.
import assert from 'node:assert/strict';

const clockKey = (clock) => `${clock.code} ${clock.due} ${clock.due_time} ${clock.obligor}`;
const keysOf = (clocks) => clocks.map(clockKey).sort();

// A filing by the public: its code opens it, with the same clocks.
export async function checkFiling({ client, request, answer }) {
    const reply = await client.post('/api/v1/portal/follow', { code: answer.code });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.reference, answer.reference);
    assert.equal(reply.json.state, 'received');
    assert.equal(reply.json.title, request.body.facts.subject);
    assert.ok(answer.due.length > 0);
    const open = new Set(keysOf(reply.json.clocks));
    for (const key of keysOf(answer.due)) {
        assert.ok(open.has(key), `${answer.reference}: the clock ${key} is gone`);
    }
    assert.equal(reply.json.progress.length, 1);
}

// A matter of the staff: as the last answer told it, one event for each action, in order.
export async function checkMatter(staff, matter) {
    const { id } = matter.answer;
    const last = matter.acts.at(-1)?.answer ?? matter.answer;
    const reply = await staff.get(`/api/v1/matters/${id}`);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.version, 1 + matter.acts.length);
    assert.equal(reply.json.state, last.state);
    assert.ok(reply.json.clocks.length > 0);
    assert.deepEqual(keysOf(reply.json.clocks), keysOf(last.clocks));
    const value = (from, code) => from.facts.find((fact) => fact.code === code)?.value;
    for (const code of ['subject', 'statement', 'respondent', 'notice_text']) {
        assert.equal(value(reply.json, code), value(last, code));
    }
    const events = await staff.get(`/api/v1/matters/${id}/events`);
    const actions = events.json.items.map((event) => event.action);
    assert.deepEqual(actions, ['record', ...matter.acts.map(() => 'notify')]);
    const texts = events.json.items.slice(1).map((event) => value(event, 'notice_text'));
    assert.deepEqual(texts, matter.acts.map((act) => act.request.body.facts.notice_text));
}

async function readFeed(staff) {
    const items = [];
    for (let after = 0; ; ) {
        const page = await staff.get(`/api/v1/feed?after=${after}&limit=1000`);
        assert.equal(page.status, 200, page.text);
        if (page.json.items.length === 0) {
            return items;
        }
        items.push(...page.json.items);
        after = page.json.next;
    }
}

// PostgreSQL gives numbers a moment after the commit: wait until the feed holds the last event.
async function readWholeFeed(staff, matters) {
    for (let tries = 0; ; tries++) {
        const items = await readFeed(staff);
        const found = new Map();
        for (const item of items) {
            found.set(item.reference, (found.get(item.reference) ?? 0) + 1);
        }
        const missing = matters.filter(({ reference, events }) => (found.get(reference) ?? 0) < events);
        if (missing.length === 0) {
            return { items, found };
        }
        assert.ok(tries < 100, `${missing.length} matters miss events in the feed`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

// Every event once, numbers without a gap, those of one matter in their order.
export async function checkFeed(staff, matters) {
    const { items, found } = await readWholeFeed(staff, matters);
    items.forEach((item, i) => assert.equal(item.number, i + 1, 'the feed has a gap'));
    for (const { reference, events } of matters) {
        assert.equal(found.get(reference), events, `${reference} has a wrong number of events`);
    }
    const begun = new Set();
    for (const item of items) {
        assert.equal(begun.has(item.reference), !['submit', 'record'].includes(item.action));
        begun.add(item.reference);
    }
}
