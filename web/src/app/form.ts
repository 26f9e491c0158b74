/* The form of an action from the rulebook alone: for what starts a matter, and for drafts of steps not possible now. */
import type { FormFact, OfferedAction, Procedure, RuleAction } from '../api/types'

export function formOf(procedure: Procedure, action: RuleAction): OfferedAction {
  const form: FormFact[] = [...action.needs, ...action.takes].map((code) => ({
    ...procedure.facts.find((f) => f.code === code)!,
    required: action.needs.includes(code),
    value: null
  }))
  return { ...action, form }
}
