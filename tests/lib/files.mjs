/* Files for uploads: real enough to be recognised by their first bytes, and different for each name. */
import { createHash } from 'node:crypto'

function pdf(text) {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>'
  ]
  let made = `%PDF-1.4\n% ${text}\n`
  const places = objects.map((object, i) => {
    const place = Buffer.byteLength(made)
    made += `${i + 1} 0 obj\n${object}\nendobj\n`
    return String(place).padStart(10, '0')
  })
  const start = Buffer.byteLength(made)
  made += `xref\n0 4\n0000000000 65535 f \n${places.map((place) => `${place} 00000 n \n`).join('')}`
  return Buffer.from(`${made}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`)
}

export function contentOf(name) {
  return name.endsWith('.pdf') ? pdf(name) : Buffer.from(`${name}\n`)
}

export const mediaTypeOf = (name) => (name.endsWith('.pdf') ? 'application/pdf' : 'text/plain; charset=utf-8')

export const digestOf = (kind, bytes) => createHash(kind).update(bytes).digest('hex')
