// Stopping under load: every answer that went out is true after the restart, streams end cleanly, the
// process ends well. And what a killed process left half uploaded is not taken for anything.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { complaintFacts, file, password, program, root, startServer } from './server.mjs';

const FLAGS = ['--behind-proxy'];
let server;
before(async () => {
    server = await startServer({ flags: FLAGS });
});
after(() => server.stop());

// Time goes on while it is stopped: ids are made from it.
let hour = 9;
async function again() {
    await server.serve(FLAGS);
    await server.clock(`2026-03-02T${++hour}:00`);
    return server.as('supervisor.handler');
}

// Files complaints until the server no longer answers; gives the references it was told.
async function fileOn(writer, told) {
    for (let i = 0; i < 200; i++) {
        const visitor = server.visitor(`10.7.${writer}.${i % 250}`);
        try {
            const reply = await visitor.post('/api/v1/portal/matters', {
                procedure: 'complaint',
                facts: complaintFacts(),
            });
            if (reply.status === 503) {
                return;
            }
            assert.equal(reply.status, 201, reply.text);
            told.push(reply.json.reference);
        } catch (error) {
            assert.equal(error.message, 'fetch failed');
            return;
        }
    }
}

async function references(client) {
    const all = [];
    let next = '';
    do {
        const { json } = await client.get(`/api/v1/matters?limit=100&after=${next}`);
        all.push(...json.items.map((item) => item.reference));
        next = json.next;
    } while (next !== null);
    return new Set(all);
}

function openStream(client) {
    const socket = connect(server.port, '127.0.0.1');
    return new Promise((resolve, reject) => {
        let text = '';
        const ended = new Promise((done) => socket.on('close', () => done(text)));
        socket.on('error', reject);
        socket.on('data', (bytes) => {
            text += bytes;
            if (text.includes(': connected')) {
                resolve({ ended });
            }
        });
        socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: h\r\nCookie: ${client.cookie}\r\n\r\n`);
    });
}

test('stopped under load, five times', async () => {
    let client = await server.as('supervisor.handler');
    const told = [];
    for (let round = 0; round < 5; round++) {
        const streams = await Promise.all(Array.from({ length: 10 }, () => openStream(client)));
        const enough = told.length + 20 + 10 * round;
        const writers = Array.from({ length: 8 }, (_, writer) => fileOn(round * 10 + writer, told));
        while (told.length < enough) {
            await new Promise(setImmediate);
        }
        await server.halt();
        await Promise.all(writers);
        for (const stream of streams) {
            assert.match(await stream.ended, /\r\n0\r\n\r\n$/, 'the last chunk came');
        }
        client = await again();
        const there = await references(client);
        assert.deepEqual(
            told.filter((reference) => !there.has(reference)),
            [],
        );
    }
    assert.ok(told.length >= 100);
});

test('stopped while uploads and slow requests hang, it does not hang itself', async () => {
    const sockets = Array.from({ length: 5 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of sockets) {
        socket.on('error', () => {});
        socket.write(
            'POST /api/v1/portal/uploads HTTP/1.1\r\nHost: h\r\nX-Real-IP: 10.7.200.1\r\n' +
                'Content-Type: multipart/form-data; boundary=bb\r\n' +
                'Content-Length: 100000\r\n\r\n--bb\r\n' +
                'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf',
        );
    }
    await file(server.visitor('10.7.200.2'), 'complaint', complaintFacts());
    const began = performance.now();
    await server.halt();
    assert.ok(performance.now() - began < 20_000);
    sockets.forEach((socket) => socket.destroy());
    await again();
});

test('a port that is taken is refused, in the language of the environment', async () => {
    const server = await startServer();
    const other = mkdtempSync(join(tmpdir(), 'liandong-http-'));
    try {
        const bodies = join(root, 'rulebooks', 'zengdu-2021', 'demo', 'organisations.yaml');
        const env = { ...process.env, LIANDONG_FIRST_PASSWORD: password, LIANDONG_STORE: '' };
        delete env.LIANDONG_STORE;
        execFileSync(program, ['init', '--data', other, '--bodies', bodies], { env, stdio: 'ignore' });
        for (const [lang, words] of [
            ['en_US.UTF-8', `Can not listen on 127.0.0.1 port ${server.port}`],
            ['zh_CN.UTF-8', '无法监听'],
        ]) {
            const flags = ['serve', '--data', other, '--listen', `127.0.0.1:${server.port}`];
            const ran = spawnSync(program, flags, { env: { ...env, LC_ALL: lang }, encoding: 'utf8', timeout: 60_000 });
            assert.equal(ran.status, 1, ran.stderr);
            assert.ok(ran.stderr.includes(words), ran.stderr);
        }
    } finally {
        rmSync(other, { recursive: true, force: true });
        await server.stop();
    }
});
