// What the tests of papers share: setting, rendering at ten dots a millimetre, measuring ink, reading archives.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const program = process.env.TYPESET
const here = new URL('content/', import.meta.url)

export const content = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, here), 'utf8'))

/** Runs the program over a content; gives status, bytes, and what it said. */
export function run(input, ...flags) {
  const text = typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input)
  const result = spawnSync(program, ['--lang', 'en', ...flags], { input: text, maxBuffer: 1 << 28 })
  return { status: result.status, bytes: result.stdout, said: result.stderr.toString().trim() }
}

export function set(input, ...flags) {
  const result = run(input, ...flags)
  if (result.status !== 0) throw new Error(`not set: ${result.said}`)
  return result.bytes
}

/** The operations on the pages, lengths in millimetres; `list[0]` is the first page. */
export function list(input) {
  const pages = []
  for (const line of set(input, '--list').toString().trimEnd().split('\n')) {
    const [page, kind, colour, x, y, a, b, ...rest] = line.split(' ')
    const op = { kind, colour, x: x / 1000, y: y / 1000 }
    const text = rest.slice(1).join(' ')
    if (kind === 'text') Object.assign(op, { size: a / 1000, stretch: +b, font: rest[0], text })
    else Object.assign(op, { width: a / 1000, height: b / 1000 })
    ;(pages[page - 1] ??= []).push(op)
  }
  return pages
}

/** The texts of one page by lines: what stands at about the same height, from left to right. */
export function lines(page) {
  const found = []
  for (const op of page.filter((each) => each.kind === 'text' && each.colour !== 'pale')) {
    let line = found.find((each) => Math.abs(each.y - op.y) < 1.5)
    if (!line) found.push((line = { y: op.y, x: op.x, text: '', ops: [] }))
    line.ops.push(op)
  }
  for (const line of found) {
    line.ops.sort((a, b) => a.x - b.x)
    line.x = line.ops[0].x
    line.text = line.ops.map((op) => op.text).join('')
  }
  return found.sort((a, b) => a.y - b.y)
}

export function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'liandong-typeset-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const tool = (name, args, options = {}) => execFileSync(name, args, { maxBuffer: 1 << 28, ...options })

/** The pages of a PDF as pictures: 254 dots an inch are ten a millimetre. */
export function render(pdf) {
  return withFolder((folder) => {
    const file = join(folder, 'a.pdf')
    writeFileSync(file, pdf)
    const count = +/Pages:\s+(\d+)/.exec(tool('pdfinfo', [file]).toString())[1]
    return Array.from({ length: count }, (_, i) => {
      const page = String(i + 1)
      return readPicture(tool('pdftoppm', ['-r', '254', '-f', page, '-l', page, file]))
    })
  })
}

function readPicture(bytes) {
  const [, width, height, start] = (() => {
    const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 40).toString('latin1'))
    return [0, +head[1], +head[2], head[0].length]
  })()
  return { width, height, pixels: bytes.subarray(start) }
}

const dark = (r, g, b) => r < 128 && g < 128 && b < 128
const red = (r, g, b) => r > 150 && g < 110 && b < 110

/** The edges of the ink within a rectangle of a page, in millimetres; null if there is none. */
export function ink(picture, { left = 0, top = 0, right = 210, bottom = 297 } = {}, colour = 'any') {
  const is = { red, black: dark, any: (r, g, b) => dark(r, g, b) || red(r, g, b) }[colour]
  const edges = { left: Infinity, top: Infinity, right: -1, bottom: -1 }
  for (let y = Math.round(top * 10); y < Math.min(bottom * 10, picture.height); y++) {
    for (let x = Math.round(left * 10); x < Math.min(right * 10, picture.width); x++) {
      const at = (y * picture.width + x) * 3
      if (!is(picture.pixels[at], picture.pixels[at + 1], picture.pixels[at + 2])) continue
      edges.left = Math.min(edges.left, x / 10)
      edges.right = Math.max(edges.right, (x + 1) / 10)
      edges.top = Math.min(edges.top, y / 10)
      edges.bottom = Math.max(edges.bottom, (y + 1) / 10)
    }
  }
  return edges.right < 0 ? null : edges
}

export const textOf = (pdf, ...flags) =>
  tool('pdftotext', ['-enc', 'UTF-8', ...flags, '-', '-'], { input: pdf }).toString()

export const bare = (text) => text.replace(/[\s\u200b]/g, '')

/** The parts of a ZIP archive by its directory. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const count = bytes.readUInt16LE(end + 10)
  const parts = new Map()
  let at = bytes.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('no entry in the directory')
    const [packed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)]
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    const local = bytes.readUInt32LE(at + 42)
    if (bytes.readUInt32LE(local) !== 0x04034b50) throw new Error(`no part where ${name} should be`)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = inflateRawSync(bytes.subarray(start, start + packed))
    if (data.length !== size) throw new Error(`${name} has ${data.length} bytes, not ${size}`)
    parts.set(name, data)
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return parts
}

/** The elements of an XML text in order; throws if it is not well formed. */
export function elements(xml) {
  const found = []
  const open = []
  const text = xml.replace(/^<\?xml [^?]*\?>\s*/, '')
  const token = /<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  let at = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    at = token.lastIndex
    const [, closing, name, attributes, empty, plain] = match
    if (plain !== undefined) {
      if (/&(?!(amp|lt|gt|quot|#\d+);)/.test(plain)) throw new Error('a bare &')
      if (open.length) open.at(-1).text += plain
    } else if (closing) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes something else`)
    } else {
      const element = { name, text: '', parent: open.at(-1), attributes: {} }
      for (const [, key, value] of attributes.matchAll(/([\w:]+)="([^"]*)"/g)) element.attributes[key] = value
      found.push(element)
      if (!empty) open.push(element)
    }
  }
  if (at !== text.length || open.length) throw new Error(`not well formed at ${at}`)
  return found
}
