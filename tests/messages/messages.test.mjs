// Messages, reminders, the calendar feed and a new calendar, as the pages and other programs meet them.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, program, root, startServer } from '../http/server.mjs';

let server;
let folder;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liandong-messages-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function withServer(now, work, flags) {
    server = await startServer({ now, flags });
    try {
        await work();
    } finally {
        await server.stop();
    }
}

const visitor = () => server.visitor();
const runs = async (what) => {
    const reply = await visitor().post('/api/v1/test/run', { what });
    assert.equal(reply.status, 204, reply.text);
};
// The public files against the Water Bureau: 3, 3 and 5 working days.
const complaint = (more) =>
    file(visitor(), 'complaint', complaintFacts({ receiver_body: 'water', ...more }));

test('reminders are messages: listed, counted, read', async () => {
    await withServer('2026-03-02T09:00', async () => {
        assertProblem(await visitor().get('/api/v1/messages'), 401, 'UNAUTHENTICATED');
        const { reference } = await complaint();
        let water = await server.as('water.handler');
        assert.deepEqual((await water.get('/api/v1/messages')).json, { items: [], next: null, unread: 0 });
        // Due Thursday the 5th: yellow on Wednesday. Others are not told.
        await server.clock('2026-03-04T09:30');
        await runs('remind');
        await runs('remind');
        water = await server.as('water.handler'); // Sessions last half a day.
        const roads = await server.as('transport.handler');
        const reply = await water.get('/api/v1/messages');
        assert.equal(reply.status, 200, reply.text);
        const list = reply.json;
        assert.equal(list.unread, 2);
        assert.equal(list.items.length, 2);
        const notice = list.items.find((item) => item.clock.code === 'notice');
        const matter = await matterOf(water, reference);
        assert.deepEqual(notice.matter, {
            id: matter.id, reference, title: complaintFacts().subject, procedure: 'complaint',
        });
        assert.equal(notice.kind, 'yellow');
        assert.equal(notice.time, '2026-03-04T01:30:00.000Z');
        assert.equal(notice.clock.due, '2026-03-05');
        assert.equal(notice.clock.light, 'yellow');
        assert.equal(notice.read, false);
        assert.equal(notice.text.zh, '“书面告知投诉人”将于2026-03-05到期。');
        assert.equal(notice.text.en, "'Written notice' is due 2026-03-05.");
        assert.equal((await roads.get('/api/v1/messages')).json.unread, 0);

        // Pages of one.
        const page = (await water.get('/api/v1/messages?limit=1')).json;
        assert.equal(page.items.length, 1);
        const rest = (await water.get(`/api/v1/messages?limit=1&after=${page.next}`)).json;
        assert.equal(rest.next, null);
        assert.notEqual(rest.items[0].id, page.items[0].id);

        // Nobody reads for another.
        const ids = list.items.map((item) => item.id);
        assert.equal((await roads.post('/api/v1/messages/read', { ids })).status, 204);
        assert.equal((await water.get('/api/v1/messages')).json.unread, 2);
        assert.equal((await water.post('/api/v1/messages/read', { ids: [notice.id] })).status, 204);
        const unread = (await water.get('/api/v1/messages?unread=true')).json;
        assert.equal(unread.unread, 1);
        assert.deepEqual(unread.items.map((item) => item.clock.code), ['review']);
        assert.equal((await water.post('/api/v1/messages/read', { all: true })).status, 204);
        assert.equal((await water.get('/api/v1/messages?unread=true')).json.items.length, 0);
        assert.equal((await water.get('/api/v1/messages')).json.items.length, 2);

        // Escalation: Monday the 9th is the second working day after the 5th.
        await server.clock('2026-03-06T09:00');
        await runs('remind');
        await server.clock('2026-03-09T09:00');
        await runs('remind');
        const approver = await server.as('water.approver');
        const told = (await approver.get('/api/v1/messages')).json;
        assert.deepEqual(told.items.map((item) => item.kind), ['approver', 'approver']);
        assert.match(told.items[0].text.zh, /^本单位“.+”已逾期2个工作日/);
        assert.equal(told.items[0].clock.light, 'red');
    });
});

