// The measures of GB/T 9704-2012, on the operations and on the rendered pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare, content, ink, lines, list, render, set, textOf } from './rig.mjs'

const near = (value, wanted, tolerance, what) =>
  assert.ok(Math.abs(value - wanted) <= tolerance, `${what}: ${value}, not ${wanted} ± ${tolerance}`)

const plain = (body, more = {}) => ({ format: 'plain', title: '通知书', body, ...more })

test('letter: banner 30 mm from the top, double rules of 170 mm, no number on the first page', () => {
  const pages = render(set(content('letter')))
  const banner = ink(pages[0], { bottom: 45 }, 'red')
  near(banner.top, 30, 0.5, 'banner top')
  near((banner.left + banner.right) / 2, 105, 0.5, 'banner middle')
  const rules = ink(pages[0], { top: banner.bottom + 1, bottom: 60 }, 'red')
  near(rules.top, banner.bottom + 4, 0.5, 'first rule below the banner')
  near(rules.left, 20, 0.2, 'left end')
  near(rules.right, 190, 0.2, 'right end')
  const foot = ink(pages[0], { top: 270 }, 'red')
  near(foot.bottom, 277, 0.2, 'lower rule, 20 mm from the foot')
  near(foot.left, 20, 0.2, 'left end')
  near(foot.right, 190, 0.2, 'right end')
  assert.equal(ink(pages[0], { top: 262.5 }, 'black'), null, 'no page number')
  const thick = list(content('letter'))[0].filter((op) => op.kind === 'box')
  assert.ok(thick[0].height > thick[1].height, 'thick above thin')
  assert.ok(thick[2].height < thick[3].height, 'thin above thick')
})

test('letter: number at the right edge, 7/8 of a character below the rule', () => {
  const page = list(content('letter'))[0]
  const picture = render(set(content('letter')))[0]
  const thin = page.filter((op) => op.kind === 'box')[1]
  const row = { left: 100, right: 185, top: thin.y + thin.height + 0.5, bottom: thin.y + 15 }
  const number = ink(picture, row, 'black')
  near(number.right, 184, 1, 'right edge')
  near(number.top - (thin.y + thin.height), 5.644 * (7 / 8), 0.8, 'gap, from the ink')
  const urgency = ink(picture, { ...row, left: 27, right: 60 }, 'black')
  near(urgency.left, 28, 0.5, 'urgency at the left edge')
})

test('file: banner 35 mm below the margin, red rule of the text width 4 mm below the number', () => {
  const [page] = render(set(content('file')))
  const banner = ink(page, { bottom: 90 }, 'red')
  near(banner.top, 72, 0.5, 'banner top')
  assert.ok(banner.left >= 28 && banner.right <= 182, 'banner not wider than the text')
  const rule = ink(page, { top: banner.bottom + 5, bottom: 150 }, 'red')
  near(rule.left, 28, 0.2, 'left end')
  near(rule.right, 184, 0.2, 'right end')
  const number = ink(page, { top: banner.bottom + 5, bottom: rule.top - 0.5 }, 'black')
  near((number.left + number.right) / 2, 106, 1, 'number in the middle')
  near(rule.top - number.bottom, 4, 1, 'rule below the number')
  assert.ok(number.top - banner.bottom > 2 * 10.2 && number.top - banner.bottom < 3.6 * 10.2, 'two lines free')
})

test('file: copies and printing end at the foot of the text, rules 0.35, 0.25, 0.35 mm', () => {
  const pages = list(content('file'))
  const rules = pages.at(-1).filter((op) => op.kind === 'box').sort((a, b) => a.y - b.y)
  assert.deepEqual(rules.map((rule) => rule.height), [0.35, 0.25, 0.35])
  near(rules[2].y + rules[2].height / 2, 262, 0.1, 'last rule')
  const picture = render(set(content('file'))).at(-1)
  const block = ink(picture, { top: rules[0].y - 0.3, bottom: 264 }, 'black')
  near(block.left, 28, 0.2, 'left end')
  near(block.right, 184, 0.2, 'right end')
  const texts = lines(pages.at(-1)).filter((line) => line.y > rules[0].y)
  near(texts[0].x, 28 + 4.939, 0.3, 'one character in')
  assert.match(texts[0].text, /^抄送：/)
  assert.equal(texts.filter((line) => line.text.includes('印发')).length, 1)
})

