// A new edition of the rulebook takes effect while the server runs; a matter stays under its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertProblem, complaintFacts, file, matterOf, program, root, startServer } from './server.mjs';

const UP_MS = 60_000;
const shipped = join(root, 'rulebooks', 'zengdu-2021');
const folders = [];
let server, visitor, handler, first, second, old;

before(async () => {
    const bodies = join(shipped, 'demo', 'organisations.yaml');
    server = await startServer({ initFlags: ['--bodies', bodies, '--as-of', '2026-03-01T09:00'] });
    visitor = server.visitor();
    handler = await server.as('supervisor.handler');
});
after(async () => {
    await server.stop();
    for (const folder of folders) {
        rmSync(folder, { recursive: true, force: true });
    }
});

// The shipped rulebook with another value of one setting.
function changedBook(setting, value) {
    const folder = mkdtempSync(join(tmpdir(), 'liandong-book-'));
    folders.push(folder);
    cpSync(shipped, folder, { recursive: true });
    const path = join(folder, 'settings.yaml');
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(new RegExp(`(code: ${setting},.*?value: )\\w+`), `$1${value}`);
    assert.notEqual(changed, text);
    writeFileSync(path, changed);
    return folder;
}

function rules(...words) {
    const env = { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '' };
    if (server.storeUrl) {
        env.LIANDONG_STORE = server.storeUrl;
    }
    const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync(program, ['rules', ...words, '--data', server.data], options);
}

async function editions() {
    const reply = await visitor.get('/api/v1/editions');
    assert.equal(reply.status, 200);
    return reply.json.items;
}