test('what is asked wrongly is refused', async () => {
    await withServer('2026-03-02T09:00', async () => {
        const water = await server.as('water.handler');
        for (const body of [{}, { all: false }, { ids: 'x' }, { ids: ['x'] }, { ids: [1] }, { ids: [], all: true }]) {
            assertProblem(await water.post('/api/v1/messages/read', body), 400, 'INVALID_FIELD');
        }
        for (const query of ['unread=perhaps', 'after=x', 'limit=0', 'limit=101']) {
            assertProblem(await water.get(`/api/v1/messages?${query}`), 400, 'INVALID_FIELD');
        }
        const put = (body, headers) =>
            water.call('PUT', '/api/v1/session/reminders', {
                body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers },
            });
        for (const body of [
            { mail: true },
            { email: 'a@b.cn' },
            { email: 'a@b.cn\r\nBcc: c@d.cn', mail: true },
            { email: 'a b@c', mail: true },
            { email: null, mail: true },
            { email: 7, mail: false },
            { email: 'a@b.cn', mail: true, more: 1 },
        ]) {
            assertProblem(await put(body), 400, 'INVALID_FIELD');
        }
        assertProblem(await put({ email: 'a@b.cn', mail: true }, { 'X-CSRF-Token': 'x' }), 403, 'FORBIDDEN');
        const empty = { email: null, mail: false, mail_available: false, bounced: null, calendar: null };
        assert.deepEqual((await water.get('/api/v1/session/reminders')).json, empty);
        const good = await put({ email: 'jing.chen@water.example', mail: true });
        assert.deepEqual(good.json, { ...empty, email: 'jing.chen@water.example', mail: true });
        assert.deepEqual((await water.get('/api/v1/session/reminders')).json, good.json);
        assert.deepEqual((await put({ email: '', mail: false })).json, empty);
    });
});

// What a calendar program makes of a feed: one line an event.
function readBack(text) {
    const ran = spawnSync(process.env.ICAL_CHECK, { input: text, encoding: 'utf8' });
    assert.equal(ran.status, 0, `${ran.stderr}\n${text}`);
    return ran.stdout.trim().split('\n').filter(Boolean).map((line) => {
        const [uid, from, to, stamp, ...summary] = line.split('|');
        return { uid, from, to, stamp, summary: summary.join('|') };
    });
}

test('the calendar feed', async () => {
    await withServer('2026-03-02T09:00', async () => {
        const { reference } = await complaint();
        const water = await server.as('water.handler');
        const made = await water.post('/api/v1/session/calendar', {});
        assert.equal(made.status, 201, made.text);
        assert.equal(made.headers.get('cache-control'), 'no-store');
        assert.match(made.json.url, /^https:\/\/office\.example\/calendar\/[0-9a-f]{64}\.ics$/);
        const path = new URL(made.json.url).pathname;
        assert.equal((await water.get('/api/v1/session/reminders')).json.calendar, true);

        // No cookie is needed: the address is the secret.
        const feed = await visitor().get(path, { 'Accept-Language': 'zh-CN' });
        assert.equal(feed.status, 200, feed.text);
        assert.match(feed.headers.get('content-type'), /^text\/calendar; charset=utf-8$/);
        const events = readBack(feed.text);
        assert.deepEqual(events.map(({ from, to, stamp, summary }) => ({ from, to, stamp, summary })), [
            ['审查并决定是否受理（招标投标法实施条例第六十一条）', '20260305', '20260306'],
            ['书面告知投诉人', '20260305', '20260306'],
            ['完成移送', '20260309', '20260310'],
        ].map(([label, from, to]) => ({ from, to, stamp: '20260302T010000Z', summary: `${label} · ${reference}` })));
        // RFC 5545: lines end with CRLF and have 75 octets at most. Nothing of the case, nobody's name.
        for (const line of feed.bytes.toString('latin1').split('\r\n')) {
            assert.ok(line.length <= 75 && !line.includes('\n'), line);
        }
        assert.doesNotMatch(feed.text, /水库|张三|13900000001|陈静/);

        // The same again is known by its ETag; ids stay when something else changes.
        const etag = feed.headers.get('etag');
        assert.equal((await visitor().get(path, { 'If-None-Match': etag, 'Accept-Language': 'zh-CN' })).status, 304);
        const matter = await matterOf(water, reference);
        await water.acted(matter, 'notify', { notice_body: '曾都区交通运输局', notice_text: '应由交通运输局查处。' });
        const later = await visitor().get(path, { 'If-None-Match': etag, 'Accept-Language': 'zh-CN' });
        assert.equal(later.status, 200);
        assert.deepEqual(readBack(later.text).map((event) => event.uid), [events[2].uid]);
        assert.equal(readBack((await visitor().get(path, { 'Accept-Language': 'en' })).text)[0].summary,
            `Complete the transfer · ${reference}`);

        // Another body's person sees its own; wrong addresses see nothing; a revoked one is dead.
        const roads = await server.as('transport.handler');
        const other = new URL((await roads.post('/api/v1/session/calendar', {})).json.url).pathname;
        assert.deepEqual(readBack((await visitor().get(other)).text), []);
        for (const wrong of [path.replace('.ics', ''), `${path}x`, '/calendar/x.ics', `/calendar/${'0'.repeat(64)}.ics`,
            path.replace(/[0-9a-f]{2}\.ics$/, 'zz.ics')]) {
            assertProblem(await visitor().get(wrong), 404, 'NOT_FOUND');
        }
        const again = new URL((await water.post('/api/v1/session/calendar', {})).json.url).pathname;
        assert.notEqual(again, path);
        assertProblem(await visitor().get(path), 404, 'NOT_FOUND');
        assert.equal((await water.call('DELETE', '/api/v1/session/calendar')).status, 204);
        assertProblem(await visitor().get(again), 404, 'NOT_FOUND');
        assert.equal((await water.get('/api/v1/session/reminders')).json.calendar, null);
        // The address never stands in the log.
        assert.ok(!server.log.includes(path.slice(10, 74)));
    }, ['--public-url', 'https://office.example/']);
});

