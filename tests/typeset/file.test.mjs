// The files: what readers get out of them, what is refused, the same bytes each time, PDF and OFD alike.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bare, content, elements, list, run, set, textOf, tool, unzip, withFolder } from './rig.mjs'

const plain = (body, more = {}) => ({ format: 'plain', title: '通知书', body, ...more })
const names = ['letter', 'file', 'plain', 'receipt', 'report', 'english']
const flat = (item) => item.p ?? item.heading ?? ''

test('all that was written can be read out of the PDF again', () => {
  for (const name of names) {
    const input = content(name)
    const text = bare(textOf(set(input), '-raw'))
    const quotes = (each) => (input.lang === 'en' ? each.replace(/[“”]/g, '"') : each)
    for (const item of input.body) assert.ok(text.includes(bare(quotes(flat(item)))) , `${name}: ${flat(item)}`)
    for (const key of ['organ', 'number', 'to', 'signed', 'note', 'title']) {
      if (input[key]) assert.ok(text.includes(bare(input[key])), `${name}: ${key}`)
    }
  }
})

test('the PDF is sound, embeds its fonts, and says what it is', () => {
  for (const name of names) {
    withFolder((folder) => {
      const file = join(folder, 'a.pdf')
      writeFileSync(file, set(content(name)))
      tool('qpdf', ['--check', file])
      const fonts = tool('pdffonts', [file]).toString().trim().split('\n').slice(2)
      const embedded = /\b(CID Type 0C|CID TrueType) .*yes yes yes/
      assert.ok(fonts.length > 0 && fonts.every((line) => embedded.test(line)), fonts.join('\n'))
      const info = tool('pdfinfo', ['-enc', 'UTF-8', file]).toString()
      assert.ok(info.includes(content(name).title.replaceAll('\n', ' ')))
      assert.match(info, /Page size:\s+595\.276 x 841\.89 pts \(A4\)/)
      const metadata = tool('pdfinfo', ['-meta', file]).toString()
      assert.match(metadata, /<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>U</)
      elements(metadata.replace(/<\?xpacket[^?]*\?>/g, '').trim())
      if (content(name).created) assert.ok(metadata.includes(`<xmp:CreateDate>${content(name).created}<`))
    })
  }
})

test('the same bytes from two processes, PDF and OFD; other content, other bytes', () => {
  for (const format of ['pdf', 'ofd']) {
    for (const name of names) {
      const first = set(content(name), '--format', format)
      assert.ok(first.equals(set(content(name), '--format', format)), `${name}.${format}`)
      const other = { ...content(name), title: content(name).title.replace(/.$/u, '者') }
      assert.ok(!first.equals(set(other, '--format', format)))
    }
  }
})

test('the code can be scanned from the printed page', () => {
  withFolder((folder) => {
    writeFileSync(join(folder, 'a.pdf'), set(content('letter')))
    tool('pdftoppm', ['-r', '150', '-png', 'a.pdf', 'a'], { cwd: folder })
    const read = tool('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', 'a-2.png'], { cwd: folder })
    assert.equal(read.toString().trim(), content('letter').qr)
  })
})

test('rare characters of names have glyphs, in every style', () => {
  const rare = '喆堃犇玥珺镕昇䶮㛃𬱖𫖮𨺙〇'
  const input = plain([{ p: rare }, { heading: rare }, { heading: rare, level: 2 }], { title: rare, organ: rare })
  const text = bare(textOf(set(input), '-raw'))
  for (const sign of rare) assert.equal([...text].filter((each) => each === sign).length, 5, sign)
})

