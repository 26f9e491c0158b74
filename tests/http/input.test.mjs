// Bad JSON, wrong types, wrong encoding, hostile text: a clear answer in the language asked for, and
// nothing changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, raw, reportFacts, startServer } from './server.mjs';

let server, handler, matter, code;
before(async () => {
    server = await startServer({ flags: ['--behind-proxy'] });
    handler = await server.as('supervisor.handler');
    const filed = await file(server.visitor('10.0.0.1'), 'complaint', complaintFacts());
    code = filed.code;
    matter = await matterOf(handler, filed.reference);
});
after(() => server.stop());

async function everything() {
    const feed = await handler.get('/api/v1/feed');
    const list = await handler.get('/api/v1/matters?sort=updated&limit=100');
    return { feed: feed.json, list: list.json };
}

// The request is refused, and nothing is different after it.
async function assertRefused(client, path, body, status, name, headers) {
    const was = await everything();
    const reply = await client.post(path, body, headers);
    assertProblem(reply, status, name);
    assert.deepEqual(await everything(), was);
    return reply;
}

const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const broken = {
    nothing: '',
    'an open brace': '{',
    'a list': '[]',
    'a text': '"x"',
    null: 'null',
    'a missing value': '{"procedure":}',
    'text after the end': '{} {}',
    'a comma at the end': '{"procedure":"complaint",}',
    'a comment': '{/* */}',
    'single quotes': "{'procedure':'complaint'}",
    NaN: '{"facts":NaN}',
    'the same key twice': '{"procedure":"complaint","procedure":"report"}',
    'the same fact twice': '{"procedure":"complaint","action":"record","facts":{"subject":"a","subject":"b"}}',
    'a byte order mark': bytes([0xef, 0xbb, 0xbf], '{}'),
    'UTF-16': bytes([0xff, 0xfe], Buffer.from('{}', 'utf16le')),
    GBK: bytes('{"procedure":"', [0xcd, 0xb6, 0xcb, 0xdf], '"}'),
    'an overlong form': bytes('{"procedure":"', [0xc0, 0xaf], '"}'),
    'a surrogate in bytes': bytes('{"procedure":"', [0xed, 0xa0, 0x80], '"}'),
    'half a character': bytes('{"procedure":"', [0xe4, 0xb8], '"}'),
    'a zero byte': bytes('{"procedure":"a', [0], 'b"}'),
    'an escaped zero': '{"procedure":"a\\u0000b"}',
    'half a surrogate pair': '{"procedure":"\\ud800"}',
    'a number too large': '{"facts":{"subject":1e999}}',
    'an integer of 100 digits': `{"facts":{"subject":${'9'.repeat(100)}}}`,
    '33 levels': `{"facts":${'['.repeat(33)}${']'.repeat(33)}}`,
    '10,000 lists': '['.repeat(10_000) + ']'.repeat(10_000),
    '10,000 lists never closed': '['.repeat(10_000),
    '10,000 objects': '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
};
for (const [what, body] of Object.entries(broken)) {
    test(`malformed: ${what}`, async () => {
        await assertRefused(handler, '/api/v1/matters', body, 400, 'MALFORMED');
        await assertRefused(server.visitor('10.0.0.2'), '/api/v1/portal/follow', body, 400, 'MALFORMED');
    });
}

