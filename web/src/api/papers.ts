/* The shapes of docs/api.md: official papers. */
import type { Label, Material, Values } from './types'

export interface Signed {
  time: string
  by: string
}
export interface Paper {
  id: string
  code: string
  label: Label
  state: 'draft' | 'approved' | 'issued' | 'dropped'
  number: string | null
  title: string
  org: string
  action: string
  action_label: Label
  drafted: Signed | null
  approved: Signed | null
  issued: Signed | null
  pdf: 'none' | 'waiting' | 'ready' | 'failed'
  error: Label | null
  sha256: string | null
  sm3: string | null
  pages: number | null
  check: string | null
  can: string[]
  /* Which text of a draft this is. */
  revision?: number
  /* What a draft says, to be edited again. */
  facts?: Values
  materials?: Material[]
}
export interface WaitingDraft extends Paper {
  matter: { id: string; reference: string; title: string; procedure: string }
}
/* A paper addressed to the public, as its receipt code shows it. */
export interface PublicPaper {
  id: string
  label: Label
  number: string | null
  title: string | null
  issued: string
  pdf: string
}
/* What the public's check of an issued paper says: no content. */
export interface CheckedPaper {
  number: string | null
  date: string
  org: Label
  sha256: string | null
  sm3: string | null
  state: string
}
