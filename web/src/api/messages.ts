/* The shapes of docs/api.md: messages, reminders, calendar. */
import type { Label } from './types'

export interface Message {
  id: string
  time: string
  kind: string
  matter: { id: string; reference: string; title: string; procedure: string } | null
  clock: { code: string; label: Label; due: string; light: string } | null
  text: Label
  read: boolean
}
export interface MessageList {
  items: Message[]
  next: string | null
  unread: number
}
export interface Reminders {
  email: string | null
  mail: boolean
  mail_available: boolean
  /* When the address last proved wrong. */
  bounced?: string | null
  calendar: string | boolean | null
}
