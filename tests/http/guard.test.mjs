// Requests that two programs could read in two ways, and those that are no requests: each gets its
// answer, and nothing that follows in the same connection is taken for a second request.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { raw, startServer } from './server.mjs';

let server;
before(async () => {
    server = await startServer();
});
after(() => server.stop());

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const SECOND = `GET /health HTTP/1.1\r\n${HOST}\r\n`;
const get = (headers, path = '/health') => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;
const post = (headers, body) => `POST /api/v1/session HTTP/1.1\r\n${HOST}${JSON_TYPE}${headers}\r\n${body}`;

// [what, bytes, status, name of the problem or null when the library answers before us]
const refused = [
    [
        'length and encoding',
        post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${SECOND}`),
        400,
        'MALFORMED',
    ],
    [
        'length and encoding on GET',
        get('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n') + SECOND,
        400,
        'MALFORMED',
    ],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 40\r\n', `{}${SECOND}`), 400, 'MALFORMED'],
    ['two equal lengths', post('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'), 400, 'MALFORMED'],
    [
        'two encodings',
        post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
        400,
        'MALFORMED',
    ],
    ['encoding identity', post('Transfer-Encoding: identity\r\n', '0\r\n\r\n'), 400, 'MALFORMED'],
    ['encoding gzip, chunked', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 400, 'MALFORMED'],
    ['encoding xchunked', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400, 'MALFORMED'],
    ['length with sign', post('Content-Length: +2\r\n', '{}'), 400, null],
    ['length below zero', post('Content-Length: -2\r\n', '{}'), 400, null],
    ['length in hex', post('Content-Length: 0x2\r\n', '{}'), 400, null],
    ['length as list', post('Content-Length: 2, 2\r\n', '{}'), 400, null],
    ['length empty', post('Content-Length:\r\n', '{}'), 400, null],
    ['length beyond 64 bits', post('Content-Length: 99999999999999999999999\r\n', '{}'), 413, null],
    ['chunk size is no number', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), 400, null],
    ['chunk size below zero', post('Transfer-Encoding: chunked\r\n', '-2\r\n{}\r\n0\r\n\r\n'), 400, null],
    ['chunk size beyond 64 bits', post('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\n{}'), 413, null],
    ['blank before the colon', get('X-A : 1\r\n'), 400, 'MALFORMED'],
    [
        'encoding with blank before the colon',
        post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'),
        400,
        'MALFORMED',
    ],
    ['name that is no token', get('X(A): 1\r\n'), 400, 'MALFORMED'],
    ['control byte in a value', get('X-A: a\x01b\r\n'), 400, 'MALFORMED'],
    ['delete byte in a value', get('X-A: a\x7fb\r\n'), 400, 'MALFORMED'],
    ['zero byte in a name', get('X-A\0: a\r\n'), 400, null],
    ['a carriage return alone', get('X-A: a\rX-B: b\r\n'), 400, 'MALFORMED'],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'MALFORMED'],
    ['two Hosts', get(HOST), 400, 'MALFORMED'],
    ['two Hosts on 1.0', `GET /health HTTP/1.0\r\n${HOST}${HOST}\r\n`, 400, 'MALFORMED'],
    ['no Host on 1.2', 'GET /health HTTP/1.2\r\n\r\n', 400, 'MALFORMED'],
    ['unknown method', `BREW /health HTTP/1.1\r\n${HOST}\r\n`, 501, 'NOT_IMPLEMENTED'],
    ['method in small letters', `get /health HTTP/1.1\r\n${HOST}\r\n`, 501, 'NOT_IMPLEMENTED'],
    ['TRACE', `TRACE /health HTTP/1.1\r\n${HOST}\r\n`, 501, 'NOT_IMPLEMENTED'],
    ['CONNECT', `CONNECT other:443 HTTP/1.1\r\n${HOST}\r\n`, 501, 'NOT_IMPLEMENTED'],
    ['version 2.0', `GET /health HTTP/2.0\r\n${HOST}\r\n`, 505, null],
    ['version 0.9', `GET /health HTTP/0.9\r\n${HOST}\r\n`, 505, null],
    ['no version', 'GET /health\r\n\r\n', 400, null],
    ['blank in the path', `GET /health x HTTP/1.1\r\n${HOST}\r\n`, 400, 'MALFORMED'],
    ['bytes outside ASCII in the path', `GET /\xe4\xb8\xad HTTP/1.1\r\n${HOST}\r\n`, 400, 'MALFORMED'],
    ['escaped zero byte in the path', get('Connection: close\r\n', '/api/v1/code/a%00b'), 400, 'MALFORMED'],
    ['broken escape in the path', get('Connection: close\r\n', '/api/v1/code/a%zz'), 400, 'MALFORMED'],
    ['escape that is no UTF-8', get('Connection: close\r\n', '/api/v1/code/a%ff'), 400, 'MALFORMED'],
    ['broken escape in the query', get('', '/api/v1/deadline?from=%f&within=5wd'), 400, 'MALFORMED'],
    ['query that is no UTF-8', get('', '/api/v1/deadline?from=%c3%28&within=5wd'), 400, 'MALFORMED'],
    ['zero byte in the query', get('', '/api/v1/deadline?from=2026-02-13%00x&within=5wd'), 400, 'MALFORMED'],
    ['zero byte in a query name', get('', '/api/v1/deadline?fr%00om=1'), 400, 'MALFORMED'],
    ['header of 17 KiB', get(`X-A: ${'a'.repeat(17 * 1024)}\r\n`), 431, 'HEADER_TOO_LARGE'],
    ['path of 17 KiB', get('', `/${'a'.repeat(17 * 1024)}`), 431, 'HEADER_TOO_LARGE'],
    ['header of 100 KiB', get(`X-A: ${'a'.repeat(100 * 1024)}\r\n`), 431, null],
    ['two thousand headers', get('a: b\r\n'.repeat(2000)), 431, null],
    ['path of 100 KiB', get('', `/${'a'.repeat(100 * 1024)}`), 414, null],
];

// libmicrohttpd 1.0 (Debian 13) refuses these by itself, before us, without a problem document.
const version = execFileSync('pkg-config', ['--modversion', 'libmicrohttpd'], { encoding: 'utf8' });
const newer = Number(version.split('.')[0]) >= 1;
const byNewer = new Map([
    ['encoding identity', 400],
    ['encoding gzip, chunked', 400],
    ['encoding xchunked', 400],
    ['blank before the colon', 400],
    ['encoding with blank before the colon', 400],
    ['a carriage return alone', 400],
    ['no Host', 400],
    ['no Host on 1.2', 400],
    ['blank in the path', 301], // To the same path with %20 for the blank; the connection is closed.
]);

for (const [what, bytes, status, name] of refused) {
    test(`refused: ${what}`, async () => {
        const reply = await raw(server, bytes);
        if (newer && byNewer.has(what)) {
            assert.equal(reply.status, byNewer.get(what), reply.text);
            assert.equal(reply.headers.get('connection'), 'close');
            assert.equal(reply.count, 1, 'what followed was taken for another request');
            return;
        }
        assert.equal(reply.status, status, reply.text);
        if (name) {
            assert.match(reply.headers.get('content-type'), /^application\/problem\+json/);
            assert.equal(reply.json.name, name);
            assert.equal(reply.headers.get('connection'), 'close');
            assert.equal(reply.count, 1, 'what followed was taken for another request');
        }
        assert.doesNotMatch(reply.text, /"status":"ok"/, 'what followed was answered');
    });
}

test('a refused body is read to its end, and the next request in the connection is itself', async () => {
    const body = SECOND;
    const bytes = `DELETE /api/v1/session HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n${body}`;
    const last = `GET /api/v1/code/last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
    const reply = await raw(server, bytes + last);
    assert.equal(reply.status, 401);
    assert.equal(reply.count, 2, reply.text);
    assert.doesNotMatch(reply.text, /"status":"ok"/);
    assert.match(reply.text, /"code":"last"/);
});

test('good requests one after another in one connection are all answered', async () => {
    const chunked = post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n');
    const last = `GET /health HTTP/1.0\r\n\r\n`;
    const reply = await raw(server, [SECOND, chunked, get('', '/api/v1/nothing'), last]);
    assert.deepEqual(reply.text.match(/HTTP\/1\.1 \d+/g), [
        'HTTP/1.1 200',
        'HTTP/1.1 400',
        'HTTP/1.1 404',
        'HTTP/1.1 200',
    ]);
});

test('with Expect: 100-continue the refusal comes before the body', async () => {
    const head =
        `POST /api/v1/uploads HTTP/1.1\r\n${HOST}Content-Type: multipart/form-data; boundary=bb\r\n` +
        'Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n';
    const reply = await raw(server, head);
    assert.equal(reply.status, 401);
    assert.equal(reply.json.name, 'UNAUTHENTICATED');
});

test('after all of this the server is well', async () => {
    const reply = await server.visitor().get('/health');
    assert.deepEqual([reply.status, reply.json.status], [200, 'ok']);
});
