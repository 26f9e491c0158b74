/* What a form still lacks: told at once, without asking the server, which checks everything again. */
import type { Choices, FactValue, FormFact, Values } from '../api/types'
import { label, wordsOf } from './lang'
import { commonWords } from './words'

const t = wordsOf(commonWords)

function blank(value: FactValue | undefined): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
export function missing(form: FormFact[], values: Values, materials: string, files: number): Record<string, string> {
  const lacking = form.filter((f) => f.required && blank(values[f.code]))
  const errors = Object.fromEntries(lacking.map((f) => [f.code, t('fillIn', label(f.label))]))
  if (materials === 'required' && files === 0) errors.materials = t('needFile')
  return errors
}
/* What has to be confirmed before the action may be done. */
export function unconfirmed(form: FormFact[], only: Choices, values: Values): Record<string, string> {
  const must = form.filter((f) => f.type === 'flag' && only[f.code]?.join() === 'true' && values[f.code] !== true)
  return Object.fromEntries(must.map((f) => [f.code, t('mustBeYes')]))
}