test('page numbers: 7 mm below the text, odd ones right, even ones left, one character in', () => {
  const pages = render(set(content('file')))
  for (const [index, picture] of pages.entries()) {
    const number = ink(picture, { top: 264 }, 'black')
    const dash = ink(picture, { top: 264, left: number.left - 0.1, right: number.left + 3 }, 'black')
    near((dash.top + dash.bottom) / 2, 269, 0.5, 'dash')
    if (index % 2 === 0) near(number.right, 184 - 4.939, 0.6, 'right')
    else near(number.left, 28 + 4.939, 0.6, 'left')
  }
})

test('22 lines of 28 characters', () => {
  const input = plain([{ p: '国'.repeat(28 * 60) }])
  const pages = list(input)
  const full = lines(pages[1]).filter((line) => line.text.startsWith('国'))
  assert.equal(full.length, 22)
  assert.ok(full.every((line) => line.text === '国'.repeat(28)))
  const pitches = full.slice(1).map((line, i) => line.y - full[i].y)
  assert.ok(pitches.every((pitch) => Math.abs(pitch - 225 / 22) < 0.01), 'line pitch')
  const edges = ink(render(set(input))[1], { top: 30, bottom: 264 }, 'black')
  near(edges.left, 28, 1, 'left margin') // 国 is about 0.95 mm narrower than its square, on each side
  near(edges.right, 184, 1.1, 'right margin')
  assert.ok(edges.top > 37 && edges.top < 37 + 4.5 && edges.bottom < 262 && edges.bottom > 262 - 4.5, 'margins')
})

test('a paragraph begins two characters in, its other lines do not', () => {
  const [page] = list(plain([{ p: '国'.repeat(60) }]))
  const body = lines(page).filter((line) => line.text.startsWith('国'))
  assert.deepEqual(body.map((line) => line.text.length), [26, 28, 6])
  near(body[0].x, 28 + 2 * 5.571, 0.01, 'first')
  near(body[1].x, 28, 0.01, 'second')
})

test('headings by level: 黑体, 楷体, 仿宋, 仿宋', () => {
  const texts = ['一、甲甲', '（一）乙乙', '1.丙丙', '（1）丁丁']
  const [page] = list(plain(texts.map((heading, i) => ({ heading, level: i + 1 }))))
  const fonts = ['甲', '乙', '丙', '丁', '知'].map((sign) => page.find((op) => op.text?.includes(sign)).font)
  assert.equal(fonts[2], fonts[3])
  assert.notEqual(fonts[0], fonts[2])
  assert.notEqual(fonts[0], fonts[4], '黑体 is not what titles are set in')
})

test('no punctuation at the wrong end of a line; dashes, ellipses, years stay whole', () => {
  const piece = '依据《招标投标法》第三十二条，对“围标”“串标”行为——依法查处……（详见附件）；2026年10月12日；'
  for (let shift = 0; shift < 28; shift++) {
    const [page] = list(plain([{ p: '某'.repeat(shift) + piece.repeat(4) }]))
    const body = lines(page).slice(1, -1).map((line) => line.text)
    for (const [i, text] of body.entries()) {
      assert.ok(!/^[，。、；：？！）》〉”’…—]/.test(text), `begins with punctuation: ${text}`)
      assert.ok(!/[（《〈“‘]$/.test(text), `ends with an opening mark: ${text}`)
      if (i === 0) continue
      assert.ok(!(/\d$/.test(body[i - 1]) && /^\d/.test(text)), `a number is cut: ${body[i - 1]}|${text}`)
      assert.ok(!(body[i - 1].endsWith('—') && text.startsWith('—')), 'a dash is cut')
    }
  }
})

test('lines are filled to the right edge, ragged by nothing but the last one', () => {
  const text = '招标人、投标人（含联合体），应当“依法”、“合规”；'.repeat(12) + '统一社会信用代码：91420000MA01ABCD2X。'.repeat(3)
  const picture = render(set(plain([{ p: text }])))[0]
  const [page] = list(plain([{ p: text }]))
  const body = lines(page).slice(1, -2)
  for (const line of body.slice(0, -1)) {
    const edges = ink(picture, { top: line.y - 5, bottom: line.y + 1.2, left: 20, right: 200 }, 'black')
    assert.ok(edges.right > 184 - 5.6 && edges.right < 184.3, `${line.text} ends at ${edges.right}`)
  }
})

