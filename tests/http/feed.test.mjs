// The feed under concurrent writers, the hints of the stream, and cursors while lists grow.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { complaintFacts, file, matterOf, startServer } from './server.mjs';

let server, handler, water, housing, auditor;
before(async () => {
    server = await startServer({ flags: ['--behind-proxy'] });
    handler = await server.as('supervisor.handler');
    water = await server.as('water.handler');
    housing = await server.as('housing.handler');
    auditor = await server.as('service.auditor');
});
after(() => server.stop());

let addresses = 0;
const visitor = () => server.visitor(`10.5.${Math.floor(++addresses / 250)}.${addresses % 250}`);
const fileTo = (body, more = {}) =>
    file(visitor(), 'complaint', complaintFacts({ receiver_body: body, ...more }));
const page = async (client, after, limit) =>
    (await client.get(`/api/v1/feed?after=${after}&limit=${limit}`)).json;

// Reads on from `after` until nothing more comes.
async function readOn(client, after, limit = 7) {
    const items = [];
    let next = after;
    for (
        let got = await page(client, next, limit);
        got.items.length > 0;
        got = await page(client, next, limit)
    ) {
        assert.ok(got.items.length <= limit && got.next >= got.items.at(-1).number);
        items.push(...got.items);
        next = got.next;
    }
    return { items, next };
}

// One event arrives after the commit that made it: wait for its number, bounded.
async function until(what, tries = 500) {
    for (let i = 0; i < tries; i++) {
        if (await what()) {
            return;
        }
        await turn();
    }
    assert.fail('it did not come in time');
}

test('under concurrent writers no event is skipped, none comes twice', async () => {
    const WRITERS = 8;
    const EACH = 15;
    let writing = WRITERS;
    const bodies = ['supervisor', 'water', 'housing'];
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; i < EACH; i++) {
            const filed = await fileTo(bodies[(writer + i) % 3]);
            if (i % 5 === 0 && bodies[(writer + i) % 3] === 'supervisor') {
                const matter = await matterOf(handler, filed.reference);
                await handler.acted(matter, 'notify', {
                    notice_body: '某局某科',
                    notice_text: '书面告知的内容',
                });
            }
        }
        writing--;
    });
    const readers = [handler, water, auditor].map(async (client) => {
        const seen = [];
        let next = 0;
        while (writing > 0) {
            const more = await readOn(client, next, 3);
            seen.push(...more.items);
            next = more.next;
            await turn();
        }
        const rest = await readOn(client, next);
        return [...seen, ...rest.items].map((event) => event.number);
    });
    await Promise.all(writers);
    const followed = await Promise.all(readers);
    // What was read while it grew is what is read at leisure.
    let total = 0;
    for (const [index, client] of [handler, water, auditor].entries()) {
        await until(async () => {
            const all = (await readOn(client, 0, 1000)).items.map((event) => event.number);
            const last = followed[index].at(-1) ?? 0;
            followed[index].push(...all.filter((number) => number > last));
            total = Math.max(total, all.length);
            return (
                followed[index].length === all.length && JSON.stringify(followed[index]) === JSON.stringify(all)
            );
        });
    }
    const numbers = followed[2];
    assert.deepEqual(
        numbers,
        Array.from({ length: numbers.length }, (_, index) => index + 1),
        'the auditor sees all: no gap',
    );
    assert.ok(numbers.length >= WRITERS * EACH);
    assert.deepEqual(followed[0], numbers, 'the supervisor oversees every complaint');
    assert.ok(followed[1].length > 0 && followed[1].length < numbers.length);
});

test('a page has what was asked for, and only what may be seen', async () => {
    const all = (await readOn(water, 0, 1000)).items;
    for (const limit of [1, 2, 5]) {
        assert.deepEqual((await readOn(water, 0, limit)).items, all);
    }
    const own = new Set((await water.get('/api/v1/matters?limit=100')).json.items.map((item) => item.id));
    assert.ok(all.every((event) => own.has(event.matter)));
    const beyond = await page(water, 1_000_000, 10);
    assert.deepEqual(beyond, { items: [], next: 1_000_000 });
    for (const event of all) {
        assert.deepEqual(Object.keys(event), [
            'number',
            'matter',
            'reference',
            'procedure',
            'action',
            'from',
            'to',
            'time',
        ]);
    }
});

