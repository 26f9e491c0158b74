/*
 * Pages of a PDF drawn in the page itself: the server lets no frame and no plug-in in (Content-Security-Policy), and
 * not every browser shows PDF. Loaded only when a paper is opened.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist'

export interface DrawnPage {
  width: number
  height: number
  text: string
  draw: (canvas: HTMLCanvasElement, width: number) => Promise<void>
}

async function library() {
  const [pdf, { default: PdfWorker }] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker')
  ])
  if (!pdf.GlobalWorkerOptions.workerPort) pdf.GlobalWorkerOptions.workerPort = new PdfWorker()
  return pdf
}

async function pageOf(document_: PDFDocumentProxy, number: number): Promise<DrawnPage> {
  const page = await document_.getPage(number)
  const { width, height } = page.getViewport({ scale: 1 })
  const content = await page.getTextContent()
  const text = content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
  async function draw(canvas: HTMLCanvasElement, shown: number): Promise<void> {
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    const viewport = page.getViewport({ scale: (shown / width) * ratio })
    canvas.width = Math.floor(viewport.width)
    canvas.height = Math.floor(viewport.height)
    await page.render({ canvasContext: canvas.getContext('2d')!, viewport }).promise
  }
  return { width, height, text, draw }
}

export async function openPdf(blob: Blob): Promise<{ pages: DrawnPage[]; close: () => void }> {
  const pdf = await library()
  const data = new Uint8Array(await blob.arrayBuffer())
  const task = pdf.getDocument({ data, isEvalSupported: false, useSystemFonts: false })
  const opened = await task.promise
  const numbers = Array.from({ length: opened.numPages }, (_, i) => i + 1)
  return { pages: await Promise.all(numbers.map((n) => pageOf(opened, n))), close: () => void task.destroy() }
}