test('titles of one to five lines: balanced, by meaning, and text on the first page', () => {
  const long = '随州市曾都区公共资源交易监督管理委员会关于进一步加强工程建设项目招标投标活动全过程监督管理'
  for (const count of [10, 30, 44, 60, 80]) {
    const title = (long + '健全联合惩戒机制完善信用评价体系强化责任追究切实维护公平竞争市场秩序有关事项').slice(0, count) + '的通知'
    for (const format of ['file', 'letter', 'plain', 'report']) {
      const input = { ...content('file'), format, title, organ: '曾都区人民政府' }
      const [page] = list(input)
      const rows = lines(page).filter((line) => line.ops[0].size === 7.761 && line.ops[0].colour === 'black')
      const widths = rows.map((row) => [...row.text].length)
      const own = format === 'plain' ? widths.slice(1) : widths
      assert.equal(own.reduce((a, b) => a + b), title.length)
      assert.ok(Math.max(...own) <= 20 && own.length <= 5)
      assert.ok(own.length === 1 || Math.min(...own) >= Math.max(...own) / 2, `lines of ${own}`)
      assert.ok(lines(page).some((line) => line.text.includes('规范公共资源交易秩序')), `${format}: text on the first page`)
    }
  }
})

test('no title breaks inside brackets or before what ends a name', () => {
  const titles = ['关于“北郊街道雨污分流管网工程（三标段）涉嫌挂靠投标”一案办理结果的函',
    '关于曾都区住房和城乡建设局有关责任追究事项的函', '关于督促办理“万店镇综合运输服务站建设工程（监理）投标”一案的函']
  for (const title of titles) {
    const [page] = list({ ...content('letter'), title })
    const rows = lines(page).filter((line) => line.ops[0].size === 7.761 && line.ops[0].colour === 'black')
      .map((line) => line.text).filter((text) => title.includes(text))
    assert.equal(rows.join(''), title)
    for (const text of rows.slice(1)) assert.ok(!/^[局段站函）]/.test(text), `begins ${text}`)
    for (const text of rows) assert.ok(!/（[^）]*$/.test(text), `ends ${text}`)
  }
})

test('the given line breaks of a title are kept', () => {
  const [page] = list(plain([], { title: '关于某某的\n通知' }))
  assert.deepEqual(lines(page).slice(0, 2).map((line) => line.text), ['关于某某的', '通知'])
})

test('signature: date four characters from the edge, the name centred over it, seal only in drafts', () => {
  const pages = list(content('letter'))
  const rows = lines(pages.at(-1))
  const date = rows.find((line) => line.text === '2026年10月14日')
  const name = rows.find((line) => line.text === content('letter').signed)
  assert.ok(name.y < date.y && date.y - name.y < 10.5)
  assert.ok(pages.flat().every((op) => op.kind !== 'ring'), 'no seal')
  const short = { ...content('letter'), signed: '区水利局', draft: true }
  const picture = render(set({ ...short, draft: false })).at(-1)
  const place = lines(list(short).at(-1)).find((line) => line.text === '2026年10月14日')
  const edges = ink(picture, { top: place.y - 5, bottom: place.y + 1.2, left: 60 }, 'black')
  near(edges.right, 184 - 4 * 5.571 - 0.8, 0.8, 'right of the date') // 日 is narrower than its square
  const above = ink(picture, { top: place.y - 15, bottom: place.y - 6, left: 60 }, 'black')
  near((above.left + above.right) / 2, (edges.left + edges.right) / 2, 0.9, 'one axis')
  const ring = list(short).flat().find((op) => op.kind === 'ring')
  near(ring.height * 2, 42 - 1.2, 0.1, 'diameter of the seal')
  near(ring.x, (edges.left + edges.right) / 2, 0.9, 'seal on the axis')
})

test('no page holds only the signature, the note or the foot; nothing leaves the text area', () => {
  for (const name of ['letter', 'file']) {
    for (let count = 1; count < 52; count++) {
      const input = { ...content(name), body: [{ p: '正'.repeat(28 * count - 2) }] }
      const pages = list(input)
      for (const [index, page] of pages.entries()) {
        const rows = lines(page.filter((op) => op.size !== 3.175)).filter((line) => line.y < 262)
        const code = page.find((op) => op.kind === 'matrix')
        for (const op of page.filter((each) => code && each.kind === 'text' && each.x < code.x + code.width + 2)) {
          assert.ok(op.y < code.y || op.y > code.y + code.height + 2, `over the code: ${op.text}`)
        }
        if (count > 2 || index === 0) {
          const where = `${name}, ${count} lines: page ${index + 1}`
          assert.ok(rows.some((line) => line.text.includes('正')), `${where} has no text`)
        }
        for (const op of page.filter((each) => each.kind === 'text' && each.y > 263)) {
          assert.ok(/^[—\d]+$/.test(op.text), `below the text: ${op.text}`)
        }
        const gaps = rows.slice(1).map((line, i) => line.y - rows[i].y)
        assert.ok(gaps.every((gap) => gap > 4.4), `${name}, ${count} lines: rows overlap on page ${index + 1}: ${gaps}`)
      }
      const all = pages.flatMap((page) => lines(page)).map((line) => line.text).join('')
      assert.equal(all.match(/正/g).length, 28 * count - 2)
      assert.equal(all.match(/抄送/g).length, 1)
    }
  }
})

