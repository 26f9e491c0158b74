// A server of one's own for a test: a fresh data folder (and database), a port nobody else has, a clock
// that the test sets. Needs no packages. Environment:
//   LIANDONG             the program (default: build/release/liandong beside this tree)
//   LIANDONG_TEST_STORE  sqlite (default) or postgres; for postgres run through tests/lib/with-postgres
//   LIANDONG_WRAP        words put before the server's command line, as in "valgrind -q"
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const program = process.env.LIANDONG ?? join(root, 'build', 'release', 'liandong');
export const store = process.env.LIANDONG_TEST_STORE ?? 'sqlite';
export const password = 'a password for tests';
const START_MS = 60_000;
const STOP_MS = 60_000;

let databases = 0;

// A test that dies leaves no server and no data behind.
const running = new Set();
process.on('exit', () => {
    for (const server of running) {
        server.abandon();
    }
});

function freshDatabase() {
    const server = process.env.LIANDONG_TEST_POSTGRES;
    assert.ok(server, 'LIANDONG_TEST_POSTGRES is not set: run through tests/lib/with-postgres');
    const name = `http_${process.pid}_${++databases}`;
    const create = `CREATE DATABASE ${name} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0`;
    execFileSync('psql', ['-q', '-d', server, '-c', create], { stdio: ['ignore', 'ignore', 'inherit'] });
    return server.replace('/postgres?', `/${name}?`);
}

export class Server {
    #child;
    #ended;
    output = '';
    log = '';
    now = '2026-03-02T09:00'; // The minute of the server's clock.

    constructor(data, storeUrl) {
        this.data = data;
        this.storeUrl = storeUrl;
        running.add(this);
    }

    abandon() {
        this.#child?.kill('SIGKILL');
        rmSync(this.data, { recursive: true, force: true });
        running.delete(this);
    }

    // Starts `liandong serve`, its clock at the minute set last; resolves when it listens.
    async serve(flags) {
        this.output = '';
        const typesetter = this.typeset ? [] : ['--typesetter', 'none'];
        const own = ['serve', '--data', this.data, '--listen', '127.0.0.1:0', '--test-clock', this.now,
            ...typesetter, ...flags];
        const words = [...(process.env.LIANDONG_WRAP ?? '').split(' ').filter(Boolean), program, ...own];
        const env = { ...process.env };
        if (this.storeUrl) {
            env.LIANDONG_STORE = this.storeUrl;
        }
        this.#child = spawn(words[0], words.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
        this.#child.stderr.on('data', (text) => {
            this.log += text;
        });
        this.#ended = new Promise((resolve) => {
            this.#child.on('exit', (code, signal) => resolve({ code, signal }));
        });
        this.port = await this.#readPort();
        this.url = `http://127.0.0.1:${this.port}`;
    }

    #readPort() {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`no port in time\n${this.log}`)), START_MS);
            this.#child.stdout.on('data', (text) => {
                this.output += text;
                const found = /^port (\d+)$/m.exec(this.output);
                if (found) {
                    clearTimeout(timer);
                    resolve(Number(found[1]));
                }
            });
            this.#ended.then(({ code, signal }) => {
                clearTimeout(timer);
                reject(new Error(`the server ended (${code ?? signal})\n${this.log}`));
            });
        });
    }

    // Asks the server to end and checks that it ended well (a sanitizer's finding is no good end).
    async halt(signal = 'SIGTERM') {
        this.#child.kill(signal);
        const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
        const { code, signal: by } = await this.#ended;
        clearTimeout(timer);
        if (signal !== 'SIGKILL') {
            assert.equal(by ?? code, 0, `the server ended badly\n${this.log}`);
            assert.doesNotMatch(this.log, /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error/);
        }
    }

    // Ends the server and removes its data.
    async stop() {
        try {
            await this.halt();
        } finally {
            this.abandon();
        }
    }

    // Sets the server's clock: a minute in Beijing time, "2026-03-02T09:00".
    async clock(minute) {
        const reply = await new Client(this).post('/api/v1/test/clock', { now: minute });
        assert.equal(reply.status, 204);
        this.now = minute;
    }

    // Somebody of the public. `address`: as whom the proxy would name it (needs --behind-proxy).
    visitor(address) {
        return new Client(this, { address });
    }

    // Somebody who is signed in.
    async as(login) {
        const client = new Client(this);
        await client.signIn(login);
        return client;
    }
}