async function untilThere(count) {
    const end = Date.now() + UP_MS;
    while ((await editions()).length < count) {
        assert.ok(Date.now() < end, `not taken up in time\n${server.log}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

const setting = (book, code) => book.settings.find((row) => row.code === code).value;

async function filed() {
    return matterOf(handler, (await file(visitor, 'complaint', complaintFacts())).reference);
}

test('the first edition is the one the data was made with', async () => {
    const book = (await visitor.get('/api/v1/rulebook')).json;
    first = book.edition;
    assert.match(first, /^[0-9a-f]{16}$/);
    assert.deepEqual(await editions(), [
        { edition: first, code: book.code, title: book.title, takes_effect: book.in_force_from, current: true },
    ]);
    assert.deepEqual(readdirSync(join(server.data, 'rulebooks')), [first]);
    old = await filed();
    assert.equal(old.edition, first);
});

test('a running server takes up what is adopted, and it counts from its day', async () => {
    const folder = changedBook('correct_days', '4wd');
    const said = rules('adopt', folder, '--from', '2026-03-04', '--as-of', '2026-03-02T10:00');
    second = /^Edition ([0-9a-f]{16}) is adopted and takes effect on 2026-03-04\.$/m.exec(said)[1];
    assert.match(said, /^\d+ open matters stay under the edition they began under/m);
    await untilThere(2);
    assert.deepEqual(
        (await editions()).map((row) => [row.edition, row.takes_effect, row.current]),
        [
            [first, '2021-06-01', true],
            [second, '2026-03-04', false],
        ],
    );
    await server.clock('2026-03-03T23:59');
    handler = await server.as('supervisor.handler'); // A session lasts twelve hours.
    assert.equal((await visitor.get('/api/v1/rulebook')).json.edition, first);
    assert.equal((await filed()).edition, first);
    await server.clock('2026-03-04T00:00');
    assert.deepEqual((await editions()).map((row) => row.current), [false, true]);
    assert.equal((await visitor.get('/api/v1/rulebook')).json.edition, second);
    assert.equal((await filed()).edition, second);
});

test('each edition can be read, compressed or not, and is known by its tag', async () => {
    for (const [edition, value] of [
        [first, '5wd'],
        [second, '4wd'],
    ]) {
        const plain = await visitor.get(`/api/v1/rulebook?edition=${edition}`, { 'Accept-Encoding': 'identity' });
        assert.equal(plain.json.edition, edition);
        assert.equal(setting(plain.json, 'correct_days'), value);
        assert.equal(plain.headers.get('etag'), `"${edition}"`);
        const again = await visitor.get(`/api/v1/rulebook?edition=${edition}`, { 'If-None-Match': `"${edition}"` });
        assert.equal(again.status, 304);
    }
    const packed = await fetch(`${server.url}/api/v1/rulebook?edition=${first}`);
    assert.equal((await packed.json()).edition, first);
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    for (const edition of ['', 'ffffffffffffffff', `${first}0`, '../..']) {
        const reply = await visitor.get(`/api/v1/rulebook?edition=${encodeURIComponent(edition)}`);
        assertProblem(reply, 404, 'NOT_FOUND');
    }
});

test('a matter goes on under its own edition, beside those under the new one', async () => {
    // Ask for correction: five working days under the old edition, four under the new.
    const due = async (matter) => {
        const asked = await handler.acted(matter, 'ask_correction', { correction_items: '请补充授权委托书。' });
        assert.equal(asked.edition, matter.edition);
        return asked.clocks.find((clock) => clock.code === 'correct').due;
    };
    const fresh = await filed();
    assert.equal(fresh.edition, second);
    old = (await handler.get(`/api/v1/matters/${old.id}`)).json;
    // Wednesday 4 March: 5, 6, 9, 10, 11.
    assert.equal(await due(old), '2026-03-11');
    assert.equal(await due(fresh), '2026-03-10');
    const items = (await handler.get('/api/v1/workbench')).json.items;
    assert.ok(items.some((duty) => duty.matter.id === old.id));
});

test('what was adopted stays after a restart, and a missing copy is named', async () => {
    await server.halt();
    const copy = join(server.data, 'rulebooks', second, 'settings.yaml');
    const text = readFileSync(copy);
    writeFileSync(copy, readFileSync(join(server.data, 'rulebooks', first, 'settings.yaml')));
    await assert.rejects(server.serve([]), new RegExp(second));
    rmSync(copy);
    await assert.rejects(server.serve([]), new RegExp(second));
    writeFileSync(copy, text);
    await server.serve([]);
    await server.clock('2026-03-05T09:00');
    handler = await server.as('supervisor.handler');
    visitor = server.visitor();
    assert.deepEqual((await editions()).map((row) => row.edition), [first, second]);
    assert.equal((await handler.get(`/api/v1/matters/${old.id}`)).json.edition, first);
    assert.equal((await filed()).edition, second);
});

test('what can not be adopted', () => {
    const refused = (pattern, ...words) => {
        assert.throws(() => rules('adopt', ...words), (error) => {
            assert.equal(error.status, 1);
            assert.match(error.stderr, pattern);
            return true;
        });
    };
    const other = changedBook('correct_days', '3wd');
    const at = ['--as-of', '2026-03-05T10:00'];
    refused(/was adopted before/, shipped, '--from', '2026-03-06', ...at);
    refused(/can't take effect before today/, other, '--from', '2026-03-04', ...at);
    refused(/--from takes the day/, other, '--from', 'tomorrow', ...at);
    refused(/--from takes the day/, other, ...at);
    writeFileSync(join(other, 'settings.yaml'), '- {}\n');
    refused(/settings\.yaml:1:3: /, other, '--from', '2026-03-06', ...at);
    assert.equal(rules('editions', ...at).trim().split('\n').length, 3);
});

test('a rehearsal tells what would differ, and writes nothing', async () => {
    const before = readdirSync(join(server.data, 'rulebooks'));
    const days = ['--from', '2026-03-02', '--to', '2026-03-03', '--as-of', '2026-03-05T10:00'];
    const same = rules('rehearse', shipped, ...days, '--json');
    const { edition, matters, summary } = JSON.parse(same);
    assert.deepEqual([edition, matters, summary.matters, summary.different], [first, [], 2, 0]);
    let told;
    try {
        rules('rehearse', changedBook('correct_days', '3wd'), '--as-of', '2026-03-05T10:00', '--json');
    } catch (error) {
        assert.equal(error.status, 3, error.stderr);
        told = JSON.parse(error.stdout);
    }
    // Only the two that were asked to correct: 5 days become 3, and 4 become 3.
    assert.equal(told.summary.clock_moved, 2);
    assert.equal(told.summary.different, 2);
    const dues = told.matters.flatMap((row) => row.items.map((item) => [row.edition, item.code, item.new_due]));
    const midnight = '2026-03-09T16:00:00.000Z';
    assert.deepEqual(dues, [
        [first, 'correct', midnight],
        [second, 'correct', midnight],
    ]);
    assert.deepEqual(readdirSync(join(server.data, 'rulebooks')), before);
});