test('a character no font has is refused by name, wherever it stands', () => {
  const table = { columns: [{ label: '甲' }], rows: [['乙'], ['\u0e01']] }
  const places = {
    'body.0': plain([{ p: '文\u0e01' }]), title: plain([], { title: '\u0e01' }), organ: plain([], { organ: '\u0e01' }),
    to: plain([], { to: '\u0e01' }), signed: plain([], { signed: '\u0e01' }),
    date: plain([], { date: '\u0e01' }),
    note: plain([], { note: '\u0e01' }), check: plain([], { check: '\u0e01' }),
    copies: plain([], { copies: ['\u0e01'] }),
    'attachments.1': plain([], { attachments: ['甲', '\u0e01'] }), 'body.0.rows.1': plain([{ table }]),
    number: plain([], { number: '\u0e01' }), secrecy: plain([], { secrecy: '\u0e01' }),
  }
  for (const [path, input] of Object.entries(places)) {
    const result = run(input)
    assert.equal(result.status, 1, path)
    assert.equal(result.said, `${path}: No font has the character \u0e01 (U+0E01).`)
    assert.equal(result.bytes.length, 0)
  }
})

test('marks without a glyph of their own are left out', () => {
  assert.equal(bare(textOf(set(plain([{ p: '一\u200b二\ufe00三\u{e0101}四\ufeff' }])), '-raw')).includes('一二三四'), true)
})

test('contents that are wrong are refused with the field', () => {
  const letter = content('letter')
  const cases = [
    ['', 'The content is not a JSON object.'], ['[]', 'The content is not a JSON object.'],
    ['{"format":"plain"', 'The content is not a JSON object.'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'The content is not UTF-8 text.'],
    [{ ...letter, organ: undefined }, 'organ: This is wanted.'], [{ ...letter, title: '' }, 'title: This is wanted.'],
    [{ ...letter, format: 'poster' }, 'format: This is none of the words known here.'],
    [{ ...letter, colour: 'red' }, 'colour: There is no such field.'],
    [{ ...letter, body: 'text' }, 'body: This must be a list of up to 50000 items.'],
    [{ ...letter, body: [{ q: '文' }] }, 'body.0: This must be one of p, heading (with level), table.'],
    [{ ...letter, body: [{ p: '文', level: 2 }] }, 'body.0: This must be one of p, heading (with level), table.'],
    [{ ...letter, body: [{ heading: '文', level: 5 }] }, 'body.0: This must be a level from 1 to 4.'],
    [{ ...letter, body: [{ p: 5 }] }, 'body.0: This must be text.'],
    [{ ...letter, body: [{ p: 'a\u0007b' }] }, 'body.0: This must be free of control characters.'],
    [{ ...letter, body: [{ table: { columns: [], rows: [] } }] },
      'body.0: A table has 1 to 20 columns and up to 5000 rows.'],
    [{ ...letter, body: [{ table: { columns: [{ label: '甲' }], rows: [['一', '二']] } }] },
      'body.0.rows.0: A row must have 1 cells.'],
    [{ ...letter, created: 'today' }, 'created: This must be a time like 2026-10-14T08:00:00Z.'],
    [{ ...letter, qr: 'x'.repeat(401) }, 'qr: This is too long for a two-dimensional code.'],
    [{ ...letter, organ: '局'.repeat(80) }, 'organ: The name is too long for a banner.'],
    [{ ...letter, number: '号'.repeat(40) }, 'number: This is too long for its line.'],
    [{ ...letter, signed: '局'.repeat(40) }, 'signed: This is too long for its line.'],
    [{ ...letter, copies: '局'.repeat(900) }, 'copies: This is too long for the foot of the page.'],
  ]
  for (const [input, said] of cases) {
    const result = run(input)
    assert.equal(result.said, said)
    assert.equal(result.status, 1)
  }
})