test('the code goes beside the signature where that saves a page, clear of it and of the seal', () => {
  const body = [{ p: '正'.repeat(28 * 7 - 2) }]
  const input = { ...content('letter'), attachments: [], body, draft: true }
  const pages = list(input)
  assert.equal(pages.length, 1)
  const code = pages[0].find((op) => op.kind === 'matrix')
  const name = pages[0].find((op) => op.text === input.signed && op.colour === 'black')
  const ring = pages[0].find((op) => op.kind === 'ring')
  assert.ok(code.y < name.y && code.y + code.height > name.y, 'beside')
  const check = pages[0].filter((op) => op.size === 3.175)
  const right = Math.max(...check.map((op) => op.x + [...op.text].length * 3.175))
  assert.ok(check.length > 2 && code.x + code.width < name.x - 3)
  assert.ok(code.x + code.width < ring.x - 21 - 3 && Math.min(...check.map((op) => op.x)) > code.x + code.width + 2)
  assert.ok(right < name.x + 30) // letters are narrower than their squares
  const place = { top: code.y - 1, bottom: code.y + 19, right: name.x - 2 }
  const edges = ink(render(set({ ...input, draft: false }))[0], place)
  assert.ok(edges.right < name.x - 2.5, 'nothing reaches into the signature')
  const few = list({ ...input, body: [{ p: '正' }] })[0].find((op) => op.kind === 'matrix')
  near(few.y + few.height, 262 - 8.2 - 3, 0.1, 'above the copies where there is room')
})

test('a heading is never the last line of a page', () => {
  for (let count = 1; count < 24; count++) {
    const table = { columns: [{ label: '甲' }], rows: [['一'], ['二'], ['三']] }
    for (const next of [{ p: '文'.repeat(200) }, { table }]) {
      const input = plain([{ p: '正'.repeat(28 * count - 2) }, { heading: '一、标目' }, next])
      for (const page of list(input)) {
        const rows = lines(page).filter((line) => line.y < 262)
        assert.notEqual(rows.at(-1).text, '一、标目', `${count} lines, then ${Object.keys(next)}`)
      }
    }
  }
})

test('a long table goes over the pages with its head, each row once and whole', () => {
  const input = content('receipt')
  const pages = list(input)
  assert.ok(pages.length >= 4)
  let next = 1
  for (const [index, page] of pages.entries()) {
    const numbers = page.filter((op) => /^\d+$/.test(op.text ?? '') && op.x < 40 && op.y < 262)
    const heads = page.filter((op) => op.text === '序号')
    if (numbers.length === 0) continue
    assert.equal(heads.length, 1, `page ${index + 1} has the head`)
    assert.ok(heads[0].y < numbers[0].y)
    for (const op of numbers.sort((a, b) => a.y - b.y)) assert.equal(+op.text, next++)
    const boxes = page.filter((op) => op.kind === 'box' && op.colour === 'black')
    assert.ok(boxes.every((box) => box.y + box.height <= 262.2 && box.x >= 27.8 && box.x + box.width <= 184.2))
  }
  assert.equal(next, 41)
  const text = bare(textOf(set(input), '-raw'))
  for (const row of input.body[1].table.rows) assert.ok(text.includes(row[4]), `digest of row ${row[0]}`)
})

test('a table row longer than a page comes in parts', () => {
  const table = { columns: [{ label: '甲' }, { label: '乙' }], rows: [['一', '长'.repeat(6000)], ['二', '短']] }
  const pages = list(plain([{ table }]))
  const text = pages.flatMap((page) => page.map((op) => op.text ?? '')).join('')
  assert.equal(text.match(/长/g).length, 6000)
  assert.ok(pages.length > 3 && text.includes('短'))
})

test('attachments: numbered and hanging if there are several', () => {
  const name = '材料'.repeat(20)
  const several = lines(list(plain([{ p: '文' }], { attachments: ['清单', name] }))[0])
  assert.ok(several.some((line) => line.text === '附件：1.清单'))
  const second = several.findIndex((line) => line.text.startsWith('2.材'))
  near(several[second].x, 28 + 5 * 5.571, 0.1, 'below the first number')
  assert.ok(several[second + 1].x > several[second].x + 2, 'hanging')
  const one = lines(list(plain([{ p: '文' }], { attachments: ['清单'] }))[0])
  assert.ok(one.some((line) => line.text === '附件：清单'))
})