const start = (more) => ({ procedure: 'complaint', action: 'record', facts: {}, materials: [], ...more });
const wrong = [
    ['procedure is a number', start({ procedure: 5 }), 'procedure'],
    ['procedure is missing', { action: 'record' }, 'procedure'],
    ['action is null', start({ action: null }), 'action'],
    ['action is a list', start({ action: ['record'] }), 'action'],
    ['facts is a list', start({ facts: [] }), 'facts'],
    ['facts is a text', start({ facts: 'x' }), 'facts'],
    ['materials is a text', start({ materials: 'x' }), 'materials'],
    ['materials holds numbers', start({ materials: [5] }), 'materials'],
    ['materials holds no ids', start({ materials: ['zzz'] }), 'materials'],
    ['materials holds 501 ids', start({ materials: Array(501).fill('0000000000001') }), 'materials'],
    ['a field nobody knows', start({ extra: 1 }), 'extra'],
    ['a fact nobody knows', start({ facts: { nope: 'x' } }), 'facts.nope'],
    ['a fact of another action', start({ facts: complaintFacts({ urge_text: 'x' }) }), 'facts.urge_text'],
    ['a text as number', start({ facts: { subject: 12345 } }), 'facts.subject'],
    ['a text as flag', start({ facts: { subject: true } }), 'facts.subject'],
    ['a text as list', start({ facts: { subject: ['a longer text', 'and another'] } }), 'facts.subject'],
    ['a text as object', start({ facts: { subject: { a: 'b' } } }), 'facts.subject'],
    ['a text as fraction', start({ facts: { subject: 1.5 } }), 'facts.subject'],
    ['a list with a number', start({ facts: { subject: [1] } }), 'facts.subject'],
    ['a term as list', start({ facts: { trade_category: ['water'] } }), 'facts.trade_category'],
    ['a term that is none', start({ facts: { trade_category: "water' OR '1'='1" } }), 'facts.trade_category'],
    [
        'a wrong credit code',
        start({ facts: { respondent_code: '123456789012345678' } }),
        'facts.respondent_code',
    ],
    ['a wrong telephone', start({ facts: { maker_phone: 'no telephone' } }), 'facts.maker_phone'],
    ['a wrong minute', start({ facts: { received_at: '2026-02-30T09:00' } }), 'facts.received_at'],
    ['a minute to come', start({ facts: { received_at: '2099-01-01T09:00' } }), 'facts.received_at'],
    ['a text too long', start({ facts: { statement: '长'.repeat(5001) } }), 'facts.statement'],
    ['a line break in a line', start({ facts: { subject: 'first\nsecond line' } }), 'facts.subject'],
    ['a control character', start({ facts: { subject: 'bell \u0007 rings' } }), 'facts.subject'],
    ['text that runs backwards', start({ facts: { subject: 'invoice \u202Egnp.exe' } }), 'facts.subject'],
];
for (const [what, body, path] of wrong) {
    test(`wrong field: ${what}`, async () => {
        const reply = await assertRefused(handler, '/api/v1/matters', body, 400, 'INVALID_FIELD');
        const fields = reply.json.fields.map((field) => field.path);
        assert.ok(fields.includes(path), `${path} is not among ${fields}`);
    });
}

test('what the portal sends is checked the same', async () => {
    const visitor = server.visitor('10.0.0.3');
    const filing = (more) => ({ procedure: 'complaint', facts: complaintFacts(), materials: [], ...more });
    for (const [body, path] of [
        [filing({ procedure: 'transfer' }), 'procedure'],
        [filing({ action: 'submit' }), 'action'],
        [filing({ facts: { ...complaintFacts(), receiver_body: 'nobody' } }), 'facts.receiver_body'],
        [filing({ facts: { ...complaintFacts(), receiver_body: 'public' } }), 'facts.receiver_body'],
        [filing({ facts: { ...complaintFacts(), maker_name: ['张三'] } }), 'facts.maker_name'],
        [filing({ materials: ['0000000000001'] }), 'materials'],
    ]) {
        const reply = await assertRefused(visitor, '/api/v1/portal/matters', body, 400, 'INVALID_FIELD');
        assert.ok(
            reply.json.fields.some((field) => field.path === path),
            `${path}: ${reply.text}`,
        );
    }
    await assertRefused(visitor, '/api/v1/portal/follow', { code: 1234567890123456 }, 400, 'INVALID_FIELD');
    await assertRefused(visitor, '/api/v1/portal/follow', { code, more: 1 }, 400, 'INVALID_FIELD');
    await assertRefused(visitor, '/api/v1/portal/act', { code, action: 5 }, 400, 'INVALID_FIELD');
    await assertRefused(visitor, '/api/v1/portal/act', { code, action: 'nope' }, 404, 'NOT_FOUND');
    await assertRefused(
        visitor,
        '/api/v1/portal/act',
        { code, action: 'submit', facts: complaintFacts() },
        404,
        'NOT_FOUND',
    );
});

test('a body over 1 MiB is too large, one of 1 MiB is read', async () => {
    const filled = (size) => {
        const frame = JSON.stringify(start({ extra: '' })).length;
        return JSON.stringify(start({ extra: 'x'.repeat(size - frame) }));
    };
    await assertRefused(handler, '/api/v1/matters', filled(1024 * 1024 + 1), 413, 'TOO_LARGE');
    await assertRefused(handler, '/api/v1/matters', filled(1024 * 1024), 400, 'INVALID_FIELD');
    await assertRefused(handler, '/api/v1/matters', Buffer.alloc(20 * 1024 * 1024, 32), 413, 'TOO_LARGE');
});

