/* The shapes of docs/api.md: figures and appraisal. */
import type { Label } from './types'

export interface FigureColumn {
  code: string
  label: Label
  unit: Label | string | null
}
export interface FigureRow {
  key: string
  label: Label
  values: (number | null)[]
}
export interface FigureTable {
  code: string
  label: Label
  rows_label: Label
  columns: FigureColumn[]
  rows: FigureRow[]
  total: (number | null)[] | null
}
export interface Month {
  month: string
  started: number
  closed: number
  late: number
}
export interface Figures {
  from: string
  to: string
  headline: { code: string; label: Label; value: number }[]
  months: Month[]
  tables: FigureTable[]
}
export interface FigureEvent {
  event: string
  time: string
  matter: { id: string; reference: string; title: string } | null
  action_label: Label
}
export interface Indicator {
  code: string
  label: Label
  weight: number
  article: string | null
  unit: Label | string | null
  formula: Label | null
}
export interface Score {
  indicator: string
  numerator: number
  denominator: number
  value: number | null
  score: number | null
}
export interface Appraisal {
  period: string
  indicators: Indicator[]
  bodies: { org: string; label: Label; score: number | null; values: Score[] }[]
  published: boolean
  /* What an appraisal matter has fixed for this period. */
  fixed?: { matter: string; time: string; sha256: string; sm3: string } | null
}
