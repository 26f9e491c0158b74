// A whole year of the demonstration, looked at by one person of each body: what he can open is what his list shows,
// and no JSON that he is sent, from whatever address, names a matter that he can't open (files and the stream have
// tests of their own). An address that is not known here fails the test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from './server.mjs';

let server;
let passwords;
let auditor;
let matters; // All there are: id, reference, title.
before(async () => {
    const now = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 16);
    server = await startServer({ now, initFlags: ['--demo'] });
    const { accounts } = (await server.visitor().get('/api/v1/demo')).json;
    passwords = new Map(accounts.map((account) => [account.login, account.password]));
    auditor = await signedIn([...passwords.keys()].find((login) => login.endsWith('.auditor')));
    matters = await all(auditor, '/api/v1/matters?limit=100');
    assert.ok(matters.length > 300);
});
after(() => server.stop());

async function signedIn(login) {
    const client = server.visitor();
    await client.signIn(login, passwords.get(login));
    return client;
}

// All pages of a list; `note` sees each reply.
async function all(client, path, note = () => {}) {
    const items = [];
    let next = null;
    do {
        const from = next === null ? path : `${path}${path.includes('?') ? '&' : '?'}after=${next}`;
        const reply = await client.get(from);
        assert.equal(reply.status, 200, `${from}: ${reply.text}`);
        note(from, reply.text);
        items.push(...reply.json.items);
        const before = next;
        next = reply.json.items.length > 0 && reply.json.next !== before ? reply.json.next : null;
    } while (next !== null);
    return items;
}

// Some at a time.
async function each(list, work) {
    const rest = [...list];
    const one = async () => {
        while (rest.length > 0) {
            await work(rest.pop());
        }
    };
    await Promise.all(Array.from({ length: 8 }, one));
}

// One person of each body who works on cases.
function logins() {
    const found = new Map();
    for (const login of passwords.keys()) {
        const [body, role] = login.split('.');
        if (['handler', 'head'].includes(role) && !found.has(body)) {
            found.set(body, login);
        }
    }
    return [...found.values()];
}

const api = '/api/v1';
// How each address is asked; a function gives paths from what the person sees.
const asked = {
    '/session': [''], '/demo': [''], '/rulebook': [''], '/editions': [''], '/organisations': [''],
    '/competence': ['?category=water'], '/deadline': ['?from=2026-03-02&within=5wd'],
    '/code/{code}': ['/code/91420000177570439L'], '/session/reminders': [''], '/openapi.json': [''],
    '/portal/form': ['?procedure=complaint'], '/portal/paper/{check}': ['/portal/paper/0'], '/stream': [],
    '/workbench': [''], '/matters': [], '/messages': [], '/feed': [],
    '/matters/{id}': [], '/matters/{id}/events': [], '/matters/{id}/receipt': [], '/matters/{id}/sealed': [],
    '/matters/{id}/clocks/{clock}/explanation': [], '/matters/{id}/materials/{material}': [],
    '/matters/{id}/papers/{paper}/pdf': [], '/matters/{id}/papers/{paper}/ofd': [],
    '/figures': [''], '/figures/{table}': [], '/figures/{table}/events': [],
    '/appraisal': ['?period=2026', '?period=2026Q1'], '/appraisal/events': [],
};

test('every address that can be read is known here', async () => {
    const { paths } = (await server.visitor().get(`${api}/openapi.json`)).json;
    for (const [path, methods] of Object.entries(paths)) {
        const short = path.replace(api, '');
        if (methods.get && path.startsWith(api)) {
            assert.ok(short in asked, `${path} is not looked at`);
        }
    }
});

async function look(client, note) {
    const read = async (path) => {
        const reply = await client.get(api + path);
        assert.ok([200, 403, 404].includes(reply.status), `${path}: ${reply.status} ${reply.text}`);
        note(path, reply.text);
        return reply.json;
    };
    for (const [path, tails] of Object.entries(asked)) {
        for (const tail of tails) {
            await read(tail.startsWith('/') ? tail : path + tail);
        }
    }
    const seen = await all(client, `${api}/matters?limit=100`, note);
    await all(client, `${api}/messages?limit=100`, note);
    await all(client, `${api}/feed?limit=500`, note);
    await each(seen, async ({ id }) => {
        const matter = await read(`/matters/${id}`);
        await read(`/matters/${id}/events`);
        await read(`/matters/${id}/receipt`);
        await read(`/matters/${id}/sealed`);
        for (const clock of matter.clocks) {
            await read(`/matters/${id}/clocks/${clock.id}/explanation`);
        }
    });
    const { tables } = await read('/figures');
    for (const table of tables) {
        await read(`/figures/${table.code}`);
        for (const column of table.columns) {
            await read(`/figures/${table.code}/events?column=${column.code}`);
        }
    }
    const marks = await read('/appraisal?period=2026');
    for (const indicator of marks?.indicators ?? []) {
        await read(`/appraisal/events?period=2026&indicator=${indicator.code}`);
    }
    return new Set(seen.map(({ id }) => id));
}

test('what one can open is what one’s list shows; nothing one is sent names anything else', async (t) => {
    for (const login of logins()) {
        const client = await signedIn(login);
        const replies = [];
        const seen = await look(client, (path, text) => replies.push([path, text]));
        t.diagnostic(`${login}: ${seen.size} of ${matters.length} matters, ${replies.length} replies`);
        await each(matters, async ({ id }) => {
            const { status } = await client.get(`${api}/matters/${id}`);
            assert.equal(status === 200, seen.has(id), `${login}: ${id} is ${status}`);
        });
        const hidden = matters.filter(({ id }) => !seen.has(id));
        for (const [path, text] of replies) {
            for (const { id, reference } of hidden) {
                assert.ok(!text.includes(id) && !text.includes(reference), `${login} ${path} names ${reference}`);
            }
        }
    }
});

test('who has no cases to work on sees none', async () => {
    const login = [...passwords.keys()].find((name) => name.endsWith('.system_admin'));
    const client = await signedIn(login);
    for (const path of ['/matters', '/workbench', '/feed', '/figures', '/appraisal?period=2026']) {
        assert.equal((await client.get(api + path)).status, 403, path);
    }
});
