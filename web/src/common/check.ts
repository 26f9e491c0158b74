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
/* `only`: what the action's conditions leave; a flag that must be yes has to be confirmed. */
export function missing(
  form: FormFact[],
  values: Values,
  materials: string,
  files: number,
  only: Choices = {}
): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const fact of form) {
    const value = values[fact.code]
    const must = fact.type === 'flag' && only[fact.code]?.join() === 'true'
    if (must && value !== true) errors[fact.code] = t('mustBeYes')
    else if (fact.required && blank(value)) errors[fact.code] = t('fillIn', label(fact.label))
  }
  if (materials === 'required' && files === 0) errors.materials = t('needFile')
  return errors
}
