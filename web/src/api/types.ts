/* The shapes of docs/api.md: the rulebook, matters, the portal. */
import type { Paper, PublicPaper, WaitingDraft } from './papers'

export type Lang = 'zh' | 'en'
export interface Label {
  zh: string
  en: string
}
export type FactValue = string | number | boolean | string[] | Record<string, string> | null
export type Values = Record<string, FactValue>
export interface FormFact {
  code: string
  label: Label
  help?: Label | null
  type: string
  vocabulary: string | null
  kinds_by: string | null
  min: number
  max: number
  secrecy: string
  kinds: string[]
  required?: boolean
  value?: FactValue
}
export interface Term {
  code: string
  label: Label
  kinds: string[]
  article: string | null
}
export interface Vocabulary {
  code: string
  label: Label
  terms: Term[]
}
export interface State {
  code: string
  label: Label
  final: boolean
  holder: string | null
  step: number
  reason: Label | null
}
/* What an action's conditions leave of the terms and flags it asks for, by fact. */
export type Choices = Record<string, string[]>
export interface RuleAction {
  code: string
  label: Label
  help: Label | null
  starts: boolean
  system: boolean
  from: string[]
  to: string | null
  by: string[]
  roles: string[]
  articles: string[]
  local: Label | null
  needs: string[]
  takes: string[]
  materials: string
  paper?: PaperKind | null
  only: Choices
}
/* The official paper that an action issues. */
export interface PaperKind {
  code: string
  label: Label
  format: string
}
export interface RuleDeadline {
  code: string
  label: Label
  obligor: string
  within: string
  /* A fact that names the day or minute, instead of a period. */
  until?: string | null
  strength: string
  articles: string[]
  local: Label | null
  met_by?: string[]
}
export interface Procedure {
  code: string
  label: Label
  purpose: Label
  prefix: string
  portal: boolean
  articles: string[]
  steps: Label[]
  parties: { code: string; label: Label; kinds: string[]; many?: boolean }[]
  facts: FormFact[]
  states: State[]
  actions: RuleAction[]
  deadlines: RuleDeadline[]
}
export interface Article {
  number: string
  requires: Label
  carried: Label | null
  pending: Label | null
}
export interface Setting {
  code: string
  label: Label
  why: Label
  value: string
  article?: string | null
}
export interface Rulebook {
  code: string
  title: Label
  document_number: string
  in_force_from: string
  edition: string
  org_kinds: { code: string; label: Label }[]
  roles: { code: string; label: Label }[]
  articles: Article[]
  vocabularies: Vocabulary[]
  settings: Setting[]
  procedures: Procedure[]
}
export interface Organisation {
  code: string
  kind: string
  sector: string | null
  name: Label
  short: Label
  user: boolean
}
export interface Session {
  account: { id: string; login: string; name: string }
  org: Organisation
  roles: string[]
  csrf: string
  lang: Lang
}
export interface DemoAccount {
  login: string
  password: string
  name: string
  org: Label
  roles: string[]
}
export interface Clock {
  id: string
  code: string
  label: Label
  obligor: string
  within: string
  strength: string
  articles: string[]
  local: Label | null
  from: string
  due: string
  due_time: string | null
  provisional: boolean
  light: string
  remaining: number | null
  unit: string
  paused: string | null
  ended: string | null
  extended?: { from: string } | null
  until?: string | null
}
export interface Material {
  id: string
  name: string
  media_type: string
  bytes: number
  sha256: string
  sm3: string
  added: string
  by: string | null
  listed: boolean
  tick: string | null
}
export interface OfferedAction {
  code: string
  label: Label
  help: Label | null
  to: string | null
  articles: string[]
  local: Label | null
  materials: string
  form: FormFact[]
  only: Choices
  paper?: PaperKind | null
  /* This person may draft it for approval, but not perform it. */
  only_draft?: boolean
}
export interface Fact {
  code: string
  value?: FactValue
  hidden?: boolean
  action: string
  time: string
}
export interface Link {
  relation: string
  id: string
  reference: string
  procedure: string
  title: string
  state: string
  label: Label
}
export interface Matter {
  id: string
  reference: string
  title: string
  procedure: string
  edition: string
  state: string
  final: boolean
  version: number
  holder: string | null
  created: string
  updated: string
  parties: { party: string; org: string; label: Label }[]
  facts: Fact[]
  clocks: Clock[]
  materials: Material[]
  links: Link[]
  actions: OfferedAction[]
  papers?: Paper[]
  receipt: { time: string } | null
  sealed?: boolean
  unsealed_until?: string | null
  /* The maker's receipt code, once, after a filing was recorded at the counter. */
  code?: string
}
export interface MatterRow {
  id: string
  reference: string
  title: string
  procedure: string
  state: string
  final: boolean
  holder: string | null
  version: number
  created: string
  updated: string
  light: string
  due: string | null
  due_time: string | null
  remaining?: number
  unit?: string
}
export interface Duty {
  matter: { id: string; reference: string; title: string; procedure: string; state: string }
  clock: Clock
  actions: string[]
}
export interface Workbench {
  counts: Record<'mine' | 'red' | 'yellow' | 'green' | 'grey' | 'closed_month', number>
  items: Duty[]
  drafts?: WaitingDraft[]
}
export interface EventFact {
  code: string
  label: Label
  value?: FactValue
  hidden?: boolean
}
export interface EventRow {
  number: number | null
  id: string
  action: string
  label?: Label
  from: string | null
  to: string
  org: string | null
  org_label?: Label
  by: string | null
  time: string
  recorded: string
  facts: EventFact[]
  materials: { id: string; name: string }[]
  clocks: { code: string; label: Label; change: string; due?: string }[]
}
export interface ExplainedDay {
  date: string
  kind: string
  counted: number | null
  why: Label
}
export interface Explanation {
  from: string
  within: string
  due: string | null
  provisional: boolean
  calendar: string
  rule: Label
  days: ExplainedDay[]
  cut?: boolean
}
export interface Signature {
  org: string
  org_name: string
  name: string
  time: string
}
export interface Receipt {
  reference: string
  delivery: string | null
  sender: Signature
  receiver: Signature
  time: string
  sha256: string
  sm3: string
  text: string
  items: { name: string; bytes: number; sha256: string; sm3: string; tick: string | null }[]
}
export interface Sealed {
  facts: { code: string; label: Label; value: FactValue }[]
  until: string
}
export interface Upload {
  id: string
  name: string
  bytes: number
  sha256: string
  sm3: string
}
export interface Problem {
  status: number
  code: number
  name: string
  title: string
  detail: string | null
  fields: { path: string; text: string }[]
}
export interface Step {
  label: Label
  done: boolean
  current: boolean
}
export interface PortalForm {
  procedure: string
  action: string
  label: Label
  purpose: Label
  form: FormFact[]
  materials: string
}
export interface Filed {
  code: string
  reference: string
  received: string
  due: Clock[]
}
export interface Follow {
  reference: string
  title: string
  procedure: string
  procedure_label: Label
  state: string
  state_label: Label
  final: boolean
  holder: string | null
  received: string
  steps: Step[]
  progress: { time: string; label: Label }[]
  facts: { code: string; label: Label; type: string; vocabulary: string | null; value: FactValue }[]
  clocks: Clock[]
  materials: Material[]
  actions: OfferedAction[]
  papers?: PublicPaper[]
}