// Listens to the stream; `next()` gives the data of the next event.
function listen(client) {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    let wake = () => {};
    let closed = false;
    socket.on('data', (bytes) => {
        text += bytes;
        wake();
    });
    socket.on('close', () => {
        closed = true;
        wake();
    });
    socket.on('error', () => {});
    socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: h\r\nCookie: ${client.cookie}\r\n\r\n`);
    const wait = async (pattern) => {
        const late = setTimeout(() => {
            closed = true;
            wake();
        }, 30_000);
        for (;;) {
            const found = pattern.exec(text);
            if (found) {
                clearTimeout(late);
                text = text.slice(found.index + found[0].length);
                return found[1];
            }
            assert.ok(!closed, `the stream ended: ${text}`);
            await new Promise((resolve) => {
                wake = resolve;
            });
        }
    };
    return {
        ready: () => wait(/: connected\n\n/),
        next: async () => JSON.parse(await wait(/event: changed\ndata: (.*)\n\n/)).matter,
        ended: () => wait(/\r\n0\r\n\r\n/),
        rest: () => text,
        close: () => socket.destroy(),
    };
}

test('the stream tells of what may be seen, and of nothing else', async () => {
    const streams = [handler, housing, auditor].map(listen);
    const [ofHandler, ofHousing, ofAuditor] = streams;
    await Promise.all(streams.map((stream) => stream.ready()));
    const first = await matterOf(water, (await fileTo('water')).reference);
    assert.equal(await ofHandler.next(), first.id);
    assert.equal(await ofAuditor.next(), first.id);
    const second = await matterOf(housing, (await fileTo('housing')).reference);
    assert.equal(await ofHousing.next(), second.id, 'the first it hears of is its own');
    assert.equal(await ofHandler.next(), second.id);
    const own = await matterOf(handler, (await fileTo('supervisor')).reference);
    assert.equal(await ofHandler.next(), own.id);
    const acted = await handler.acted(own, 'transfer', {
        transfer_ground: 'other_duty',
        transfer_to: 'housing',
        case_summary: '属房屋建筑工程监督事项。',
    });
    const told = new Set([await ofHandler.next(), await ofHandler.next()]);
    assert.deepEqual(told, new Set([own.id, acted.links[0].id]));
    const third = await matterOf(housing, (await fileTo('housing')).reference);
    assert.equal(await ofHousing.next(), third.id, 'a draft is not told to its receiver');
    streams.forEach((stream) => stream.close());
});

test('a stream ends with its session, and with no other', async () => {
    const leaving = await server.as('water.handler');
    const staying = await server.as('water.handler');
    const ending = listen(leaving);
    const going = listen(staying);
    await Promise.all([ending.ready(), going.ready()]);
    assert.equal((await leaving.call('DELETE', '/api/v1/session')).status, 204);
    await ending.ended();
    const matter = await matterOf(water, (await fileTo('water')).reference);
    assert.equal(await going.next(), matter.id);
    ending.close();
    going.close();
});

test('a stream is open to nobody without cases, and HEAD ends at once', async () => {
    const admin = await server.as('service.system_admin');
    assert.equal((await admin.get('/api/v1/stream')).status, 403);
    const reply = await handler.call('HEAD', '/api/v1/stream');
    assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'text/event-stream']);
});

test('a cursor stays where it was while matters are added', async () => {
    const made = [];
    for (let i = 0; i < 23; i++) {
        made.push((await fileTo('transport', { subject: `翻页稳定性第${i}件` })).reference);
    }
    const transport = await server.as('transport.handler');
    for (const sort of ['created', 'updated', 'due']) {
        const seen = [];
        let next = '';
        do {
            const reply = await transport.get(`/api/v1/matters?limit=5&sort=${sort}&after=${next}`);
            assert.equal(reply.status, 200, reply.text);
            seen.push(...reply.json.items.map((item) => item.reference));
            next = reply.json.next;
            await fileTo('transport', { subject: '翻页之间新增的一件' });
        } while (next !== null);
        assert.deepEqual(
            made.filter((reference) => !seen.includes(reference)),
            [],
            `${sort}: none is skipped`,
        );
        assert.equal(new Set(seen).size, seen.length, `${sort}: none comes twice`);
    }
});
