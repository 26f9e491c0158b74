// The rest of the surface: description, health, figures, headers, methods, caching, the built pages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { assertProblem, program, raw, root, startServer } from './server.mjs';

let server, web, anybody, handler;
const script = `console.log("${'a built page '.repeat(100)}");`;
before(async () => {
    web = mkdtempSync(join(tmpdir(), 'liandong-web-'));
    mkdirSync(join(web, 'assets'));
    writeFileSync(join(web, 'index.html'), '<!doctype html><title>staff</title>');
    writeFileSync(join(web, 'portal.html'), '<!doctype html><title>portal</title>');
    writeFileSync(join(web, 'assets', 'app-1a2b.js'), script);
    writeFileSync(join(web, 'assets', 'app-1a2b.js.gz'), gzipSync(script));
    writeFileSync(join(web, 'assets', 'app-1a2b.js.br'), brotliCompressSync(script));
    writeFileSync(join(web, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(join(web, '.secret'), 'secret');
    server = await startServer({ flags: ['--web', web] });
    anybody = server.visitor();
    handler = await server.as('supervisor.handler');
});
after(async () => {
    await server.stop();
    rmSync(web, { recursive: true, force: true });
});

function routes() {
    const table = readFileSync(join(root, 'src', 'api', 'tbl', 'route.h'), 'utf8');
    return [...table.matchAll(/^ROUTE\((\w+),\s+"([^"]+)",\s+(\w+),\s+(\w+),/gm)].map(
        ([, method, path, permission, body]) => ({ method, path, permission, body }),
    );
}

test('the description tells every route, its parameters and its answers', async () => {
    const { status, json } = await anybody.get('/api/v1/openapi.json');
    assert.equal(status, 200);
    assert.match(json.openapi, /^3\.1\./);
    const expected = routes()
        .filter((route) => route.permission !== 'TEST')
        .map((route) => `${route.method} ${route.path}`);
    assert.ok(expected.length > 25);
    const told = Object.entries(json.paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(told.sort(), expected.sort());
    const ids = new Set();
    for (const [path, operations] of Object.entries(json.paths)) {
        for (const [method, operation] of Object.entries(operations)) {
            const route = routes().find((row) => row.path === path && row.method === method.toUpperCase());
            ids.add(operation.operationId);
            assert.ok(operation.summary && operation.responses['2XX'] && operation.responses.default);
            const inPath = operation.parameters
                .filter((parameter) => parameter.in === 'path')
                .map((parameter) => parameter.name);
            assert.deepEqual(
                inPath,
                [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
            );
            assert.ok(
                operation.parameters.every(
                    (parameter) => parameter.schema.type && (parameter.in !== 'path' || parameter.required),
                ),
            );
            assert.equal(operation.requestBody !== undefined, route.body !== 'NO_BODY');
            assert.equal(operation.security.length > 0, !['PUBLIC', 'PORTAL'].includes(route.permission));
        }
    }
    assert.equal(ids.size, expected.length, 'each has its own operationId');
    const names = (path, method) => json.paths[path][method].parameters.map((parameter) => parameter.name);
    assert.deepEqual(names('/api/v1/matters', 'get'), [
        'procedure',
        'state',
        'light',
        'body',
        'role',
        'from',
        'to',
        'open',
        'q',
        'sort',
        'after',
        'limit',
    ]);
    assert.deepEqual(names('/api/v1/matters/{id}/actions/{action}', 'post'), [
        'id',
        'action',
        'If-Match',
        'Idempotency-Key',
        'X-CSRF-Token',
    ]);
    assert.deepEqual(names('/api/v1/feed', 'get'), ['after', 'limit']);
    assert.ok(json.components.schemas.Problem && json.components.securitySchemes.session);
});

test('every query parameter that the code reads is described', async () => {
    const { json } = await anybody.get('/api/v1/openapi.json');
    const told = new Set(
        Object.values(json.paths)
            .flatMap((path) => path.get?.parameters ?? [])
            .filter((one) => one.in === 'query')
            .map((one) => one.name),
    );
    const sources = ['list.c', 'feed.c', 'catalogue.c', 'portal.c']
        .map((name) => readFileSync(join(root, 'src', 'api', name), 'utf8'))
        .join('\n');
    const read = [
        ...sources.matchAll(/http_query\([\w>-]+, "(\w+)"\)|input_number\(ctx, request, "(\w+)"/g),
    ].map(([, one, other]) => one ?? other);
    assert.ok(read.length > 8);
    assert.deepEqual(
        read.filter((name) => !told.has(name)),
        [],
    );
});

test('the program tells its commands and their forms', () => {
    const said = (...words) => {
        const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
        return { status, text: stdout + stderr };
    };
    const all = said('--help');
    assert.equal(all.status, 0);
    const names = [...all.text.matchAll(/^ {2}liandong (\w+)/gm)].map(([, name]) => name);
    assert.ok(names.length >= 10);
    for (const name of names) {
        const one = said(name, '--help');
        assert.equal(one.status, 0, name);
        assert.match(one.text, new RegExp(`^liandong ${name}`), name);
    }
    assert.equal(said('nothing-of-the-kind').status, 2);
});

test('health and figures', async () => {
    const health = await anybody.get('/health');
    assert.deepEqual([health.status, health.json.status], [200, 'ok']);
    await anybody.get('/api/v1/nothing');
    const figures = await anybody.get('/metrics');
    assert.equal(figures.status, 200);
    assert.match(figures.headers.get('content-type'), /^text\/plain/);
    const value = (name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(figures.text)[1]);
    assert.ok(value('liandong_http_requests_total') >= 3);
    assert.ok(value('liandong_http_faults_4xx_total') >= 1);
    assert.equal(value('liandong_http_faults_5xx_total'), 0);
    assert.ok(value('liandong_http_connections') >= 1);
    for (const line of figures.text.trim().split('\n')) {
        assert.match(line, /^(# TYPE [a-z0-9_]+ (counter|gauge)|[a-z0-9_]+ \d+)$/);
    }
});

test('a method that a path does not have is 405 and says which it has', async () => {
    for (const [method, path, allow] of [
        ['PUT', '/api/v1/session', 'POST, GET, HEAD, DELETE'],
        ['POST', '/health', 'GET, HEAD'],
        ['GET', '/api/v1/uploads', 'POST'],
        ['DELETE', '/api/v1/matters', 'GET, HEAD, POST'],
        ['PATCH', '/api/v1/feed', 'GET, HEAD'],
    ]) {
        const reply = await anybody.call(method, path);
        assertProblem(reply, 405, 'METHOD');
        assert.equal(reply.headers.get('allow'), allow);
    }
});

test('what is not there is 404 as a problem, also with a body', async () => {
    for (const [method, path] of [
        ['GET', '/api/v1/nothing'],
        ['POST', '/api/v1/nothing'],
        ['GET', '/api/'],
        ['POST', '/'],
        ['GET', '/assets/missing.js'],
        ['GET', '/.secret'],
    ]) {
        assertProblem(
            await anybody.call(method, path, { body: method === 'POST' ? 'x'.repeat(3_000_000) : undefined }),
            404,
            'NOT_FOUND',
        );
    }
});

test('HEAD answers as GET does, without a body', async () => {
    for (const path of ['/health', '/api/v1/rulebook', '/api/v1/nothing', '/', '/assets/app-1a2b.js']) {
        const get = await anybody.get(path);
        const head = await anybody.call('HEAD', path);
        assert.equal(head.status, get.status, path);
        assert.equal(head.bytes.length, 0);
        assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
    }
});

test('every kind of answer carries the security headers', async () => {
    const replies = [
        await anybody.get('/'),
        await anybody.get('/health'),
        await anybody.get('/api/v1/nothing'),
        await anybody.get('/api/v1/matters'),
        await anybody.get('/assets/app-1a2b.js'),
        await anybody.call('BREW', '/').catch(() => anybody.get('/')),
        await handler.call('HEAD', '/api/v1/stream'),
    ];
    for (const reply of replies) {
        const csp = reply.headers.get('content-security-policy');
        for (const part of [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]) {
            assert.ok(csp.includes(part), part);
        }
        assert.doesNotMatch(csp, /unsafe|https?:|\*/);
        assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(reply.headers.get('x-frame-options'), 'DENY');
        assert.equal(reply.headers.get('referrer-policy'), 'no-referrer');
        assert.equal(reply.headers.get('cross-origin-resource-policy'), 'same-origin');
        assert.equal(reply.headers.get('access-control-allow-origin'), null);
        assert.equal(reply.headers.get('server'), null);
    }
});

test('the rulebook is sent again only when it has changed', async () => {
    const first = await anybody.get('/api/v1/rulebook');
    const etag = first.headers.get('etag');
    assert.match(etag, /^"[^"]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `"a" ,W/${etag}, "b"`, '*']) {
        const reply = await anybody.get('/api/v1/rulebook', { 'If-None-Match': known });
        assert.deepEqual([reply.status, reply.bytes.length, reply.headers.get('etag')], [304, 0, etag], known);
    }
    for (const known of ['"other"', etag.slice(1, -1), `${etag.slice(0, -1)}x"`, '']) {
        assert.equal((await anybody.get('/api/v1/rulebook', { 'If-None-Match': known })).status, 200, known);
    }
    assert.equal(first.json.procedures.length > 0, true);
});

test('an action tells what its conditions leave to choose', async () => {
    const { procedures } = (await server.visitor().get('/api/v1/rulebook')).json;
    const only = (procedure, action) =>
        procedures.find(({ code }) => code === procedure).actions.find(({ code }) => code === action).only;
    assert.deepEqual(only('accountability', 'hand_to_competent'), { route: ['competent'] });
    assert.deepEqual(only('crime_transfer', 'deliver'), {
        annex_letter: ['true'], annex_report: ['true'], annex_goods: ['true'],
    });
    const { outcome } = only('case', 'decide');
    assert.ok(outcome.length > 1 && !outcome.includes('penalty'));
    assert.deepEqual(only('complaint', 'transfer'), {});
});

test('answers about cases are never kept', async () => {
    for (const path of [
        '/api/v1/session',
        '/api/v1/matters',
        '/api/v1/workbench',
        '/api/v1/feed',
        '/api/v1/matters/0000000000001',
    ]) {
        assert.equal((await handler.get(path)).headers.get('cache-control'), 'no-store');
    }
});

test('pages: the staff one for all its paths, the portal for its own', async () => {
    for (const [path, title] of [
        ['/', 'staff'],
        ['/app', 'staff'],
        ['/app/matters/0000000000001', 'staff'],
        ['/index.html', 'staff'],
        ['/portal', 'portal'],
        ['/portal/follow', 'portal'],
        ['/portals', 'staff'],
    ]) {
        const reply = await anybody.get(path);
        assert.equal(reply.status, 200, path);
        assert.match(reply.text, new RegExp(title), path);
        assert.equal(reply.headers.get('content-type'), 'text/html; charset=utf-8');
        assert.equal(reply.headers.get('cache-control'), 'no-cache');
    }
});

test('assets: compressed if the client takes it, kept for ever', async () => {
    const ask = async (encoding) =>
        raw(server, `GET /assets/app-1a2b.js HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${encoding}\r\n`);
    const bodyOf = (reply) => Buffer.from(reply.text.slice(reply.text.indexOf('\r\n\r\n') + 4), 'latin1');
    for (const [accept, encoding, open] of [
        ['', null, (x) => x],
        ['Accept-Encoding: gzip, deflate\r\n', 'gzip', gunzipSync],
        ['Accept-Encoding: gzip, br\r\n', 'br', brotliDecompressSync],
        ['Accept-Encoding: gzip, br;q=0\r\n', 'gzip', gunzipSync],
        ['Accept-Encoding: brown, gzipped\r\n', null, (x) => x],
        ['Accept-Encoding: gzip;q=0, br;q=0.0\r\n', null, (x) => x],
    ]) {
        const reply = await ask(accept);
        assert.equal(reply.headers.get('content-encoding'), encoding, accept);
        assert.equal(open(bodyOf(reply)).toString(), script);
        assert.equal(reply.headers.get('vary'), 'Accept-Encoding');
        assert.equal(reply.headers.get('cache-control'), 'public, max-age=31536000, immutable');
        assert.match(reply.headers.get('content-type'), /^text\/javascript/);
    }
    const known = (await anybody.get('/assets/app-1a2b.js')).headers.get('etag');
    assert.equal((await anybody.get('/assets/app-1a2b.js', { 'If-None-Match': known })).status, 304);
});

test('no path leaves the folder of the pages', async () => {
    for (const path of [
        '/../../../../etc/passwd',
        '/assets/../../etc/passwd',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/..%2f..%2fetc%2fpasswd',
        '/assets/..%5c..%5cetc',
        '//etc/passwd',
        '/./.secret',
        '/.secret',
        '/assets/.',
        '/assets/%00',
        '/assets/app-1a2b.js%00.html',
        '/assets/app-1a2b.js/',
        '/ASSETS/app-1a2b.js',
        '/assets/app-1a2b.js.gz',
    ]) {
        const reply = await raw(server, `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
        assert.doesNotMatch(reply.text, /root:|secret/, path);
        assert.ok(
            reply.status === 404 || reply.status === 400 || /<title>staff/.test(reply.text),
            `${path}: ${reply.status}`,
        );
    }
});
