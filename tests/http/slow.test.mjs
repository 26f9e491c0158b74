// Clients that drip. All drip at once; meanwhile others are served.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startServer } from './server.mjs';

let server, handler;
before(async () => {
    server = await startServer();
    handler = await server.as('supervisor.handler');
});
after(() => server.stop());

// Sends `head` at once and then `drip` every half second, until the other side closes.
function dripping(head, drip, limitMs) {
    return new Promise((resolve, reject) => {
        const began = performance.now();
        const socket = connect(server.port, '127.0.0.1');
        let got = '';
        const end = (act) => {
            clearInterval(timer);
            clearTimeout(limit);
            socket.destroy();
            act();
        };
        const timer = setInterval(() => socket.write(drip), 500);
        const limit = setTimeout(() => end(() => reject(new Error('nobody closed it'))), limitMs);
        socket.on('data', (bytes) => {
            got += bytes;
        });
        socket.on('error', () => {});
        socket.on('close', () => end(() => resolve({ got, seconds: (performance.now() - began) / 1000 })));
        socket.write(head);
    });
}

const json = (path, rest) =>
    `POST /api/v1/${path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n${rest}`;
const session = () => `Cookie: ${handler.cookie}\r\nX-CSRF-Token: ${handler.session.csrf}\r\n`;
const upload = (own) =>
    `POST /api/v1/uploads HTTP/1.1\r\nHost: h\r\n${own}Content-Type: multipart/form-data; boundary=bb\r\n` +
    'Content-Length: 1000000\r\n\r\n--bb\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';

function assertTimeout({ got, seconds }, from, to) {
    assert.match(got, /^HTTP\/1\.1 408 /);
    assert.match(got, /application\/problem\+json/);
    assert.equal(JSON.parse(got.slice(got.indexOf('{'))).name, 'TIMEOUT');
    assert.ok(seconds >= from && seconds < to, `closed after ${seconds} s`);
}

test('slow clients', { concurrency: true }, async (t) => {
    await Promise.all([
        t.test('a header that drips is closed after 10 s', async () => {
            const { got, seconds } = await dripping('GET /health HTTP/1.1\r\nX-A: ', 'a', 30_000);
            assert.equal(got, '');
            assert.ok(seconds >= 9 && seconds < 20, `closed after ${seconds} s`);
        }),
        t.test('a connection that says nothing is closed too', async () => {
            const { seconds } = await dripping('', '', 30_000);
            assert.ok(seconds >= 9 && seconds < 20, `closed after ${seconds} s`);
        }),
        t.test('a JSON body that drips gets 408 after 20 s', async () => {
            const head = json('session', 'Content-Length: 1000\r\n\r\n{');
            assertTimeout(await dripping(head, ' ', 40_000), 19, 35);
        }),
        t.test('chunks that drip get 408 too', async () => {
            const head = json('session', 'Transfer-Encoding: chunked\r\n\r\n');
            assertTimeout(await dripping(head, '1\r\n \r\n', 40_000), 19, 35);
        }),
        t.test('a refused body that drips gets 408 too', async () => {
            const head = json('matters', 'Content-Length: 1000\r\n\r\n{');
            assertTimeout(await dripping(head, ' ', 40_000), 19, 35);
        }),
        t.test('an upload under 1 KiB/s gets 408 after 30 s', async () => {
            assertTimeout(await dripping(upload(session()), 'x', 60_000), 29, 50);
        }),
        t.test('an upload that goes on may take longer', async () => {
            const content = 80 * 1024;
            const body = '--bb\r\nContent-Disposition: form-data; name="file"; filename="slow.txt"\r\n\r\n';
            const tail = '\r\n--bb--\r\n';
            const head =
                `POST /api/v1/uploads HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${session()}` +
                `Content-Type: multipart/form-data; boundary=bb\r\n` +
                `Content-Length: ${body.length + content + tail.length}\r\n\r\n${body}`;
            const reply = await new Promise((resolve, reject) => {
                const socket = connect(server.port, '127.0.0.1');
                let got = '';
                let left = content;
                const timer = setInterval(() => {
                    socket.write('x'.repeat(1024));
                    left -= 1024;
                    if (left === 0) {
                        clearInterval(timer);
                        socket.write(tail);
                    }
                }, 500);
                socket.on('data', (bytes) => {
                    got += bytes;
                });
                socket.on('error', reject);
                socket.on('close', () => resolve(got));
                socket.write(head);
            });
            assert.match(reply, /^HTTP\/1\.1 201 /);
            assert.match(reply, new RegExp(`"bytes":${content},`));
        }),
        t.test('meanwhile others are served', async () => {
            for (let i = 0; i < 50; i++) {
                assert.equal((await handler.get('/api/v1/workbench')).status, 200);
            }
        }),
    ]);
});
