/* Vocabularies and bodies, loaded once when a form or an answer needs them. */
import { shallowRef } from 'vue'
import { call } from '../api/client'
import type { FactValue, Organisation, Rulebook, Term, Vocabulary } from '../api/types'
import { label, lang } from '../common/lang'
import { t } from './words'

const vocabularies = shallowRef<Vocabulary[]>([])
export const bodies = shallowRef<Organisation[]>([])
let asked: Promise<void> | null = null

async function fetchAll(): Promise<void> {
  const [book, list] = await Promise.all([
    call<Rulebook>('GET', '/rulebook'),
    call<{ items: Organisation[] }>('GET', '/organisations')
  ])
  vocabularies.value = book.vocabularies
  bodies.value = list.items
}
export function loadCatalogue(): Promise<void> {
  asked ??= fetchAll().catch((error) => {
    asked = null
    throw error
  })
  return asked
}
export function termsOf(vocabulary: string | null): Term[] {
  return vocabularies.value.find((v) => v.code === vocabulary)?.terms ?? []
}
export function bodyName(code: string | null): string {
  return label(bodies.value.find((o) => o.code === code)?.name) || (code ?? '')
}
export function show(fact: { type: string; vocabulary: string | null }, value: FactValue): string {
  const term = (code: string): string => label(termsOf(fact.vocabulary).find((x) => x.code === code)?.label) || code
  if (value === null) return ''
  const inWords = fact.type === 'bodies' ? bodyName : term
  if (Array.isArray(value)) return value.map(inWords).join(lang.value === 'zh' ? '、' : ', ')
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (fact.type === 'term') return term(String(value))
  if (fact.type === 'body') return bodyName(String(value))
  return String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$/, '$1 $2')
}