// options.flags: more for `serve`; options.now: the clock; options.initFlags: instead of the bodies;
// options.typeset: with the typesetter (papers become PDF, which raises their matters' versions).
export async function startServer(options = {}) {
    const data = mkdtempSync(join(tmpdir(), 'liandong-http-'));
    const server = new Server(data, store === 'postgres' ? freshDatabase() : undefined);
    const bodies = join(root, 'rulebooks', 'zengdu-2021', 'demo', 'organisations.yaml');
    const env = { ...process.env, LIANDONG_FIRST_PASSWORD: password };
    if (server.storeUrl) {
        env.LIANDONG_STORE = server.storeUrl;
    }
    const init = ['init', '--data', data, ...(options.initFlags ?? ['--bodies', bodies])];
    execFileSync(program, init, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    server.typeset = options.typeset ?? false;
    server.now = options.now ?? server.now;
    await server.serve(options.flags ?? []);
    return server;
}

export class Client {
    #cookie;

    constructor(server, { address } = {}) {
        this.server = server;
        this.headers = address ? { 'X-Real-IP': address } : {};
    }

    get cookie() {
        return this.#cookie;
    }

    async signIn(login, secret = password) {
        const reply = await this.post('/api/v1/session', { login, password: secret });
        assert.equal(reply.status, 200, `${login}: ${reply.text}`);
        this.#cookie = reply.headers.get('set-cookie').split(';')[0];
        this.headers = { ...this.headers, Cookie: this.#cookie, 'X-CSRF-Token': reply.json.csrf };
        this.session = reply.json;
    }

    // Any request; `headers` with value undefined leave the client's own out.
    async call(method, path, { body, headers = {}, redirect = 'manual' } = {}) {
        const given = Object.entries({ ...this.headers, ...headers }).filter(
            ([, value]) => value !== undefined,
        );
        const url = this.server.url + path;
        const reply = await fetch(url, { method, body, headers: Object.fromEntries(given), redirect });
        const bytes = Buffer.from(await reply.arrayBuffer());
        const text = bytes.toString('utf8');
        const isJson = /json/.test(reply.headers.get('content-type') ?? '') && text !== '';
        return {
            status: reply.status,
            headers: reply.headers,
            bytes,
            text,
            json: isJson ? JSON.parse(text) : undefined,
        };
    }

    get(path, headers) {
        return this.call('GET', path, { headers });
    }

    post(path, value, headers = {}) {
        const body = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value);
        return this.call('POST', path, { body, headers: { 'Content-Type': 'application/json', ...headers } });
    }

    // files: [[name, text or bytes], ...]; gives the upload ids.
    async upload(files, path = '/api/v1/uploads') {
        const reply = await this.uploadReply(files, path);
        assert.equal(reply.status, 201, reply.text);
        return reply.json.items;
    }

    uploadReply(files, path = '/api/v1/uploads') {
        const form = new FormData();
        for (const [name, content] of files) {
            form.append('file', new Blob([content]), name);
        }
        return this.call('POST', path, { body: form });
    }

    act(matter, action, facts = {}, { materials = [], version, headers = {} } = {}) {
        const match = { 'If-Match': `"${version ?? matter.version}"`, ...headers };
        return this.post(`/api/v1/matters/${matter.id}/actions/${action}`, { facts, materials }, match);
    }

    // Acts and gives the matter as it then is.
    async acted(matter, action, facts, options) {
        const reply = await this.act(matter, action, facts, options);
        assert.equal(reply.status, 200, `${action}: ${reply.text}`);
        return reply.json;
    }
}

// What a complaint and a report need; change what the test is about.
export function complaintFacts(more = {}) {
    return {
        receiver_body: 'supervisor',
        subject: '水库除险加固工程评标不公',
        trade_category: 'water',
        statement: '中标候选人业绩材料涉嫌造假，评标委员会未予否决。',
        respondent: '湖北某水利建设有限公司',
        maker_name: '张三',
        maker_phone: '13900000001',
        ...more,
    };
}

export function reportFacts(more = {}) {
    return {
        receiver_body: 'supervisor',
        subject: '匿名反映串标线索',
        trade_category: 'water',
        statement: '三家投标人的投标文件由同一台电脑制作。',
        ...more,
    };
}

// Files by the public's door and gives {code, reference, received, due}.
export async function file(visitor, procedure, facts, materials = []) {
    const reply = await visitor.post('/api/v1/portal/matters', { procedure, facts, materials });
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
}

// The matter with this reference, as this person sees it in full.
export async function matterOf(client, reference) {
    const list = await client.get(`/api/v1/matters?q=${encodeURIComponent(reference)}`);
    assert.equal(list.json.items.length, 1, list.text);
    return (await client.get(`/api/v1/matters/${list.json.items[0].id}`)).json;
}

// A problem document with this status and name (docs/api.md, Errors).
export function assertProblem(reply, status, name) {
    assert.equal(reply.status, status, reply.text);
    assert.match(reply.headers.get('content-type'), /^application\/problem\+json/);
    assert.equal(reply.json.status, status);
    assert.equal(reply.json.name, name, reply.text);
    assert.equal(typeof reply.json.code, 'number');
    assert.ok(reply.json.title.length > 0 && Array.isArray(reply.json.fields) && reply.json.request);
}

// Sends bytes as they are, piece by piece, and gives what came back until the other side closed.
// Ends the sending side only if `end` is set. Fails when nothing closes in time.
export function raw(server, pieces, { end = false, timeoutMs = 15_000, until } = {}) {
    return new Promise((resolve, reject) => {
        const socket = connect(server.port, '127.0.0.1');
        let got = '';
        const timer = setTimeout(() => finish(), timeoutMs);
        const finish = (error) => {
            clearTimeout(timer);
            socket.destroy();
            return error && got === '' ? reject(error) : resolve(parseReplies(got));
        };
        socket.on('error', finish);
        socket.on('data', (bytes) => {
            got += bytes.toString('latin1');
            if (until?.(got)) {
                finish();
            }
        });
        socket.on('close', () => finish());
        for (const piece of [pieces].flat()) {
            socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
        }
        if (end) {
            socket.end();
        }
    });
}

// The status line, headers and body of the first reply, and how many replies there were.
function parseReplies(text) {
    const head = /^HTTP\/1\.1 (\d+)[^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(text);
    const count = (text.match(/HTTP\/1\.1 \d{3} /g) ?? []).length;
    if (!head) {
        return { status: 0, headers: new Headers(), text, body: '', count };
    }
    const lines = head[2].split('\r\n').map((line) => line.split(/:\s*/, 2));
    const body = Buffer.from(text.slice(head[0].length), 'latin1').toString('utf8');
    const reply = { status: Number(head[1]), headers: new Headers(lines), text, body, count };
    try {
        reply.json = JSON.parse(body);
    } catch {
        reply.json = undefined;
    }
    return reply;
}