test('a body where none belongs is refused', async () => {
    const was = await everything();
    const reply = await raw(
        server,
        'GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    );
    assert.deepEqual([reply.status, reply.json.name], [413, 'TOO_LARGE']);
    assert.deepEqual(await everything(), was);
});

test('only JSON in UTF-8 is JSON', async () => {
    for (const type of [
        'text/plain',
        'application/jsonx',
        'application/x-www-form-urlencoded',
        'application/json; charset=gbk',
        'application/json;charset=iso-8859-1',
        'multipart/form-data; boundary=b',
        '',
    ]) {
        await assertRefused(handler, '/api/v1/matters', '{}', 415, 'MEDIA_TYPE', { 'Content-Type': type });
    }
    for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'Application/JSON;charset="UTF-8"',
    ]) {
        await assertRefused(handler, '/api/v1/matters', '{}', 400, 'INVALID_FIELD', { 'Content-Type': type });
    }
});

test('answers are in the language asked for, Chinese first', async () => {
    const ask = async (headers) =>
        (await handler.post('/api/v1/matters', start({ facts: { subject: 1 } }), headers)).json;
    const zh = await ask({});
    const en = await ask({ 'Accept-Language': 'en-GB,en;q=0.9' });
    const cookie = await ask({ Cookie: `${handler.cookie}; lang=en` });
    assert.equal(zh.title, '字段缺失或格式不正确。');
    assert.equal(en.title, 'A field is missing or has the wrong form.');
    assert.equal(cookie.title, en.title);
    assert.match(zh.fields[0].text, /[\u4e00-\u9fff]/);
    assert.doesNotMatch(en.fields[0].text, /[\u4e00-\u9fff]/);
});

test('queries are checked too', async () => {
    for (const query of [
        'limit=0',
        'limit=101',
        'limit=x',
        'limit=1e1',
        'sort=title',
        'light=blue',
        'role=owner',
        'open=maybe',
        'from=2026-13-01',
        'to=yesterday',
        'after=x',
        'after=1.zzz',
        'after=-1.0000000000001',
    ]) {
        assertProblem(await handler.get(`/api/v1/matters?${query}`), 400, 'INVALID_FIELD');
    }
    for (const query of ['after=-1', 'after=x', 'after=99999999999999999999', 'limit=0', 'limit=1001']) {
        assertProblem(await handler.get(`/api/v1/feed?${query}`), 400, 'INVALID_FIELD');
    }
    for (const query of [
        '',
        'from=2026-02-13',
        'from=x&within=5wd',
        'from=2026-02-13&within=5',
        'from=2026-02-13&within=-5wd',
        'from=2026-02-13&within=99999999999y',
        'from=9999-12-31&within=10000y',
        'from=0001-01-01&within=1y',
    ]) {
        assertProblem(await handler.get(`/api/v1/deadline?${query}`), 400, 'INVALID_FIELD');
    }
});

// Every text that a form takes, filled with what has broken other programs.
const hostile = [
    "'); DROP TABLE matter; --",
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '%s%n%x %00 \\u0041',
    '{{7*7}} ${7*7} $(id) `id`',
    '../../etc/passwd',
    'O\'Neil & Söhne "GmbH" \\',
    '围标<b>串标</b>😀\u{2A6D6}',
    'null',
    '=1+1|cmd',
];
const texts = ['subject', 'project_name', 'respondent', 'statement', 'requests', 'maker_name'];

test('SQL and HTML in every text are kept and given back as they were', async () => {
    for (const [index, text] of hostile.entries()) {
        const facts = complaintFacts(
            Object.fromEntries(texts.map((name) => [name, `${text} ${name} long enough`])),
        );
        const filed = await file(server.visitor(`10.0.1.${index}`), 'complaint', facts);
        const seen = await matterOf(handler, filed.reference);
        const value = (list, name) => list.find((fact) => fact.code === name).value;
        for (const name of texts) {
            assert.equal(value(seen.facts, name), facts[name]);
        }
        assert.equal(seen.title, facts.subject);
        const follow = await server
            .visitor(`10.0.1.${index}`)
            .post('/api/v1/portal/follow', { code: filed.code });
        assert.equal(value(follow.json.facts, 'statement'), facts.statement);
        const events = await handler.get(`/api/v1/matters/${seen.id}/events`);
        assert.equal(value(events.json.items[0].facts, 'subject'), facts.subject);
        assert.match(events.headers.get('content-type'), /^application\/json/);
        assert.equal(events.headers.get('x-content-type-options'), 'nosniff');
    }
});

