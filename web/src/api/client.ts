/* One place that talks to the server: CSRF token, problem documents, versions, keys that make sending again safe. */
import { lang, wordsOf } from '../common/lang'
import { commonWords } from '../common/words'
import type { Problem, Upload, Values } from './types'

const t = wordsOf(commonWords)

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title)
  }
}
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
/* What the server says of each field, by the fact's code ("facts.subject" -> "subject"). */
export function fieldErrors(error: unknown): Record<string, string> {
  const fields = error instanceof ApiError ? (error.problem.fields ?? []) : []
  return Object.fromEntries(fields.map((f) => [f.path.replace(/^facts\./, ''), f.text]))
}

let csrf = ''
export function setCsrf(token: string): void {
  csrf = token
}
/* Called when the server no longer knows the session. */
let signedOut = (): void => {}
export function onSignedOut(act: () => void): void {
  signedOut = act
}

/* crypto.randomUUID is missing on plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

function networkProblem(status: number): Problem {
  return { status, code: 0, name: 'NETWORK', title: t('network'), detail: null, fields: [] }
}
async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem
  } catch {
    return networkProblem(response.status)
  }
}

export interface Options {
  version?: number
  key?: string
  body?: unknown
}

function headersOf(method: string, options: Options): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': lang.value === 'en' ? 'en' : 'zh-CN' }
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`
  if (options.key) headers['Idempotency-Key'] = options.key
  return headers
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  const headers = headersOf(method, options)
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, credentials: 'same-origin', body })
  } catch {
    throw new ApiError(networkProblem(0))
  }
  if (!response.ok) {
    const problem = await problemOf(response)
    if (problem.status === 401 && csrf) signedOut()
    throw new ApiError(problem)
  }
  return response
}
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options)
  return (response.status === 204 ? undefined : await response.json()) as T
}
/* A file, as bytes: papers are shown in the page and kept by the browser under their own name. */
export async function callBlob(method: string, path: string, options: Options = {}): Promise<Blob> {
  return (await send(method, path, options)).blob()
}

/* fetch tells no upload progress. */
export function upload(path: string, file: File, onProgress: (share: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open('POST', `/api/v1${path}`)
    request.setRequestHeader('Accept-Language', lang.value === 'en' ? 'en' : 'zh-CN')
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    request.responseType = 'json'
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new ApiError(networkProblem(0)))
    request.onload = () => {
      if (request.status === 201) resolve((request.response as { items: Upload[] }).items[0])
      else reject(new ApiError((request.response as Problem | null) ?? networkProblem(request.status)))
    }
    request.send(form)
  })
}

/* What was typed, as the server takes it: only facts of this form, blanks as absent, whole numbers as numbers. */
export function factsOf(form: { code: string; type: string }[], values: Values): Values {
  const facts: Values = {}
  for (const { code, type } of form) {
    const value = values[code]
    if (value === undefined) continue
    const whole = type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim())
    facts[code] = value === '' ? null : whole ? Number(value) : value
  }
  return facts
}
