// `kill -9` while a calendar moves what runs: afterwards all of it has happened or nothing. The data is the
// demonstration's year as of the end of 2026, where many clocks reach into 2027. Loading the old calendar
// again tells how many clocks had moved: those that stand where only the new one puts them.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { program, root, store } from '../http/server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'liandong-calendar-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const shipped = join(root, 'calendars', 'cn.yaml');
const env = { ...process.env, LANG: 'en' };
delete env.LC_ALL;

function freshDatabase() {
    const server = process.env.LIANDONG_TEST_POSTGRES;
    const sql = "CREATE DATABASE calendar_crash ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0";
    execFileSync('psql', ['-q', '-d', server, '-c', sql], { stdio: ['ignore', 'ignore', 'inherit'] });
    return server.replace('/postgres?', '/calendar_crash?');
}

// The shipped calendar with a notice for 2027 that gives the first week off; `mark` makes it another edition.
function firstWeekOff(mark) {
    const text = readFileSync(shipped, 'utf8');
    const year = `  - year: 2027\n    notice: 试验${mark}\n    off:\n`
        + '      - {from: 2027-01-01, to: 2027-01-07, name: {zh: 元旦, en: New Year}}\n';
    const [head, tail] = text.split('\nprovisional:');
    const path = join(folder, `${mark}.yaml`);
    writeFileSync(path, `${head}\n${year}provisional:${tail.replace(/  - year: 2027[\s\S]*?(?=  - year: 2028)/, '')}`);
    return path;
}

const words = (...more) => ['calendar', ...more, '--data', data];
const edition = () => JSON.parse(execFileSync(program, words('show', '--json'), { env })).edition;

function load(path, ...flags) {
    const ran = spawnSync(program, words('load', path, '--json', ...flags), { env, encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return JSON.parse(ran.stdout);
}

// Starts to move, and kills it after a while. How many milliseconds it was left, and whether it got through.
async function killed(path, ms) {
    const child = spawn(program, words('load', path, '--apply'), { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    const code = await ended;
    clearTimeout(timer);
    return code === 0;
}

test('a calendar that is killed while it moves: all or nothing', async () => {
    if (store === 'postgres') {
        env.LIANDONG_STORE = freshDatabase();
    }
    execFileSync(program, ['init', '--data', data, '--demo', '--as-of', '2026-12-30T17:30'], { env, stdio: 'ignore' });
    const before = edition();
    const whole = load(firstWeekOff('first'));
    assert.ok(whole.moved > 20, `only ${whole.moved} clocks move`);
    // How long it takes undisturbed, there and back.
    const began = performance.now();
    assert.equal(load(firstWeekOff('first'), '--apply').moved, whole.moved);
    const usual = performance.now() - began;
    assert.equal(load(shipped, '--apply').moved, whole.moved);
    assert.equal(edition(), before);
    const seen = { nothing: 0, all: 0 };
    /* Sixteen kills around the usual end, and then later ones until one came too late. */
    for (let i = 0; i < 16 || (seen.all === 0 && i < 80); i++) {
        const path = firstWeekOff(`try${i}`);
        const through = await killed(path, usual * (0.3 + 0.05 * i));
        const now = edition();
        const kept = now !== before;
        assert.ok(kept || !through);
        if (kept) {
            seen.all++;
            assert.equal(load(shipped, '--apply').moved, whole.moved);
        } else {
            seen.nothing++;
            assert.equal(load(path).moved, whole.moved);
        }
    }
    // Both ends were met, so the kills fell around what they are about.
    assert.ok(seen.nothing > 0 && seen.all > 0, JSON.stringify(seen));
});