test('an administrator without a case role has a feed without events, and no open door', async () => {
    await withServer('2026-03-02T09:00', async () => {
        await complaint();
        const env = { ...process.env, LIANDONG_PASSWORD: 'a password for tests' };
        if (server.storeUrl) {
            env.LIANDONG_STORE = server.storeUrl;
        }
        execFileSync(program, ['account', 'add', 'water.admin', '--data', server.data, '--name', '管理员',
            '--body', 'water', '--roles', 'org_admin'], { env });
        const admin = await server.as('water.admin');
        const path = new URL((await admin.post('/api/v1/session/calendar', {})).json.url).pathname;
        assert.deepEqual(readBack((await visitor().get(path)).text), []);
        execFileSync(program, ['account', 'disable', 'water.admin', '--data', server.data], { env });
        assertProblem(await visitor().get(path), 404, 'NOT_FOUND');
    });
});

test('feeds are asked only so often from one address', async () => {
    await withServer('2026-03-02T09:00', async () => {
        const guess = server.visitor('192.0.2.1');
        let status = 404;
        let tries = 0;
        while (status === 404 && tries < 200) {
            status = (await guess.get(`/calendar/${'1'.repeat(64)}.ics`)).status;
            tries++;
        }
        assert.equal(status, 429);
        assert.equal(tries, 121);
        assert.equal((await server.visitor('192.0.2.2').get(`/calendar/${'1'.repeat(64)}.ics`)).status, 404);
    }, ['--behind-proxy']);
});

test('pages hear that there are messages', async () => {
    await withServer('2026-03-02T09:00', async () => {
        await complaint();
        const water = await server.as('water.handler');
        let opened;
        const open = new Promise((resolve) => { opened = resolve; });
        const heard = new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error('no event: message in time')), 60_000);
            const asked = request(`${server.url}/api/v1/stream`, { headers: water.headers }, (reply) => {
                let text = '';
                reply.on('data', (bytes) => {
                    text += bytes;
                    opened();
                    if (/^event: message$/m.test(text)) {
                        clearTimeout(timer);
                        asked.destroy();
                        resolve();
                    }
                });
            });
            asked.on('error', () => {});
            asked.end();
        });
        // The server greets; only then is it listened to.
        await open;
        // Not before: the server's own first look at the clocks may come this late. Its job wakes every few seconds
        // and finds what the test, or it itself, has just caused.
        await server.clock('2026-03-04T09:30');
        await runs('remind');
        await heard;
        const later = await server.as('water.handler'); // Sessions last half a day.
        assert.equal((await later.get('/api/v1/messages')).json.unread, 2);
    });
});

const hasSmtp = spawnSync('/usr/bin/python3', ['-c', 'import aiosmtpd']).status === 0;
const smtp = { skip: hasSmtp ? false : 'python3-aiosmtpd is not installed (script/bootstrap --test)' };

