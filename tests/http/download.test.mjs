// Downloads: the same bytes under the same name, as an attachment; ranges; a damaged file does not go out.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, startServer } from './server.mjs';

let server, handler, matter;
const contents = new Map([
    ['投诉书（正本）.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_000)])],
    ["a b;c%d'e.html", Buffer.from('<script>alert(document.cookie)</script>')],
    ['😀.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['one.bin', Buffer.from([0])],
]);
before(async () => {
    server = await startServer({ flags: ['--behind-proxy'] });
    handler = await server.as('supervisor.handler');
    const visitor = server.visitor('10.6.0.1');
    const items = await visitor.upload([...contents], '/api/v1/portal/uploads');
    const filed = await file(
        visitor,
        'complaint',
        complaintFacts(),
        items.map((item) => item.id),
    );
    matter = await matterOf(handler, filed.reference);
});
after(() => server.stop());

const path = (name) =>
    `/api/v1/matters/${matter.id}/materials/${matter.materials.find((item) => item.name === name).id}`;
const pdf = '投诉书（正本）.pdf';

test('bytes, digest, size, name and kind are those of the upload', async () => {
    for (const [name, content] of contents) {
        const material = matter.materials.find((item) => item.name === name);
        const reply = await handler.get(path(name));
        assert.equal(reply.status, 200);
        assert.ok(reply.bytes.equals(content));
        assert.equal(material.sha256, createHash('sha256').update(reply.bytes).digest('hex'));
        assert.equal(material.bytes, content.length);
        assert.equal(Number(reply.headers.get('content-length')), content.length);
        assert.equal(reply.headers.get('content-type'), material.media_type);
    }
});

test('SM3 is what another program computes', async () => {
    const material = matter.materials.find((item) => item.name === pdf);
    assert.equal(material.sm3, createHash('sm3').update(contents.get(pdf)).digest('hex'));
});

test('the name travels in RFC 5987 form, always as an attachment that is not guessed at', async () => {
    for (const name of contents.keys()) {
        const reply = await handler.get(path(name));
        const header = reply.headers.get('content-disposition');
        const encoded = /^attachment; filename\*=UTF-8''([A-Za-z0-9._%-]+)$/.exec(header);
        assert.ok(encoded, header);
        assert.equal(decodeURIComponent(encoded[1]), name);
        assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
        assert.match(reply.headers.get('content-security-policy'), /default-src 'self'/);
        assert.doesNotMatch(reply.headers.get('content-type'), /html|svg/);
        assert.equal(reply.headers.get('cache-control'), 'no-store');
    }
});

test('ranges', async () => {
    const content = contents.get(pdf);
    const size = content.length;
    for (const [range, from, to] of [
        ['bytes=0-9', 0, 9],
        ['bytes=100-', 100, size - 1],
        [`bytes=${size - 1}-`, size - 1, size - 1],
        ['bytes=5-5', 5, 5],
        [`bytes=10-${size * 2}`, 10, size - 1],
    ]) {
        const reply = await handler.get(path(pdf), { Range: range });
        assert.equal(reply.status, 206, range);
        assert.equal(reply.headers.get('content-range'), `bytes ${from}-${to}/${size}`);
        assert.ok(reply.bytes.equals(content.subarray(from, to + 1)), range);
    }
    for (const range of [
        'bytes=',
        'bytes=-',
        'bytes=x-y',
        'bytes=9-5',
        `bytes=${size}-`,
        'bytes=0-1,5-6',
        'lines=1-2',
        'bytes=-5',
        'bytes=1--2',
        'bytes=99999999999999999999-',
    ]) {
        const reply = await handler.get(path(pdf), { Range: range });
        assert.equal(reply.status, 200, range);
        assert.ok(reply.bytes.equals(content), range);
        assert.equal(reply.headers.get('content-range'), null);
    }
    const conditional = await handler.get(path(pdf), { Range: 'bytes=0-9', 'If-Range': '"another version"' });
    assert.deepEqual([conditional.status, conditional.bytes.length], [200, size]);
});

test('HEAD has the same headers and no body', async () => {
    const reply = await handler.call('HEAD', path(pdf));
    assert.equal(reply.status, 200);
    assert.equal(Number(reply.headers.get('content-length')), contents.get(pdf).length);
    assert.match(reply.headers.get('content-disposition'), /^attachment/);
    assert.equal(reply.bytes.length, 0);
});

test('a file that is damaged or gone does not go out as evidence', async () => {
    const material = matter.materials.find((item) => item.name === pdf);
    const stored = join(server.data, 'files', material.sha256.slice(0, 2), material.sha256.slice(2));
    const good = readFileSync(stored);
    assert.ok(good.equals(contents.get(pdf)));
    const bad = Buffer.from(good);
    bad[1000] ^= 1;
    chmodSync(stored, 0o600);
    for (const damage of [
        () => writeFileSync(stored, bad),
        () => writeFileSync(stored, good.subarray(1)),
        () => rmSync(stored),
    ]) {
        damage();
        const reply = await handler.get(path(pdf));
        assertProblem(reply, 500, 'IO_FAILED');
        assert.ok(!reply.text.includes(server.data), 'no path goes out');
        assertProblem(await handler.get(path(pdf), { Range: 'bytes=0-9' }), 500, 'IO_FAILED');
    }
    writeFileSync(stored, good);
    assert.equal((await handler.get(path(pdf))).status, 200);
});