test('hostile words in a search find what they say, or nothing, and break nothing', async () => {
    for (const words of [
        ...hostile,
        '"',
        "'",
        '*',
        '"*',
        'a OR b',
        'NEAR(a b)',
        'title:x',
        'a -b',
        '(',
        ')',
        ':*',
        '& | !',
        '\\',
        '<->',
        "' & 'x':*",
        '^a',
        '😀',
        '\u{2A6D6}',
        'x'.repeat(2000),
        '围 '.repeat(200),
    ]) {
        const reply = await handler.get(`/api/v1/matters?q=${encodeURIComponent(words)}`);
        assert.equal(reply.status, 200, `${words}: ${reply.text}`);
    }
    const found = await handler.get(`/api/v1/matters?q=${encodeURIComponent('串标')}`);
    assert.equal(found.json.items.length, 1);
    for (const name of ['procedure', 'state', 'body']) {
        const reply = await handler.get(`/api/v1/matters?${name}=${encodeURIComponent("' OR 1=1 --")}`);
        assert.deepEqual([reply.status, reply.json.items.length], [200, 0]);
    }
});

test('ids and names in paths that are none are not found', async () => {
    for (const path of [
        '/api/v1/matters/x',
        "/api/v1/matters/'%20OR%201=1",
        '/api/v1/matters/0000000000000',
        `/api/v1/matters/${'z'.repeat(13)}`,
        '/api/v1/matters/..%2f..%2fetc',
        `/api/v1/matters/${matter.id}/materials/..%2f..`,
        `/api/v1/matters/${matter.id}/clocks/1/explanation`,
        `/api/v1/matters/${matter.id}/`,
        `/api/v1//matters/${matter.id}`,
        '/api/v1/',
        '/api/v2/matters',
    ]) {
        assertProblem(await handler.get(path), 404, 'NOT_FOUND');
    }
    const was = await everything();
    for (const action of ['nope', 'submit', 'record', '%27', '..%2f']) {
        assertProblem(await handler.act(matter, action), 404, 'NOT_FOUND');
    }
    assert.deepEqual(await everything(), was);
});

test('keys and versions in headers are checked', async () => {
    const act = (headers) =>
        handler.act(matter, 'notify', { notice_body: '某局', notice_text: '书面告知内容' }, { headers });
    const was = await everything();
    assertProblem(await act({ 'If-Match': undefined }), 428, 'VERSION_REQUIRED');
    for (const version of ['x', '"x"', '""', '*', '"1', '99999999999999999999', '-1', 'W/"1"']) {
        assertProblem(await act({ 'If-Match': version }), 412, 'VERSION_STALE');
    }
    assertProblem(await act({ 'Idempotency-Key': 'k'.repeat(101) }), 400, 'INVALID_FIELD');
    const body = '{"facts":{"notice_body":"a b","notice_text":"long enough"}}';
    for (const key of ['abc\xf0', '\xff\xfe', '\xe4\xb8']) {
        const reply = await raw(
            server,
            `POST /api/v1/matters/${matter.id}/actions/notify HTTP/1.1\r\nHost: h\r\nConnection: close\r\n` +
                `Content-Type: application/json\r\nCookie: ${handler.cookie}\r\n` +
                `X-CSRF-Token: ${handler.session.csrf}\r\n` +
                `If-Match: "${matter.version}"\r\nIdempotency-Key: ${key}\r\n` +
                `Content-Length: ${body.length}\r\n\r\n${body}`,
        );
        assert.deepEqual([reply.status, reply.json?.name], [400, 'INVALID_FIELD']);
    }
    assert.deepEqual(await everything(), was);
});

test('nothing of what was typed is in the log or the addresses in it', async () => {
    await file(
        server.visitor('10.0.0.9'),
        'report',
        reportFacts({ maker_name: '绝密姓名', maker_phone: '13987654321' }),
    );
    await server.visitor('10.0.0.9').post('/api/v1/portal/follow', { code: '1111222233334444' });
    assert.match(server.log, /route=\/api\/v1\/portal\/matters status=201/);
    for (const secret of [
        '绝密姓名',
        '13987654321',
        '1111222233334444',
        '张三',
        matter.id,
        '10.0.0.9',
        code,
        'DROP TABLE',
    ]) {
        assert.ok(!server.log.includes(secret), `the log has ${secret}`);
    }
});