test('a server that was told a mail server mails', smtp, async () => {
    const box = mkdtempSync(join(folder, 'box-'));
    const child = spawn('/usr/bin/python3', [join(root, 'tests/messages/smtp.py'), box], {
        stdio: ['pipe', 'pipe', 'inherit'],
    });
    const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
    const flags = ['--mail-url', `smtp://127.0.0.1:${port}`, '--mail-from', 'liandong@office.example', '--mail-plain'];
    try {
        await withServer('2026-03-04T09:00', async () => {
            const { reference } = await complaint();
            const water = await server.as('water.handler');
            const put = await water.call('PUT', '/api/v1/session/reminders', {
                body: JSON.stringify({ email: 'jing.chen@water.example', mail: true }),
                headers: { 'Content-Type': 'application/json', 'Accept-Language': 'en' },
            });
            assert.equal(put.json.mail_available, true);
            await server.clock('2026-03-06T09:30');
            await runs('remind');
            const until = Date.now() + 60_000;
            while (!existsSync(join(box, '0.json'))) {
                assert.ok(Date.now() < until, `no mail came\n${server.log}`);
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            const mail = JSON.parse(readFileSync(join(box, '0.json'), 'utf8'));
            assert.deepEqual(mail.to, ['jing.chen@water.example']);
            assert.equal(mail.subject, '[Liandong] 2 reminders', 'in the language in which it was asked for');
            assert.ok(mail.text.includes(`${reference}: 'Written notice' is due 2026-03-09.`), mail.text);
            assert.ok(!server.log.includes('water.example'));
        }, flags);
    } finally {
        child.stdin.end();
    }
});

// The shipped calendar with a notice for 2027: 1 to 4 January off.
function newCalendar() {
    const text = readFileSync(join(root, 'calendars', 'cn.yaml'), 'utf8');
    const year = '  - year: 2027\n    notice: 试验〔2026〕1号\n    off:\n'
        + '      - {from: 2027-01-01, to: 2027-01-04, name: {zh: 元旦, en: New Year}}\n';
    const [head, tail] = text.split('\nprovisional:');
    const path = join(folder, 'new.yaml');
    writeFileSync(path, `${head}\n${year}provisional:${tail.replace(/  - year: 2027[\s\S]*?(?=  - year: 2028)/, '')}`);
    return path;
}

function calendar(...words) {
    const env = { ...process.env, LANG: 'en' };
    delete env.LC_ALL;
    if (server.storeUrl) {
        env.LIANDONG_STORE = server.storeUrl;
    }
    return spawnSync(program, ['calendar', ...words, '--data', server.data], { env, encoding: 'utf8' });
}

test('a calendar loaded while the server runs', async () => {
    await withServer('2026-12-29T09:00', async () => {
        const { reference } = await complaint();
        const ended = (await complaint({ subject: '先已告知的工程评标不公' })).reference;
        const water = await server.as('water.handler');
        await water.acted(await matterOf(water, ended), 'notify', {
            notice_body: '曾都区交通运输局', notice_text: '应由交通运输局查处。',
        });
        const before = await matterOf(water, reference);
        const days = (matter) =>
            Object.fromEntries(matter.clocks.map((clock) => [clock.code, [clock.due, clock.provisional]]));
        assert.deepEqual(days(before), {
            review: ['2027-01-04', true], notice: ['2027-01-04', true], transfer: ['2027-01-06', true],
        });

        // First it only shows.
        const path = newCalendar();
        const shown = calendar('load', path, '--json');
        assert.equal(shown.status, 0, shown.stderr);
        const told = JSON.parse(shown.stdout);
        assert.equal(told.applied, false);
        assert.ok(told.open >= 4 && told.moved === 4);
        const mine = told.clocks.filter((row) => row.reference === reference);
        assert.deepEqual(mine.map((row) => [row.clock, row.obligor, row.was, row.due]).sort(), [
            ['notice', 'water', '2027-01-04', '2027-01-05'],
            ['review', 'water', '2027-01-04', '2027-01-05'],
            ['transfer', 'water', '2027-01-06', '2027-01-07'],
        ]);
        assert.ok(mine.every((row) => row.was_provisional && !row.provisional));
        const plain = calendar('load', path);
        assert.match(plain.stdout, new RegExp(`^${reference}\tWritten notice\t.+\t2027-01-04 -> 2027-01-05`, 'm'));
        assert.match(plain.stdout, /\d open deadlines: 4 move, .*\nnothing was changed; --apply does it\n$/);
        assert.deepEqual(days(await matterOf(water, reference)), days(before));

        // Then it moves; the server takes it up.
        const done = calendar('load', path, '--apply', '--json');
        assert.equal(done.status, 0, done.stderr);
        assert.equal(JSON.parse(done.stdout).applied, true);
        await runs('calendar');
        const moved = await matterOf(water, reference);
        assert.deepEqual(days(moved), {
            review: ['2027-01-05', false], notice: ['2027-01-05', false], transfer: ['2027-01-07', false],
        });
        assert.equal(moved.version, before.version + 1);
        const events = (await water.get(`/api/v1/matters/${moved.id}/events`)).json.items;
        const last = events.at(-1);
        assert.equal(last.action, 'due_moved');
        assert.ok(last.label.zh && last.label.en);
        assert.deepEqual(last.clocks.map((clock) => [clock.code, clock.change, clock.due]).sort(), [
            ['notice', 'moved', '2027-01-05'], ['review', 'moved', '2027-01-05'], ['transfer', 'moved', '2027-01-07'],
        ]);
        const list = (await water.get('/api/v1/messages')).json;
        assert.deepEqual(list.items.map((item) => item.kind), ['moved', 'moved', 'moved', 'moved']);
        const texts = list.items.map((item) => item.text.zh);
        assert.ok(texts.includes('工作日历更新：“完成移送”的到期日由2027-01-06改为2027-01-07。'));
        const supervisor = await server.as('supervisor.handler');
        assert.equal((await supervisor.get('/api/v1/messages')).json.unread, 4);

        // A clock that had ended stays, and is explained by the calendar it was counted with.
        const closed = (await matterOf(water, ended)).clocks.find((clock) => clock.code === 'notice');
        assert.deepEqual([closed.due, closed.light], ['2027-01-04', 'met']);
        const why = async (matter, clock) =>
            (await water.get(`/api/v1/matters/${matter.id}/clocks/${clock.id}/explanation`)).json;
        const closedWhy = await why(await matterOf(water, ended), closed);
        assert.equal(closedWhy.due, '2027-01-04');
        assert.notEqual(closedWhy.calendar, told.edition);
        const openWhy = await why(moved, moved.clocks.find((clock) => clock.code === 'notice'));
        assert.deepEqual([openWhy.due, openWhy.calendar], ['2027-01-05', told.edition]);

        // What begins now counts with it, after a restart too; and it is not loaded twice.
        const next = await complaint({ subject: '另一工程评标不公' });
        assert.equal(days(await matterOf(water, next.reference)).notice[0], '2027-01-05');
        assert.equal(calendar('load', path).status, 1);
        assert.match(calendar('load', path).stderr, /in force already/);
        const kept = JSON.parse(calendar('show', '--json').stdout);
        assert.equal(kept.edition, told.edition);
        assert.equal(kept.published_until, '2027-12-31');
        assert.notEqual(kept.shipped, kept.edition);
        const copy = join(server.data, 'calendars', `${kept.edition}.yaml`);
        assert.equal(readFileSync(copy, 'utf8'), readFileSync(path, 'utf8'));
        await server.halt();
        await server.serve([]);
        const third = await complaint({ subject: '第三项工程评标不公' });
        const again = await server.as('water.handler');
        assert.equal(days(await matterOf(again, third.reference)).notice[0], '2027-01-05');
    });
});

test('wrong calendars are refused, with their place', async () => {
    await withServer('2026-03-02T09:00', async () => {
        const path = join(folder, 'wrong.yaml');
        const day = '      - {from: 2026-02-30, to: 2026-03-01}\n';
        writeFileSync(path, `years:\n  - year: 2026\n    notice: x\n    off:\n${day}`);
        const ran = calendar('load', path, '--apply');
        assert.equal(ran.status, 1);
        assert.match(ran.stderr, /wrong\.yaml:5:\d+: /);
        assert.equal(calendar('load', join(folder, 'missing.yaml')).status, 1);
        assert.equal(calendar('load').status, 2);
        assert.equal(calendar('lose', path).status, 2);
        assert.match(
            calendar('show').stdout,
            /^calendar [0-9a-f]{16}, in force here since \d{4}-\d\d-\d\d; notices cover the days to 2026-12-31\n$/,
        );
    });
});
