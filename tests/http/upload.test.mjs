// Uploads: names that are tricks, files that are too large, empty, too many or cut off. What is refused
// leaves nothing behind, on disk or in the lists.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { assertProblem, complaintFacts, file, matterOf, raw, startServer } from './server.mjs';

const MIB = 1024 * 1024;
let server, handler, other;
before(async () => {
    server = await startServer({ flags: ['--behind-proxy', '--upload-max', '1'] });
    handler = await server.as('supervisor.handler');
    other = await server.as('supervisor.approver');
});
after(() => server.stop());

const arriving = () => readdirSync(join(server.data, 'uploads'));
const kept = () =>
    readdirSync(join(server.data, 'files'), { recursive: true })
        .filter((name) => /^..\/./.test(name))
        .sort();

// Waits until no half file is left: the server hears of a cut connection a moment later.
async function assertNothingLeft(before, limitMs = 10_000) {
    const until = performance.now() + limitMs;
    while (arriving().length > 0 && performance.now() < until) {
        await pause(20);
    }
    assert.deepEqual(arriving(), []);
    assert.deepEqual(kept(), before);
}

// A form as bytes; each part is [headers of the part, content].
function form(parts, { end = '--bb--\r\n' } = {}) {
    const pieces = parts.flatMap(([head, content]) => [`--bb\r\n${head}\r\n\r\n`, content, '\r\n']);
    return Buffer.concat([...pieces, end].map((piece) => Buffer.from(piece)));
}
const named = (name) => `Content-Disposition: form-data; name="file"; filename="${name}"`;
const send = (body, headers = {}) =>
    handler.call('POST', '/api/v1/uploads', {
        body,
        headers: { 'Content-Type': 'multipart/form-data; boundary=bb', ...headers },
    });