test('extreme but right contents are set', () => {
  const cases = [
    plain([]), plain([{ p: '' }]), plain([{ p: '\n\n' }]), plain([{ p: 'x'.repeat(5000) }]),
    plain([{ p: '，'.repeat(300) }]),
    plain([{ p: '（'.repeat(300) }]), plain([{ p: '—'.repeat(300) }]), plain([{ heading: '题'.repeat(400) }]),
    plain([], { title: '题'.repeat(500) }), plain([], { title: 'x'.repeat(300) }), plain([], { note: '注'.repeat(2000) }),
    plain([{ p: '文' }], { signed: '甲局\n乙局\n丙局', date: '2026-01-02' }),
    plain([], { attachments: Array.from({ length: 200 }, (_, i) => `附件名称${i}`), signed: '局', date: '2026-01-02' }),
    plain([{ table: { columns: Array(20).fill({ label: '列' }), rows: [Array(20).fill('1')] } }]),
    plain([{ table: { columns: [{ label: '列' }], rows: [] } }]),
    { ...content('letter'), body: [], copies: '局'.repeat(150) },
  ]
  for (const input of cases) {
    const pages = list(input)
    assert.ok(pages.length >= 1)
    for (const op of pages.flat().filter((each) => each.kind === 'text' && each.colour !== 'pale')) {
      assert.ok(op.y > 20 && op.y < 275, `text at ${op.y} in ${JSON.stringify(input).slice(0, 80)}`)
    }
  }
})

test('OFD: parts, well-formed XML, glyphs where the PDF has them', () => {
  for (const name of names) {
    const parts = unzip(set(content(name), '--format', 'ofd'))
    const xml = (part) => elements(parts.get(part).toString())
    const root = xml('OFD.xml')
    assert.equal(root.find((each) => each.name === 'ofd:DocRoot').text, 'Doc_0/Document.xml')
    assert.equal(root[0].attributes.DocType, 'OFD')
    const pages = xml('Doc_0/Document.xml').filter((each) => each.name === 'ofd:Page')
    const ops = list(content(name))
    assert.equal(pages.length, ops.length)
    const fonts = new Map(xml('Doc_0/PublicRes.xml').filter((each) => each.name === 'ofd:Font')
      .map((font) => [font.attributes.ID, font.attributes.FontName]))
    for (const file of xml('Doc_0/PublicRes.xml').filter((each) => each.name === 'ofd:FontFile')) {
      assert.match(parts.get(`Doc_0/Res/${file.text}`).subarray(0, 4).toString('latin1'), /^(OTTO|\0\x01\0\0)$/)
    }
    const ids = new Set()
    for (const [index, page] of pages.entries()) {
      const found = xml(`Doc_0/${page.attributes.BaseLoc}`)
      for (const each of found.filter((one) => one.attributes.ID)) {
        assert.ok(!ids.has(each.attributes.ID), 'an ID twice')
        ids.add(each.attributes.ID)
      }
      const texts = found.filter((each) => each.name === 'ofd:TextCode')
      const wanted = ops[index].filter((op) => op.kind === 'text')
      assert.equal(texts.length, wanted.length)
      for (const [i, code] of texts.entries()) comparePlaces(code, wanted[i], fonts)
    }
  }
})

/** The first glyph's origin on the page, by boundary and matrix. */
function comparePlaces(code, op, fonts) {
  const object = code.parent.attributes
  const [left, top] = object.Boundary.split(' ').map(Number)
  const [a, b, c, d, e, f] = (object.CTM ?? '1 0 0 1 0 0').split(' ').map(Number)
  const [x, y] = [+code.attributes.X, +code.attributes.Y]
  const names = { lt: '<', gt: '>', quot: '"', amp: '&' }
  const unescaped = code.text.replace(/&(\w+);/g, (_, name) => names[name])
  assert.equal(unescaped, op.text)
  assert.equal(fonts.get(object.Font), op.font)
  assert.ok(Math.abs(+object.Size - op.size) < 0.001)
  assert.ok(Math.abs(left + a * x + c * y + e - op.x) < 4, 'glyph offset within its square')
  assert.ok(Math.abs(top + b * x + d * y + f - op.y) < (op.colour === 'pale' ? 4 : 0.001))
  const count = [...op.text].length
  const repeated = (_, times, value) => Array(+times).fill(value).join(' ')
  const deltas = (code.attributes.DeltaX ?? '').replace(/g (\d+) (\S+)/g, repeated)
  assert.equal(deltas === '' ? 0 : deltas.split(' ').length, count - 1)
}