test('what was sent is what is kept: name, size, digest, kind', async () => {
    const files = [
        ['投诉书 1.pdf', Buffer.from('%PDF-1.7\n…'), 'application/pdf'],
        ['picture.pdf', Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'), 'image/png'],
        ['page.pdf', Buffer.from('<html><script>alert(1)</script>'), 'text/plain; charset=utf-8'],
        ['program.txt', Buffer.from('MZ\0\x90\0', 'latin1'), 'application/octet-stream'],
        ['.hidden', Buffer.from('x'), 'text/plain; charset=utf-8'],
        ['lines.txt', Buffer.from('\r\n\r\n--b\r\n--b-\r\n'), 'text/plain; charset=utf-8'],
    ];
    const items = await handler.upload(files);
    assert.deepEqual(
        items.map((item) => item.name),
        files.map(([name]) => name),
    );
    for (const [index, [, content, type]] of files.entries()) {
        assert.equal(items[index].bytes, content.length);
        assert.equal(items[index].sha256, createHash('sha256').update(content).digest('hex'));
        assert.equal(items[index].media_type, type);
        assert.match(items[index].sm3, /^[0-9a-f]{64}$/);
    }
    assert.deepEqual(arriving(), []);
});

test('a path in a name is cut off', async () => {
    for (const [name, clean] of [
        ['../../etc/passwd', 'passwd'],
        ['/etc/shadow', 'shadow'],
        ['C:\\windows\\system.ini', 'system.ini'],
        ['..\\..\\a.txt', 'a.txt'],
        ['a/../b.txt', 'b.txt'],
        ['..%2f..%2fetc', '..%2f..%2fetc'],
        ['....//x', 'x'],
        ['<b>&.html', '<b>&.html'],
    ]) {
        const reply = await send(form([[named(name), 'content']]));
        assert.equal(reply.status, 201, reply.text);
        assert.equal(reply.json.items[0].name, clean);
    }
    assert.deepEqual(
        readdirSync(server.data).filter((name) => /passwd|shadow|ini|txt/.test(name)),
        [],
    );
});

const long = '长'.repeat(201);
for (const [what, name] of [
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a path that ends', 'a/..'],
    ['a slash at the end', 'a/'],
    ['201 characters', long],
    ['a control character', 'a\x07b'],
    ['text that runs backwards', 'a\u202Efdp.exe'],
    ['a tab', 'a\tb'],
]) {
    test(`a name of ${what} is refused`, async () => {
        const was = kept();
        const reply = await send(
            form([
                [named('good.txt'), 'good'],
                [named(name), 'content'],
            ]),
        );
        assertProblem(reply, 400, 'INVALID_FIELD');
        assert.equal(reply.json.fields[0].path, 'file');
        await assertNothingLeft(was);
    });
}

test('a name in another encoding is refused', async () => {
    const was = kept();
    const head = Buffer.concat([
        Buffer.from('Content-Disposition: form-data; name="file"; filename="'),
        Buffer.from([0xcd, 0xb6, 0xcb, 0xdf]),
        Buffer.from('.txt"'),
    ]);
    const body = Buffer.concat([Buffer.from('--bb\r\n'), head, Buffer.from('\r\n\r\nx\r\n--bb--\r\n')]);
    assertProblem(await send(body), 400, 'INVALID_FIELD');
    await assertNothingLeft(was);
});

test('an empty file is refused, with all that came with it', async () => {
    const was = kept();
    for (const files of [
        [['a.txt', '']],
        [
            ['a.txt', 'x'],
            ['b.txt', ''],
        ],
        [
            ['b.txt', ''],
            ['a.txt', 'x'],
        ],
    ]) {
        const reply = await handler.uploadReply(files);
        assertProblem(reply, 400, 'INVALID_FIELD');
        assert.match(reply.json.fields[0].text, /空文件/);
    }
    await assertNothingLeft(was);
});

test('a form without a file is refused', async () => {
    assertProblem(
        await send(form([['Content-Disposition: form-data; name="a"', 'text']])),
        400,
        'INVALID_FIELD',
    );
    assertProblem(await send('--bb--\r\n'), 400, 'INVALID_FIELD');
});

test('one byte over the limit is too much, the limit itself is not', async () => {
    const [item] = await handler.upload([['limit.bin', Buffer.alloc(MIB, 1)]]);
    assert.equal(item.bytes, MIB);
    const was = kept();
    assertProblem(await handler.uploadReply([['over.bin', Buffer.alloc(MIB + 1, 2)]]), 413, 'TOO_LARGE');
    assertProblem(
        await handler.uploadReply([
            ['a.txt', 'x'],
            ['far.bin', Buffer.alloc(3 * MIB, 2)],
        ]),
        413,
        'TOO_LARGE',
    );
    assertProblem(
        await handler.uploadReply(['a', 'b', 'c'].map((name) => [name, Buffer.alloc(MIB, name)])),
        413,
        'TOO_LARGE',
    );
    await assertNothingLeft(was);
});

test('20 files are kept, 21 or 40 are not', async () => {
    const files = (count) =>
        Array.from({ length: count }, (_, index) => [`${count}-${index}.txt`, `${count} ${index}`]);
    assert.equal((await handler.upload(files(20))).length, 20);
    const was = kept();
    assertProblem(await handler.uploadReply(files(21)), 413, 'TOO_LARGE');
    assertProblem(await handler.uploadReply(files(40)), 413, 'TOO_LARGE');
    await assertNothingLeft(was);
});

test('many fields, or long ones, fill no memory', async () => {
    const field = (name, text) => [`Content-Disposition: form-data; name="${name}"`, text];
    const fields = (count) => Array.from({ length: count }, (_, index) => field(`f${index}`, ''));
    assert.equal((await send(form([...fields(32), [named('a.txt'), 'x']]))).status, 201);
    assertProblem(await send(form([...fields(33), [named('a.txt'), 'x']])), 413, 'TOO_LARGE');
    assertProblem(
        await send(form([field('long', 'x'.repeat(65 * 1024)), [named('a.txt'), 'x']])),
        413,
        'TOO_LARGE',
    );
    assertProblem(await send(form(fields(40_000))), 413, 'TOO_LARGE');
});

test('forms that are none are refused', async () => {
    const was = kept();
    for (const [body, headers, status, name] of [
        [form([[named('a.txt'), 'x']]), { 'Content-Type': 'application/json' }, 415, 'MEDIA_TYPE'],
        [form([[named('a.txt'), 'x']]), { 'Content-Type': 'multipart/form-data' }, 415, 'MEDIA_TYPE'],
        ['a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'MEDIA_TYPE'],
        [form([[named('a.txt'), 'x']], { end: '' }), {}, 400, 'MALFORMED'],
        [form([[named('a.txt'), 'x']], { end: '--bb' }), {}, 400, 'MALFORMED'],
        ['--bb\r\nContent-Disp', {}, 400, 'MALFORMED'],
        [form([['Content-Disposition: form-data; filename="a.txt"', 'x']]), {}, 400, 'MALFORMED'],
        [form([['Content-Disposition: form-data', 'x']]), {}, 400, 'MALFORMED'],
        [form([[`X-Long: ${'x'.repeat(100_000)}`, 'x']]), {}, 400, 'MALFORMED'],
    ]) {
        assertProblem(await send(body, headers), status, name);
    }
    await assertNothingLeft(was);
});

// The head of an upload by hand, for what fetch does not send.
const head = (length) =>
    `POST /api/v1/uploads HTTP/1.1\r\nHost: h\r\nConnection: close\r\nCookie: ${handler.cookie}\r\n` +
    `X-CSRF-Token: ${handler.session.csrf}\r\nContent-Type: multipart/form-data; boundary=bb\r\n` +
    `Content-Length: ${length}\r\n\r\n`;

test('a file that comes in small pieces is the same file', async () => {
    const content = '\r\n\r\n--b?\r\n\r\nthe end\r\n';
    const body = form([
        [named('pieces.txt'), content],
        [named('second.txt'), '\r\n'],
    ]).toString('latin1');
    for (const size of [1, 2, 3, 7]) {
        const reply = await new Promise((resolve, reject) => {
            const socket = connect(server.port, '127.0.0.1');
            socket.setNoDelay(true);
            let got = '';
            socket.on('data', (data) => {
                got += data.toString('utf8');
            });
            socket.on('close', () => resolve(got));
            socket.on('error', reject);
            socket.write(head(body.length));
            (async () => {
                for (let at = 0; at < body.length; at += size) {
                    await new Promise((done) => socket.write(body.slice(at, at + size), done));
                    await new Promise((done) => setImmediate(done));
                }
            })();
        });
        assert.match(reply, /^HTTP\/1\.1 201/);
        const { items } = JSON.parse(reply.slice(reply.indexOf('{')));
        assert.deepEqual(
            items.map((item) => [item.name, item.bytes]),
            [
                ['pieces.txt', content.length],
                ['second.txt', 2],
            ],
            `pieces of ${size}`,
        );
        assert.equal(items[0].sha256, createHash('sha256').update(content).digest('hex'));
    }
});

// The library may overlook that a client is gone until the upload's 30 s without progress are over.
test('of an upload that is cut off nothing is kept', async () => {
    const was = kept();
    const body = form([
        [named('first.txt'), 'complete'],
        [named('half.bin'), Buffer.alloc(500_000, 7)],
    ]);
    for (const share of [0.001, 0.5, 0.9999]) {
        const there = new Set(arriving());
        const began = () => share < 0.01 || arriving().some((name) => !there.has(name));
        const socket = connect(server.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.write(head(body.length));
        await new Promise((done) => socket.write(body.subarray(0, Math.floor(body.length * share)), done));
        let seen = began();
        for (let tries = 0; !seen && tries < 500; tries++) {
            await pause(10);
            seen = began();
        }
        assert.ok(seen, 'the upload did not begin');
        socket.destroy();
    }
    const short = await raw(server, [head(body.length), body.subarray(0, 1000)], {
        end: true,
        timeoutMs: 45_000,
    });
    assert.notEqual(short.status, 201);
    await assertNothingLeft(was, 45_000);
});

test('an upload is used once, by who brought it, or not at all', async () => {
    const record = (client, materials) =>
        client.post('/api/v1/matters', {
            procedure: 'complaint',
            action: 'record',
            facts: { ...complaintFacts({ source: 'counter', receiver_body: undefined }) },
            materials,
        });
    const [mine] = await handler.upload([['mine.txt', 'mine']]);
    const stolen = await record(other, [mine.id]);
    assertProblem(stolen, 400, 'INVALID_FIELD');
    const visitor = await server.visitor('10.2.0.1').post('/api/v1/portal/matters', {
        procedure: 'complaint',
        facts: complaintFacts(),
        materials: [mine.id],
    });
    assertProblem(visitor, 400, 'INVALID_FIELD');
    assertProblem(await record(handler, [mine.id, mine.id]), 400, 'INVALID_FIELD');
    const made = await record(handler, [mine.id]);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(
        made.json.materials.map((item) => item.name),
        ['mine.txt'],
    );
    assertProblem(await record(handler, [mine.id]), 400, 'INVALID_FIELD');
    const [theirs] = await server
        .visitor('10.2.0.1')
        .upload([['theirs.txt', 'theirs']], '/api/v1/portal/uploads');
    assertProblem(await record(handler, [theirs.id]), 400, 'INVALID_FIELD');
});

test('the portal uploads the same way', async () => {
    const visitor = server.visitor('10.2.0.2');
    const was = kept();
    assertProblem(await visitor.uploadReply([['a.txt', '']], '/api/v1/portal/uploads'), 400, 'INVALID_FIELD');
    assertProblem(
        await visitor.uploadReply([['a.bin', Buffer.alloc(MIB + 1)]], '/api/v1/portal/uploads'),
        413,
        'TOO_LARGE',
    );
    await assertNothingLeft(was);
    const items = await visitor.upload(
        [
            ['证据一.pdf', '%PDF-1.4'],
            ['证据二.txt', '二'],
        ],
        '/api/v1/portal/uploads',
    );
    const filed = await file(
        visitor,
        'complaint',
        complaintFacts(),
        items.map((item) => item.id),
    );
    const matter = await matterOf(handler, filed.reference);
    assert.deepEqual(
        matter.materials.map((item) => [item.name, item.by]),
        [
            ['证据一.pdf', null],
            ['证据二.txt', null],
        ],
    );
});
